"""A patient's diary looks different from their usual weeks: kind words and the way to what may help."""

from datetime import timedelta

from rehab.notifications.kind import Kind

KIND = Kind(
    name="worsening",
    subject="A quick look at how it is going",
    title="How is it going?",
    body="We have put something together for you. Tap to read it.",
    path="/progress",
    action="See what may help",
    useful=timedelta(days=3),
)
