"""An answer read as it comes, with a watchdog over events that mean something."""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic

from aiohttp import ClientError, ClientResponse

from core.llms.errors import DeadlineExceededError, LLMError, LLMTimeoutError, ResponseTooLargeError
from core.llms.providers.base.transport_errors import translate_error
from core.llms.runtime.watchdog import TimeLimit, Watchdog

_DRAIN_SECONDS = 0.25


class ResponseStream:
    """The bytes of one streamed answer. `read()` until it gives `b""`, then `aclose()`; or `close()` at any time.

    The gap between events is timed only while somebody waits in `read()`, and only `mark_progress()` restarts it:
    comments and single bytes do not. `moment` is when the `Watchdog` ends the wait.
    """

    __slots__ = (
        "_base_url", "_between_events_seconds", "_content", "_deadline", "_max_bytes", "_progressed", "_response",
        "_size", "_waiting", "_watchdog", "headers", "moment", "status",
    )  # fmt: skip

    def __init__(
        self,
        response: ClientResponse,
        base_url: str,
        watchdog: Watchdog,
        *,
        deadline: float,
        first_event_limit: float,
        between_events_seconds: float,
        max_bytes: int,
    ) -> None:
        self.status: int = response.status
        self.headers: Mapping[str, str] = response.headers
        self._response = response
        self._content = response.content
        self._base_url = base_url
        self._watchdog = watchdog
        self._deadline = deadline
        self._progressed = False
        self._between_events_seconds = between_events_seconds
        self._max_bytes = max_bytes
        self._size = 0
        self._waiting = False
        self.moment: float = min(first_event_limit, deadline)
        watchdog.add(self)

    async def read(self) -> bytes:
        """Return the next bytes, or `b""` at the end. Raises `TransportError`, `LLMTimeoutError`, `ProtocolError`."""
        if self._progressed:
            self._progressed = False
            self.moment = min(monotonic() + self._between_events_seconds, self._deadline)
            self._watchdog.add(self)
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

    def expire(self) -> None:
        """End the wait for the next bytes. Where nobody waits, the consumer is slow, not the vendor: time anew."""
        if self._waiting:
            self._content.set_exception(self._timeout_error())
        else:
            self._progressed = True

    def _timeout_error(self) -> LLMTimeoutError:
        if monotonic() >= self._deadline:
            return DeadlineExceededError(f"the deadline passed during the stream of {self._base_url}", phase="total")
        return LLMTimeoutError(f"no event from {self._base_url} in time", phase="between events")

    async def aclose(self) -> None:
        """Finish after the last event: the connection is kept where the answer's end is at hand, else closed."""
        content = self._content
        if not content.at_eof():
            try:
                with TimeLimit(self._watchdog, monotonic() + _DRAIN_SECONDS):
                    while await content.readany():
                        continue
            except (TimeoutError, ClientError, OSError, LLMError):
                self.close()
                return
        self._watchdog.remove(self)
        self._response.release()

    def close(self) -> None:
        """Break the answer off: the connection is closed, and the vendor sees it."""
        self._watchdog.remove(self)
        self._response.close()
