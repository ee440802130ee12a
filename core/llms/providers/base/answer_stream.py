"""A streamed answer in the caller's hands."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from types import TracebackType
from typing import Self

from core.llms.runtime.middleware import EventStream
from core.llms.types.events import StreamEvent, TextDelta
from core.llms.types.response import LLMResponse


class Outcome:
    """Where the events leave the whole answer for the stream: they hold no reference to the stream itself.

    So a stream that is dropped is collected, and closed, at once.
    """

    __slots__ = ("response",)

    def __init__(self) -> None:
        self.response: LLMResponse | None = None


class AnswerStream:
    """Events of one answer: `async with … as stream`, then `async for event in stream`; the `with` may be left out.

    Nothing is sent before the first event is asked for. Leaving the `with` early closes the connection, and the vendor
    sees it. `response` is the whole answer once the stream is at its end.
    """

    def __init__(self, events: EventStream, outcome: Outcome) -> None:
        self._events = events
        self._outcome = outcome

    def __aiter__(self) -> AsyncGenerator[StreamEvent, None]:
        return self._events

    async def __anext__(self) -> StreamEvent:
        return await anext(self._events)

    async def text_deltas(self, choice: int = 0) -> AsyncIterator[str]:
        """Give the text of one choice alone, piece by piece."""
        async for event in self._events:
            if type(event) is TextDelta and event.choice == choice:
                yield event.text

    async def get_response(self) -> LLMResponse:
        """Read on to the end and return the whole answer."""
        async for _ in self._events:
            continue
        return self.response

    @property
    def response(self) -> LLMResponse:
        """The whole answer, with usage and cost. Raises `RuntimeError` while the stream is not at its end."""
        if self._outcome.response is None:
            raise RuntimeError("the stream is not at its end: read all events first, or `await stream.get_response()`")
        return self._outcome.response

    async def aclose(self) -> None:
        """End the stream; before its end this breaks the answer off."""
        await self._events.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()
