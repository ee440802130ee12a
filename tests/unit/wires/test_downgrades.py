from __future__ import annotations

import pytest

from core.llms import (
    AssistantMessage,
    CachePoint,
    FilePart,
    LLMRequest,
    SystemMessage,
    TextPart,
    ToolCall,
    ToolMessage,
    UserMessage,
    parse_messages,
)
from core.llms.wires.anthropic_messages import AnthropicMessagesWire
from core.llms.wires.base import Wire
from core.llms.wires.bedrock_converse import BedrockConverseWire
from core.llms.wires.cohere_v2 import CohereV2Wire
from core.llms.wires.downgrades import drop_hints
from core.llms.wires.gemini import GeminiWire
from core.llms.wires.ollama import OllamaWire
from core.llms.wires.openai_chat import OpenAIChatWire
from core.llms.wires.openai_responses import OpenAIResponsesWire


def test_messages_without_hints_are_left_as_they_are() -> None:
    messages = parse_messages("Hi")
    warnings: list[str] = []
    assert drop_hints(messages, warnings) is messages
    assert not warnings


@pytest.mark.parametrize("wire", [OpenAIChatWire(), OpenAIResponsesWire()], ids=["chat", "responses"])
def test_wire_that_caches_by_itself_leaves_cache_points_out_and_says_so(wire: Wire) -> None:
    marked = (SystemMessage([TextPart("Rules"), CachePoint("1h")]), UserMessage("Hi"))
    plain = (SystemMessage([TextPart("Rules")]), UserMessage("Hi"))
    rendered = wire.render_request(LLMRequest("m", marked))
    assert rendered.body == wire.render_request(LLMRequest("m", plain)).body
    assert rendered.warnings == ("cache points were left out: the provider is not told what to cache",)


@pytest.mark.parametrize("wire", [OpenAIChatWire(), OpenAIResponsesWire()], ids=["chat", "responses"])
def test_wire_without_citations_of_files_says_so(wire: Wire) -> None:
    file = FilePart(data=b"%PDF-1.4", filename="a.pdf", citations=True)
    plain = FilePart(data=b"%PDF-1.4", filename="a.pdf")
    rendered = wire.render_request(LLMRequest("m", (UserMessage([file]),)))
    assert rendered.body == wire.render_request(LLMRequest("m", (UserMessage([plain]),))).body
    assert rendered.warnings == ("the wish to cite files was left out: the provider does not take it",)


def test_wish_to_cite_survives_as_a_dict() -> None:
    for file in (FilePart(file_id="f", citations=True), FilePart(url="data:text/plain;base64,YQ==", citations=True)):
        assert parse_messages([UserMessage([file]).to_dict()]) == (UserMessage([file]),)
    (parsed,) = parse_messages(
        [{"role": "user", "content": [{"type": "file", "file": {"file_data": "data:,", "citations": True}}]}]
    )
    assert parsed == UserMessage([FilePart(url="data:,", citations=True)])


def test_cache_points_survive_as_dicts() -> None:
    message = UserMessage([TextPart("a", extra={"id": 1}, origin="w"), CachePoint("1h")])
    assert parse_messages([message.to_dict()]) == (message,)


@pytest.mark.parametrize(
    "wire",
    [
        OpenAIChatWire(),
        OpenAIResponsesWire(),
        AnthropicMessagesWire(),
        GeminiWire(),
        BedrockConverseWire(),
        CohereV2Wire(),
        OllamaWire(),
    ],
    ids=lambda wire: wire.name,
)
def test_citations_and_signatures_of_another_vendor_are_left_out_and_named(wire: Wire) -> None:
    noted = AssistantMessage(
        [
            TextPart("It rains.", ({"cited": "a page"},), "elsewhere", {"textSignature": "s1"}),
            ToolCall.parse("call_1", "look", "{}", signature="s2", origin="another"),
        ]
    )
    plain = AssistantMessage([TextPart("It rains."), ToolCall.parse("call_1", "look", "{}")])
    asked, returned = UserMessage("Hi"), ToolMessage("seen", "call_1")
    rendered = wire.render_request(LLMRequest("m", (asked, noted, returned)))
    known = wire.render_request(LLMRequest("m", (asked, plain, returned)))
    assert rendered.body == known.body
    assert set(rendered.warnings) - set(known.warnings) == {
        "messages[1]: citations of elsewhere were left out: no other vendor reads them",
        "messages[1]: signatures of elsewhere were left out: no other vendor reads them",
        "messages[1]: signatures of another were left out: no other vendor reads them",
    }
