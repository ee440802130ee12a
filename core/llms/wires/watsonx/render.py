"""Writing a chat's body: chat completions as another wire writes them, with what this vendor says otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from core.llms.errors import UnsupportedParameterError
from core.llms.types import parameters as names
from core.llms.types.request import LLMRequest
from core.llms.wires.base import RenderedRequest, Wire
from core.llms.wires.merging import merge_options
from core.llms.wires.watsonx.scope import WatsonxScope

# `TextChatParameters` of ibm-watsonx-ai 1.8.1; the others that it has are the vendor's own.
CHAT_PARAMS: Final = frozenset(
    {
        names.PARAM_MAX_TOKENS,
        names.PARAM_TEMPERATURE,
        names.PARAM_TOP_P,
        names.PARAM_STOP,
        names.PARAM_SEED,
        names.PARAM_FREQUENCY_PENALTY,
        names.PARAM_PRESENCE_PENALTY,
        names.PARAM_N,
        names.PARAM_LOGPROBS,
        names.PARAM_TOP_LOGPROBS,
        names.PARAM_LOGIT_BIAS,
        names.PARAM_REASONING_EFFORT,
    }
)


def render_watsonx_chat(request: LLMRequest, chat: Wire, scope: WatsonxScope) -> RenderedRequest:
    """Write a request; the request itself is left as it is.

    Whether the answer is streamed is in the path. A choice of tools that is a word goes out as `tool_choice_option`.
    `provider_options` are laid over the body last, objects key by key. Raises `UnsupportedParameterError` for a
    parameter that the wire has no place for.
    """
    refuse_unknown(request, CHAT_PARAMS)
    rendered = chat.render_request(replace(request, stream=False, provider_options={}))
    path, own = scope.path("chat_stream" if request.stream else "chat", request.model)
    body: dict[str, Any] = {**own, **rendered.body}
    del body["model"]
    if isinstance(body.get("stop"), str):
        body["stop"] = [body["stop"]]
    if isinstance(body.get("tool_choice"), str):
        body["tool_choice_option"] = body.pop("tool_choice")
    return RenderedRequest(path, merge_options(body, request.provider_options), warnings=rendered.warnings)


def refuse_unknown(request: LLMRequest, known: frozenset[str]) -> None:
    """Raise `UnsupportedParameterError` for the first neutral parameter that is not among the known ones."""
    for name in request.params:
        if name in names.ALL_PARAMS and name not in known:
            raise UnsupportedParameterError(
                f"`{name}` cannot be expressed on watsonx.ai's wire: leave it out, or pass the vendor's own field in "
                "`provider_options`",
                model=request.model,
            )
