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
    because="You get this mail because this person is on your list in Stride. Each reason is told once.",
    settings_path=None,
    for_patients=False,
)
