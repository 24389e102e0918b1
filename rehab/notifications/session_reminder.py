"""A patient planned a session for today and asked to be reminded."""

from datetime import timedelta

from rehab.notifications.kind import Kind

KIND = Kind(
    name="session-reminder",
    subject="A few minutes for you today",
    title="Time for your session",
    body="A few minutes are enough. Tap to start.",
    path="/today",
    action="Open today's session",
    useful=timedelta(hours=6),
)
