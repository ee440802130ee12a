"""The prompts of recorded exchanges as neutral messages and tools, with the tokens that the vendor counted of them.

Only prompts that are whole in the record: no image, document, sound, stored conversation or tool of the vendor.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from core.llms.types.content import AudioPart, FilePart, ImagePart, Part, TextPart, ToolCall
from core.llms.types.message_dicts import parse_messages
from core.llms.types.messages import AssistantMessage, Message, SystemMessage, ToolMessage, UserMessage
from core.llms.types.tools import Tool
from core.llms.wires.eventstream import EventStreamDecoder
from tests.wires.corpus import Exchange

Json: TypeAlias = Mapping[str, Any]
CHATS: Final = frozenset({"chat_completions", "chat_v2", "ollama_chat"})
GEMINI: Final = frozenset({"generate_content", "stream_generate_content"})
# What stands in a body beside the prompt and adds tokens of its own that are not in the record.
ELSEWHERE: Final = frozenset(
    {"previous_response_id", "conversation", "documents", "search_parameters", "context_management", "cachedContent",
     "mcp_servers", "output_format", "response_format", "format", "outputConfig", "output_config",
     "system_suffix", "plugins", "web_search_options"}
)  # fmt: skip


# Prompts that were cut or replaced in the record without a word, told by counts that no text of theirs explains.
CUT_SILENTLY: Final = frozenset(
    {"anthropic/messages-cache-2", "bedrock/invoke-model-cache-3", "mistral/chat-completions-audio-1",
     "bedrock_mantle/chat-completions-audio-1", "openrouter/chat-completions-reasoning-cache-1"}
)  # fmt: skip


class NotWholeError(Exception):
    """The prompt has a part that is not in the record, or that has no neutral form."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt that is known and whole, and the tokens that the vendor counted."""

    name: str
    model: str
    messages: tuple[Message, ...]
    tools: tuple[Tool, ...]
    reported: int


def read_prompt(exchange: Exchange) -> Prompt | None:
    """Read an exchange; None where the prompt is not whole or was not counted."""
    body = exchange.request_body
    if exchange.status != 200 or exchange.name in CUT_SILENTLY or not isinstance(body, dict) or _is_cut(body):
        return None
    try:
        messages, tools = _read_body(exchange.api, body)
        reported = find_reported(exchange)
    except (NotWholeError, ValueError, KeyError, TypeError):
        return None
    return None if not reported or not messages else Prompt(exchange.name, exchange.model, messages, tools, reported)


def _is_cut(body: Json) -> bool:
    if any(body.get(name) for name in ELSEWHERE):
        return True
    text = json.dumps(body)
    return "MASSIVE_TEXT" in text or "redacted" in text.lower() or "REDACTED" in text


def _read_body(api: str, body: Json) -> tuple[tuple[Message, ...], tuple[Tool, ...]]:
    if api in CHATS:
        messages = parse_messages(_without_plans(body["messages"]))
        if any(isinstance(part, ImagePart | FilePart | AudioPart) for message in messages for part in message.parts):
            raise NotWholeError
        return messages, tuple(_chat_tools(body.get("tools") or ()))
    if (
        api == "messages"
        or (api == "count_tokens" and "messages" in body)
        or (api.startswith("invoke_model") and "anthropic_version" in body)
    ):
        return tuple(_claude_messages(body)), tuple(_claude_tools(body.get("tools") or ()))
    if api in GEMINI:
        return tuple(_gemini_messages(body)), tuple(_gemini_tools(body.get("tools") or ()))
    if api in ("converse", "converse_stream"):
        return tuple(_converse_messages(body)), tuple(_converse_tools(body.get("toolConfig") or {}))
    if api == "responses":
        return tuple(_responses_messages(body)), tuple(_responses_tools(body.get("tools") or ()))
    raise NotWholeError


