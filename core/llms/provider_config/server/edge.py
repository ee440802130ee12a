"""What is around every answer: its id, its headers, its line in the log, and an answer to whatever fails."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from secrets import token_hex
from time import perf_counter
from typing import Final

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.llms.provider_config.server.authentication import SUBJECT
from core.llms.provider_config.server.handlers import answer_unexpected

_LOG: Final = logging.getLogger("core.llms.server.access")
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_HEADERS: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_TRANSPORT_SECURITY: Final = "max-age=31536000"


class Edge:
    """The outermost part of the application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = scope["core_llms.request_id"] = _find_id(scope)
        begin, status = perf_counter(), 0

        async def send_dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _dress(message, scope, request_id)
            await send(message)

        try:
            await self._app(scope, receive, send_dressed)
        except Exception as error:  # noqa: BLE001 - whatever it is, the caller gets an answer, and the log the reason
            response = answer_unexpected(Request(scope), error)
            if not status:
                await response(scope, receive, send_dressed)
        finally:
            _write_line(scope, status, perf_counter() - begin)


def _find_id(scope: Scope) -> str:
    """Return the caller's own id of a request, where it has one that may stand in a log, or a new one."""
    given = Headers(scope=scope).get("x-request-id", "")
    return given if _REQUEST_ID.fullmatch(given) else token_hex(16)


def _dress(message: Message, scope: Scope, request_id: str) -> None:
    headers = MutableHeaders(scope=message)
    headers["X-Request-Id"] = request_id
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    if scope.get("scheme") == "https":
        headers.setdefault("Strict-Transport-Security", _TRANSPORT_SECURITY)


def _write_line(scope: Scope, status: int, seconds: float) -> None:
    # Not the query, nor any header: nothing that somebody could have put a secret into by mistake.
    client = scope["client"][0] if scope.get("client") else "-"
    path = scope.get("raw_path", b"").decode("ascii", "backslashreplace")
    _LOG.info(
        '%s %s "%s %s" %d %.1fms %s',
        client,
        scope.get(SUBJECT, "-"),
        scope["method"],
        path,
        status,
        seconds * 1_000,
        scope["core_llms.request_id"],
    )
