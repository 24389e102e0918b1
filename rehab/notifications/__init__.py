"""Which kinds of notification are there? One file per kind; this is the registry."""

from rehab.notifications import (
    flag_raised,
    invitation,
    plan_changed,
    red_flag,
    session_reminder,
    sign_in_link,
    silence_nudge,
    worsening,
)
from rehab.notifications.kind import Kind

_MODULES = (
    flag_raised, invitation, plan_changed, red_flag, session_reminder, sign_in_link, silence_nudge, worsening,
)  # fmt: skip

#: Every kind by its name, which is also the name of its templates.
KINDS: dict[str, Kind] = {module.KIND.name: module.KIND for module in _MODULES}

__all__ = ["KINDS", "Kind"]
