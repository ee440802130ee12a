"""The room of a vendor that speaks OpenAI's chat wire with a dialect: its paths, its keys, its errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.llms.simulator.compatible.identifiers import make_identifier
from core.llms.simulator.compatible.models import find_hosted
from core.llms.simulator.compatible.replies import Reporter
from core.llms.simulator.compatible.responses import answer_response, check_response
from core.llms.simulator.compatible.rules import check_chat, room_check, thinker
from core.llms.simulator.compatible.vocabulary import check_shape
from core.llms.simulator.exchange import HttpReply, json_bytes
from core.llms.simulator.openai.auth import bearer_token, is_accepted
from core.llms.simulator.openai.chat import complete_chat
from core.llms.simulator.openai.chat_choices import Manner
from core.llms.simulator.openai.embeddings import create_embeddings
from core.llms.simulator.openai.endpoints import event_stream, parse_body
from core.llms.simulator.openai.errors import ApiError
from core.llms.simulator.openai.responses_store import ResponseStore
from core.llms.simulator.openai.responses_stream import error_event
from core.llms.simulator.openai.service import Service

if TYPE_CHECKING:
    from core.llms.simulator.compatible.dialect import Dialect
    from core.llms.simulator.compatible.models import HostedModel
    from core.llms.simulator.exchange import Call
    from core.llms.simulator.faults import Fault
    from core.llms.simulator.rate_limits import RateLimits, Verdict

_SHOWN_CHARACTERS = 4


class CompatibleVendor:
    """A vendor by its dialect. `keys` are the accepted keys; None accepts any that does not begin with `invalid`."""

    def __init__(self, dialect: Dialect, keys: frozenset[str] | None, rate_limits: RateLimits) -> None:
        self._dialect = dialect
        self._keys = keys
        self._service = Service(rate_limits)
        self._store = ResponseStore()
        self._manner = Manner(
            check=lambda body, model: check_chat(dialect, body, model),  # type: ignore[arg-type]  # all are hosted
            check_room=room_check(dialect),
            think=thinker(dialect),
            name_call=lambda service, call, part: make_identifier(dialect.telling.call_id, call, part),
        )
        self.prefix = dialect.prefix
        self.provider = dialect.provider
        self.base_path = dialect.prefix + dialect.root

    def reply(self, call: Call) -> HttpReply:
        """Answer a call, or refuse it with the vendor's own error."""
        try:
            return self._routed(call, self._require_key(call))
        except ApiError as error:
            return self._refusal(call, error)

    def fail(self, call: Call, fault: Fault) -> HttpReply:
        """The vendor's error reply for a status."""
        assert fault.status is not None
        raw = fault.raw_body()
        if raw is not None:
            return HttpReply(fault.status, self._headers(call, None), raw)
        return self._refusal(call, self._dialect.errors.for_status(fault.status, fault.code, fault.message))

    def stream_error(self, call: Call, fault: Fault) -> bytes:
        """The event with which a stream reports that it failed."""
        errors = self._dialect.errors
        error = errors.for_status(500, fault.code, fault.message)
        if call.path.endswith("/responses"):
            return error_event(error)
        body = errors.render(error).body
        return errors.event(body if isinstance(body, dict) else {"error": {"message": body}})

    def environment(self, url: str) -> dict[str, str]:
        """Environment variables for the vendor's tools, and for this SDK."""
        dialect = self._dialect
        key = dialect.own_key if self._keys is None else sorted(self._keys)[0]
        path = dialect.prefix if dialect.address_is_host else self.base_path
        return {dialect.keys[0]: key, dialect.address: f"{url}{path}"}

    def _require_key(self, call: Call) -> str:
        key = bearer_token(call.headers)
        if not self._dialect.needs_key and self._keys is None:
            return key or "anyone"
        if not key:
            raise self._dialect.errors.no_key.error()
        if not is_accepted(key, self._keys):
            raise self._dialect.errors.bad_key.error(key=f"****{key[-_SHOWN_CHARACTERS:]}")
        return key

    def _routed(self, call: Call, account: str) -> HttpReply:
        match call.method, self._route(call.path):
            case "POST", "/chat/completions":
                return self._chat(call, account, parse_body(call.body))
            case "POST", "/embeddings" if self._dialect.embeddings is not None:
                return self._embed(call, account, parse_body(call.body))
            case "POST", "/responses" if self._dialect.responses is not None:
                return self._respond(call, account, parse_body(call.body))
            case "GET", path if path.startswith("/responses/") and self._keeps_responses():
                return self._stored(call, account, path.removeprefix("/responses/"))
            case "GET", "/models":
                return self._json(
                    call, self._dialect.listing([self._dialect.card(each) for each in self._dialect.models])
                )
            case "GET", "/language-models" if (card := self._dialect.language_card) is not None:
                return self._json(call, {"models": [card(each) for each in self._dialect.models]})
            case "GET", path if path.startswith("/models/"):
                return self._json(call, self._dialect.card(self._model(path.removeprefix("/models/"))))
        raise self._dialect.errors.no_path.error(path=f"{call.method} {call.path}")

    def _route(self, path: str) -> str:
        """The path below the root; chat completions may be at the host itself."""
        path = path.rstrip("/")
        if self._dialect.chat_at_host and path == "/chat/completions":
            return path
        root = self._dialect.root
        return path.removeprefix(root) if path.startswith(f"{root}/") else ""

    def _chat(self, call: Call, account: str, body: Any) -> HttpReply:
        asking = self._dialect.asking
        request = check_shape(body, asking.fields, ("model", "messages"), ignores_unknown=asking.ignores_unknown)
        model = self._model(request["model"])
        asking.check(request, model)
        completion = complete_chat(self._service, call, account, asking.normalize(request), model, self._manner)
        reporter = Reporter(self._dialect, call, completion)
        headers = self._headers(call, completion.verdict)
        if request.get("stream"):
            return event_stream(headers, reporter.events())
        return HttpReply(headers=headers, body=json_bytes(reporter.whole()))

    def _embed(self, call: Call, account: str, body: Any) -> HttpReply:
        shape = self._dialect.embeddings
        assert shape is not None
        required = ("model", "input", *shape.required)
        request = check_shape(body, shape.fields, required, ignores_unknown=self._dialect.asking.ignores_unknown)
        model = self._model(request["model"])
        plain = request | {"dimensions": request.get(shape.dimensions)}
        reply, verdict = create_embeddings(self._service, account, plain, model)
        return HttpReply(headers=self._headers(call, verdict), body=json_bytes(shape.dress(reply, model)))

    def _respond(self, call: Call, account: str, body: Any) -> HttpReply:
        responding = self._dialect.responses
        assert responding is not None
        request = check_response(responding, body)
        model = self._model(request["model"])
        headers = self._headers(call, None)
        return answer_response(responding, self._service, self._store, call, account, request, model, headers)

    def _keeps_responses(self) -> bool:
        return self._dialect.responses is not None and self._dialect.responses.keeps

    def _stored(self, call: Call, account: str, response_id: str) -> HttpReply:
        stored = self._store.find(response_id, account)
        if stored is None:
            raise ApiError(f"Response with id '{response_id}' not found.", status=404)
        return self._json(call, stored.body)

    def _model(self, name: str) -> HostedModel:
        model = find_hosted(self._dialect.models, self._dialect.owners, self._dialect.bare_name(name))
        if model is None:
            errors = self._dialect.errors
            gone = name in self._dialect.retired and errors.retired is not None
            raise (errors.retired if gone and errors.retired else errors.no_model).error(model=name)
        return model

    def _json(self, call: Call, body: Any) -> HttpReply:
        return HttpReply(headers=self._identifiers(call), body=json_bytes(body))

    def _identifiers(self, call: Call) -> dict[str, str]:
        return {name: make_identifier(pattern, call) for name, pattern in self._dialect.request_ids.items()}

    def _headers(self, call: Call, verdict: Verdict | None) -> dict[str, str]:
        return self._identifiers(call) | self._dialect.limits(verdict)

    def _refusal(self, call: Call, error: ApiError) -> HttpReply:
        headers = self._identifiers(call)
        if error.code == "rate_limit_exceeded" and error.headers:
            headers |= {name: value for name, value in error.headers.items() if name == "retry-after"}
            error = self._dialect.errors.limited.error()
        rendered = self._dialect.errors.render(error)
        body = rendered.body.encode() if isinstance(rendered.body, str) else json_bytes(rendered.body)
        return HttpReply(rendered.status, headers, body, content_type=rendered.content_type)
