"""Which checks do all forms share? Shape and range only, never a query."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load, validate
from werkzeug.datastructures import MultiDict


class Text(fields.String):
    """Trimmed text without NUL (PostgreSQL refuses it, SQLite takes it) and with a limit."""

    def __init__(self, *, limit: int, what: str, required: bool = True, **kwargs: Any) -> None:
        checks = [validate.Length(max=limit, error=f"{what}: at most {limit} characters, please.")]
        if required:
            checks.insert(0, validate.Length(min=1, error=f"{what} is missing."))
        super().__init__(required=required, validate=checks, error_messages={"required": f"{what} is missing."}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if "\x00" in text:
            raise ValidationError("There is a character in it that cannot be stored.")
        return text.strip()


class Form(Schema):
    """A web form. ``read(form)`` gives (values, errors); unknown fields are ignored."""

    class Meta:
        unknown = EXCLUDE

    @pre_load
    def _empty_is_missing(self, data: Any, **_kwargs: Any) -> Any:
        """An empty box is a missing answer for everything but text."""
        if isinstance(data, MultiDict):
            data = {key: data.getlist(key) if isinstance(self.fields.get(key), fields.List) else data.get(key) for key in data}
        return {k: v for k, v in data.items() if v != "" or isinstance(self.fields.get(k), fields.String)}

    def read(self, form: Any) -> tuple[dict[str, Any], dict[str, str]]:
        """The values and, for what was wrong, one sentence per field."""
        try:
            return self.load(form), {}
        except ValidationError as error:
            return dict(error.valid_data or {}), {name: first(words) for name, words in error.normalized_messages().items()}


def first(words: Any) -> str:
    """The first sentence of marshmallow's messages, however deep."""
    while isinstance(words, (list, dict)):
        words = next(iter(words.values() if isinstance(words, dict) else words))
    return str(words)
