"""One exchange with the vendor: render, send, read. No retry, no price: that is the pipeline's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from pydantic_core import from_json, to_json

from core.llms.context import LLMContext
from core.llms.errors import APIError, LLMError, ProtocolError
from core.llms.providers.base.connector import BaseConnector, RawResponse, decode_json
from core.llms.providers.base.response_stream import ResponseStream
from core.llms.providers.base.sessions import CONNECTION
from core.llms.runtime.middleware import EventStream, ResponseT
from core.llms.types.events import StreamFinished
from core.llms.types.replay import replay_events
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.response import EmbeddingResponse, LLMResponse, seal_response
from core.llms.types.secrets import Secret, mask_secrets_in
from core.llms.wires.base import RenderedRequest, Wire

_REQUEST_ID_HEADERS = (
    "x-request-id",
    "apim-request-id",
    "request-id",
    "x-amzn-requestid",
    "x-debug-trace-id",
    "x-global-transaction-id",
)
T = TypeVar("T")


class Exchange:
    """Speaks one wire over one connector, for one provider."""

    def __init__(self, connector: BaseConnector, wire: Wire, provider: str) -> None:
        self._connector = connector
        self.wire = wire
        self._provider = provider

    async def answer(self, request: LLMRequest, ctx: LLMContext) -> LLMResponse:
        """Send a request and read the whole answer."""
        try:
            rendered = self.wire.render_request(request)
            raw = await self._send(rendered, ctx)
            response = self.wire.parse_response(self._decode(raw))
        except LLMError as error:
            self._name(error, request.model)
            raise
        return _seal(response, raw.headers, rendered.warnings)

    async def embed(self, request: EmbeddingRequest, ctx: LLMContext) -> EmbeddingResponse:
        """Send texts and read their vectors."""
        try:
            rendered = self.wire.render_embeddings(request)
            raw = await self._send(rendered, ctx)
            response = self.wire.parse_embeddings(self._decode(raw))
        except LLMError as error:
            self._name(error, request.model)
            raise
        return _seal(response, raw.headers, rendered.warnings)

    async def fetch(self, rendered: RenderedRequest, ctx: LLMContext, parse: Callable[[Any], T]) -> T:
        """Send a request of any other kind and parse its JSON."""
        try:
            raw = await self._send(rendered, ctx)
            return parse(self._decode(raw))
        except LLMError as error:
            self._name(error, None)
            raise

    async def _send(self, rendered: RenderedRequest, ctx: LLMContext) -> RawResponse:
        ctx.response_headers = None
        ctx.was_sent = True
        try:
            raw = await self._connector.request(
                rendered.method,
                rendered.path,
                rendered.body if rendered.method != "GET" else None,
                headers=rendered.headers,
                deadline=ctx.deadline_monotonic,
                fresh_connection=ctx.fresh_connection,
            )
        except asyncio.CancelledError:
            ctx.was_sent = CONNECTION.get() != "none"
            raise
        ctx.response_headers = raw.headers
        if raw.status >= 300:
            raise self._error(raw)
        return raw

    async def _open(self, rendered: RenderedRequest, ctx: LLMContext) -> ResponseStream:
        ctx.response_headers = None
        ctx.was_sent = True
        try:
            response = await self._connector.stream(
                rendered.method,
                rendered.path,
                rendered.body,
                headers=rendered.headers,
                deadline=ctx.deadline_monotonic,
                fresh_connection=ctx.fresh_connection,
            )
        except asyncio.CancelledError:
            ctx.was_sent = CONNECTION.get() != "none"
            raise
        ctx.response_headers = response.headers
        return response

    async def stream(self, request: LLMRequest, ctx: LLMContext) -> EventStream:
        """Send a request and give its events as they come."""
        ctx.partial_response = None
        response: ResponseStream | None = None
        try:
            rendered = self.wire.render_request(request)
            response = await self._open(rendered, ctx)
            if response.status >= 300:
                raise self._error(await _read_whole(response))
            if response.headers.get("Content-Type", "").startswith(("application/json", "text/html")):
                for event in await self._unstreamed(response, rendered.warnings):
                    yield event
                return
            decoder = self.wire.create_stream_decoder()
            ctx.partial_response = decoder.partial_response
            feed, read, progress = decoder.feed, response.read, 0
            while not decoder.finished:
                chunk = await read()
                events = feed(chunk) if chunk else decoder.close()
                if decoder.progress != progress:
                    progress = decoder.progress
                    response.mark_progress()
                for event in events:
                    if type(event) is StreamFinished:
                        _seal(event.response, response.headers, rendered.warnings)
                    yield event
                if not chunk:
                    break
            await response.aclose()
        except LLMError as error:
            self._name(error, request.model)
            raise
        finally:
            if response is not None:
                response.close()

    async def _unstreamed(self, response: ResponseStream, warnings: tuple[str, ...]) -> list[Any]:
        # Some gateways ignore `stream`; others put an error page or an error object under status 200.
        raw = await _read_whole(response)
        answer = self.wire.parse_response(self._decode(raw))
        return replay_events(_seal(answer, raw.headers, warnings))

    def _error(self, raw: RawResponse) -> LLMError:
        body = mask_secrets_in(raw.body, self._connector.secrets())
        error = self.wire.parse_error(raw.status, raw.headers, body)
        error.request_id = error.request_id or _request_id(raw.headers)
        return error

    def _decode(self, raw: RawResponse) -> Any:
        try:
            return raw.json()
        except ProtocolError:  # it shows how the answer begins, and a page of nonsense may repeat the credential
            masked = mask_secrets_in(raw.body, self._connector.secrets())
        return decode_json(masked, raw.status)

    def _name(self, error: LLMError, model: str | None) -> None:
        error.provider = error.provider or self._provider
        error.model = error.model or model
        self._mask(error)

    def _mask(self, error: LLMError) -> None:
        # Errors inside a stream, and under status 200, come past `_error`.
        secrets = self._connector.secrets()
        masked = mask_secrets_in(error.message.encode(errors="replace"), secrets).decode()
        if masked != error.message:
            error.message = masked
            error.args = (masked,)
        if isinstance(error, APIError) and error.body is not None:
            error.body = _mask_json(error.body, secrets)


def _mask_json(body: Mapping[str, Any], secrets: Sequence[Secret]) -> Mapping[str, Any] | None:
    encoded = to_json(body)
    masked = mask_secrets_in(encoded, secrets)
    if masked == encoded:
        return body
    try:
        decoded: Mapping[str, Any] = from_json(masked)
    except ValueError:  # a short credential was a number in it
        return None
    return decoded


async def _read_whole(response: ResponseStream) -> RawResponse:
    chunks = []
    while chunk := await response.read():
        chunks.append(chunk)
    return RawResponse(response.status, response.headers, b"".join(chunks))


def _seal(response: ResponseT, headers: Mapping[str, str], warnings: tuple[str, ...]) -> ResponseT:
    if warnings:
        seal_response(response, warnings=(*warnings, *response.warnings))
    return seal_response(response, request_id=_request_id(headers))


def _request_id(headers: Mapping[str, str]) -> str | None:
    for name in _REQUEST_ID_HEADERS:
        if (value := headers.get(name)) is not None:
            return value
    return None
