"""Lines of JSON are the same wherever their bytes were cut."""

from __future__ import annotations

import pytest

from core.llms.errors import ProtocolError
from core.llms.wires.ndjson import NDJSONDecoder

TEXT = '\ufeff{"a":"\u2028é"}\r\n\n  \n{"b":1}\n{"c'.encode()
LINES = ['{"a":"\u2028é"}'.encode(), b'{"b":1}']


def test_lines_are_the_same_split_at_each_byte() -> None:
    for cut in range(len(TEXT)):
        decoder = NDJSONDecoder()
        assert decoder.feed(TEXT[:cut]) + decoder.feed(TEXT[cut:]) == LINES
        assert (decoder.pending, decoder.event_count) == (b'{"c', 2)


def test_lines_are_the_same_byte_by_byte() -> None:
    decoder = NDJSONDecoder()
    assert [line for byte in TEXT for line in decoder.feed(bytes([byte]))] == LINES


@pytest.mark.parametrize("pieces", [[b"x" * 9], [b"xxxxx", b"xxxx"], [b"x" * 9 + b"\n"]])
def test_line_that_is_too_large_is_refused(pieces: list[bytes]) -> None:
    decoder = NDJSONDecoder(max_line_bytes=8)
    with pytest.raises(ProtocolError, match="larger than 8 bytes"):
        for piece in pieces:
            decoder.feed(piece)
