"""Mistakes in requests to Anthropic, each with the words in which it is refused."""

from __future__ import annotations

from typing import Any

from core.llms.simulator.anthropic.seals import seal_data, sign_thinking
from tests.unit.simulator.anthropic_calls import (
    THINKER,
    assistant,
    called,
    image,
    message_body,
    returned,
    text,
    user,
)
from tests.unit.simulator.pictures import picture

TOOL = {"name": "look", "input_schema": {"type": "object"}}
CALLED = [user("Look."), assistant(called())]
FORCED = {"tools": [TOOL], "tool_choice": {"type": "any"}}
BUDGET = {"type": "enabled", "budget_tokens": 1024}


def talk(*messages: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return message_body() | {"messages": list(messages)} | fields


def formed(**schema: Any) -> dict[str, Any]:
    return message_body(output_config={"format": {"type": "json_schema", "schema": schema}})


def tooled(**tool: Any) -> dict[str, Any]:
    return message_body(tools=[TOOL | tool])


def closed(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}


SHORT, LONG = {"type": "ephemeral"}, {"type": "ephemeral", "ttl": "1h"}
REFUSED: list[tuple[dict[str, Any], str]] = [
    (message_body(temperature=1.0), "temperature: Extra inputs are not permitted"),
    (message_body(top_p=0.5), "top_p: Extra inputs are not permitted"),
    (message_body(top_k=4), "top_k: Extra inputs are not permitted"),
    (
        message_body(max_tokens=64_001),
        "max_tokens: 64001 > 64000, which is the maximum allowed number of output tokens for claude-haiku-4-5-20251001",
    ),
    (message_body(max_tokens="5"), "max_tokens: Input should be a valid integer"),
    (message_body(max_tokens=5.0), "max_tokens: Input should be a valid integer"),
    (message_body(stream="true"), "stream: Input should be a valid boolean"),
    (message_body(stream=1), "stream: Input should be a valid boolean"),
    (message_body(max_tokens=-1), "max_tokens: Input should be greater than or equal to 0"),
    (message_body(stop_sequences=[" "]), "stop_sequences: each stop sequence must contain non-whitespace"),
    (talk(), "messages: at least one message is required"),
    (talk(assistant("Hi"), user("Hi")), 'messages: first message must use the "user" role'),
    (
        talk(user("")),
        "messages.0: all messages must have non-empty content except for the optional final assistant message",
    ),
    (talk(user(text(""))), "messages: text content blocks must be non-empty"),
    (talk(user(text(" \n"))), "messages: text content blocks must contain non-whitespace text"),
    (
        talk(user(text("", cache_control=SHORT))),
        "messages.0.content.0.text: cache_control cannot be set for empty text blocks",
    ),
    (message_body(system=[text("")]), "system: text content blocks must be non-empty"),
    (talk(user("Hi"), assistant("Well, ")), "messages: final assistant content cannot end with trailing whitespace"),
    (
        talk(user("Hi"), assistant("Well"), model=THINKER),
        "This model does not support assistant message prefill. The conversation must end with a user message.",
    ),
    (talk(user("Hi"), {"role": "system", "content": "Be brief."}), "role 'system' is not supported on this model"),
    (
        talk(user("Hi"), assistant("Hi"), {"role": "system", "content": "Be brief."}, model=THINKER),
        "messages.2: a `system` message must immediately follow a `user` message",
    ),
    (
        talk(*CALLED, user("Well?")),
        "messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_1. Each "
        "`tool_use` block must have a corresponding `tool_result` block in the next message.",
    ),
    (
        talk(*CALLED, user(text("Here:"), returned())),
        "messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_1. Each "
        "`tool_use` block must have a corresponding `tool_result` block in the next message.",
    ),
    (
        talk(user(returned())),
        "messages.0.content.0: unexpected `tool_use_id` found in `tool_result` blocks: toolu_1. Each "
        "`tool_result` block must have a corresponding `tool_use` block in the previous message.",
    ),
    (
        talk(*CALLED, user(returned(), returned())),
        "messages.2.content.1: each tool_use must have a single result. Found multiple `tool_result` blocks "
        "with id: toolu_1",
    ),
    (talk(user("Look."), assistant(called(), called()), user(returned())), "messages.1: `tool_use` ids must be unique"),
    (talk(user(called())), "messages.0: `tool_use` blocks can only be in `assistant` messages"),
    (
        talk(user("a"), assistant(image(picture(1, 1))), user("b")),
        "messages.1: `image` blocks can only be in `user` messages",
    ),
    (
        talk(
            user("a"),
            assistant({"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "x"}}),
            user("b"),
        ),
        "messages.1: `document` blocks can only be in `user` messages",
    ),
    (
        talk(user(text("a", citations=[{"type": "char_location"}]))),
        "messages.0.content.0.text.citations: citations are not permitted on text blocks in user messages",
    ),
    (
        talk(user("a"), assistant({"type": "thinking", "thinking": "b", "signature": "c"}), user("d")),
        "messages.1.content.0: Invalid `signature` in `thinking` block",
    ),
    (
        talk(
            user("a"),
            assistant({"type": "thinking", "thinking": "changed", "signature": sign_thinking("b", "b")}),
            user("d"),
        ),
        "messages.1.content.0: Invalid `signature` in `thinking` block",
    ),
    (
        talk(user("a"), assistant({"type": "redacted_thinking", "data": seal_data("b")[:-4]}), user("d")),
        "messages.1.content.0: Invalid `data` in `redacted_thinking` block",
    ),
    (
        talk(user(*(text("a", cache_control=SHORT) for _ in range(5)))),
        "A maximum of 4 blocks with cache_control may be provided. Found 5.",
    ),
    (
        talk(user(text("a", cache_control=SHORT), text("b", cache_control=LONG))),
        "messages.0.content.1.text.cache_control.ttl: a ttl='1h' cache_control block must not come after a "
        "ttl='5m' cache_control block. Note that blocks are processed in the following order: `tools`, "
        "`system`, `messages`.",
    ),
    (message_body(tools=[TOOL, TOOL]), "tools: Tool names must be unique."),
    (tooled(name="a b"), "tools.0.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'"),
    (tooled(input_schema={}), "tools.0.custom.input_schema.type: Field required"),
    (tooled(input_schema={"type": "string"}), "tools.0.custom.input_schema.type: Input should be 'object'"),
    (
        tooled(input_schema={"type": "object", "anyOf": []}),
        "tools.0.custom.input_schema: input_schema does not support oneOf, allOf, or anyOf at the top level",
    ),
    (
        tooled(input_schema={"type": "object", "properties": {"a": {"type": "text"}}}),
        "tools.0.custom.input_schema: JSON schema is invalid. It must match JSON Schema draft 2020-12 "
        "(https://json-schema.org/draft/2020-12). Learn more about tool use at "
        "https://docs.claude.com/en/docs/tool-use.",
    ),
    (tooled(strict=True), "tools.0.custom: For 'object' type, 'additionalProperties' must be explicitly set to false"),
    (tooled(defer_loading=True), "At least one tool must have defer_loading=false. All tools cannot be deferred."),
    (message_body(tool_choice={"type": "auto"}), "tool_choice.auto: may only be specified while providing `tools`"),
    (message_body(tools=[TOOL], tool_choice={"type": "tool", "name": "b"}), "Tool 'b' not found in provided tools"),
    (
        message_body(model="claude-opus-5-5", **FORCED),
        'tool_choice: type "tool" and "any" are not supported for this model.',
    ),
    (
        message_body(max_tokens=2000, thinking=BUDGET, **FORCED),
        "Thinking may not be enabled when tool_choice forces tool use.",
    ),
    (
        message_body(thinking={"type": "enabled", "budget_tokens": 1023}),
        "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024",
    ),
    (
        message_body(thinking=BUDGET),
        "`max_tokens` must be greater than `thinking.budget_tokens`. Please consult our documentation at "
        "https://docs.claude.com/en/docs/build-with-claude/extended-thinking#max-tokens-and-context-window-size",
    ),
    (message_body(thinking={"type": "adaptive"}), "adaptive thinking is not supported on this model"),
    (
        message_body(model=THINKER, thinking=BUDGET, max_tokens=2000),
        '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and '
        '"output_config.effort" to control thinking behavior.',
    ),
    (
        message_body(model="claude-opus-5-5", thinking={"type": "disabled"}),
        '"thinking.type.disabled" is not supported for this model. Use "thinking.type.adaptive" and '
        '"output_config.effort" to control thinking behavior.',
    ),
    (
        message_body(model="claude-sonnet-5-5", thinking={"type": "disabled"}),
        '"thinking.type.disabled" is not supported for this model. To turn thinking off on this model, send '
        '"thinking": {"type": "between_tools"}.',
    ),
    (
        message_body(model="claude-opus-5", thinking={"type": "disabled"}, output_config={"effort": "max"}),
        "\"thinking.type.disabled\" is not supported with effort 'max' on this model.",
    ),
    (message_body(output_config={"effort": "low"}), "This model does not support the effort parameter."),
    (
        message_body(model="claude-opus-4-5", output_config={"effort": "max"}),
        "This model does not support effort level 'max'. Supported levels: high, low, medium.",
    ),
    (
        formed(type="object"),
        "output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false",
    ),
    (
        formed(type="object", additionalProperties=True),
        "output_config.format.schema: For 'object' type, 'additionalProperties: true' is not supported. Please "
        "set 'additionalProperties' to false",
    ),
    (
        formed(**closed(a={"type": "integer", "minimum": 1})),
        "output_config.format.schema: For 'integer' type, property 'minimum' is not supported",
    ),
    (
        formed(**closed(a={"type": "number", "minimum": 1, "maximum": 2})),
        "output_config.format.schema: For 'number' type, properties maximum, minimum are not supported",
    ),
    (
        formed(**closed(a={"type": "array", "minItems": 2})),
        "output_config.format.schema: For 'array' type, 'minItems' values other than 0 or 1 are not supported",
    ),
    (
        formed(**closed(a={"type": "string", "format": "regex"})),
        "output_config.format.schema: For 'string' type, format 'regex' is not supported",
    ),
    (
        formed(**closed(a={"oneOf": [{"type": "string"}]})),
        "output_config.format.schema: Schema type 'oneOf' is not supported",
    ),
    (
        formed(**closed(a={"$ref": "#/$defs/B"}), **{"$defs": {"B": closed(b={"$ref": "#/$defs/B"})}}),
        "output_config.format.schema: Circular reference detected in schema definitions: #/$defs/B -> #/$defs/B",
    ),
    (
        formed(**closed(a={"$ref": "https://a.b"})),
        "output_config.format.schema: External schema reference 'https://a.b' is not supported",
    ),
    (talk(user(image(b"no image"))), "Could not process image"),
    (
        talk(user(image(picture(1, 1), "image/jpeg"))),
        "messages.0.content.0.image.source.base64: The image was specified using the image/jpeg media type, "
        "but the image appears to be a image/png image",
    ),
    (
        talk(user(image(picture(8001, 1)))),
        "messages.0.content.0.image.source.base64.data: At least one of the image dimensions exceed max "
        "allowed size: 8000 pixels",
    ),
    (
        talk(user({"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "!"}})),
        "messages.0.content.0.image.source.base64.data: Invalid base64 data",
    ),
    (talk(user({"type": "image", "source": {"type": "url", "url": "http://a.b"}})), "Only HTTPS URLs are supported."),
    (
        talk(user({"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": "AAAA"}})),
        "messages.0.content.0.document.source.base64.data: The PDF specified was not valid.",
    ),
    (message_body("[[content_filter]]"), "Output blocked by content filtering policy"),
]
