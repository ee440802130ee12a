"""Profiles as records: what was stated of a model, as JSON's values, and back. Files and databases keep these."""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError

from core.llms.errors import ConfigurationError
from core.llms.registry.models import LLMProfile


def render_record(profile: LLMProfile) -> dict[str, Any]:
    """Write a profile as a record that has what was stated, and nothing else."""
    record: dict[str, Any] = profile.model_dump(mode="json", exclude_unset=True)
    return record


def parse_record(record: Any, place: str) -> LLMProfile:
    """Read a record. Raises `ConfigurationError`, which names the place, the field and what is wrong with it."""
    try:
        return LLMProfile.model_validate(record)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(map(str, first["loc"])) or "the record"
        raise ConfigurationError(f"{place}: {field}: {first['msg']}") from error


def parse_json(text: str, place: str) -> Any:
    """Read JSON. Raises `ConfigurationError`, which names the place and the line."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ConfigurationError(f"{place} is corrupt at line {error.lineno}: {error.msg}") from error
