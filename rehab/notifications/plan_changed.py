"""A therapist changed a patient's plan."""

from datetime import timedelta

from rehab.notifications.kind import Kind

KIND = Kind(
    name="plan-changed",
    subject="There is something new in your plan",
    title="Your plan has been updated",
    body="Your therapist changed it for you. Tap to see what is new.",
    path="/plan",
    action="See what is new",
    useful=timedelta(days=3),
)
