"""How a conversation goes out: turns, media, cache points, and pieces of other wires."""

from __future__ import annotations

from typing import Any

import pytest

from core.llms.errors import InvalidRequestError, MediaError
from core.llms.types.content import (
    AudioPart,
    CachePoint,
    FilePart,
    ImagePart,
    OpaquePart,
    ReasoningPart,
    RefusalPart,
    TextPart,
    ToolCall,
)
from core.llms.types.messages import AssistantMessage, Message, SystemMessage, ToolMessage, UserMessage
from core.llms.types.request import LLMRequest
from core.llms.types.tools import Tool
from core.llms.wires.bedrock_converse import BedrockConverseWire, ConverseDialect

MODEL = "anthropic.claude-haiku-4-5-20251001-v1:0"
WIRE = BedrockConverseWire(ConverseDialect(top_k=lambda value: {"top_k": value}))
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489")
PDF = b"%PDF-1.4"
ASK = UserMessage("Hi")
TOOL = Tool("get_weather", "The weather.", {"type": "object", "properties": {"city": {"type": "string"}}})
CALL = ToolCall.of("call_1", "get_weather", {"city": "Paris"})


def body_of(*messages: Message, wire: BedrockConverseWire = WIRE, **request: Any) -> dict[str, Any]:
    return wire.render_request(LLMRequest(MODEL, messages or (ASK,), **request)).body


def content_of(*parts: Any) -> list[dict[str, Any]]:
    content: list[dict[str, Any]] = body_of(UserMessage(parts))["messages"][0]["content"]
    return content


def test_messages_of_one_role_become_one_turn() -> None:
    results = [ToolMessage("22", "call_1"), ToolMessage("failed", "call_2", is_error=True)]
    body = body_of(SystemMessage("Be brief."), ASK, AssistantMessage((CALL,)), *results, UserMessage("Well?"))

    assert body["system"] == [{"text": "Be brief."}]
    assert body["messages"] == [
        {"role": "user", "content": [{"text": "Hi"}]},
        {
            "role": "assistant",
            "content": [{"toolUse": {"toolUseId": "call_1", "name": "get_weather", "input": {"city": "Paris"}}}],
        },
        {
            "role": "user",
            "content": [
                {"toolResult": {"toolUseId": "call_1", "content": [{"text": "22"}]}},
                {"toolResult": {"toolUseId": "call_2", "content": [{"text": "failed"}], "status": "error"}},
                {"text": "Well?"},
            ],
        },
    ]


