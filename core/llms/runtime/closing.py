"""What is closed at the end of a `with`: by `aclose()`, by `close()`, or by either."""

from __future__ import annotations

from types import TracebackType
from typing import Self


class AsyncClosing:
    """Closes itself at the end of an `async with`."""

    async def aclose(self) -> None:
        """Close; a second call does nothing."""
        raise NotImplementedError(f"{type(self).__name__} does not say how it is closed")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()


class Closing:
    """Closes itself at the end of a `with`."""

    def close(self) -> None:
        """Close; a second call does nothing."""
        raise NotImplementedError(f"{type(self).__name__} does not say how it is closed")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
