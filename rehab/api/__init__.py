"""The interface that the phone speaks: /api/v1."""

from flask import Blueprint

from rehab.edge import security
from rehab.models.account import Role

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
blueprint.before_request(lambda: security.require_role(Role.PATIENT))

from rehab.api import plan, push, sync  # noqa: E402, F401
