"""What Groq says differently on OpenAI's chat wire."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar, Final

from core.llms.errors import NotFoundError, OverloadedError
from core.llms.providers.base.metadata import Capability
from core.llms.providers.base.openai_family import OpenAIFamilyLLM
from core.llms.types.request import LLMRequest
from core.llms.wires.base import Wire
from core.llms.wires.openai_chat import ChatDialect, OpenAIChatWire
from core.llms.wires.openai_errors import ErrorRules

# Reasoning goes back in `reasoning`; there is no base64 of embeddings (groq 1.7.0). Usage came in `x_groq` alone in
# streams that had not asked for it (recorded 2025-09). Status 498: the flex tier has no capacity ("Errors" in Groq's
# documentation); `model_decommissioned` comes with status 400.
DIALECT: Final = ChatDialect(
    reasoning_echo_field="reasoning",
    usage_envelope="x_groq",
    encoding_format="float",
    errors=ErrorRules(
        codes={"model_decommissioned": NotFoundError},
        statuses={498: OverloadedError},
        context_length_patterns=("reduce the length of the messages", "maximum context length"),
    ),
)


class GroqBaseLLM(OpenAIFamilyLLM):
    """Works for most models on Groq."""

    PROVIDER: ClassVar[str] = "groq"
    DISPLAY_NAME: ClassVar[str] = "Groq"
    CHAT_DIALECT: ClassVar[ChatDialect] = DIALECT

    def _create_wire(self, name: str | None) -> Wire:
        # A conversation may bring reasoning of another model, which one that does not reason refuses.
        if self.metadata.supports(Capability.REASONING) is False:
            return OpenAIChatWire(replace(self.CHAT_DIALECT, reasoning_echo_field=None))
        return super()._create_wire(name)


class ParsedReasoningLLM(GroqBaseLLM):
    """A model that writes its reasoning into the answer's text unless it is asked to keep the two apart."""

    CHAT_DIALECT: ClassVar[ChatDialect] = replace(
        DIALECT, render_extra=lambda body, request: _ask_parsed(body, request)
    )


def _ask_parsed(body: dict[str, Any], request: LLMRequest) -> None:
    # `reasoning_format` and `include_reasoning` exclude each other (groq 1.7.0).
    if "include_reasoning" not in request.provider_options:
        body["reasoning_format"] = "parsed"
