"""What comes back whole: parts, finish reasons, usage, filters."""

from __future__ import annotations

from typing import Any

import pytest

from core.llms.errors import (
    ContentFilterError,
    ProtocolError,
)
from core.llms.types.content import OpaquePart, ReasoningPart, TextPart, ToolCall
from core.llms.types.messages import AssistantMessage
from core.llms.types.usage import Usage
from core.llms.wires.gemini import GeminiDialect, GeminiWire, parse_gemini_usage

WIRE = GeminiWire()


def body(*parts: dict[str, Any], finish: Any = "STOP", **fields: Any) -> dict[str, Any]:
    candidate = {"content": {"role": "model", "parts": list(parts)}, "finishReason": finish, **fields}
    return {"candidates": [candidate], "responseId": "r1", "modelVersion": "gemini-x"}


def test_plain_answer_is_a_plain_string() -> None:
    response = WIRE.parse_response(body({"text": "Hi"}))
    assert response.message == AssistantMessage("Hi")
    assert (response.id, response.model, response.usage) == ("r1", "gemini-x", Usage())
    assert (response.finish_reason.unified, response.finish_reason.raw) == ("stop", "STOP")


def test_parts_of_every_kind_are_read_in_order() -> None:
    picture = {"inlineData": {"mimeType": "image/png", "data": "eA=="}}
    response = WIRE.parse_response(
        body(
            {"text": "hm", "thought": True, "thoughtSignature": "s1"},
            {"text": "x", "thought": True, "other": 1},
            {"text": "a", "thoughtSignature": "s2"},
            {"functionCall": {"id": "c1", "name": "f", "args": {"b": 1.5}}, "thoughtSignature": "s3"},
            {"functionCall": {"name": "g"}, "partMetadata": {"k": 1}},
            picture,
            {"text": ""},
            {},
        )
    )
    assert response.message.parts == (
        ReasoningPart("hm", "s1", origin="gemini"),
        ReasoningPart("x", origin="gemini", raw={"text": "x", "thought": True, "other": 1}),
        TextPart("a", origin="gemini", extra={"thoughtSignature": "s2"}),
        ToolCall("c1", "f", {"b": 1.5}, '{"b":1.5}', item_id="c1", signature="s3", origin="gemini"),
        ToolCall("call_r1_0_1", "g", {}, "{}", origin="gemini", extra={"partMetadata": {"k": 1}}),
        OpaquePart("gemini", picture),
    )
    assert response.finish_reason.unified == "tool_calls"
    assert response.reasoning == "hm\n\nx"


@pytest.mark.parametrize(
    ("raw", "unified"),
    [
        ("STOP", "stop"),
        ("MAX_TOKENS", "length"),
        ("CONTINUATION", "pause"),
        ("SAFETY", "content_filter"),
        ("RECITATION", "content_filter"),
        ("BLOCKLIST", "content_filter"),
        ("PROHIBITED_CONTENT", "content_filter"),
        ("SPII", "content_filter"),
        ("IMAGE_SAFETY", "content_filter"),
        ("MODEL_ARMOR", "content_filter"),
        ("MALFORMED_FUNCTION_CALL", "error"),
        ("UNEXPECTED_TOOL_CALL", "error"),
        ("MISSING_THOUGHT_SIGNATURE", "error"),
        ("LANGUAGE", "other"),
        ("OTHER", "other"),
        ("SOMETHING_NEW", "other"),
        (2, "length"),
        (99, "other"),
        (None, "other"),
    ],
)
def test_finish_reason_is_unified(raw: Any, unified: str) -> None:
    assert WIRE.parse_response(body({"text": "a"}, finish=raw)).finish_reason.unified == unified


def test_filtered_answer_is_an_answer_with_its_ratings() -> None:
    ratings = [{"category": "HARM_CATEGORY_HATE_SPEECH", "probability": "HIGH", "blocked": True}]
    whole = body(finish="SAFETY", safetyRatings=ratings, finishMessage="hate")
    whole["candidates"][0]["content"] = {}
    response = WIRE.parse_response(whole)
    assert (response.text, response.finish_reason.unified) == ("", "content_filter")
    assert response.choices[0].content_filter == {"safetyRatings": ratings, "finishMessage": "hate"}


