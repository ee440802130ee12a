"""An answer read as it comes, with a watchdog over events that mean something."""

from __future__ import annotations

import asyncio
from time import monotonic

from aiohttp import ClientError, ClientResponse

from core.llms.errors import DeadlineExceededError, LLMError, LLMTimeoutError, ResponseTooLargeError
from core.llms.providers.base.transport_errors import translate_error

_DRAIN_SECONDS = 0.25


class ResponseStream:
    """The bytes of one streamed answer. `read()` until it gives `b""`, then `aclose()`; or `close()` at any time.

    The gap between events is timed only while somebody waits in `read()`, and only `mark_progress()` restarts it:
    comments and single bytes do not. One timer serves the whole stream.
    """

    __slots__ = (
        "_base_url", "_between_events_seconds", "_content", "_deadline", "_limit", "_loop", "_max_bytes", "_progressed",
        "_response", "_size", "_timer", "_waiting", "headers", "status",
    )  # fmt: skip

    def __init__(
        self,
        response: ClientResponse,
        base_url: str,
        *,
        deadline: float,
        first_event_limit: float,
        between_events_seconds: float,
        max_bytes: int,
    ) -> None:
        self.status = response.status
        self.headers = response.headers
        self._response = response
        self._content = response.content
        self._base_url = base_url
        self._loop = asyncio.get_running_loop()
        offset = self._loop.time() - monotonic()
        self._deadline = deadline + offset
        self._limit = first_event_limit + offset
        self._progressed = False
        self._between_events_seconds = between_events_seconds
        self._max_bytes = max_bytes
        self._size = 0
        self._waiting = False
        self._timer: asyncio.TimerHandle | None = None

    async def read(self) -> bytes:
        """Return the next bytes, or `b""` at the end. Raises `TransportError`, `LLMTimeoutError`, `ProtocolError`."""
        if self._progressed:
            self._progressed = False
            self._limit = self._loop.time() + self._between_events_seconds
        limit = min(self._limit, self._deadline)
        if self._timer is None or self._timer.when() > limit:
            self._cancel_timer()
            self._timer = self._loop.call_at(limit, self._check)
        self._waiting = True
        try:
            chunk = await self._content.readany()
        except LLMError:
            raise
        except (ClientError, OSError, ValueError) as error:
            raise translate_error(error, self._base_url) from error
        finally:
            self._waiting = False
        self._size += len(chunk)
        if self._size > self._max_bytes:
            raise ResponseTooLargeError(f"the stream is larger than {self._max_bytes} bytes")
        return chunk

    def mark_progress(self) -> None:
        """Say that the bytes just read held an event that means something."""
        self._progressed = True

    def _check(self) -> None:
        now = self._loop.time()
        limit = min(self._limit, self._deadline)
        if now < limit:
            self._timer = self._loop.call_at(limit, self._check)
        elif self._waiting:
            self._content.set_exception(self._timeout_error(now))
        else:
            # Nobody waits: the consumer is slow, not the vendor. Its next read sets the timer again.
            self._progressed = True
            self._timer = None

    def _timeout_error(self, now: float) -> LLMTimeoutError:
        if now >= self._deadline:
            return DeadlineExceededError(f"the deadline passed during the stream of {self._base_url}", phase="total")
        return LLMTimeoutError(f"no event from {self._base_url} in time", phase="between events")

    async def aclose(self) -> None:
        """Finish after the last event: the connection is kept where the answer's end is at hand, else closed."""
        content = self._content
        if not content.at_eof():
            try:
                async with asyncio.timeout(_DRAIN_SECONDS):
                    while await content.readany():
                        continue
            except (TimeoutError, ClientError, OSError, LLMError):
                self.close()
                return
        self._cancel_timer()
        self._response.release()

    def close(self) -> None:
        """Break the answer off: the connection is closed, and the vendor sees it."""
        self._cancel_timer()
        self._response.close()

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
