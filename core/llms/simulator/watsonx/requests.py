"""A request of watsonx.ai: its body read by its shape, whose it is, and which model it asks for."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

from core.llms.simulator.typed_json import MistypedError, read_typed
from core.llms.simulator.watsonx.errors import (
    ApiError,
    both_given,
    empty_field,
    invalid_document,
    invalid_type,
    model_not_supported,
)
from core.llms.simulator.watsonx.models import MODELS, Model
from core.llms.simulator.watsonx.shapes import SHAPES, TYPE_NAMES

if TYPE_CHECKING:
    from core.llms.simulator.exchange import Call

_SCOPES = ("project_id", "space_id")


def read_body(call: Call, shape: str) -> dict[str, Any]:
    """The known fields of a body, without nulls. Raises: ApiError."""
    try:
        parsed = from_json(call.body, allow_inf_nan=False)
    except ValueError as error:
        raise ApiError(f"The request body is not valid JSON: {error}") from error
    try:
        return read_typed(parsed, shape, SHAPES)
    except MistypedError as error:
        raise invalid_type(error.path or "body", _type_name(error.kind)) from error


def require_scope(body: dict[str, Any]) -> None:
    """Check that the request belongs to a project or to a space. Raises: ApiError."""
    given = [name for name in _SCOPES if body.get(name)]
    if not given:
        raise ApiError("Missing either space_id or project_id or wml_instance_crn")
    if len(given) > 1:
        raise both_given(*given)
    if not _is_random_uuid(body[given[0]]):
        raise invalid_document(f"{given[0]} should be a version 4 uuid")


def require_model(body: dict[str, Any], function: str | None) -> Model:
    """The model that is asked for, if it does what is asked; None asks for what every model does. Raises: ApiError."""
    name = body.get("model_id") or body.get("model")
    if not name:
        raise empty_field("model_id")
    model = MODELS.get(name)
    if model is None or model.withdrawn:
        raise model_not_supported(name)
    if function is not None and function not in model.functions:
        message = f"Model '{name}' does not support function 'function_{function}'"
        raise ApiError(message, status=404, code="model_no_support_for_function")
    return model


def refuse_model(body: dict[str, Any]) -> None:
    """Check that a request to a deployment, which has its model, names none. Raises: ApiError."""
    if body.get("model_id") or body.get("model"):
        raise invalid_document("'model_id' or 'model' cannot be specified in the request body")


def _is_random_uuid(text: str) -> bool:
    try:
        return uuid.UUID(text).version == 4
    except ValueError:
        return False


def _type_name(kind: str) -> str:
    kind = kind.partition("|")[0]
    if kind.startswith("["):
        return f"[]{_type_name(kind[1:-1])}"
    if kind.startswith("{"):
        return f"map[string]{_type_name(kind[1:-1])}"
    return TYPE_NAMES.get(kind, f"schemas.{kind}")
