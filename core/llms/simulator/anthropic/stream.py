"""A message as the events of a stream, in the vendor's order."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.llms.simulator.anthropic.messages import Message

_PING = b'event: ping\ndata: {"type": "ping"}\n\n'
_MOST_PADDING = 16


def encode_stream(message: Message) -> tuple[bytes, ...]:
    """All events of a message; a ping follows the start of the first block."""
    events = []
    for event in _events(message):
        events.append(encode_event(event))
        if event["type"] == "content_block_start" and event["index"] == 0:
            events.append(_PING)
    return tuple(events)


def encode_event(event: dict[str, Any]) -> bytes:
    """One event, padded with spaces before its last brace as the vendor pads it, by its content."""
    data = to_json(event)
    padding = hashlib.blake2b(data, digest_size=1).digest()[0] % _MOST_PADDING
    head = f"event: {event['type']}\ndata: ".encode()
    return head + data[:-1] + b" " * padding + b"}\n\n"


def _events(message: Message) -> Iterator[dict[str, Any]]:
    output = message.output
    yield {"type": "message_start", "message": message.started()}
    for index, block in enumerate(output.blocks):
        yield {"type": "content_block_start", "index": index, "content_block": block.start}
        for delta in block.deltas:
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}
    delta = {
        "stop_reason": output.stop_reason,
        "stop_sequence": output.stop_sequence,
        "stop_details": output.stop_details,
    }
    yield {"type": "message_delta", "delta": delta, "usage": message.final_usage()}
    yield {"type": "message_stop"}
