"""Models that answer for others: a program that still names a retired model can be run all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic_core import from_json, to_json

if TYPE_CHECKING:
    from collections.abc import Mapping

# What vendors call the model in a body.
_FIELDS: Final = ("model", "model_id", "modelId")


def replace_model(body: bytes, stand_ins: Mapping[str, str]) -> bytes:
    """Put the stand-in in the place of a model that has one; any other body stays as it is."""
    if not stand_ins or not any(name.encode() in body for name in stand_ins):
        return body
    try:
        content = from_json(body)
    except ValueError:
        return body
    if not isinstance(content, dict):
        return body
    named = {field: stand_ins[content[field]] for field in _FIELDS if content.get(field) in stand_ins}
    return to_json({**content, **named}) if named else body
