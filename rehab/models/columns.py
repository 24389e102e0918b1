"""Which column shapes do the models share?"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from rehab.db import UTCDateTime, new_id

Id = Annotated[uuid.UUID, mapped_column(sa.Uuid, primary_key=True, default=new_id)]
Instant = Annotated[datetime, mapped_column(UTCDateTime)]
OptionalInstant = Annotated[datetime | None, mapped_column(UTCDateTime)]
Day = Annotated[date, mapped_column(sa.Date)]
Pain = Annotated[int | None, mapped_column(sa.SmallInteger)]
Json = Annotated[dict[str, Any], mapped_column(sa.JSON, default=dict)]
JsonList = Annotated[list[Any], mapped_column(sa.JSON, default=list)]


def one_of(column: str, values: type[StrEnum] | tuple[str, ...], *, name: str | None = None) -> sa.CheckConstraint:
    """A closed set as a database constraint."""
    words = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({words})", name=name or f"{column}_known")


def zero_to_ten(*columns: str) -> tuple[sa.CheckConstraint, ...]:
    """Scores from 0 to 10, each a constraint of its own."""
    return tuple(sa.CheckConstraint(f"{c} IS NULL OR {c} BETWEEN 0 AND 10", name=f"{c}_range") for c in columns)


def reference(target: str, *, nullable: bool = False, index: bool = True) -> Any:
    """A foreign key column."""
    return mapped_column(sa.Uuid, sa.ForeignKey(target), nullable=nullable, index=index)


def related(*args: Any, **kwargs: Any) -> Any:
    """A relationship that never queries behind a template's back."""
    return relationship(*args, lazy="raise_on_sql", **kwargs)


__all__ = ["Day", "Id", "Instant", "Json", "JsonList", "Mapped", "OptionalInstant", "Pain", "mapped_column",
           "one_of", "reference", "related", "sa", "zero_to_ten"]  # fmt: skip