def test_media_of_every_kind() -> None:
    parts = (
        ImagePart(data=PNG),
        ImagePart(url="s3://bucket/a.jpg"),
        FilePart(data=PDF, filename="Bill_no. 7!.pdf", citations=True),
        FilePart(data=b"a,b", filename="Bill no  7.csv"),
        FilePart(data=b"notes", media_type="text/x-log"),
        FilePart(url="s3://bucket/film.mp4"),
        FilePart(data=PNG),
        AudioPart(data=b"RIFF", format="wav"),
        OpaquePart("bedrock_converse", {"guardContent": {"text": {"text": "x"}}}),
    )
    png = {"image": {"format": "png", "source": {"bytes": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ"}}}
    assert content_of(*parts) == [
        png,
        {"image": {"format": "jpeg", "source": {"s3Location": {"uri": "s3://bucket/a.jpg"}}}},
        {
            "document": {
                "format": "pdf",
                "name": "Bill no 7",
                "source": {"bytes": "JVBERi0xLjQ="},
                "citations": {"enabled": True},
            }
        },
        {"document": {"format": "csv", "name": "Bill no 7 (2)", "source": {"bytes": "YSxi"}}},
        {"document": {"format": "txt", "name": "document", "source": {"bytes": "bm90ZXM="}}},
        {"video": {"format": "mp4", "source": {"s3Location": {"uri": "s3://bucket/film.mp4"}}}},
        png,
        {"audio": {"format": "wav", "source": {"bytes": "UklGRg=="}}},
        {"guardContent": {"text": {"text": "x"}}},
    ]


@pytest.mark.parametrize(
    "part",
    [
        ImagePart(url="https://example.com/a.png"),
        ImagePart(data=b"BM nothing"),
        FilePart(data=b"\xff\xfe\x00"),
        FilePart(file_id="file-1"),
        FilePart(data=b"x", media_type="application/x-tar"),
        AudioPart(data=b"x", format="amr"),
    ],
)
def test_media_that_cannot_go_is_refused(part: Any) -> None:
    with pytest.raises(MediaError, match=r"messages\[0\]"):
        content_of(part)


def test_cache_points_follow_their_blocks_and_reach_back() -> None:
    hour, short = CachePoint("1h"), CachePoint()
    body = body_of(
        SystemMessage((hour, TextPart("Rules."), short)),
        UserMessage((TextPart("Long."), short, short, TextPart("Hi"))),
        AssistantMessage("Yes."),
        UserMessage((hour, TextPart("And?"))),
        tools=(TOOL,),
    )
    default, for_an_hour = {"cachePoint": {"type": "default"}}, {"cachePoint": {"type": "default", "ttl": "1h"}}
    assert body["toolConfig"]["tools"][-1] == for_an_hour
    assert body["system"] == [{"text": "Rules."}, default]
    assert [message["content"] for message in body["messages"]] == [
        [{"text": "Long."}, default, {"text": "Hi"}],
        [{"text": "Yes."}, for_an_hour],
        [{"text": "And?"}],
    ]


def test_cache_points_over_the_limit_are_left_out_from_the_front() -> None:
    parts = [part for index in range(6) for part in (TextPart(str(index)), CachePoint())]
    rendered = WIRE.render_request(LLMRequest(MODEL, (UserMessage(parts),)))
    content = rendered.body["messages"][0]["content"]

    assert ["cachePoint" in block for block in content] == [False, False, *[False, True] * 4]
    assert rendered.warnings == ("2 cache points were left out: the vendor takes 4, the last stay",)


def test_cache_points_of_a_model_without_them_are_left_out_with_a_warning() -> None:
    wire = BedrockConverseWire(ConverseDialect(cache_points=False))
    rendered = wire.render_request(LLMRequest(MODEL, (UserMessage((TextPart("Hi"), CachePoint())),)))

    assert rendered.body["messages"] == [{"role": "user", "content": [{"text": "Hi"}]}]
    assert len(rendered.warnings) == 1


def test_foreign_pieces_are_left_out_or_fitted_with_a_warning() -> None:
    broken = ToolCall.parse("call|with:odd id", "t", "[1]")
    answer = AssistantMessage(
        (
            ReasoningPart("thought", "sig", origin="anthropic_messages"),
            ReasoningPart("unsigned", origin="bedrock_converse"),
            OpaquePart("gemini", {}),
            RefusalPart("No."),
            TextPart("Text", origin="openai_responses", extra={"id": "m"}),
            broken,
        ),
        name="bot",
    )
    rendered = WIRE.render_request(LLMRequest(MODEL, (ASK, answer, ToolMessage("", broken.id), SystemMessage("Late."))))

    assert rendered.body["messages"][1]["content"] == [
        {"text": "No."},
        {"text": "Text"},
        {"toolUse": {"toolUseId": "call_with:odd_id", "name": "t", "input": {"INVALID_JSON": "[1]"}}},
    ]
    assert rendered.body["messages"][2]["content"] == [
        {"toolResult": {"toolUseId": "call_with:odd_id", "content": [{"text": "(no output)"}]}}
    ]
    assert rendered.body["system"] == [{"text": "Late."}]
    assert len(rendered.warnings) == 7


def test_empty_question_is_an_error_and_an_empty_answer_is_left_out() -> None:
    rendered = WIRE.render_request(LLMRequest(MODEL, (ASK, AssistantMessage(" "))))

    assert len(rendered.body["messages"]) == 1
    assert "left out" in rendered.warnings[0]
    with pytest.raises(InvalidRequestError, match="empty"):
        body_of(UserMessage(" \n"))
    with pytest.raises(InvalidRequestError, match="user message"):
        body_of(SystemMessage("Alone."))
