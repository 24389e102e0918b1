"""Somebody asked for a link that signs them in once.

The link is as good as a password, so it is forgotten as soon as the mail is out.
"""

from datetime import timedelta

from rehab.notifications.kind import Kind

KIND = Kind(
    name="sign-in-link",
    subject="Your link to sign in",
    title="Your link to sign in",
    body="Look into your mails.",
    path="/account/sign-in/{token}",
    action="Sign in",
    useful=timedelta(minutes=30),
    urgency="high",
    because="You get this one mail because somebody asked for a link with your address.",
    settings_path=None,
    forget=("token",),
)
