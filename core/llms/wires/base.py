"""What every wire can do: render a request, parse an answer, decode a stream, read an error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from core.llms.errors import APIError
from core.llms.types.events import StreamEvent
from core.llms.types.quick_init import quick_init
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.response import EmbeddingResponse, LLMResponse, ModelInfo


@quick_init
@dataclass(frozen=True, slots=True)
class RenderedRequest:
    """A request as it goes out: path under the base address, JSON body, extra headers, what was changed on the way."""

    path: str
    body: dict[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"
    warnings: tuple[str, ...] = ()


class StreamDecoder(Protocol):
    """Turns the bytes of one streamed answer into events, without I/O.

    `feed` takes any split of the bytes. The last event is `StreamFinished`, given once the wire's own end was seen;
    bytes after it are ignored. An error inside the stream raises `APIError`, what is not the wire `ProtocolError`.
    """

    finished: bool

    @property
    def progress(self) -> int:
        """How many events of the wire have arrived, those included of which nothing of ours comes.

        Comments and pings do not count. The pipeline's watchdog restarts when it grows.
        """
        ...

    def feed(self, chunk: bytes) -> list[StreamEvent]:
        """Decode the next bytes into the events they complete (often none, often several)."""
        ...

    def close(self) -> list[StreamEvent]:
        """Say that the connection ended. Raises `ProtocolError` where the answer is not proven whole."""
        ...

    def partial_response(self) -> LLMResponse:
        """Return what has arrived so far as a response; its finish reason is `error` unless the vendor gave one."""
        ...


class Wire(Protocol):
    """A format. All methods are pure; what a vendor does differently is data in the wire's dialect."""

    @property
    def name(self) -> str:
        """The wire's name, which marks the opaque parts that belong to it."""
        ...

    def render_request(self, request: LLMRequest) -> RenderedRequest:
        """Write a request. Raises `InvalidRequestError` for what this wire cannot express."""
        ...

    def parse_response(self, body: Mapping[str, Any]) -> LLMResponse:
        """Read a whole answer. Raises `ProtocolError` (not the wire) or `APIError` (an error under status 200)."""
        ...

    def create_stream_decoder(self) -> StreamDecoder:
        """Make the decoder of one streamed answer."""
        ...

    def parse_error(self, status: int, headers: Mapping[str, str], body: bytes) -> APIError:
        """Read an error answer of any form, an HTML page included, into the right class."""
        ...

    def render_embeddings(self, request: EmbeddingRequest) -> RenderedRequest:
        """Write an embedding request."""
        ...

    def parse_embeddings(self, body: Mapping[str, Any]) -> EmbeddingResponse:
        """Read vectors, in the order of the texts."""
        ...

    def render_models(self) -> RenderedRequest:
        """Write the request for the vendor's model list."""
        ...

    def parse_models(self, body: Mapping[str, Any]) -> list[ModelInfo]:
        """Read the vendor's model list."""
        ...
