"""What do the therapist's forms accept?"""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate
from werkzeug.datastructures import MultiDict

from programs import catalogue
from rehab.schemas.account import Email
from rehab.schemas.base import Form, Text
from rehab.services import flags, plans

OUTCOMES = {
    "contacted": "I contacted the patient", "plan-changed": "I changed the plan", "referred": "I referred on",
    "false-alarm": "False alarm", "watch": "Watch, nothing to do now",
}  # fmt: skip


class Close(Form):
    """What became of a flag."""

    outcome = fields.String(
        required=True, error_messages={"required": "Choose what became of it."},
        validate=validate.OneOf(flags.VERDICTS, error="Choose what became of it."),
    )  # fmt: skip
    note = Text(limit=2000, what="The note", required=False, load_default="")


class Snooze(Form):
    """Until which day a flag is put aside."""

    until = fields.Date(required=True, error_messages={"required": "Choose a day.", "invalid": "Use a date like 2026-12-01."})


class Invite(Form):
    """Whom to invite."""

    name = Text(limit=120, what="The patient's name")
    email = fields.String(load_default="")
    therapist = fields.UUID(load_default=None, error_messages={"invalid_uuid": "Choose a therapist."})

    def read(self, form: Any) -> tuple[dict[str, Any], dict[str, str]]:
        """As every form; the address is checked only when there is one."""
        values, errors = super().read(form)
        if str(values.get("email", "")).strip():
            address, wrong = Address().read({"email": values["email"]})
            values["email"] = address.get("email", values["email"])
            errors |= wrong
        return values, errors


class Address(Form):
    """One e-mail address."""

    email = Email()


class NoteForm(Form):
    """A note about a patient."""

    text = Text(limit=4000, what="The note")


class LetterForm(Form):
    """What is asked of the reader of a letter, and what the patient hopes for."""

    question = Text(limit=400, what="What you ask for", required=False, load_default="")
    hopes = Text(limit=400, what="What the patient hopes for", required=False, load_default="")


class Assign(Form):
    """A catalogue program for a patient."""

    issue = fields.String(required=True, error_messages={"required": "Choose a program."})
    reason = Text(limit=400, what="The reason")


class PlanHead(Form):
    """The days of a plan and the reason for its change."""

    reason = Text(limit=400, what="The reason")
    weekdays = fields.List(
        fields.Integer(validate=validate.Range(0, 6)), load_default=list,
        validate=validate.Length(min=1, max=7, error="Choose at least one day."),
    )  # fmt: skip


#: Field of a line → (words, lowest, highest).
LIMITS = {
    "sets": ("Sets", 1, 10), "repetitions": ("Repetitions", 1, 100), "hold_seconds": ("Hold", 0, 600), "rest_seconds": ("Rest", 0, 600),
}  # fmt: skip


def read_lines(form: MultiDict[str, str]) -> tuple[list[plans.Line], dict[str, str]]:
    """The exercises of a plan form, in its order, without the removed ones, and one sentence per wrong field.

    Lines are named ``kind:slug`` in the repeated field ``line``; their numbers are ``sets-<line>`` and so on.
    """
    lines: list[plans.Line] = []
    errors: dict[str, str] = {}
    for name in dict.fromkeys(form.getlist("line")):
        kind, _, slug = name.partition(":")
        if kind not in {"main", "daily"} or slug not in catalogue.exercises() or form.get(f"remove-{name}"):
            continue
        numbers = {field: _number(form, f"{field}-{name}", LIMITS[field], errors) for field in LIMITS}
        lines.append(plans.Line(exercise=slug, kind=kind, override_reason=_reason(form, name), **numbers))
    return lines, errors


def _reason(form: MultiDict[str, str], name: str) -> str:
    return form.get(f"override-{name}", "").replace("\x00", "").strip()[:400]


def _number(form: MultiDict[str, str], field: str, limit: tuple[str, int, int], errors: dict[str, str]) -> int:
    words, lowest, highest = limit
    text = form.get(field, "").strip()
    if not text.isascii() or not text.isdigit() or len(text) > 6 or not lowest <= int(text) <= highest:
        errors[field] = f"{words}: a whole number from {lowest} to {highest}."
        return lowest
    return int(text)
