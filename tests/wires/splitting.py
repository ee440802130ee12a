"""Feeding a recorded stream to a decoder in pieces: what comes of it must not hang on where the bytes were cut."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from core.llms.types.events import StreamEvent
from core.llms.wires.base import StreamDecoder

# Two pieces are tried at each cut of a stream's head, since that takes time by the square of its length.
HEAD_BYTES: Final = 3_000


def decode(create: Callable[[], StreamDecoder], pieces: Sequence[bytes]) -> list[StreamEvent]:
    """Feed the pieces and say that the connection ended."""
    decoder = create()
    events = [event for piece in pieces for event in decoder.feed(piece)]
    return events + decoder.close()


def assert_same_at_every_cut(create: Callable[[], StreamDecoder], data: bytes) -> None:
    """The whole byte by byte, and the head in two pieces at each of its bytes, give the events of one piece."""
    assert decode(create, [data[at : at + 1] for at in range(len(data))]) == decode(create, [data])
    head = data[:HEAD_BYTES]
    expected = create().feed(head)
    for cut in range(len(head)):
        decoder = create()
        assert decoder.feed(head[:cut]) + decoder.feed(head[cut:]) == expected
