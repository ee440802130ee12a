"""The binary event stream, held against botocore's decoder and spoiled in every way."""

from __future__ import annotations

from itertools import pairwise
from struct import pack
from zlib import crc32

import pytest
from botocore.eventstream import EventStreamBuffer
from hypothesis import given
from hypothesis import strategies as st

from core.llms.errors import ProtocolError
from core.llms.wires.eventstream import MAX_HEADER_BYTES, MAX_PAYLOAD_BYTES, EventStreamDecoder, EventStreamMessage
from tests.support.event_frames import event, frame, text_headers

NAMES = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20)
VALUES = st.one_of(
    st.sampled_from([b"\x00", b"\x01"]),
    st.integers(-128, 127).map(lambda n: b"\x02" + pack(">b", n)),
    st.integers(-(2**15), 2**15 - 1).map(lambda n: b"\x03" + pack(">h", n)),
    st.integers(-(2**31), 2**31 - 1).map(lambda n: b"\x04" + pack(">i", n)),
    st.integers(-(2**63), 2**63 - 1).map(lambda n: b"\x05" + pack(">q", n)),
    st.binary(max_size=40).map(lambda data: b"\x06" + pack(">H", len(data)) + data),
    st.text(max_size=20).map(lambda text: b"\x07" + pack(">H", len(text.encode())) + text.encode()),
    st.integers(0, 2**62).map(lambda n: b"\x08" + pack(">q", n)),
    st.uuids().map(lambda uuid: b"\x09" + uuid.bytes),
)
HEADERS = st.dictionaries(NAMES, VALUES, max_size=5).map(
    lambda headers: b"".join(bytes([len(name)]) + name.encode() + value for name, value in headers.items())
)
MESSAGES = st.lists(st.tuples(HEADERS, st.binary(max_size=60)).map(lambda parts: frame(*parts)), max_size=5)


def decode(data: bytes, cuts: list[int]) -> list[EventStreamMessage]:
    decoder = EventStreamDecoder()
    edges = [0, *sorted(cut for cut in cuts if cut < len(data)), len(data)]
    messages = [message for a, b in pairwise(edges) for message in decoder.feed(data[a:b])]
    assert decoder.event_count == len(messages)
    return messages


@given(MESSAGES, st.lists(st.integers(0, 500), max_size=8))
def test_decoder_agrees_with_botocore_wherever_the_bytes_are_cut(frames: list[bytes], cuts: list[int]) -> None:
    data = b"".join(frames)
    judge = EventStreamBuffer()
    judge.add_data(data)

    assert [(message.headers, message.payload) for message in decode(data, cuts)] == [
        (expected.headers, expected.payload) for expected in judge
    ]


def test_decoder_tells_whether_it_is_inside_a_message() -> None:
    decoder = EventStreamDecoder()
    data = event("messageStop", {"stopReason": "end_turn"})

    assert (decoder.feed(data[:-1]), decoder.pending) == ([], True)
    assert (len(decoder.feed(data[-1:])), decoder.pending) == (1, False)


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_decoder_never_gives_a_damaged_message(position: int, change: int) -> None:
    data = bytearray(event("contentBlockDelta", {"delta": {"text": "hello"}}))
    data[position % len(data)] ^= change

    with pytest.raises(ProtocolError):
        EventStreamDecoder().feed(bytes(data))


@pytest.mark.parametrize(
    ("header_bytes", "payload_bytes"), [(MAX_HEADER_BYTES + 1, 0), (0, MAX_PAYLOAD_BYTES + 1), (40, -30)]
)
def test_decoder_refuses_sizes_that_cannot_be(header_bytes: int, payload_bytes: int) -> None:
    prelude = pack(">II", header_bytes + payload_bytes + 16, header_bytes)

    with pytest.raises(ProtocolError, match=r"larger|shorter"):
        EventStreamDecoder().feed(prelude + pack(">I", crc32(prelude)))


@pytest.mark.parametrize(
    "headers",
    [
        b"\x01a",
        b"\x05ab",
        b"\x01a\x0a",
        b"\x01a\x07\x00\x09abc",
        b"\x01a\x04\x00\x00",
        b"\x01a\x07\x00\x01\xff",
        b"\x01\xff\x00",
        text_headers({"a": "1"}) * 2,
    ],
)
def test_decoder_refuses_headers_that_cannot_be_read(headers: bytes) -> None:
    with pytest.raises(ProtocolError, match="header"):
        EventStreamDecoder().feed(frame(headers, b""))


def test_decoder_reads_another_format_as_an_error() -> None:
    with pytest.raises(ProtocolError, match="another format"):
        EventStreamDecoder().feed(b"<!DOCTYPE html><html></html>")


def test_decoder_reads_the_largest_payload_in_small_pieces() -> None:
    payload = bytes(MAX_PAYLOAD_BYTES)
    data = frame(text_headers({":event-type": "chunk"}), payload)
    decoder = EventStreamDecoder()

    messages = [m for start in range(0, len(data), 65_536) for m in decoder.feed(data[start : start + 65_536])]

    assert [message.payload == payload for message in messages] == [True]
