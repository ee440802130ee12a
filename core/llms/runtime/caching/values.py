"""Answers as bytes: everything that a vendor said of them, without loss, and what they cost. JSON, never pickle."""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final, TypeAlias

from pydantic_core import from_json, to_json

from core.llms.types.message_dicts import parse_message, render_message
from core.llms.types.messages import AssistantMessage
from core.llms.types.response import Choice, EmbeddingResponse, FinishReason, LLMResponse
from core.llms.types.usage import Usage

VALUE_VERSION: Final = 1
Answer: TypeAlias = LLMResponse | EmbeddingResponse

_USAGE_FIELDS = tuple(field.name for field in fields(Usage))
_read_usage = attrgetter(*_USAGE_FIELDS)
_NO_USAGE = _read_usage(Usage())
# What every answer says in plain words; the rest has a form of its own.
_PLAIN_FIELDS = ("model", "provider", "request_id")


class UnreadableEntryError(ValueError):
    """What a store gave is no entry of this version: damaged, cut or another's."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An answer as it is kept: with what it cost when it was made, in USD, and when that was (seconds since 1970)."""

    answer: Answer
    cost: Decimal | None
    stored_at: float
    similarity: float | None = None


def encode_entry(answer: Answer, stored_at: float, *, warnings: tuple[str, ...] = (), keep_raw: bool = True) -> bytes:
    """Write an answer with `warnings` as its own.

    What belongs to one call alone is not kept: attempts, `parsed`, and why its cost is not known.

    Raises `ValueError` for text that is not Unicode.
    """
    hit = answer.cache
    cost = answer.cost if hit is None else hit.cost_saved
    document: dict[str, Any] = {
        "v": VALUE_VERSION,
        "stored_at": stored_at,
        "usage": _render_usage(answer.usage),
        "warnings": warnings,
    }
    for name in _PLAIN_FIELDS:
        if value := getattr(answer, name):
            document[name] = value
    if cost is not None:
        document["cost"] = str(cost)
    if hit is not None and hit.similarity is not None:
        document["similarity"] = hit.similarity
    if isinstance(answer, EmbeddingResponse):
        document["vectors"] = answer.vectors
    else:
        document["id"] = answer.id
        document["choices"] = [_render_choice(choice) for choice in answer.choices]
        if keep_raw and answer.raw:
            document["raw"] = answer.raw
    return to_json(document)


def decode_entry(data: bytes) -> Entry:
    """Read an entry. Raises `UnreadableEntryError`."""
    try:
        document = from_json(data)
        if document["v"] != VALUE_VERSION:
            raise UnreadableEntryError(f"an entry of version {document['v']!r}, not {VALUE_VERSION}")
        return _parse_entry(document)
    except (ValueError, TypeError, LookupError, ArithmeticError, AttributeError) as error:
        raise UnreadableEntryError(f"not a cache entry: {type(error).__name__}") from error


def _parse_entry(document: dict[str, Any]) -> Entry:
    cost = document.get("cost")
    facts = {name: document[name] for name in _PLAIN_FIELDS if name in document}
    usage, warnings = _parse_usage(document["usage"]), tuple(document["warnings"])
    answer: Answer
    if "vectors" in document:
        answer = EmbeddingResponse(tuple(map(tuple, document["vectors"])), usage, warnings=warnings, **facts)
    else:
        choices = tuple(_parse_choice(choice) for choice in document["choices"])
        raw = document.get("raw") or {}
        answer = LLMResponse(choices, usage, id=document["id"], warnings=warnings, raw=raw, **facts)
        answer.choices[0]  # an answer without a choice is none
    price = None if cost is None else Decimal(cost)
    return Entry(answer, price, float(document["stored_at"]), document.get("similarity"))


def _render_choice(choice: Choice) -> dict[str, Any]:
    rendered: dict[str, Any] = {
        "message": render_message(choice.message),
        "finish": (choice.finish_reason.unified, choice.finish_reason.raw),
    }
    if choice.logprobs is not None:
        rendered["logprobs"] = choice.logprobs
    if choice.content_filter is not None:
        rendered["content_filter"] = choice.content_filter
    return rendered


def _parse_choice(choice: dict[str, Any]) -> Choice:
    message = parse_message(choice["message"])
    if not isinstance(message, AssistantMessage):
        raise UnreadableEntryError("not a model's message")
    unified, raw = choice["finish"]
    return Choice(message, FinishReason(unified, raw), choice.get("logprobs"), choice.get("content_filter"))


def _render_usage(usage: Usage) -> dict[str, Any]:
    rendered = {
        name: value
        for name, value, nothing in zip(_USAGE_FIELDS, _read_usage(usage), _NO_USAGE, strict=True)
        if value is not nothing
    }
    if usage.reported_cost is not None:
        rendered["reported_cost"] = str(usage.reported_cost)
    return rendered


def _parse_usage(rendered: dict[str, Any]) -> Usage:
    reported = rendered.get("reported_cost")
    return Usage(**(rendered if reported is None else {**rendered, "reported_cost": Decimal(reported)}))
