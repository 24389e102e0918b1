"""What shape must a record have that a phone sends? Shape and range only, never a query.

Unknown fields are refused: a field that we would drop silently is data that somebody believed saved.
"""

from __future__ import annotations

import functools
import zoneinfo
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from rehab.schemas.base import Text, first

SKIP_REASONS = ("hurt", "no-time", "resting", "away", "unwell", "other")
ANSWERS = ("yes", "no", "alt", "skip")
MAX_EXERCISES = 60
MAX_ANSWERS = 80
_slug = validate.Regexp(r"^[a-z0-9][a-z0-9-]{0,59}\Z", error="Not a known kind of name.")


@functools.cache
def _time_zones() -> frozenset[str]:
    # Listing them walks the disk, which a request must not pay for.
    return frozenset(zoneinfo.available_timezones())


class TimeZone(fields.String):
    """An IANA time zone name that we can compute with."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        name = super()._deserialize(value, attr, data, **kwargs)
        if name not in _time_zones():
            raise ValidationError("Not a known time zone.")
        return name


def _score(high: int = 10) -> fields.Integer:
    return fields.Integer(strict=True, allow_none=True, load_default=None, validate=validate.Range(0, high))


def _count(high: int) -> fields.Integer:
    return fields.Integer(strict=True, allow_none=True, load_default=None, validate=validate.Range(0, high))


class Record(Schema):
    """What every record says: which one, when by the phone's clock, on which day of the person's life, and where."""

    class Meta:
        unknown = RAISE

    kind = fields.String(required=True)
    schema = fields.Integer(strict=True, required=True, validate=validate.Equal(1, error="A version we do not know."))
    id = fields.UUID(required=True)
    performed_at = fields.AwareDateTime(required=True, format="iso")
    performed_on = fields.Date(required=True)
    time_zone = TimeZone(required=True)


class ExerciseDone(Schema):
    """What was done of one exercise."""

    class Meta:
        unknown = RAISE

    exercise = fields.String(required=True, validate=_slug)
    done = fields.Boolean(required=True, truthy={True}, falsy={False})
    sets_done = _count(50)
    repetitions_done = _count(1000)
    reason = fields.String(allow_none=True, load_default=None, validate=_slug)


class ExerciseSession(Record):
    """One exercise session."""

    plan_id = fields.UUID(required=True)
    status = fields.String(required=True, validate=validate.OneOf(("done", "partly", "skipped")))
    skip_reason = fields.String(allow_none=True, load_default=None, validate=validate.OneOf(SKIP_REASONS))
    pain_nprs_before = _score()
    pain_nprs_worst = _score()
    pain_nprs_after = _score()
    effort_cr10 = _score()
    note = Text(limit=2000, what="The note", required=False, load_default="")
    corrects_id = fields.UUID(allow_none=True, load_default=None)
    exercises = fields.List(fields.Nested(ExerciseDone), load_default=list, validate=validate.Length(max=MAX_EXERCISES))


class CheckIn(Record):
    """The twenty-second check-in."""

    pain_nprs_usual = _score()
    pain_nprs_walk = _score()
    pain_nprs_morning = _score()
    sleep_0_10 = _score()
    walking_minutes = _count(600)
    flare = fields.Boolean(load_default=False, truthy={True}, falsy={False})
    note = Text(limit=2000, what="The note", required=False, load_default="")
    corrects_id = fields.UUID(allow_none=True, load_default=None)


class Screening(Record):
    """Answers to the safety questions."""

    moment = fields.String(required=True, validate=validate.OneOf(("session", "worsening")))
    answers = fields.Dict(
        keys=fields.String(validate=validate.Regexp(r"^rf_[a-z0-9_]{1,40}\Z")),
        values=fields.String(validate=validate.OneOf(ANSWERS)),
        required=True,
        validate=validate.Length(max=MAX_ANSWERS),
    )
    content_version = fields.String(load_default="", validate=validate.Length(max=20))
    acknowledged_at = fields.AwareDateTime(allow_none=True, load_default=None, format="iso")


_SCHEMAS: dict[str, Schema] = {"exercise_session": ExerciseSession(), "check_in": CheckIn(), "screening": Screening()}


def load(raw: Any) -> dict[str, Any]:
    """The record's values. Raises ValueError with words for the person when it cannot be one."""
    if not isinstance(raw, dict):
        raise ValueError("This is not a record.")
    schema = _SCHEMAS.get(raw["kind"]) if isinstance(raw.get("kind"), str) else None
    if schema is None:
        raise ValueError("This kind of record is not known.")
    if not _storable(raw):
        raise ValueError("There is a character in it that cannot be stored.")
    try:
        return schema.load(raw)
    except ValidationError as error:
        field, words = next(iter(error.normalized_messages().items()))
        raise ValueError(f"{field}: {first(words)}") from error


def _storable(value: Any) -> bool:
    """No NUL (PostgreSQL refuses it) and no half of a surrogate pair (no database takes it)."""
    if isinstance(value, str):
        return "\x00" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)
    if isinstance(value, dict):
        return all(_storable(key) and _storable(item) for key, item in value.items())
    if isinstance(value, list):
        return all(_storable(item) for item in value)
    return True
