"""Bodies that are too large are refused, by what they say and by what comes."""

from __future__ import annotations

from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.llms.provider_config.server.problems import TOO_LARGE, Refusal

_LONGEST_LENGTH: Final = 18


class BodyLimit:
    """Refuses requests with more bytes than `limit`, before they are read where they tell."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "")
        told = int(length) if length.isdecimal() and len(length) <= _LONGEST_LENGTH else 0
        come = 0

        async def receive_some() -> Message:
            nonlocal come
            message = await receive()
            come += len(message.get("body", b""))
            if max(come, told) > self._limit:
                raise Refusal(TOO_LARGE, f"a request has at most {self._limit} bytes")
            return message

        await self._app(scope, receive_some, send)
