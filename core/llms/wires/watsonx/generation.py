"""The older generation of text, `/ml/v1/text/generation`: one prompt in, its continuation out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.llms.errors import InvalidRequestError, ProtocolError
from core.llms.types import parameters as names
from core.llms.types.content import TextPart
from core.llms.types.messages import AssistantMessage, UserMessage
from core.llms.types.request import LLMRequest
from core.llms.types.response import Choice, FinishReason, LLMResponse, UnifiedFinish
from core.llms.types.usage import Usage
from core.llms.wires.base import RenderedRequest
from core.llms.wires.merging import merge_options
from core.llms.wires.watsonx.completing import complete_response
from core.llms.wires.watsonx.other_calls import require_body
from core.llms.wires.watsonx.render import refuse_unknown
from core.llms.wires.watsonx.scope import WatsonxScope

# `TextGenParameters` of ibm-watsonx-ai 1.8.1.
_FIELDS: Final = {
    names.PARAM_MAX_TOKENS: "max_new_tokens",
    names.PARAM_TEMPERATURE: "temperature",
    names.PARAM_TOP_P: "top_p",
    names.PARAM_TOP_K: "top_k",
    names.PARAM_SEED: "random_seed",
    names.PARAM_STOP: "stop_sequences",
}
_SAMPLING: Final = frozenset({names.PARAM_TEMPERATURE, names.PARAM_TOP_P, names.PARAM_TOP_K})
UNFINISHED: Final = "not_finished"
_FINISH_REASONS: Final[Mapping[str, UnifiedFinish]] = {
    "eos_token": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "token_limit": "length",
    "time_limit": "length",
    "cancelled": "error",
    "error": "error",
    UNFINISHED: "error",
}


def render_generation(request: LLMRequest, scope: WatsonxScope) -> RenderedRequest:
    """Write a request: the text of its one message is the prompt, as it is.

    A temperature of 0 is greedy decoding, which is the vendor's default; a sampling parameter asks for sampling. A
    parameter whose name is none of the neutral ones is one of the vendor's `parameters`. `provider_options` are laid
    over the body last, objects key by key. Raises `InvalidRequestError` for what is no single prompt of text.
    """
    refuse_unknown(request, frozenset(_FIELDS))
    path, own = scope.path("generation_stream" if request.stream else "generation", request.model)
    body: dict[str, Any] = {**own, "input": _read_prompt(request)}
    if parameters := _render_parameters(request.params):
        body["parameters"] = parameters
    return RenderedRequest(path, merge_options(body, request.provider_options))


def _read_prompt(request: LLMRequest) -> str:
    asks_for_more = request.tools or (request.response_format is not None and request.response_format.kind != "text")
    message = request.messages[0]
    is_text = all(isinstance(part, TextPart) for part in message.parts)
    if asks_for_more or len(request.messages) != 1 or not isinstance(message, UserMessage) or not is_text:
        raise InvalidRequestError(
            "the generation of text takes one user message of text, and neither tools nor a form: write the "
            'conversation into it as the model wants it, or leave out wire="generation" for a model that chats',
            model=request.model,
        )
    return message.text


def _render_parameters(params: Mapping[str, Any]) -> dict[str, Any]:
    rendered: dict[str, Any] = {}
    for name, value in params.items():
        if name == names.PARAM_TEMPERATURE and value == 0:
            continue
        if name == names.PARAM_STOP and isinstance(value, str):
            value = [value]
        if name in _SAMPLING:
            rendered["decoding_method"] = "sample"
        rendered[_FIELDS.get(name, name)] = value
    return rendered


def parse_generation(body: Any) -> LLMResponse:
    """Read a body. Raises `ProtocolError` (not the wire) or `APIError` (an error under status 200)."""
    body = require_body(body)
    result = require_result(body)
    reason = result.get("stop_reason")
    if not isinstance(reason, str):
        raise ProtocolError("a result has no `stop_reason`")
    choice = Choice(AssistantMessage(read_piece(result)), FinishReason(_FINISH_REASONS.get(reason, "other"), reason))
    return complete_response(LLMResponse((choice,), parse_counts(result), raw=body))


def require_result(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an answer's one result. Raises `ProtocolError`."""
    results = body.get("results")
    if not isinstance(results, list) or len(results) != 1 or not isinstance(results[0], Mapping):
        raise ProtocolError("the answer's `results` are not one object")
    return results[0]


def read_piece(result: Mapping[str, Any]) -> str:
    """Return a result's text. Raises `ProtocolError`."""
    text = result.get("generated_text")
    if not isinstance(text, str):
        raise ProtocolError("a result's `generated_text` is not text")
    return text


def parse_counts(result: Mapping[str, Any]) -> Usage:
    """Read a result's two counts; without either, `raw` is None."""
    raw = {
        name: result[name] for name in ("input_token_count", "generated_token_count") if type(result.get(name)) is int
    }
    if not raw:
        return Usage()
    return Usage(raw.get("input_token_count", 0), raw.get("generated_token_count", 0), raw=raw)
