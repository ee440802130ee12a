"""What Together AI says differently on OpenAI's chat wire."""

from __future__ import annotations

from typing import Any, ClassVar

from core.llms.providers.base.openai_family import OpenAIFamilyLLM
from core.llms.types.request import LLMRequest
from core.llms.wires.openai_chat import ChatDialect


def _render_extra(body: dict[str, Any], request: LLMRequest) -> None:
    # `stop` is a list, `logprobs` a number, and reasoning has a switch beside its effort (together 3.1.1).
    if isinstance(body.get("stop"), str):
        body["stop"] = [body["stop"]]
    if "logprobs" in body:
        count = body.pop("top_logprobs", 1)
        body["logprobs"] = count if body["logprobs"] else 0
    if "reasoning_effort" in body:
        reasons = body["reasoning_effort"] != "none"
        body["reasoning"] = {"enabled": reasons}
        if not reasons:
            del body["reasoning_effort"]


class TogetherBaseLLM(OpenAIFamilyLLM):
    """Works for most models on Together AI.

    Read in together 3.1.1 and recorded exchanges: usage comes with a stream's last chunk without being asked for, an
    answer may end with `eos`, and an assistant's reasoning goes back in `reasoning`.
    """

    PROVIDER: ClassVar[str] = "together"
    DISPLAY_NAME: ClassVar[str] = "Together AI"
    CHAT_DIALECT: ClassVar[ChatDialect] = ChatDialect(
        max_tokens_field="max_tokens",
        developer_role="system",
        reasoning_echo_field="reasoning",
        include_usage=False,
        supports_strict_tools=False,
        encoding_format=None,
        finish_reasons={"eos": "stop"},
        render_extra=_render_extra,
    )
