"""What NVIDIA's API catalogue, and its NIM servers, say differently on OpenAI's chat wire."""

from __future__ import annotations

from typing import Any, ClassVar

from core.llms.providers.base.openai_family import OpenAIFamilyLLM
from core.llms.types.parameters import PARAM_REASONING_EFFORT
from core.llms.wires.openai_chat import ChatDialect


class NvidiaBaseLLM(OpenAIFamilyLLM):
    """Works for most models at NVIDIA: the output limit is `max_tokens`, there is no `developer` role and no `strict`.

    Source: pi-ai 1.5.2 and the models' own pages, read 2026-11-21. Texts to embed say what they are for (`input_type`:
    `query` or `passage`).
    """

    PROVIDER: ClassVar[str] = "nvidia"
    DISPLAY_NAME: ClassVar[str] = "NVIDIA"
    CHAT_DIALECT: ClassVar[ChatDialect] = ChatDialect(
        max_tokens_field="max_tokens",
        developer_role="system",
        supports_strict_tools=False,
        encoding_format="float",
        input_type_field="input_type",
    )


class NemotronLLM(NvidiaBaseLLM):
    """Turns reasoning on or off by the prompt's template, which is what a Nemotron knows instead of an effort."""

    def _transform_parameters(self, params: dict[str, Any]) -> dict[str, Any]:
        params = super()._transform_parameters(params)
        effort = params.pop(PARAM_REASONING_EFFORT, None)
        if effort is not None:
            params["chat_template_kwargs"] = {"enable_thinking": effort != "none"}
        return params
