"""Pages for therapists (clinic leads see them too, over their whole clinic)."""

from flask import Blueprint

from rehab.edge import security
from rehab.models.account import Role

blueprint = Blueprint("therapist", __name__, url_prefix="/therapist")
blueprint.before_request(lambda: security.require_role(Role.THERAPIST, Role.CLINIC_LEAD))

from rehab.web.therapist import catalogue, clearances, inbox, invitations, letters, patients, plans  # noqa: E402, F401
