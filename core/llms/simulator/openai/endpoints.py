"""OpenAI's endpoints as HTTP replies, for whoever routes to them: OpenAI's own paths, and Azure's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

from core.llms.simulator.exchange import HttpReply, json_bytes
from core.llms.simulator.openai.chat import Completion, complete_chat
from core.llms.simulator.openai.chat_rules import check_chat_shape
from core.llms.simulator.openai.chat_stream import encode_chunks, stream_chunks
from core.llms.simulator.openai.embeddings import check_embedding_shape, create_embeddings
from core.llms.simulator.openai.errors import ApiError
from core.llms.simulator.openai.headers import reply_headers
from core.llms.simulator.openai.responses import Response, count_input, create_response
from core.llms.simulator.openai.responses_rules import check_count_shape, check_response_shape
from core.llms.simulator.openai.responses_store import ResponseStore
from core.llms.simulator.openai.responses_stream import encode_events, stream_events
from core.llms.simulator.openai.service import Service

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.llms.simulator.exchange import Call
    from core.llms.simulator.openai.models import Model
    from core.llms.simulator.rate_limits import RateLimits, Verdict

_COUNTING_MODEL = "gpt-4o"
EVENT_STREAM = "text/event-stream; charset=utf-8"
_BAD_JSON = (
    "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library "
    "correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON. If you have trouble "
    "figuring out how to fix this, please contact us through our help center at help.openai.com.)"
)


def parse_body(body: bytes) -> Any:
    """The JSON of a request. Raises: ApiError."""
    try:
        return from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise ApiError(_BAD_JSON) from error


class Endpoints:
    """The endpoints of one account; `resolve_model` turns a name into a model or raises."""

    def __init__(self, rate_limits: RateLimits, resolve_model: Callable[[str], Model]) -> None:
        self._service = Service(rate_limits)
        self._store = ResponseStore()
        self._resolve_model = resolve_model

    def request_id(self, call: Call) -> str:
        """The identifier of a call, for its headers."""
        return self._service.identifier("req_", call, length=32).lower()

    def complete(self, call: Call, account: str, body: Any) -> Completion:
        """Answer a chat request. Raises: ApiError."""
        request = check_chat_shape(body)
        return complete_chat(self._service, call, account, request, self._resolve_model(request["model"]))

    def chat(self, call: Call, account: str, body: Any) -> HttpReply:
        """POST /chat/completions."""
        completion = self.complete(call, account, body)
        headers = self._headers(call, completion.verdict)
        if body.get("stream"):
            return event_stream(headers, encode_chunks(stream_chunks(completion)))
        return HttpReply(headers=headers, body=json_bytes(completion.to_json()))

    def respond(self, call: Call, account: str, body: Any) -> Response:
        """Answer a Responses request. Raises: ApiError."""
        request = check_response_shape(body)
        model = self._response_model(request["model"])
        return create_response(self._service, self._store, call, account, request, model)

    def responses(self, call: Call, account: str, body: Any) -> HttpReply:
        """POST /responses."""
        response = self.respond(call, account, body)
        headers = self._headers(call, response.verdict)
        if body.get("stream"):
            return event_stream(headers, encode_events(stream_events(response), pads_events(body)))
        return HttpReply(headers=headers, body=json_bytes(response.body))

    def input_tokens(self, call: Call, account: str, body: Any) -> HttpReply:
        """POST /responses/input_tokens."""
        request = check_count_shape(body)
        model = self._response_model(request.get("model") or _COUNTING_MODEL)
        count = count_input(self._store, account, request, model)
        reply = {"object": "response.input_tokens", "input_tokens": count}
        return HttpReply(headers=reply_headers(self.request_id(call), None, limits=False), body=json_bytes(reply))

    def stored_response(self, call: Call, account: str, response_id: str) -> HttpReply:
        """GET /responses/{id}."""
        stored = self._store.find(response_id, account)
        if stored is None:
            raise ApiError(f"Response with id '{response_id}' not found.", status=404)
        headers = reply_headers(self.request_id(call), None, limits=False)
        return HttpReply(headers=headers, body=json_bytes(stored.body))

    def embeddings(self, call: Call, account: str, body: Any) -> HttpReply:
        """POST /embeddings."""
        request = check_embedding_shape(body)
        model = self._resolve_model(request["model"])
        reply, verdict = create_embeddings(self._service, account, request, model)
        return HttpReply(headers=self._headers(call, verdict), body=json_bytes(reply))

    def _response_model(self, name: str) -> Model:
        try:
            return self._resolve_model(name)
        except ApiError as error:
            if error.code != "model_not_found":
                raise
            message = f"The requested model '{name}' does not exist."
            raise ApiError(message, param="model", code="model_not_found") from error

    def _headers(self, call: Call, verdict: Verdict | None) -> dict[str, str]:
        return reply_headers(self.request_id(call), verdict)


def event_stream(headers: dict[str, str], events: tuple[bytes, ...]) -> HttpReply:
    """A streamed reply."""
    return HttpReply(headers=headers, events=events, content_type=EVENT_STREAM)


def pads_events(body: dict[str, Any]) -> bool:
    """Whether the events of a stream are padded to hide their length."""
    return (body.get("stream_options") or {}).get("include_obfuscation") is not False
