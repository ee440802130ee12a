"""Fields of a stream's events, each checked as it is read: a wrong shape is a `ProtocolError`, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic_core import from_json

from core.llms.errors import ProtocolError
from core.llms.wires.openai_responses.output import is_item


def decode_event(data: bytes) -> dict[str, Any]:
    """Decode an event's JSON object; what is none, NaN, nesting that is too deep and wrong UTF-8 are errors."""
    try:
        event = from_json(data, allow_inf_nan=False)
    except ValueError as error:
        raise ProtocolError(f"an event of the stream is not valid JSON: {error}") from error
    if type(event) is not dict:
        raise ProtocolError(f"an event of the stream is not a JSON object but {type(event).__name__}")
    return event


def read_delta(event: dict[str, Any]) -> str:
    """Return the piece of text that an event adds."""
    delta = event.get("delta")
    if type(delta) is not str:
        raise ProtocolError(f"`delta` of a {event.get('type')!r} event is not a string")
    return delta


def read_place(event: dict[str, Any], name: str) -> int:
    """Return an index, 0 where it is absent."""
    place = event.get(name, 0)
    if type(place) is not int:
        raise ProtocolError(f"`{name}` of a {event.get('type')!r} event is not a number")
    return place


def read_item(event: dict[str, Any]) -> Mapping[str, Any]:
    """Return an event's output item."""
    item: Mapping[str, Any] | None = event.get("item")
    if not is_item(item) or item is None:
        raise ProtocolError(f"a {event.get('type')!r} event has no item")
    return item


def read_response(event: dict[str, Any]) -> dict[str, Any]:
    """Return an event's response."""
    response = event.get("response")
    if type(response) is not dict:
        raise ProtocolError(f"a {event.get('type')!r} event has no response")
    return response


def rest_of(whole: str, streamed: str) -> str:
    """Return what a whole text has beyond the part that streamed; nothing where they do not agree."""
    return whole[len(streamed) :] if whole.startswith(streamed) else ""
