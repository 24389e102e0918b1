"""Signing in and out, signing up, invitations and settings: open to all, so each view checks for itself."""

from flask import Blueprint

blueprint = Blueprint("account", __name__, url_prefix="/account")

from rehab.web.account import invitation, mailbox, settings, sign_in, sign_up  # noqa: E402, F401
