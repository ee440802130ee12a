"""Bodies that are too large are refused, by what they say and by what comes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.llms.provider_config.server.problems import TOO_LARGE, Refusal

_LONGEST_LENGTH: Final = 18


class BodyLimit:
    """Refuses requests with more bytes than `limit`, or than the path's own in `limits`; at once where they tell."""

    def __init__(self, app: ASGIApp, limit: int, limits: Mapping[str, int]) -> None:
        self._app = app
        self._limit = limit
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limits.get(scope["path"].removeprefix(scope.get("root_path", "")), self._limit)
        length = Headers(scope=scope).get("content-length", "")
        told = int(length) if length.isdecimal() and len(length) <= _LONGEST_LENGTH else 0
        come = 0

        async def receive_some() -> Message:
            nonlocal come
            message = await receive()
            come += len(message.get("body", b""))
            if max(come, told) > limit:
                raise Refusal(TOO_LARGE, f"a request has at most {limit} bytes here")
            return message

        await self._app(scope, receive_some, send)
