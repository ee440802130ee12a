"""Mistakes in requests to Bedrock, each with the name and the words with which it is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.llms.simulator import Simulator
from tests.unit.simulator.bedrock_calls import (
    CACHE_POINT,
    CLAUDE,
    FORM,
    LOOK,
    NOVA,
    PERSON,
    TITAN,
    TOOLS,
    ask,
    assistant,
    called,
    document,
    encoded,
    image,
    returned,
    talk,
    thought,
    user,
)
from tests.unit.simulator.pictures import picture

LLAMA = "meta.llama3-3-70b-instruct-v1:0"
MICRO = "amazon.nova-micro-v1:0"
HAIKU = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
NOVA_2 = "us.amazon.nova-2-lite-v1:0"
FORCED = {**TOOLS, "toolChoice": {"any": {}}}
BUDGET = {"thinking": {"type": "enabled", "budget_tokens": 1024}}
HIGH = {"reasoningConfig": {"type": "enabled", "maxReasoningEffort": "high"}}


def fields(**values: Any) -> dict[str, Any]:
    return {"additionalModelRequestFields": values}


def limits(**values: Any) -> dict[str, Any]:
    return {"inferenceConfig": values}


def tooled(**changes: Any) -> dict[str, Any]:
    return {"toolConfig": {"tools": [{"toolSpec": LOOK["toolSpec"] | changes}]}}


def formed(schema: str) -> dict[str, Any]:
    structure = {"jsonSchema": {"schema": schema}}
    return {"outputConfig": {"textFormat": {"type": "json_schema", "structure": structure}}}


def guarded(**config: Any) -> dict[str, Any]:
    return {"guardrailConfig": config}


VIOLATED = "1 validation error detected: Value"
PASSED_ON = "The model returned the following errors: "
ALTERNATE = "A conversation must alternate between user and assistant roles."
START = "A conversation must start with a user message."
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    (NOVA, {}, START),
    (NOVA, talk(), START),
    (NOVA, talk(assistant("Hi")), START),
    (NOVA, talk("a", "b"), ALTERNATE),
    (NOVA, talk("a", assistant("b"), assistant("c"), "d"), ALTERNATE),
    (NOVA, talk("a", {"role": "system", "content": [{"text": "b"}]}), "role 'system' is not supported"),
    (NOVA, talk({"role": "tool", "content": []}), f"{VIOLATED} 'tool' at 'messages.1.member.role' failed"),
    (NOVA, talk(user()), "The content field in the Message object at messages.0 is empty."),
    (NOVA, talk(""), "The text field in the ContentBlock object at messages.0.content.0 is blank."),
    (NOVA, talk(" \n"), "The text field in the ContentBlock object at messages.0.content.0 is blank."),
    (NOVA, talk(user("a", "")), "The text field in the ContentBlock object at messages.0.content.1 is blank."),
    (NOVA, talk(user({})), "The ContentBlock object at messages.0.content.0 must set one of the following keys: text"),
    (NOVA, talk(user({"text": "a", **image()})), "messages.0.content.0 must set only one of the following keys"),
    (NOVA, talk("a", model="b"), "Malformed input request: #: extraneous key [model] is not permitted"),
    (NOVA, talk(user({"text": "a", "type": "text"})), "#/messages/0/content/0: extraneous key [type] is not permitted"),
    (NOVA, talk("a", **limits(temperature=1.5)), f"{VIOLATED} '1.5' at 'inferenceConfig.temperature' failed"),
    (NOVA, talk("a", **limits(temperature=2, topP=-1)), "2 validation errors detected: Value '2'"),
    (NOVA, talk("a", **limits(maxTokens=0)), "Member must have value greater than or equal to 1"),
    (NOVA, talk("a", **limits(maxTokens=10_001)), "The maximum tokens you requested exceeds the model limit of 10000."),
    (NOVA, talk("a", **limits(maxTokens=5.0)), "DECIMAL_VALUE cannot be converted to Integer"),
    (NOVA, talk("a", **limits(maxTokens="5")), "STRING_VALUE cannot be converted to Integer"),
    (NOVA, talk("a", system="b"), "STRING_VALUE cannot be converted to List"),
    (NOVA, talk("a", system=[{"text": ""}]), "'system.1.member.text' failed to satisfy constraint: Member must have"),
    (NOVA, talk("a", serviceTier={"type": "fast"}), "Member must satisfy enum value set: [priority, default, flex,"),
    (NOVA, talk("a", requestMetadata={"a": "é"}), "Member must satisfy regular expression pattern: "),
    (NOVA, talk("a", requestMetadata={}), "Member must have length greater than or equal to 1"),
    (NOVA, talk("a", additionalModelResponseFieldPaths=["a"]), "must be a valid JSON Pointer"),
    (
        NOVA,
        talk("a", assistant(called()), user(returned())),
        "The toolConfig field must be defined when using toolUse and toolResult",
    ),
    (
        NOVA,
        talk("a", assistant(called()), user("b"), toolConfig=TOOLS),
        "Expected toolResult blocks at messages.2.content for the following Ids: t1",
    ),
    (
        NOVA,
        talk("a", assistant(called()), toolConfig=TOOLS),
        "Expected toolResult blocks at messages.2.content for the following Ids: t1",
    ),
    (
        NOVA,
        talk(user(returned()), toolConfig=TOOLS),
        "The number of toolResult blocks at messages.0.content exceeds the number of toolUse blocks of previous turn.",
    ),
    (
        NOVA,
        talk("a", assistant(called(), called()), user(returned()), toolConfig=TOOLS),
        "The toolUse blocks at messages.1.content contain duplicate Ids: t1",
    ),
    (
        NOVA,
        talk("a", assistant(called()), user(returned(), returned()), toolConfig=TOOLS),
        "The toolResult blocks at messages.2.content contain duplicate Ids: t1",
    ),
    (
        NOVA,
        talk("a", assistant(called()), user(returned(content=[], status="error")), toolConfig=TOOLS),
        "The content field at messages.2.content.0.toolResult cannot be empty when status value is error.",
    ),
    (NOVA, talk(user(called()), toolConfig=TOOLS), "can't contain the toolUse content block"),
    (NOVA, talk("a", assistant(image()), "b"), "can't contain the image content block"),
    (NOVA, talk(user("a", {"toolAddition": {"tool": {"name": "b"}}})), "can't contain the toolAddition content block"),
    (NOVA, talk(user("a", document("a_b"))), "The document file name can only contain alphanumeric characters"),
    (NOVA, talk(user("a", document("a  b"))), "can't contain more than one consecutive whitespace character"),
    (NOVA, talk(user("a", document(), document())), "duplicate document names"),
    (NOVA, talk(user(document())), "A text content block is required"),
    (NOVA, talk(user("a", *(document(f"d{i}") for i in range(6)))), "The number of documents can't exceed 5"),
    (NOVA, talk(user("a", *[image()] * 21)), "The number of images can't exceed 20"),
    (NOVA, talk(user("a", document(citations={"enabled": True}))), "This model doesn't support citations."),
    (NOVA, talk(user("a", image(b"none"))), f"{PASSED_ON}Could not process image"),
    (NOVA, talk(user("a", image(picture(2, 2), "jpeg"))), "the image appears to be a image/png image"),
    (
        NOVA,
        talk(user("a", {"document": {"format": "pdf", "name": "a", "source": {"bytes": encoded(b"x")}}})),
        "The PDF specified was not valid.",
    ),
    (NOVA, talk(user("a", {"image": {"format": "png", "source": {"bytes": "%"}}})), "Invalid Base64 encoding for Blob"),
    (MICRO, talk(user("a", image())), "This model doesn't support the image content block that you provided."),
    (MICRO, talk(user("a", document())), "This model doesn't support the document content block that you provided."),
    (LLAMA, talk("a", toolConfig=FORCED), "This model doesn't support the toolConfig.toolChoice.any field."),
    (LLAMA, talk("a", **fields(top_k=4)), "#: extraneous key [top_k] is not permitted"),
    (NOVA, talk("a", toolConfig={"tools": []}), "'toolConfig.tools' failed to satisfy constraint: Member must have"),
    (NOVA, talk("a", toolConfig={"tools": [CACHE_POINT]}), "must contain at least one tool"),
    (NOVA, talk("a", toolConfig={"tools": [LOOK, LOOK]}), "duplicate tool names"),
    (
        NOVA,
        talk("a", **tooled(inputSchema={"json": {}})),
        "inputSchema.json.type must be one of the following: object.",
    ),
    (NOVA, talk("a", **tooled(name="a b")), "'toolConfig.tools.1.member.toolSpec.name' failed to satisfy constraint"),
    (NOVA, talk("a", toolConfig={**TOOLS, "toolChoice": {"tool": {"name": "b"}}}), "must be one of the tools in"),
    (NOVA, talk("a", toolConfig={"tools": [{"systemTool": {"name": "nova_grounding"}}]}), "the system tool"),
    (NOVA, talk("a", outputConfig=FORM), "This model doesn't support the outputConfig.textFormat field."),
    (CLAUDE, talk("a", **formed("{")), f"{PASSED_ON}output_config.format.schema: Schema is invalid"),
    (CLAUDE, talk("a", **formed(json.dumps(PERSON | {"additionalProperties": True}))), "output_config.format.schema"),
    (
        CLAUDE,
        talk(user("a", document(citations={"enabled": True})), outputConfig=FORM),
        "citations are not supported with structured outputs",
    ),
    (CLAUDE, talk("a", assistant("b")), f"{PASSED_ON}This model does not support assistant message prefill."),
    (CLAUDE, talk("a", assistant(thought("b", "c")), "d"), "messages.1.content.0: Invalid `signature` in `thinking`"),
    (
        CLAUDE,
        talk("a", assistant({"reasoningContent": {"reasoningText": {"text": "b"}}}), "d"),
        "messages.1.content.0.thinking.signature: Field required",
    ),
    (
        CLAUDE,
        talk("a", assistant({"reasoningContent": {"redactedContent": encoded(b"b")}}), "d"),
        "Invalid `data` in `redacted_thinking` block",
    ),
    (
        HAIKU,
        talk(
            "a", assistant(called()), user(returned()), toolConfig=TOOLS, **fields(**BUDGET), **limits(maxTokens=2000)
        ),
        "Expected `thinking` or `redacted_thinking`, but found `tool_use`.",
    ),
    (CLAUDE, talk("a", **fields(thinking={"type": "enabled", "budget_tokens": 5})), "thinking.enabled.budget_tokens"),
    (HAIKU, talk("a", **fields(**BUDGET), **limits(maxTokens=1024)), "`max_tokens` must be greater than"),
    (HAIKU, talk("a", **fields(**BUDGET), **limits(temperature=0.5)), "`temperature` may only be set to 1 when"),
    (HAIKU, talk("a", **fields(thinking={"type": "adaptive"})), "adaptive thinking is not supported on this model"),
    (HAIKU, talk("a", **fields(**BUDGET), toolConfig=FORCED), "Thinking may not be enabled when tool_choice forces"),
    (HAIKU, talk("a", **limits(temperature=0.5, topP=0.5)), "`temperature` and `top_p` cannot both be specified"),
    ("us.anthropic.claude-opus-5-5", talk("a", **limits(temperature=0.5)), "`temperature` is deprecated"),
    (CLAUDE, talk("a", **fields(topK=4)), f"{PASSED_ON}topK: Extra inputs are not permitted"),
    (CLAUDE, talk("a", **limits(stopSequences=[" "])), "each stop sequence must contain non-whitespace"),
    (NOVA_2, talk("a", **fields(**HIGH), **limits(maxTokens=5)), "maxTokens must not be set when maxReasoningEffort"),
    (NOVA, talk("a", **fields(**HIGH)), "the provided reasoning config value is invalid"),
    (NOVA_2, talk("a", **fields(reasoningConfig={"type": "on"})), "the provided reasoning config value is invalid"),
    (CLAUDE, talk(user("a", *[CACHE_POINT] * 5)), "A maximum of 4 blocks with cache_control may be provided. Found 5."),
    (NOVA, talk("a", **guarded(guardrailIdentifier="abc")), "must be provided together"),
    (NOVA, talk("a", **guarded(guardrailIdentifier="invalid1", guardrailVersion="1")), "does not exist"),
    (NOVA, talk("a", **guarded(streamProcessingMode="sync")), "extraneous key [streamProcessingMode]"),
    (TITAN, talk("a"), "The provided model doesn't support Converse."),
    ("does-not-exist", talk("a"), "The provided model identifier is invalid."),
    ("xx.anthropic.claude-opus-5-5", talk("a"), "The provided model identifier is invalid."),
    ("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1", talk("a"), "identifier is invalid"),
    (f"arn:aws:bedrock:us-east-1::foundation-model/{CLAUDE}", talk("a"), "identifier is invalid"),
    ("a b", talk("a"), f"{VIOLATED} 'a b' at 'modelId' failed to satisfy constraint"),
    (
        "anthropic.claude-opus-5-5",
        talk("a"),
        "Invocation of model ID anthropic.claude-opus-5-5 with on-demand throughput isn’t supported.",
    ),
]


@pytest.mark.parametrize(("model", "body", "words"), REFUSED, ids=range(len(REFUSED)))
async def test_mistake_is_refused_in_the_vendor_s_words(
    sim: Simulator, model: str, body: dict[str, Any], words: str
) -> None:
    for operation in ("converse", "converse-stream") if "guardrailConfig" not in body else ("converse",):
        received = await ask(sim, body, model=model, operation=operation)
        name = received.headers["x-amzn-errortype"].partition(":")[0]
        unreadable = "cannot be converted" in words or "Base64" in words
        assert (received.status, name) == (400, "SerializationException" if unreadable else "ValidationException")
        assert words in received.json["message"]
        assert set(received.json) == {"message"}


async def test_cache_point_for_a_model_without_a_cache_is_denied(sim: Simulator) -> None:
    received = await ask(sim, talk(user("a", CACHE_POINT)), model=LLAMA)
    assert (received.status, received.headers["x-amzn-errortype"].partition(":")[0]) == (403, "AccessDeniedException")
    assert "did not allow prompt caching" in received.json["message"]


async def test_model_that_ended_is_not_found(sim: Simulator) -> None:
    for model in ("anthropic.claude-v2", "us.anthropic.claude-3-5-sonnet-20241022-v2:0"):
        received = await ask(sim, talk("a"), model=model)
        assert (received.status, received.headers["x-amzn-errortype"].partition(":")[0]) == (
            404,
            "ResourceNotFoundException",
        )


async def test_good_unusual_requests_are_taken(sim: Simulator) -> None:
    video = {"video": {"format": "mp4", "source": {"s3Location": {"uri": "s3://bucket/a.mp4"}}}}
    for model, body in (
        (NOVA, talk(user("a", " "), assistant("b"))),
        (NOVA, talk("a", system=None, inferenceConfig={"maxTokens": None})),
        (NOVA, talk(user("a", video))),
        (NOVA, talk("a", assistant(called()), user("well", returned()), toolConfig=TOOLS)),
        (HAIKU, talk("a", assistant("b"))),
        ("us.anthropic.claude-opus-5-5", talk("a", {"role": "system", "content": [{"text": "b"}]})),
        (NOVA_2, talk("a", **fields(**HIGH))),
        (NOVA_2, talk("a", assistant({"reasoningContent": {"reasoningText": {"text": "[REDACTED]"}}}), "b")),
        (CLAUDE, talk("a", promptVariables={"b": {"text": "c"}})),
    ):
        received = await ask(sim, body, model=model)
        assert received.status == 200, received.content


async def test_prompt_over_the_window_is_too_long(sim: Simulator) -> None:
    received = await ask(sim, talk("word " * 130_000), model=MICRO)
    assert (received.status, received.json["message"]) == (400, "Input is too long for requested model.")
