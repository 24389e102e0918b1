"""Where do messages go when a test wants to read them?"""

from __future__ import annotations

from collections.abc import Sequence

from rehab.delivery import Mail, Outcome, Push

SENT = Outcome("sent")


class MemoryMail:
    """Keeps mails in a list. ``outcomes`` are given out first, one per try; after them all is sent."""

    def __init__(self, outcomes: Sequence[Outcome] = ()) -> None:
        self.sent: list[Mail] = []
        self.tries: list[Mail] = []
        self.outcomes = list(outcomes)

    def send(self, mail: Mail) -> Outcome:
        """Take the mail, or answer with the next prepared outcome."""
        self.tries.append(mail)
        outcome = self.outcomes.pop(0) if self.outcomes else SENT
        if outcome.state == "sent":
            self.sent.append(mail)
        return outcome

    def close(self) -> None:
        """Nothing is held."""


class MemoryPush:
    """Keeps push messages in a list. ``outcomes`` names endpoints that answer something else than sent."""

    def __init__(self, outcomes: dict[str, Outcome] | None = None) -> None:
        self.sent: list[Push] = []
        self.tries: list[Push] = []
        self.outcomes = dict(outcomes or {})

    def send(self, push: Push) -> Outcome:
        """Take the message, or answer what its endpoint was told to answer."""
        self.tries.append(push)
        outcome = self.outcomes.get(push.endpoint, SENT)
        if outcome.state == "sent":
            self.sent.append(push)
        return outcome
