"""A patient has not written for longer than is usual for them."""

from datetime import timedelta

from rehab.notifications.kind import Kind

KIND = Kind(
    name="silence-nudge",
    subject="How are you getting on?",
    title="How are you getting on?",
    body="It has been a little while. One tap is enough to say hello.",
    path="/check-in",
    action="Say how it is going",
    useful=timedelta(days=2),
)
