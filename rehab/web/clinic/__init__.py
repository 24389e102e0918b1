"""Pages for the lead of a clinic."""

from flask import Blueprint

from rehab.edge import security
from rehab.models.account import Role

blueprint = Blueprint("clinic", __name__, url_prefix="/clinic")
blueprint.before_request(lambda: security.require_role(Role.CLINIC_LEAD))

from rehab.web.clinic import dashboard  # noqa: E402, F401
