"""The operations of both planes: from a call whose caller is known to its reply."""

from __future__ import annotations

import hashlib
import json
import re
import threading
import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from core.llms.simulator.bedrock import control
from core.llms.simulator.bedrock.claude import count_native
from core.llms.simulator.bedrock.converse import create_reply
from core.llms.simulator.bedrock.counting import count_prompt
from core.llms.simulator.bedrock.embeddings import create_vectors
from core.llms.simulator.bedrock.errors import ApiError
from core.llms.simulator.bedrock.frames import CONTENT_TYPE
from core.llms.simulator.bedrock.models import Target, find_counted, find_target
from core.llms.simulator.bedrock.prompts import to_conversation
from core.llms.simulator.bedrock.request_rules import check_prompt
from core.llms.simulator.bedrock.request_shapes import CONVERSE, CONVERSE_STREAM, COUNT_TOKENS, MODEL_ID
from core.llms.simulator.bedrock.shapes import Structure, check_shape
from core.llms.simulator.exchange import HttpReply, json_bytes
from core.llms.simulator.prompt_cache import PromptCache

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.llms.simulator.bedrock.auth import Caller
    from core.llms.simulator.bedrock.models import Model
    from core.llms.simulator.exchange import Call
    from core.llms.simulator.rate_limits import RateLimits, Verdict

_MOST_BYTES = 25_000_000
_COUNTED = "X-Amzn-Bedrock-Input-Token-Count"
_LATENCY = "X-Amzn-Bedrock-Invocation-Latency"
_MILLISECONDS = 40


class Endpoints:
    """Bedrock's operations, with the limits and the cache that they share."""

    def __init__(self, rate_limits: RateLimits) -> None:
        self._rate_limits = rate_limits
        self._lock = threading.Lock()
        self._cache = PromptCache()

    def run(self, call: Call, caller: Caller, path: Sequence[str]) -> HttpReply:
        """Answer a call. Raises: ApiError."""
        match call.method, *path:
            case "POST", "model", *identifier, operation if identifier:
                return self._run_model(call, caller, "/".join(identifier), operation)
            case "GET", "foundation-models":
                return _json(call, control.list_models(call.query, caller.region))
            case "GET", "foundation-models", *identifier:
                return _json(call, control.model_details("/".join(identifier), caller.region))
            case "GET", "inference-profiles":
                return _json(call, control.list_profiles(call.query, caller.region))
            case "GET", "inference-profiles", *identifier:
                return _json(call, control.profile_details("/".join(identifier), caller.region))
        raise _unknown_operation()

    def _run_model(self, call: Call, caller: Caller, identifier: str, operation: str) -> HttpReply:
        _check_identifier(identifier)
        match operation:
            case "converse":
                return self._converse(call, caller, identifier, CONVERSE)
            case "converse-stream":
                return self._converse(call, caller, identifier, CONVERSE_STREAM, streams=True)
            case "count-tokens":
                return _json(call, {"inputTokens": _count(call, identifier)})
            case "invoke":
                return self._invoke(call, caller, identifier)
        raise _unknown_operation()

    def _converse(
        self, call: Call, caller: Caller, identifier: str, shape: Structure, *, streams: bool = False
    ) -> HttpReply:
        body = check_shape(_parsed(call), shape)
        reply = create_reply(call, caller, find_target(identifier), body, self._cache, self._admit)
        if not streams:
            return _json(call, reply.to_json())
        return HttpReply(headers=reply_headers(call), events=tuple(reply.to_frames()), content_type=CONTENT_TYPE)

    def _invoke(self, call: Call, caller: Caller, identifier: str) -> HttpReply:
        target = find_target(identifier)
        if not target.model.makes_vectors:
            raise ApiError("InvokeModel is simulated for models that make vectors; this one is called by Converse.")
        vectors = create_vectors(_parsed(call), target.model, _request_id(call))
        self._admit(caller.account, target, vectors.tokens)
        headers = {_COUNTED: str(vectors.tokens), _LATENCY: str(_MILLISECONDS)}
        return HttpReply(headers=reply_headers(call) | headers, body=json_bytes(vectors.body))

    def _admit(self, account: str, target: Target, tokens: int) -> None:
        """Take a request and its tokens out of the limits. Raises: ApiError where there is not enough left."""
        with self._lock:
            verdict: Verdict | None = self._rate_limits.admit(account, target.profile or target.model.id, tokens)
        if verdict is not None and verdict.refused_by is not None:
            message = f"Too many {verdict.refused_by}, please wait before trying again."
            raise ApiError(message, name="ThrottlingException")


def path_of(call: Call, prefix: str) -> list[str]:
    """The segments of a path below the room's prefix; each is unescaped by itself, so that an ARN stays one."""
    path = call.target.partition("?")[0].removeprefix(prefix)
    return [unquote(segment) for segment in path.strip("/").split("/")]


def reply_headers(call: Call) -> dict[str, str]:
    """The headers of any reply."""
    return {"x-amzn-RequestId": _request_id(call)}


def _request_id(call: Call) -> str:
    digest = hashlib.blake2b(f"{call.number}:".encode() + call.body, digest_size=16).digest()
    return str(uuid.UUID(bytes=digest, version=4))


def _count(call: Call, identifier: str) -> int:
    ((kind, prompt),) = check_shape(_parsed(call), COUNT_TOKENS)["input"].items()
    model: Model = find_counted(identifier)
    if kind == "invokeModel":
        return count_native(prompt["body"], model)
    check_prompt(prompt, model)
    to_conversation(prompt)
    return count_prompt(prompt)


def _check_identifier(identifier: str) -> None:
    assert MODEL_ID.pattern is not None
    if not re.fullmatch(MODEL_ID.pattern, identifier):
        raise ApiError(
            f"1 validation error detected: Value '{identifier}' at 'modelId' failed to satisfy constraint: Member must "
            f"satisfy regular expression pattern: {MODEL_ID.pattern}"
        )


def _parsed(call: Call) -> Any:
    if len(call.body) > _MOST_BYTES:
        raise ApiError("The request body is too large.", status=413)
    try:
        return json.loads(call.body or b"{}", parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ApiError("Unable to parse the request body as JSON.", name="SerializationException") from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"unexpected {name}")


def _unknown_operation() -> ApiError:
    return ApiError("The requested operation is not recognized by the service.", name="UnknownOperationException")


def _json(call: Call, body: dict[str, Any]) -> HttpReply:
    return HttpReply(headers=reply_headers(call), body=json_bytes(body))
