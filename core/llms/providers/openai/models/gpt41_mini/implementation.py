"""What GPT-4.1 mini does differently."""

from __future__ import annotations

from typing import Any

from core.llms.providers.openai.base_implementation import OpenAIBaseLLM
from core.llms.types.parameters import PARAM_MAX_TOKENS


class GPT41MiniLLM(OpenAIBaseLLM):
    """Calls the output limit `max_completion_tokens`, whatever the provider's other models call it."""

    def _transform_parameters(self, params: dict[str, Any]) -> dict[str, Any]:
        if PARAM_MAX_TOKENS not in params:
            return params
        return {("max_completion_tokens" if name == PARAM_MAX_TOKENS else name): v for name, v in params.items()}
