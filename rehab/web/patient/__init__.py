"""Pages for patients."""

from flask import Blueprint, request

from rehab.edge import security
from rehab.models.account import Role

blueprint = Blueprint("patient", __name__)

#: Pages that open for everybody: the front door, and what must never wait for a sign-in.
OPEN = {"patient.home", "patient.act_now", "patient.learn", "patient.card"}


@blueprint.before_request
def _guard():  # type: ignore[no-untyped-def]
    return None if request.endpoint in OPEN else security.require_role(Role.PATIENT)


from rehab.web.patient import home, learn, mine, plan, progress, start, today  # noqa: E402, F401