@pytest.mark.parametrize("candidates", [{}, {"candidates": []}])
def test_blocked_prompt_is_a_content_filter_error(candidates: dict[str, Any]) -> None:
    feedback = {"blockReason": "PROHIBITED_CONTENT", "blockReasonMessage": "not this"}
    with pytest.raises(ContentFilterError, match=r"blocked: PROHIBITED_CONTENT \(not this\)") as caught:
        WIRE.parse_response({**candidates, "promptFeedback": feedback, "usageMetadata": {"promptTokenCount": 3}})
    assert caught.value.code == "PROHIBITED_CONTENT"
    assert caught.value.body is not None
    assert not caught.value.retryable


def test_sources_and_citations_are_annotations_of_the_last_text() -> None:
    grounding = {"webSearchQueries": ["a", "b"], "groundingChunks": [{"web": {"uri": "https://a"}}]}
    whole = body({"text": "x"}, {"text": "y"}, groundingMetadata=grounding, citationMetadata={"citations": [1]})
    whole["usageMetadata"] = {"promptTokenCount": 1}
    response = WIRE.parse_response(whole)
    assert response.message.parts == (
        TextPart("x"),
        TextPart("y", ({"groundingMetadata": grounding}, {"citationMetadata": {"citations": [1]}}), "gemini"),
    )
    assert response.usage.server_tool_requests == 2
    by_prompt = GeminiWire(GeminiDialect(search_fee="prompt")).parse_response(whole)
    assert by_prompt.usage.server_tool_requests == 1


def test_several_candidates_are_choices() -> None:
    whole = body({"text": "a"}, index=0)
    whole["candidates"] += body({"text": "b"}, finish="MAX_TOKENS", index=1, logprobsResult={"x": 1})["candidates"]
    first, second = WIRE.parse_response(whole).choices
    assert (first.message.text, second.message.text) == ("a", "b")
    assert second.finish_reason.unified == "length"
    assert second.logprobs == {"x": 1}


def test_usage_is_in_the_one_meaning() -> None:
    raw = {
        "promptTokenCount": 100,
        "cachedContentTokenCount": 40,
        "candidatesTokenCount": 10,
        "thoughtsTokenCount": 20,
        "toolUsePromptTokenCount": 5,
        "promptTokensDetails": [
            {"modality": "TEXT", "tokenCount": 50},
            {"modality": "AUDIO", "tokenCount": 30},
            {"modality": "IMAGE", "tokenCount": 20},
        ],
        "cacheTokensDetails": [{"modality": "AUDIO", "tokenCount": 10}, {"modality": "IMAGE", "tokenCount": 5}],
        "candidatesTokensDetails": [{"modality": "AUDIO", "tokenCount": 4}, {"modality": 2, "tokenCount": 6}],
        "serviceTier": "flex",
    }
    assert parse_gemini_usage(raw) == Usage(
        input_tokens=105,
        output_tokens=30,
        cache_read_tokens=40,
        reasoning_tokens=20,
        audio_input_tokens=20,
        audio_output_tokens=4,
        image_input_tokens=15,
        image_output_tokens=6,
        service_tier="flex",
    )


@pytest.mark.parametrize(
    ("traffic", "tier"),
    [
        ("ON_DEMAND", None),
        ("ON_DEMAND_PRIORITY", "priority"),
        ("ON_DEMAND_FLEX", "flex"),
        ("PROVISIONED_THROUGHPUT", "provisioned_throughput"),
        (1, None),
    ],
)
def test_traffic_type_is_a_service_tier(traffic: Any, tier: str | None) -> None:
    assert parse_gemini_usage({"trafficType": traffic}).service_tier == tier


@pytest.mark.parametrize(
    ("whole", "problem"),
    [
        ("text", "not a JSON object but str"),
        ({}, "no `candidates`"),
        ({"candidates": [1]}, "a candidate is not an object"),
        (body({"functionCall": {}}), "no name"),
        (body({"functionCall": {"name": "f", "args": [1]}}), "`args` are not an object"),
        (body({"functionCall": {"name": "f", "willContinue": True}}), "streamFunctionCallArguments"),
        (body({"text": 1}), "`text` is not text"),
        (body({"text": "a"}, finish={}), "`finishReason`"),
        ({"candidates": [{"content": {"parts": "a"}}]}, "`parts` are not a list"),
    ],
)
def test_what_is_not_the_wire_is_a_protocol_error(whole: Any, problem: str) -> None:
    with pytest.raises(ProtocolError, match=problem):
        WIRE.parse_response(whole)
