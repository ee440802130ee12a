"""Fetching one list: only if it changed, only so large, only in time, and never from another host than asked."""

from __future__ import annotations

import asyncio
import zlib
from dataclasses import dataclass
from math import inf
from time import monotonic
from typing import Final

from aiohttp import ClientResponse, ClientSession, ClientTimeout, DummyCookieJar
from yarl import URL

from core.llms.errors import (
    ConfigurationError,
    ConnectionLostError,
    LLMTimeoutError,
    ProtocolError,
    ResponseTooLargeError,
    error_class_for_status,
)
from core.llms.providers.base.proxies import resolve_proxy
from core.llms.providers.base.sessions import TrackingTCPConnector
from core.llms.providers.base.transport import TransportOptions
from core.llms.providers.base.transport_errors import translate_errors

_MOST_REDIRECTS: Final = 3
_CONNECT_SECONDS: Final = 10.0
_GZIP_OR_ZLIB: Final = 47
_REDIRECTS: Final = (301, 302, 303, 307, 308)
_NOT_MODIFIED: Final = 304


@dataclass(frozen=True, slots=True)
class Known:
    """What the publisher said of the copy that is here, to ask for nothing if it is still the newest."""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> dict[str, str]:
        """Return the conditions of a request."""
        conditions = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified if not self.etag else None}
        return {name: value for name, value in conditions.items() if value}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came; `body` is None where the copy that is here is the newest."""

    body: bytes | None
    known: Known


async def fetch(
    url: str, known: Known, *, timeout_seconds: float, max_bytes: int, transport: TransportOptions
) -> Fetched:
    """Fetch a list. `max_bytes` holds after decompression, `timeout_seconds` for everything.

    Raises `TransportError`, `LLMTimeoutError`, `APIError` for another status than 200 and 304, and `ProtocolError` for
    an answer that is too large, broken, or somewhere else.
    """
    limit = monotonic() + timeout_seconds
    session = ClientSession(
        connector=TrackingTCPConnector(
            connect_seconds=min(_CONNECT_SECONDS, timeout_seconds), ssl=transport.create_ssl_context()
        ),
        cookie_jar=DummyCookieJar(),
        timeout=ClientTimeout(total=None),
        auto_decompress=False,
        headers={"User-Agent": "core-llms", "Accept-Encoding": "gzip", **transport.headers},
    )
    try:
        async with session, asyncio.timeout(timeout_seconds):
            return await _follow(session, URL(url), known, max_bytes, transport)
    except TimeoutError as error:
        if monotonic() >= limit:
            raise LLMTimeoutError(f"{url} was not there in {timeout_seconds:g} s", phase="total") from error
        with translate_errors(url, limit, inf):
            raise
    except Exception:
        with translate_errors(url, limit, inf):
            raise


async def _follow(
    session: ClientSession, url: URL, known: Known, max_bytes: int, transport: TransportOptions
) -> Fetched:
    """Ask, and go where the same host says; a list is not taken from a host that nobody named."""
    here = url
    for _ in range(_MOST_REDIRECTS + 1):
        proxy = resolve_proxy(str(here), transport)
        async with session.get(here, headers=known.headers(), allow_redirects=False, proxy=proxy) as response:
            if response.status not in _REDIRECTS:
                return await _take(response, known, max_bytes)
            here = _next(url, here, response)
    raise ProtocolError(f"{url} sends on and on", status=response.status)


def _next(asked: URL, here: URL, response: ClientResponse) -> URL:
    try:
        there = here.join(URL(response.headers.get("Location", "")))
    except ValueError as error:
        raise ProtocolError(f"{asked} sends on to what is no address", status=response.status) from error
    if there.origin() != asked.origin():
        raise ProtocolError(
            f"{asked} sends on to another host, {there.origin()}, which is not followed; give the address there if "
            "it is to be believed",
            status=response.status,
        )
    return there


async def _take(response: ClientResponse, known: Known, max_bytes: int) -> Fetched:
    if response.status == _NOT_MODIFIED and known.headers():
        return Fetched(None, known)
    if response.status != 200:
        kind = error_class_for_status(response.status) if response.status >= 400 else ProtocolError
        raise kind(f"{response.url} answered with status {response.status}", status=response.status)
    body = await _read(response, max_bytes)
    return Fetched(body, Known(response.headers.get("ETag"), response.headers.get("Last-Modified")))


async def _read(response: ClientResponse, max_bytes: int) -> bytes:
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("identity", "", "gzip", "x-gzip", "deflate"):
        raise ProtocolError(f"{response.url} is compressed as {encoding!r}, which was not asked for")
    inflate = None if encoding in ("identity", "") else zlib.decompressobj(_GZIP_OR_ZLIB)
    body = bytearray()
    async for chunk in response.content.iter_any():
        # One byte more than allowed is enough to tell: a bomb is not unfolded.
        body += chunk if inflate is None else _inflate(inflate, chunk, max_bytes + 1 - len(body), response)
        if len(body) > max_bytes:
            raise ResponseTooLargeError(f"{response.url} is larger than {max_bytes:,} bytes", status=response.status)
    if inflate is not None and not inflate.eof:
        raise ConnectionLostError(f"the answer of {response.url} broke off")
    return bytes(body)


def _inflate(inflate: zlib._Decompress, chunk: bytes, most: int, response: ClientResponse) -> bytes:
    try:
        return inflate.decompress(chunk, most)
    except zlib.error as error:
        raise ProtocolError(f"the answer of {response.url} is not compressed as its headers say") from error


def check_limits(timeout_seconds: float, max_bytes: int) -> None:
    """Refuse limits that are none. Raises `ConfigurationError`."""
    if not 0 < timeout_seconds < inf:
        raise ConfigurationError(f"`timeout_seconds` must be more than 0 and finite, not {timeout_seconds!r}")
    if max_bytes < 1:
        raise ConfigurationError(f"`max_bytes` must be 1 or more, not {max_bytes!r}")
