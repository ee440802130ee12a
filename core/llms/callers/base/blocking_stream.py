"""A streamed answer for code that is not asynchronous."""

from __future__ import annotations

import weakref
from collections.abc import AsyncGenerator, Callable, Iterator

from core.llms.providers.base.answer_stream import AnswerStream
from core.llms.runtime.closing import Closing
from core.llms.runtime.read_ahead import ReadAhead
from core.llms.types.events import StreamEvent, TextDelta
from core.llms.types.response import LLMResponse


class BlockingAnswerStream(Closing):
    """Events of one answer: `with … as stream`, then `for event in stream`; the `with` may be left out.

    Nothing is sent before the first event is asked for. `close()`, leaving the `with` early, and dropping the stream
    all break the answer off. `response` is the whole answer once the stream is at its end.
    """

    def __init__(self, create: Callable[[], AnswerStream]) -> None:
        self._answer = create()
        self._events = ReadAhead(_closing(self._answer))
        self._finalizer = weakref.finalize(self, self._events.abandon)
        self._finalizer.atexit = False

    def __iter__(self) -> Iterator[StreamEvent]:
        return self

    def __next__(self) -> StreamEvent:
        return self._events.take()

    def text_deltas(self, choice: int = 0) -> Iterator[str]:
        """Give the text of one choice alone, piece by piece."""
        for event in self:
            if type(event) is TextDelta and event.choice == choice:
                yield event.text

    def get_response(self) -> LLMResponse:
        """Read on to the end and return the whole answer."""
        for _ in self:
            continue
        return self.response

    @property
    def response(self) -> LLMResponse:
        """The whole answer, with usage and cost. Raises `RuntimeError` while the stream is not at its end."""
        return self._answer.response

    def close(self) -> None:
        """End the stream; before its end this breaks the answer off."""
        self._events.close()


async def _closing(answer: AnswerStream) -> AsyncGenerator[StreamEvent, None]:
    async with answer:
        async for event in answer:
            yield event
