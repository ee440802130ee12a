"""Decoding a chat's stream: another wire's decoder, and what this vendor says otherwise at its end."""

from __future__ import annotations

from collections.abc import Sequence

from core.llms.errors import APIError
from core.llms.types.events import StreamEvent, StreamFinished
from core.llms.types.response import LLMResponse
from core.llms.wires.base import StreamDecoder
from core.llms.wires.watsonx.completing import complete_response
from core.llms.wires.watsonx.errors import name_trace


class WatsonxStreamDecoder:
    """Turns the bytes of one stream into events. The connection's end is the stream's, once every choice has finished.

    The vendor's remarks on the request are warnings of the finished response.
    """

    __slots__ = ("_chat", "finished")

    def __init__(self, chat: StreamDecoder) -> None:
        self.finished: bool = False
        self._chat = chat

    @property
    def progress(self) -> int:
        """How many events with data have arrived."""
        return self._chat.progress

    def feed(self, chunk: bytes) -> list[StreamEvent]:
        """Decode the next bytes. Raises `APIError` for an error in the stream, `ProtocolError` for what is not it."""
        try:
            events = self._chat.feed(chunk)
        except APIError as error:
            name_trace(error)
            raise
        return self._complete(events) if self._chat.finished else events

    def close(self) -> list[StreamEvent]:
        """Say that the connection ended. Raises `ProtocolError` where a choice has no finish reason."""
        return self._complete(self._chat.close())

    def partial_response(self) -> LLMResponse:
        """Return what has arrived so far; a choice without a finish reason has the reason `error`."""
        return complete_response(self._chat.partial_response())

    def _complete(self, events: Sequence[StreamEvent]) -> list[StreamEvent]:
        self.finished = self._chat.finished
        return [
            StreamFinished(complete_response(event.response)) if isinstance(event, StreamFinished) else event
            for event in events
        ]
