"""A therapist invites somebody to join; the person has no account yet.

The link opens an account, so it is forgotten as soon as the mail is out.
"""

from datetime import timedelta

from rehab.notifications.kind import Kind

KIND = Kind(
    name="invitation",
    subject="Your invitation to Stride",
    title="Your invitation to Stride",
    body="Tap to join.",
    path="/account/invitation/{token}",
    action="Accept the invitation",
    useful=timedelta(days=7),
    because="You get this one mail because a therapist entered your address. No more will follow from it.",
    settings_path=None,
    forget=("token", "to", "name", "from_name", "clinic"),
)
