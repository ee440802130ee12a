"""What the vendors' forms of errors have in common: which errors the shape of a request makes, and where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.llms.simulator.compatible.vocabulary import path_of

if TYPE_CHECKING:
    from core.llms.simulator.openai.errors import ApiError

_SHAPE_CODES = frozenset(
    {"unknown_parameter", "missing_required_parameter", "invalid_type", "invalid_value", "empty_array"}
)
_SHAPE_ENDINGS = ("_min_value", "_max_value", "_min_length", "_max_length", "_max_properties")


def is_shape(error: ApiError) -> bool:
    """Whether a field is unknown, missing, of a wrong type or out of range."""
    return error.code is not None and (error.code in _SHAPE_CODES or error.code.endswith(_SHAPE_ENDINGS))


def own_code(error: ApiError) -> str | None:
    """The code a vendor said itself; None where only the machinery has one."""
    return None if is_shape(error) or error.code == "unsupported_parameter" else error.code


def dotted(error: ApiError, start: str = "") -> str:
    """Where the mistake is, as `messages.0.name`, below `start`."""
    steps = [start] if start else []
    return ".".join([*steps, *(str(step) for step in path_of(error.param or ""))])


def extra_forbidden(error: ApiError) -> str:
    """An unknown field as the validators of servers written in Python say it."""
    place = ", ".join(repr(step) for step in ("body", *path_of(error.param or "")))
    return f"[{{'type': 'extra_forbidden', 'loc': ({place}), 'msg': 'Extra inputs are not permitted'}}]"


def nested(error: ApiError, **beside: Any) -> dict[str, Any]:
    """The usual object: `error` with its message, its type and what stands beside them."""
    return {"error": {"message": error.message, "type": error.type, **beside}}
