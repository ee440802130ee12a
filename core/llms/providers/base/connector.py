"""HTTP to one vendor with one credential: what is sent and received, never what it means."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from math import inf
from time import monotonic
from typing import Any, ClassVar

from aiohttp import ClientResponse, ClientSession, ClientTimeout, DummyCookieJar
from pydantic_core import from_json, to_json
from yarl import URL

from core.llms.errors import (
    Certainty,
    ConfigurationError,
    InvalidRequestError,
    ProtocolError,
    ResponseTooLargeError,
)
from core.llms.providers.base.auth import Auth
from core.llms.providers.base.proxies import resolve_proxy
from core.llms.providers.base.response_stream import ResponseStream
from core.llms.providers.base.sessions import CONNECTION, FRESH_CONNECTION, SessionPool, TrackingTCPConnector
from core.llms.providers.base.transport import Timeouts, TransportOptions
from core.llms.providers.base.transport_errors import translate_errors
from core.llms.runtime.watchdog import TimeLimit
from core.llms.types.quick_init import quick_init
from core.llms.types.secrets import MASK, Secret

_JSON = "application/json"
# Gateways add policies and cookies until aiohttp's own limit of 8,190 bytes would refuse an answer that is paid for.
_MAX_HEADER_BYTES = 64 * 1024
_LARGE_BODY_BYTES = 1024 * 1024  # from here on aiohttp writes in pieces, if it is given a file


@quick_init
@dataclass(frozen=True, slots=True)
class RawResponse:
    """An answer as it came: status, headers and bytes, after decompression."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def ok(self) -> bool:
        """Whether the status is a success."""
        return 200 <= self.status < 300

    def json(self) -> Any:
        """Decode the body. Raises `ProtocolError` where it is not JSON (NaN and Infinity are not)."""
        return decode_json(self.body, self.status)


def decode_json(body: bytes, status: int | None = None) -> Any:
    """Decode JSON strictly. Raises `ProtocolError`."""
    try:
        return from_json(body, allow_inf_nan=False)
    except ValueError as error:
        begin = body[:80].decode("utf-8", "replace")
        raise ProtocolError(f"the answer is not JSON ({error}); it begins {begin!r}", status=status) from error


