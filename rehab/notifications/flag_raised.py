"""A therapist should look at one of their patients, in the coming days."""

from datetime import timedelta

from rehab.notifications.kind import Kind

KIND = Kind(
    name="flag-raised",
    subject="Somebody on your list could use a look",
    title="Something new in your inbox",
    body="Somebody on your list could use a look.",
    path="/therapist/patients/{patient_id}",
    action="Open the patient's page",
    useful=timedelta(days=7),
    because="You get this mail because this person is on your list in Stride. Each reason is told once.",
    settings_path=None,
    for_patients=False,
)
