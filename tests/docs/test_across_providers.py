"""The table of `across-providers.md` is what the wires do: every cell is one part, written by one wire."""

from __future__ import annotations

import base64
from collections.abc import Sequence

import pytest
from pydantic_core import to_json

from core.llms import (
    AssistantMessage,
    AudioPart,
    CachePoint,
    FilePart,
    ImagePart,
    InvalidRequestError,
    LLMRequest,
    OpaquePart,
    ReasoningPart,
    RefusalPart,
    SystemMessage,
    TextPart,
    ToolCall,
    ToolMessage,
    UserMessage,
)
from core.llms.types.messages import Message
from core.llms.wires.anthropic_messages import AnthropicMessagesWire
from core.llms.wires.base import Wire
from core.llms.wires.bedrock_converse import BedrockConverseWire
from core.llms.wires.cohere_v2 import CohereV2Wire
from core.llms.wires.gemini import GeminiWire
from core.llms.wires.ollama import OllamaWire
from core.llms.wires.openai_chat import OpenAIChatWire
from core.llms.wires.openai_responses import OpenAIResponsesWire
from tests.docs.code_blocks import ROOT
from tests.unit.simulator.pictures import picture

WIRES: dict[str, Wire] = {
    "OpenAI chat": OpenAIChatWire(),
    "Responses": OpenAIResponsesWire(),
    "Anthropic": AnthropicMessagesWire(),
    "Gemini": GeminiWire(),
    "Bedrock": BedrockConverseWire(),
    "Cohere": CohereV2Wire(),
    "Ollama": OllamaWire(),
}
PICTURE = picture(2, 2)
PDF = b"%PDF-1.4 a page"
SOUND = b"RIFF1234WAVE"
ASKED, LATER = UserMessage("Hello."), UserMessage("Go on.")
CALL = ToolCall.parse("call_1", "look", "{}")
SAID = TextPart("Well.")


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def answered(*parts: ReasoningPart | OpaquePart | RefusalPart | TextPart) -> list[Message]:
    return [ASKED, AssistantMessage(parts), LATER]


# Each row: messages that hold the part, and what shows in a body that the part is there.
PARTS: dict[str, tuple[list[Message], Sequence[str]]] = {
    "text, instructions at the top": ([SystemMessage("MARK"), ASKED], ["MARK"]),
    "instructions after an answer": ([ASKED, AssistantMessage("Well."), SystemMessage("MARK"), LATER], ["MARK"]),
    "a message's `name`": ([UserMessage("Hello.", name="MARK")], ["MARK"]),
    "an image's bytes": ([UserMessage([ImagePart(data=PICTURE)])], [encoded(PICTURE)]),
    "an image's address": ([UserMessage([ImagePart(url="https://example.com/MARK.png")])], ["MARK"]),
    "a PDF": ([UserMessage([FilePart(data=PDF, filename="a.pdf")])], [encoded(PDF)]),
    "a file of text": (
        [UserMessage([FilePart(data=b"MARK", filename="a.txt", media_type="text/plain")])],
        ["MARK", encoded(b"MARK")],
    ),
    "sound": ([UserMessage([AudioPart(data=SOUND, format="wav")])], [encoded(SOUND)]),
    "a tool call and its result, with the same id": (
        [ASKED, AssistantMessage([CALL]), ToolMessage("MARK", "call_1")],
        ["MARK"],
    ),
    "an image in a tool's result": (
        [ASKED, AssistantMessage([CALL]), ToolMessage([SAID, ImagePart(data=PICTURE)], "call_1")],
        [encoded(PICTURE)],
    ),
    "a refusal, as text": (answered(RefusalPart("MARK")), ["MARK"]),
    "reasoning of another wire": (answered(ReasoningPart("MARK", "MARK", origin="another"), SAID), ["MARK"]),
    "a block that another wire alone understands": (answered(OpaquePart("another", {"type": "MARK"}), SAID), ["MARK"]),
    "citations of another wire": (answered(TextPart("Well.", ({"a": "MARK"},), "another")), ["MARK"]),
    "signatures of another wire": (answered(TextPart("Well.", (), "another", {"signature": "MARK"})), ["MARK"]),
    "a cache point": ([UserMessage([SAID, CachePoint()])], ["cache_control", "cachePoint"]),
}


def read_table() -> dict[str, dict[str, str]]:
    lines = (ROOT / "docs" / "across-providers.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return {row[0]: dict(zip(rows[0][1:], row[1:], strict=True)) for row in rows[2:]}


def outcome(wire: Wire, messages: list[Message], marks: Sequence[str]) -> str:
    try:
        rendered = wire.render_request(LLMRequest("m", tuple(messages)))
    except InvalidRequestError:
        return "refused"
    body = to_json(rendered.body).decode()
    is_there, is_named = any(mark in body for mark in marks), bool(rendered.warnings)
    words = {(True, False): "sent", (True, True): "changed", (False, True): "left out", (False, False): "lost"}
    return words[is_there, is_named]


@pytest.mark.parametrize("name", WIRES)
def test_table_says_what_becomes_of_each_part_on_a_wire(name: str) -> None:
    said = {part: cells[name] for part, cells in read_table().items()}

    assert {part: outcome(WIRES[name], *case) for part, case in PARTS.items()} == said
