"""The simulated IBM watsonx.ai below `/watsonx`, with the part of IBM Cloud's identity service that it needs.

Here are the ways in: addresses, tokens, limits. What is asked and answered is in the modules beside this one.
"""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from core.llms.simulator.exchange import HttpReply
from core.llms.simulator.watsonx.chat import complete_chat
from core.llms.simulator.watsonx.errors import ApiError, IamError, error_for_status, iam_error_for_status
from core.llms.simulator.watsonx.iam import exchange_token, require_token
from core.llms.simulator.watsonx.identity import trace_of
from core.llms.simulator.watsonx.models import deployed_model
from core.llms.simulator.watsonx.quotas import limit_headers, quota_error
from core.llms.simulator.watsonx.replies import (
    more_info,
    refuse,
    refuse_token,
    reply_json,
    reply_stream,
    require_method,
    require_version,
)
from core.llms.simulator.watsonx.requests import read_body, refuse_model, require_model, require_scope
from core.llms.simulator.watsonx.specs import list_specs
from core.llms.simulator.watsonx.stream import chunks, encode_event
from core.llms.simulator.watsonx.texts import embed_texts, generate, generate_stream, tokenize

if TYPE_CHECKING:
    from core.llms.simulator.access_tokens import AccessTokens
    from core.llms.simulator.exchange import Call
    from core.llms.simulator.faults import Fault
    from core.llms.simulator.rate_limits import RateLimits
    from core.llms.simulator.watsonx.models import Model

__all__ = ["WatsonxVendor"]

_API_KEY = "watsonx-simulator"
_PROJECT = "7f0e6f4c-5f0b-4c1e-9d7a-2b6c1a3d5e8f"
_TOKEN_PATH = "/identity/token"  # noqa: S105  # an address, not a secret
# An identifier, or a name that its owner gave it.
_DEPLOYMENT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z0-9_]{1,36}")
# The shape of each operation's body, and what a model must be able to do for it.
_OPERATIONS: dict[str, tuple[str, str | None]] = {
    "chat": ("TextChatRequest", "text_chat"),
    "chat_stream": ("TextChatRequest", "text_chat"),
    "generation": ("TextGenRequest", "text_generation"),
    "generation_stream": ("TextGenRequest", "text_generation"),
    "embeddings": ("EmbeddingsRequest", "embedding"),
    "tokenization": ("TextTokenizeRequest", None),
}


class WatsonxVendor:
    """watsonx.ai and IAM.

    `keys` are the API keys that IAM accepts; None accepts any that does not begin with `invalid`. Every deployment
    with a plausible name is there.
    """

    prefix = "/watsonx"
    provider = "watsonx"
    base_path = "/watsonx"
    unscripted_paths = frozenset({_TOKEN_PATH})

    def __init__(self, keys: frozenset[str] | None, rate_limits: RateLimits, tokens: AccessTokens) -> None:
        self._keys = keys
        self._rate_limits = rate_limits
        self._tokens = tokens
        self._lock = threading.Lock()

    def reply(self, call: Call) -> HttpReply:
        """Answer a call, or refuse it with the vendor's own error."""
        try:
            return self._routed(call)
        except IamError as error:
            return refuse_token(call, error)
        except ApiError as error:
            return refuse(call, error)

    def fail(self, call: Call, fault: Fault) -> HttpReply:
        """watsonx.ai's error reply for a status; IAM's where a token is asked for."""
        assert fault.status is not None
        raw = fault.raw_body()
        if raw is not None:
            return HttpReply(fault.status, body=raw)
        if call.path == _TOKEN_PATH:
            return refuse_token(call, iam_error_for_status(fault.status, fault.code, fault.message))
        return refuse(call, error_for_status(fault.status, fault.code, fault.message))

    def stream_error(self, call: Call, fault: Fault) -> bytes:
        """The event with which a stream says that it fails."""
        body = error_for_status(500, fault.code, fault.message).body(trace_of(call), more_info(call))
        return encode_event(body, (fault.error_after_events or 0) + 1, "error")

    def environment(self, url: str) -> dict[str, str]:
        """Environment variables for watsonx.ai, by the names most clients read."""
        return {
            "WATSONX_APIKEY": _API_KEY if self._keys is None else sorted(self._keys)[0],
            "WATSONX_URL": f"{url}{self.prefix}",
            "WATSONX_PROJECT_ID": _PROJECT,
            "WATSONX_IAM_URL": f"{url}{self.prefix}{_TOKEN_PATH}",
        }

    def _routed(self, call: Call) -> HttpReply:
        if call.path == _TOKEN_PATH:
            return reply_json(call, exchange_token(call, self._keys, self._tokens))
        match call.path.strip("/").split("/"):
            case ["ml", "v1", "foundation_model_specs"]:
                require_method(call, "GET")
                require_version(call)
                return reply_json(call, list_specs(call.query, f"{self.prefix}{call.path}"))
            case ["ml", "v1", "deployments", name, "text", "chat" | "chat_stream" as operation]:
                return self._deployed_chat(call, unquote(name), operation)
            case ["ml", "v1", "text", operation] if operation in _OPERATIONS:
                return self._text(call, operation)
        raise ApiError(f"The path '{call.path}' was not found", status=404, code="not_found")

    def _text(self, call: Call, operation: str) -> HttpReply:
        shape, function = _OPERATIONS[operation]
        account = self._admitted(call)
        body = read_body(call, shape)
        require_scope(body)
        return self._answered(call, account, operation, body, require_model(body, function))

    def _deployed_chat(self, call: Call, name: str, operation: str) -> HttpReply:
        account = self._admitted(call)
        if not _DEPLOYMENT.fullmatch(name):
            message = f"The deployment '{name}' does not exist or is not ready"
            raise ApiError(message, status=404, code="deployment_not_found")
        body = read_body(call, "TextChatRequest")
        refuse_model(body)
        return self._answered(call, account, operation, body, deployed_model(name))

    def _admitted(self, call: Call) -> str:
        require_method(call, "POST")
        account = require_token(call, self._tokens)
        require_version(call)
        return account

    def _answered(self, call: Call, account: str, operation: str, body: dict[str, Any], model: Model) -> HttpReply:
        match operation:
            case "chat" | "chat_stream":
                completion = complete_chat(call, body, model)
                headers = self._metered(account, model, completion.prompt_tokens)
                if operation == "chat":
                    return reply_json(call, completion.to_json(), headers)
                return reply_stream(call, chunks(completion), headers)
            case "generation":
                answer = generate(call, body, model)
                return reply_json(call, answer, self._metered(account, model, _prompt_tokens(answer)))
            case "generation_stream":
                events = generate_stream(call, body, model)
                return reply_stream(call, events, self._metered(account, model, _prompt_tokens(events[0])))
            case "embeddings":
                vectors = embed_texts(body, model)
                return reply_json(call, vectors, self._metered(account, model, vectors["input_token_count"]))
        return reply_json(call, tokenize(body, model), {})

    def _metered(self, account: str, model: Model, tokens: int) -> dict[str, str]:
        """The headers that tell of limits. Raises: ApiError over one."""
        with self._lock:
            verdict = self._rate_limits.admit(account, model.name, tokens)
        if verdict is None:
            return {}
        if verdict.refused_by is not None:
            raise quota_error(verdict)
        return limit_headers(verdict)


def _prompt_tokens(answer: dict[str, Any]) -> int:
    count: int = answer["results"][0]["input_token_count"]
    return count
