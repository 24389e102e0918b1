"""Which rows are there? One noun per file; importing this package registers them all."""

from rehab.models.account import Account, AuthSession, SignInLink
from rehab.models.audit import AuditEntry
from rehab.models.clinic import Clinic, Invitation
from rehab.models.diary import CheckIn, ExerciseResult, ExerciseSession, PatientDay, Pause
from rehab.models.flag import Flag, FlagEvent, TrendState
from rehab.models.notification import Heartbeat, Notification, PushSubscription, Secret
from rehab.models.patient import Clearance, Intake, Note, Patient, Referral, Screening
from rehab.models.plan import Plan, PlanExercise

__all__ = [
    "Account", "AuditEntry", "AuthSession", "CheckIn", "Clearance", "Clinic", "ExerciseResult", "ExerciseSession",
    "Flag", "FlagEvent", "Heartbeat", "Intake", "Invitation", "Note", "Notification", "Patient", "PatientDay",
    "Pause", "Plan", "PlanExercise", "PushSubscription", "Referral", "Screening", "Secret", "SignInLink", "TrendState",
]  # fmt: skip
