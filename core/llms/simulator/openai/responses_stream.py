"""A response as the events of a stream, in the vendor's order, numbered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.llms.simulator.exchange import server_sent_event
from core.llms.simulator.openai.chat_stream import argument_fragments, obfuscation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.llms.simulator.openai.errors import ApiError
    from core.llms.simulator.openai.responses import Response

_SUMMARY_CHARACTERS = 24


def encode_events(events: Iterator[dict[str, Any]], obfuscate: bool) -> tuple[bytes, ...]:
    """Events as server-sent events with their sequence numbers; deltas are padded unless that is off."""
    encoded = []
    for number, event in enumerate(events):
        event["sequence_number"] = number
        if obfuscate and isinstance(event.get("delta"), str):
            event["obfuscation"] = obfuscation(event["delta"])
        encoded.append(server_sent_event(event, event["type"]))
    return tuple(encoded)


def error_event(error: ApiError) -> bytes:
    """The event that ends a stream with an error."""
    event = {
        "type": "error",
        "code": error.code or error.type,
        "message": error.message,
        "param": error.param,
        "sequence_number": 2,
    }
    return server_sent_event(event, "error")


def stream_events(response: Response) -> Iterator[dict[str, Any]]:
    """All events of a response."""
    unfinished = response.unfinished()
    yield {"type": "response.created", "response": unfinished}
    yield {"type": "response.in_progress", "response": unfinished}
    for index, item in enumerate(response.body["output"]):
        match item["type"]:
            case "reasoning":
                yield from _reasoning_events(index, item)
            case "web_search_call":
                yield from _search_events(index, item)
            case "function_call":
                yield from _call_events(index, item)
            case _:
                yield from _message_events(response, index, item)
    ending = "response.incomplete" if response.body["status"] == "incomplete" else "response.completed"
    yield {"type": ending, "response": response.body}


def _added(index: int, item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "response.output_item.added", "item": item, "output_index": index}


def _done(index: int, item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "response.output_item.done", "item": item, "output_index": index}


def _reasoning_events(index: int, item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield _added(index, item | {"summary": []} | ({"content": []} if item.get("content") else {}))
    for position, part in enumerate(item["summary"]):
        place = {"item_id": item["id"], "output_index": index, "summary_index": position}
        empty = {"type": "summary_text", "text": ""}
        yield {"type": "response.reasoning_summary_part.added", **place, "part": empty}
        text = part["text"]
        for delta in _shares(text):
            yield {"type": "response.reasoning_summary_text.delta", **place, "delta": delta}
        yield {"type": "response.reasoning_summary_text.done", **place, "text": text}
        yield {"type": "response.reasoning_summary_part.done", **place, "part": part}
    for position, part in enumerate(item.get("content") or ()):
        place = {"item_id": item["id"], "output_index": index, "content_index": position}
        for delta in _shares(part["text"]):
            yield {"type": "response.reasoning_text.delta", **place, "delta": delta}
        yield {"type": "response.reasoning_text.done", **place, "text": part["text"]}
    yield _done(index, item)


def _shares(text: str) -> list[str]:
    return [text[start : start + _SUMMARY_CHARACTERS] for start in range(0, len(text), _SUMMARY_CHARACTERS)]


def _search_events(index: int, item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield _added(index, item | {"status": "in_progress", "action": {"type": "search"}})
    for state in ("in_progress", "searching", "completed"):
        yield {"type": f"response.web_search_call.{state}", "item_id": item["id"], "output_index": index}
    yield _done(index, item)


def _call_events(index: int, item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield _added(index, item | {"status": "in_progress", "arguments": ""})
    place = {"item_id": item["id"], "output_index": index}
    for fragment in argument_fragments(item["arguments"]):
        yield {"type": "response.function_call_arguments.delta", **place, "delta": fragment}
    yield {"type": "response.function_call_arguments.done", **place, "arguments": item["arguments"]}
    yield _done(index, item)


def _message_events(response: Response, index: int, item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    part = item["content"][0]
    place = {"item_id": item["id"], "output_index": index, "content_index": 0}
    yield _added(index, item | {"status": "in_progress", "content": []})
    yield {"type": "response.content_part.added", **place, "part": _emptied(part)}
    if part["type"] == "refusal":
        for piece in response.output.pieces:
            yield {"type": "response.refusal.delta", **place, "delta": piece.text}
        yield {"type": "response.refusal.done", **place, "refusal": part["refusal"]}
    else:
        yield from _text_events(response, place, part)
    yield {"type": "response.content_part.done", **place, "part": part}
    yield _done(index, item)


def _text_events(response: Response, place: dict[str, Any], part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for position, piece in enumerate(response.output.pieces):
        logprobs = part["logprobs"][position : position + 1]
        yield {"type": "response.output_text.delta", **place, "delta": piece.text, "logprobs": logprobs}
    for number, annotation in enumerate(part["annotations"]):
        yield {
            "type": "response.output_text.annotation.added",
            **place,
            "annotation": annotation,
            "annotation_index": number,
        }
    yield {"type": "response.output_text.done", **place, "logprobs": part["logprobs"], "text": part["text"]}


def _emptied(part: dict[str, Any]) -> dict[str, Any]:
    if part["type"] == "refusal":
        return {"type": "refusal", "refusal": ""}
    return {"type": "output_text", "annotations": [], "logprobs": [], "text": ""}