def _without_plans(messages: Any) -> list[Any]:
    return [{name: value for name, value in message.items() if name != "tool_plan"} for message in messages]


def _chat_tools(tools: Any) -> Iterator[Tool]:
    for tool in tools:
        function = tool["function"]
        yield Tool(function["name"], function.get("description"), function.get("parameters") or {"type": "object"})


def _texts(content: Any, keys: tuple[str, ...] = ("text",)) -> list[Part]:
    if isinstance(content, str):
        return [TextPart(content)] if content else []
    if any(block.get("type", "text") not in ("text", "input_text", "output_text") for block in content):
        raise NotWholeError
    return [TextPart(block[keys[0]]) for block in content]


def _call(id: str, name: str, arguments: Mapping[str, Any]) -> ToolCall:
    return ToolCall(id, name, arguments, json.dumps(arguments, ensure_ascii=False))


def _claude_messages(body: Json) -> Iterator[Message]:
    if body.get("system"):
        yield SystemMessage(tuple(_texts(body["system"])))
    for message in body["messages"]:
        blocks = message["content"]
        blocks = [{"type": "text", "text": blocks}] if isinstance(blocks, str) else blocks
        yield from _turn(message["role"], blocks, _claude_part)


def _claude_part(block: Json) -> Part | ToolMessage:
    match block["type"]:
        case "text":
            return TextPart(block["text"])
        case "tool_use":
            return _call(block["id"], block["name"], block["input"])
        case "tool_result":
            return ToolMessage(tuple(_texts(block.get("content") or "")), tool_call_id=block["tool_use_id"])
    raise NotWholeError


def _turn(role: str, blocks: Any, read: Any) -> Iterator[Message]:
    """Make messages of a turn: results of tools are messages of their own, before what stands beside them."""
    parts = [read(block) for block in blocks]
    yield from (part for part in parts if isinstance(part, ToolMessage))
    rest = tuple(part for part in parts if not isinstance(part, ToolMessage))
    if rest:
        yield AssistantMessage(rest) if role in ("assistant", "model") else UserMessage(rest)


def _claude_tools(tools: Any) -> Iterator[Tool]:
    for tool in tools:
        if "input_schema" not in tool:
            raise NotWholeError
        yield Tool(tool["name"], tool.get("description"), tool["input_schema"])


def _gemini_messages(body: Json) -> Iterator[Message]:
    system = body.get("systemInstruction") or body.get("system_instruction")
    if system:
        yield SystemMessage(tuple(_texts(system["parts"])))
    generation = body.get("generationConfig") or {}
    if generation.get("responseSchema") or generation.get("responseJsonSchema"):
        raise NotWholeError
    for content in body["contents"]:
        yield from _turn(content.get("role", "user"), content["parts"], _gemini_part)


def _gemini_part(part: Json) -> Part | ToolMessage:
    match part:
        case {"text": text} if not part.get("thought"):
            return TextPart(text)
        case {"functionCall": call}:
            return _call(call.get("id") or call["name"], call["name"], call.get("args") or {})
        case {"functionResponse": result}:
            return ToolMessage(json.dumps(result["response"]), tool_call_id=result.get("id") or result["name"])
    raise NotWholeError


def _gemini_tools(tools: Any) -> Iterator[Tool]:
    for tool in tools:
        if set(tool) - {"functionDeclarations", "function_declarations"}:
            raise NotWholeError
        for one in tool.get("functionDeclarations") or tool.get("function_declarations") or ():
            schema = one.get("parameters") or one.get("parametersJsonSchema") or one.get("parameters_json_schema")
            yield Tool(one["name"], one.get("description"), schema or {"type": "object"})


def _converse_messages(body: Json) -> Iterator[Message]:
    if body.get("system"):
        if any(set(block) != {"text"} for block in body["system"]):
            raise NotWholeError
        yield SystemMessage(tuple(TextPart(block["text"]) for block in body["system"]))
    if body.get("additionalModelRequestFields"):
        raise NotWholeError
    for message in body["messages"]:
        yield from _turn(message["role"], message["content"], _converse_part)


