"""Changes as they are asked for: read, compared with what is stored, and put in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from core.llms.provider_config.errors import ConfigValidationError, StaleConfigError


def differences(stored: Any, wanted: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return the fields whose values differ, each with (stored, wanted)."""
    return {name: (getattr(stored, name), value) for name, value in wanted.items() if getattr(stored, name) != value}


def describe_differences(changes: Mapping[str, tuple[Any, Any]]) -> str:
    """Say in a line what differs."""
    return "; ".join(f"`{name}` is {stored!r}, not {wanted!r}" for name, (stored, wanted) in changes.items())


def read_updates(schema: type[BaseModel], updates: BaseModel | Mapping[str, Any]) -> dict[str, Any]:
    """Check changes and return the fields that were given. Raises `ConfigValidationError`."""
    if not isinstance(updates, BaseModel):
        try:
            updates = schema(**updates)
        except ValidationError as error:
            raise ConfigValidationError(describe_validation(error)) from error
    return {name: getattr(updates, name) for name in updates.model_fields_set}


def describe_validation(error: ValidationError) -> dict[str, str]:
    """Return what pydantic found, by field, with the value's problem in words."""
    problems = {}
    for found in error.errors(include_url=False, include_context=False):
        field = ".".join(map(str, found["loc"])) or "configuration"
        problems[field] = f"`{field}`: {found['msg'].removeprefix('Value error, ')}"
    return problems


def require_version(row: Any, expected: int | None, changed: Mapping[str, Any], what: str) -> None:
    """Raise `StaleConfigError` where a row is not the version that was read."""
    if expected is not None and row.version != expected:
        changes = differences(row, changed)
        told = f": {describe_differences(changes)}" if changes else ""
        raise StaleConfigError(
            f"{what} was changed meanwhile: it is at version {row.version}, not {expected}{told}; read it again",
            changes,
        )
