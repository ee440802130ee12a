"""What Mistral says differently on OpenAI's chat wire."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, ClassVar, Final

from core.llms.errors import NotFoundError
from core.llms.providers.base.openai_family import OpenAIFamilyLLM
from core.llms.types.messages import AssistantMessage
from core.llms.types.parameters import PARAM_MAX_TOKENS, PARAM_SEED
from core.llms.types.request import LLMRequest
from core.llms.wires.openai_chat import ChatDialect
from core.llms.wires.openai_errors import ErrorRules

_OWN_CALL_ID: Final = re.compile(r"[A-Za-z0-9]{9}")


class MistralBaseLLM(OpenAIFamilyLLM):
    """Works for most models of Mistral. Facts of the wire are from mistralai 3.7.0, read 2026-11-21."""

    PROVIDER: ClassVar[str] = "mistral"
    DISPLAY_NAME: ClassVar[str] = "Mistral"
    TELEMETRY_NAME: ClassVar[str] = "mistral_ai"
    CHAT_DIALECT: ClassVar[ChatDialect] = ChatDialect(
        max_tokens_field=PARAM_MAX_TOKENS,
        fields={PARAM_SEED: "random_seed"},
        developer_role="system",
        thinking_blocks=True,
        # Its thinking blocks have signatures that only Mistral reads, and no other vendor takes such blocks.
        origin="mistral",
        # The last chunk has the usage without asking, and there is no `stream_options`.
        include_usage=False,
        encoding_format="float",
        dimensions_field="output_dimension",
        render_assistant=lambda rendered, message: _say_refusal(rendered, message),
        render_extra=lambda body, request: _render_extra(body, request),
        finish_reasons={"model_length": "length", "error": "error"},
        errors=ErrorRules(codes={"invalid_model": NotFoundError}),
    )


def _say_refusal(rendered: dict[str, Any], message: AssistantMessage) -> None:
    # There is no field for a refusal, and unknown fields are refused.
    refusal = rendered.pop("refusal", None)
    if refusal and not rendered["content"]:
        rendered["content"] = refusal


def _render_extra(body: dict[str, Any], request: LLMRequest) -> None:
    if "tool_choice" in body and body["tool_choice"] == "required":
        body["tool_choice"] = "any"
    for message in body["messages"]:
        if isinstance(message["content"], list):
            message["content"] = [_render_block(block) for block in message["content"]]
        if "tool_call_id" in message:
            message["tool_call_id"] = _shorten_id(message["tool_call_id"])
        for call in message.get("tool_calls") or ():
            call["id"] = _shorten_id(call["id"])


def _render_block(block: dict[str, Any]) -> dict[str, Any]:
    """Turn OpenAI's form of a file or a recording into Mistral's; a recording is its base64 alone (AudioChunk)."""
    sound = block.get("input_audio")
    if block["type"] == "input_audio" and isinstance(sound, Mapping):
        return {"type": "input_audio", "input_audio": sound["data"]}
    file = block.get("file")
    if block["type"] != "file" or not isinstance(file, Mapping):
        return block
    if "file_id" in file:
        return {"type": "file", "file_id": file["file_id"]}
    return {"type": "document_url", "document_url": file["file_data"], "document_name": file["filename"]}


def _shorten_id(id: str) -> str:
    """Give a call of another vendor an id that Mistral takes: nine letters or digits, the same for the same call."""
    return id if _OWN_CALL_ID.fullmatch(id) else sha256(id.encode()).hexdigest()[:9]
