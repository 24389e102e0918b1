"""Who saw or changed whose data?"""

from __future__ import annotations

import uuid

from rehab.db import Base
from rehab.models.columns import Id, Instant, Json, Mapped, mapped_column, reference, sa


class AuditEntry(Base):
    """One look at, or change of, a patient's data by somebody else (or by the system). Never edited."""

    __tablename__ = "audit_entries"

    id: Mapped[Id]
    at: Mapped[Instant]
    actor_id: Mapped[uuid.UUID | None] = reference("accounts.id", nullable=True, index=False)
    patient_id: Mapped[uuid.UUID | None] = reference("patients.id", nullable=True)
    action: Mapped[str] = mapped_column(sa.String(40))
    details: Mapped[Json]