def _converse_part(block: Json) -> Part | ToolMessage:
    match block:
        case {"text": text}:
            return TextPart(text)
        case {"toolUse": call}:
            return _call(call["toolUseId"], call["name"], call["input"])
        case {"toolResult": result}:
            texts = [each.get("text") or json.dumps(each["json"]) for each in result["content"]]
            return ToolMessage("".join(texts), tool_call_id=result["toolUseId"])
    raise NotWholeError


def _converse_tools(config: Json) -> Iterator[Tool]:
    for tool in config.get("tools") or ():
        specification = tool["toolSpec"]
        yield Tool(specification["name"], specification.get("description"), specification["inputSchema"]["json"])


def _responses_messages(body: Json) -> Iterator[Message]:
    if (body.get("text") or {}).get("format", {"type": "text"})["type"] != "text":
        raise NotWholeError
    if body.get("instructions"):
        yield SystemMessage(body["instructions"])
    items = body["input"]
    for item in [{"role": "user", "content": items}] if isinstance(items, str) else items:
        match item.get("type", "message"):
            case "message":
                parts = tuple(_texts(item["content"]))
                kinds = {"assistant": AssistantMessage, "user": UserMessage}
                yield kinds.get(item["role"], SystemMessage)(parts)
            case "function_call":
                yield AssistantMessage((_call(item["call_id"], item["name"], json.loads(item["arguments"])),))
            case "function_call_output":
                yield ToolMessage(item["output"], tool_call_id=item["call_id"])
            case _:
                raise NotWholeError


def _responses_tools(tools: Any) -> Iterator[Tool]:
    for tool in tools:
        if tool["type"] != "function":
            raise NotWholeError
        yield Tool(tool["name"], tool.get("description"), tool.get("parameters") or {"type": "object"})


def find_reported(exchange: Exchange) -> int | None:
    """Find the tokens of the whole prompt that the vendor counted, cached ones included; the last word of a stream."""
    found = [tokens for document in _documents(exchange) if (tokens := _prompt_tokens(document)) is not None]
    return found[-1] if found else None


def _documents(exchange: Exchange) -> Iterator[Json]:
    if not exchange.is_stream:
        yield exchange.body
    elif "eventstream" in exchange.headers.get("content-type", "") or exchange.api == "converse_stream":
        yield from (json.loads(message.payload) for message in EventStreamDecoder().feed(exchange.body_bytes))
    else:
        for line in exchange.body_bytes.split(b"\n"):
            payload = line.removeprefix(b"data:").strip()
            if payload.startswith(b"{"):
                yield json.loads(payload)


def _prompt_tokens(document: Any) -> int | None:
    if not isinstance(document, dict):
        return None
    nested = [document.get(name) for name in ("response", "message", "delta")]
    for place in (document, *nested):
        if not isinstance(place, dict):
            continue
        usage = place.get("usage") or place.get("usageMetadata") or (place.get("x_groq") or {}).get("usage") or place
        tokens = _of_usage(usage)
        if tokens is not None:
            return tokens
    return None


def _of_usage(usage: Json) -> int | None:
    match usage:
        case {"tokens": {"input_tokens": int(tokens)}}:
            return tokens
        case {"inputTokens": int(tokens)}:
            return tokens + (usage.get("cacheReadInputTokens") or 0) + (usage.get("cacheWriteInputTokens") or 0)
        case {"promptTokenCount": int(tokens)} | {"prompt_tokens": int(tokens)} | {"prompt_eval_count": int(tokens)}:
            return tokens
        case {"input_tokens": int(tokens)} if tokens:
            cached = [usage.get(name) or 0 for name in ("cache_read_input_tokens", "cache_creation_input_tokens")]
            return tokens + sum(cached)
    return None
