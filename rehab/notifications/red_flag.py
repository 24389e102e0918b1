"""A therapist should look at one of their patients today."""

from datetime import timedelta

from rehab.notifications.kind import Kind

KIND = Kind(
    name="red-flag",
    subject="Please look today: somebody on your list",
    title="Please look today",
    body="Somebody on your list needs a look today.",
    path="/therapist/patients/{patient_id}",
    action="Open the patient's page",
    useful=timedelta(days=7),
    urgency="high",
)
