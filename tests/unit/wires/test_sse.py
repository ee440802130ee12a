from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.llms.errors import ProtocolError
from core.llms.wires.sse import SSEDecoder

LINE_TEXT = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=12).map(str.encode)
EVENTS = st.lists(st.tuples(st.sampled_from([b"", b"ping", b"error"]), st.lists(LINE_TEXT, min_size=1, max_size=3)))
LINE_ENDS = st.sampled_from([b"\n", b"\r\n", b"\r"])


def render_events(
    events: list[tuple[bytes, list[bytes]]], line_end: bytes, *, bom: bool = False, comments: bool = False
) -> bytes:
    lines: list[bytes] = []
    for name, values in events:
        if comments:
            lines += [b": keep-alive", b""]
        if name:
            lines.append(b"event: " + name)
        lines += [b"data: " + value for value in values]
        lines.append(b"")
    return (b"\xef\xbb\xbf" if bom else b"") + b"".join(line + line_end for line in lines)


def decode(chunks: list[bytes]) -> list[tuple[bytes, bytes]]:
    decoder = SSEDecoder()
    return [event for chunk in chunks for event in decoder.feed(chunk)]


@given(EVENTS, LINE_ENDS, st.booleans(), st.booleans(), st.data())
def test_feed_gives_the_same_events_for_any_split(
    events: list[tuple[bytes, list[bytes]]], line_end: bytes, bom: bool, comments: bool, data: st.DataObject
) -> None:
    body = render_events(events, line_end, bom=bom, comments=comments)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(body)), max_size=8)))
    chunks = [body[start:end] for start, end in zip([0, *cuts], [*cuts, len(body)], strict=True)]
    expected = [(name, b"\n".join(values)) for name, values in events]
    decoder = SSEDecoder()
    assert [event for chunk in chunks for event in decoder.feed(chunk)] == expected
    assert decoder.event_count == len(expected)


@given(EVENTS, LINE_ENDS)
def test_feed_gives_the_same_events_byte_by_byte(events: list[tuple[bytes, list[bytes]]], line_end: bytes) -> None:
    body = render_events(events, line_end)
    decoder = SSEDecoder()
    decoded = [event for byte in body for event in decoder.feed(bytes([byte]))]
    assert decoded == [(name, b"\n".join(values)) for name, values in events]
    assert not decoder.pending


@given(st.lists(LINE_TEXT.filter(lambda text: not text.startswith(b" ")), min_size=1), st.lists(LINE_ENDS, min_size=1))
def test_feed_takes_mixed_line_ends(values: list[bytes], line_ends: list[bytes]) -> None:
    body = b""
    for position, value in enumerate(values):
        line_end = line_ends[position % len(line_ends)]
        body += b"data:" + value + line_end + line_end
    assert decode([body]) == [(b"", value) for value in values]


@given(st.binary(max_size=200), st.data())
def test_feed_of_any_bytes_does_not_depend_on_the_split(body: bytes, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(body)))
    assert decode([body[:cut], body[cut:]]) == decode([body])


def test_feed_keeps_the_separators_that_only_text_has() -> None:
    text = "a\u2028b\u2029c\x0bd\x0ce\x85f".encode()
    assert decode([b"data: " + text + b"\n\n"]) == [(b"", text)]


def test_feed_strips_one_leading_space_of_the_data() -> None:
    assert decode([b"data:a\n\ndata: b\n\ndata:  c\n\n"]) == [(b"", b"a"), (b"", b"b"), (b"", b" c")]


def test_feed_takes_a_one_line_event_after_another() -> None:
    decoder = SSEDecoder()
    assert decoder.feed(b"data: 1\n\n") == [(b"", b"1")]
    assert decoder.feed(b"data: 2\n\n") == [(b"", b"2")]
    assert decoder.feed(b"event: end\n") == []
    assert decoder.feed(b"data: 3\n\n") == [(b"end", b"3")]
    assert decoder.feed(b"data: 4\ndata: 5\n\n") == [(b"", b"4\n5")]
    assert decoder.feed(b"data: 6\rdata: 7\n\n") == [(b"", b"6\n7")]


def test_feed_ignores_comments_ids_and_unknown_fields() -> None:
    assert decode([b": ping\n\nid: 7\nretry: 10\nfoo: bar\ndata: 1\n\n: ping\n\n"]) == [(b"", b"1")]


def test_feed_forgets_the_name_of_an_event_without_data() -> None:
    assert decode([b"event: ping\n\ndata: 1\n\n"]) == [(b"", b"1")]


def test_feed_takes_a_data_field_without_value() -> None:
    assert decode([b"data\n\ndata:\n\n"]) == [(b"", b""), (b"", b"")]


def test_pending_tells_an_event_without_its_blank_line() -> None:
    decoder = SSEDecoder()
    assert decoder.feed(b"data: 1\n\ndata: [DO") == [(b"", b"1")]
    assert decoder.pending
    assert decoder.pending_data == b"[DO"
    assert decoder.feed(b"NE]\n") == []
    assert decoder.pending
    assert decoder.pending_data == b"[DONE]"
    assert decoder.feed(b"\n") == [(b"", b"[DONE]")]
    assert not decoder.pending


@pytest.mark.parametrize("step", [1, 7, 1000])
def test_feed_refuses_an_event_that_is_too_large(step: int) -> None:
    body = b"data: " + b"x" * 200 + b"\n\n"
    decoder = SSEDecoder(max_event_bytes=100)
    with pytest.raises(ProtocolError, match="larger than 100 bytes"):
        for start in range(0, len(body), step):
            decoder.feed(body[start : start + step])


def test_feed_refuses_many_lines_that_make_one_event_too_large() -> None:
    decoder = SSEDecoder(max_event_bytes=100)
    with pytest.raises(ProtocolError, match="larger than 100 bytes"):
        decoder.feed(b"data: 0123456789\n" * 20)


def test_feed_refuses_a_large_event_after_a_small_one() -> None:
    decoder = SSEDecoder(max_event_bytes=100)
    assert decoder.feed(b"data: 1\n\n") == [(b"", b"1")]
    with pytest.raises(ProtocolError, match="larger than 100 bytes"):
        decoder.feed(b"data: " + b"x" * 200 + b"\n\n")


def test_feed_takes_more_bytes_in_all_than_one_event_may_have() -> None:
    decoder = SSEDecoder(max_event_bytes=100)
    assert len(decoder.feed(b"data: 0123456789\n\n" * 50)) == 50


def test_feed_of_a_large_event_in_small_chunks_takes_linear_time() -> None:
    decoder = SSEDecoder()
    decoder.feed(b"data: ")
    for _ in range(200_000):
        decoder.feed(b"0123456789")
    assert [len(data) for _, data in decoder.feed(b"\n\n")] == [2_000_000]
