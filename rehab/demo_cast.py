"""Who lives in the demo clinic? Names and sign-ins; their diaries are made by ``rehab.demo``."""

from __future__ import annotations

from typing import NamedTuple


class Person(NamedTuple):
    """A demo sign-in: the button's words and the account behind it."""

    email: str
    name: str
    label: str
    story: str


PASSWORD = "walk-a-little-further"  # printed by ./dev run; the demo holds invented people only
SIGN_INS = {
    "improving": Person("ines@demo.invalid", "Ines Okafor", "Patient · Ines", "getting better, week 8"),
    "worsening": Person("walter@demo.invalid", "Walter Lindqvist", "Patient · Walter", "pain has been rising"),
    "silent": Person("sana@demo.invalid", "Sana Haddad", "Patient · Sana", "nothing logged for six days"),
    "new": Person("noor@demo.invalid", "Noor Baptiste", "Patient · Noor", "just signed up"),
    "alone": Person("alex@demo.invalid", "Alex Moreau", "Patient · Alex", "on their own, no clinic"),
    "therapist": Person("thea@demo.invalid", "Thea Brandt", "Therapist · Thea", "Riverside clinic"),
    "therapist-two": Person("tomas@demo.invalid", "Tomás Rivera", "Therapist · Tomás", "Riverside clinic"),
    "lead": Person("lena@demo.invalid", "Lena Whitfield", "Clinic lead · Lena", "Riverside clinic"),
    "outsider": Person("otto@demo.invalid", "Otto Varga", "Therapist · Otto", "another clinic: sees none of these people"),
}