class BaseConnector:
    """One address, one credential, one HTTP session per running event loop. Safe for any number of calls at once.

    `await connector.request("POST", "/chat/completions", data)` gives a `RawResponse` of any status below 300 or from
    400 on; `connector.stream(…)` one whose bytes are read as they come. Redirects are refused, not followed.
    `KEY_VARIABLES` and `BASE_URL_VARIABLES` name the environment variables that hold a credential, or an address;
    `NEEDS_KEY` is false where calls may go out without one.
    """

    PROVIDER: ClassVar[str] = ""
    BASE_URL: ClassVar[str] = ""
    KEY_VARIABLES: ClassVar[tuple[str, ...]] = ()
    BASE_URL_VARIABLES: ClassVar[tuple[str, ...]] = ()
    NEEDS_KEY: ClassVar[bool] = True

    def __init__(
        self,
        *,
        base_url: str,
        auth: Auth,
        transport: TransportOptions | None = None,
        timeouts: Timeouts | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.base_url: str = _check_base_url(base_url)
        self.auth = auth
        self.transport: TransportOptions = transport or TransportOptions()
        self.timeouts: Timeouts = timeouts or Timeouts()
        self._headers = {"Content-Type": _JSON, "Accept-Encoding": "identity", "User-Agent": "core-llms"}
        self._headers |= {**self.transport.headers, **(headers or {})}
        self._fixed_auth = auth.fixed_headers()
        self._ssl = self.transport.create_ssl_context()
        self._proxy = resolve_proxy(self.base_url, self.transport)
        self._urls: dict[str, URL] = {}
        self._sessions = SessionPool(self._create_session)
        self.state: dict[Hashable, Any] = {}

    @classmethod
    def credential_variables(cls) -> tuple[tuple[str, ...], ...]:
        """Return the variables that hold a credential: alternatives, each of names that go together."""
        return tuple((name,) for name in cls.KEY_VARIABLES)

    @classmethod
    def address_variables(cls) -> tuple[str, ...]:
        """Return the variables that hold an address, the one that wins first."""
        return cls.BASE_URL_VARIABLES

    @property
    def identity(self) -> Hashable:
        """What makes two connectors interchangeable: address, credential and settings."""
        return (
            type(self),
            self.base_url,
            self.auth.identity,
            self.timeouts,
            self.transport,
            tuple(self._headers.items()),
        )

    def _create_session(self) -> ClientSession:
        return ClientSession(
            connector=TrackingTCPConnector(
                connect_seconds=self.timeouts.connect,
                limit=self.transport.max_connections,
                keepalive_timeout=self.transport.keepalive_seconds,
                ssl=self._ssl,
            ),
            cookie_jar=DummyCookieJar(),
            timeout=ClientTimeout(total=None),
            headers={"Accept": _JSON, **self._headers, **(self._fixed_auth or {})},
            max_line_size=_MAX_HEADER_BYTES,
            max_field_size=_MAX_HEADER_BYTES,
        )

    def _url(self, path: str, data: Any) -> str:
        """Give the address of a path; a provider whose address depends on the body overrides this."""
        return self.base_url + path

    async def _send(
        self,
        session: ClientSession,
        method: str,
        path: str,
        data: Any,
        headers: Mapping[str, str] | None,
        accept: str,
        fresh: bool,
    ) -> ClientResponse:
        address = self._url(path, data)
        url = self._urls.get(address) or self._remember(address)
        body = None if data is None else encode_json(data)
        own = {} if accept is _JSON else {"Accept": accept}
        if self._fixed_auth is None:
            CONNECTION.set("none")
            own.update(await self.auth.headers(method, address, body))
        if headers:
            own.update(headers)
        if FRESH_CONNECTION.get() is not fresh:
            FRESH_CONNECTION.set(fresh)
        response = await session.request(
            method,
            url,
            data=body if body is None or len(body) < _LARGE_BODY_BYTES else BytesIO(body),
            headers=own,
            allow_redirects=False,
            proxy=self._proxy,
        )
        if 300 <= response.status < 400:
            response.close()
            error = ProtocolError(
                f"{self.base_url} answered with a redirect ({response.status}), which is never followed because it "
                "would carry the credential elsewhere; set `base_url` to the final address",
                status=response.status,
            )
            error.certainty = Certainty.REFUSED
            raise error
        return response

    def _remember(self, address: str) -> URL:
        if len(self._urls) > 256:
            self._urls.clear()
        url = self._urls[address] = URL(address, encoded=True)
        return url

    async def request(
        self,
        method: str,
        path: str,
        data: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        deadline: float = inf,
        fresh_connection: bool = False,
    ) -> RawResponse:
        """Send JSON and read the whole answer, of whatever status.

        `deadline` is a `time.monotonic()` moment. Raises `TransportError`, `LLMTimeoutError`, `ProtocolError`.
        """
        own = self._sessions.current() or await self._sessions.open()
        begin = monotonic()
        limit = min(deadline, begin + self.timeouts.total, begin + self.timeouts.first_event)
        try:
            with TimeLimit(own.watchdog, limit) as timer:
                response = await self._send(own.session, method, path, data, headers, _JSON, fresh_connection)
                try:
                    timer.move(min(deadline, begin + self.timeouts.total))
                    body = await self._read(response)
                except BaseException:
                    response.close()
                    raise
        except Exception:
            with translate_errors(self.base_url, limit, deadline):
                raise
        return RawResponse(response.status, response.headers, body)

    async def _read(self, response: ClientResponse) -> bytes:
        content, most = response.content, self.transport.max_response_bytes
        body = await content.readany()
        if not content.at_eof():
            chunks, size = [body], len(body)
            while size <= most and (chunk := await content.readany()):
                size += len(chunk)
                chunks.append(chunk)
            body = b"".join(chunks)
        if len(body) > most:
            raise ResponseTooLargeError(f"the answer is larger than {most} bytes")
        response.release()
        return body

    async def stream(
        self,
        method: str,
        path: str,
        data: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        deadline: float = inf,
        fresh_connection: bool = False,
        accept: str = "text/event-stream",
    ) -> ResponseStream:
        """Send JSON and return the answer once its headers are there. The caller closes it."""
        own = self._sessions.current() or await self._sessions.open()
        begin = monotonic()
        limit = min(deadline, begin + self.timeouts.first_event)
        try:
            with TimeLimit(own.watchdog, limit):
                response = await self._send(own.session, method, path, data, headers, accept, fresh_connection)
        except Exception:
            with translate_errors(self.base_url, limit, deadline):
                raise
        return ResponseStream(
            response,
            self.base_url,
            own.watchdog,
            deadline=min(deadline, begin + self.timeouts.total),
            first_event_limit=begin + self.timeouts.first_event,
            between_events_seconds=self.timeouts.between_events,
            max_bytes=self.transport.max_response_bytes,
        )

    async def aclose(self) -> None:
        """Close all connections. The connector opens new ones if it is used again."""
        await self._sessions.aclose()

    def close_now(self) -> None:
        """Close all connections without waiting, from a finaliser or another thread."""
        self._sessions.close_now()

    def secrets(self) -> tuple[Secret, ...]:
        """Return what must never be seen in an error's text."""
        return self.auth.secrets()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self.base_url!r}, auth={MASK})"


def encode_json(data: Any) -> bytes:
    """Encode a body. Raises `InvalidRequestError` for what JSON cannot hold."""
    try:
        return to_json(data, inf_nan_mode="constants") if not isinstance(data, bytes) else data
    except (ValueError, TypeError) as error:
        raise InvalidRequestError(f"the request cannot be written as JSON: {error}") from error


def _check_base_url(base_url: str) -> str:
    try:
        url = URL(base_url)
        fine = url.scheme in ("http", "https") and bool(url.host)
    except (ValueError, TypeError):
        # The error repeats a part of what was given, which may be a password.
        raise ConfigurationError("`base_url` is not an address") from None
    if not fine:
        raise ConfigurationError("`base_url` must look like https://host/path")
    if url.user or url.password:
        raise ConfigurationError("`base_url` must not hold a user or password; give the credential as `api_key`")
    if url.query_string or url.fragment:
        raise ConfigurationError("`base_url` must not hold a query or fragment")
    return str(url).rstrip("/")
