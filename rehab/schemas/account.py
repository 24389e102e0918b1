"""What do the sign-in, sign-up and settings forms accept?"""

from __future__ import annotations

from marshmallow import ValidationError, fields, validate, validates

from programs import catalogue
from rehab import clock
from rehab.schemas.base import Form, Text

COUNTRIES = {code: locale.name for code, locale in catalogue.locales().items()}


class Email(Text):
    """An address that mail can be sent to."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(limit=254, what="E-mail address")
        self.validators.append(validate.Email(error="That does not look like an e-mail address."))


class SignIn(Form):
    """E-mail and password."""

    email = Email()
    password = fields.String(required=True, validate=validate.Length(min=1, max=200, error="Password is missing."),
                             error_messages={"required": "Password is missing."})  # fmt: skip
    next = fields.String(load_default="")


class SignUp(Form):
    """A new patient account."""

    name = Text(limit=120, what="Your name")
    email = Email()
    password = fields.String(
        required=True, error_messages={"required": "Choose a password."},
        validate=validate.Length(min=10, max=200, error="At least 10 characters, please. Three words are easy to keep."),
    )  # fmt: skip
    adult = fields.String(required=True, error_messages={"required": "Stride is for adults. Please confirm your age."})
    consent = fields.String(required=True, error_messages={"required": "We need your consent to keep what you log."})
    country = fields.String(load_default="GB", validate=validate.OneOf(list(COUNTRIES), error="Choose a country."))
    time_zone = fields.String(load_default="Europe/London")

    @validates("time_zone")
    def _known_zone(self, value: str, **_kwargs: object) -> None:
        if not clock.is_time_zone(value):
            raise ValidationError("We do not know that time zone.")


class Reminder(Form):
    """When and how to be reminded."""

    reminder_time = fields.Time(format="%H:%M", load_default=None, error_messages={"invalid": "Use a time like 08:30."})
    remind_by_email = fields.String(load_default=None)
    remind_by_push = fields.String(load_default=None)
    time_zone = SignUp._declared_fields["time_zone"]
    weekdays = fields.List(
        fields.Integer(validate=validate.Range(0, 6)), load_default=list,
        validate=validate.Length(min=1, max=7, error="Choose at least one day."),
    )  # fmt: skip

    @validates("time_zone")
    def _known_zone(self, value: str, **_kwargs: object) -> None:
        if not clock.is_time_zone(value):
            raise ValidationError("We do not know that time zone.")
