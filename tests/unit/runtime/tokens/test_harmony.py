"""Prompts of gpt-oss: the harmony format, piece by piece."""

from __future__ import annotations

import tiktoken

from core.llms.runtime.token_utils import count_chat_tokens
from core.llms.runtime.tokens.encodings import load_encoding
from core.llms.runtime.tokens.harmony import HARMONY_NOTE
from core.llms.types.content import ImagePart, ReasoningPart, TextPart, ToolCall
from core.llms.types.messages import AssistantMessage, Message, SystemMessage, ToolMessage, UserMessage
from core.llms.types.tools import ResponseFormat, ServerTool, Tool

OPENING = """<|start|>system<|message|>You are ChatGPT, a large language model trained by OpenAI.
Knowledge cutoff: 2024-06
Current date: 2026-11-28

Reasoning: high

# Valid channels: analysis, commentary, final. Channel must be included for every message."""
TOOL = Tool("roll", "Rolls a die.", {"type": "object", "properties": {"sides": {"type": "integer"}}})
TOLD = """<|end|><|start|>developer<|message|># Instructions

Be brief.

# Tools

## functions

namespace functions {

// Rolls a die.
type roll = (_: {
sides?: number,
}) => any;

} // namespace functions<|end|>"""


def counted(text: str) -> int:
    encoding: tiktoken.Encoding = load_encoding("o200k_harmony")
    return len(encoding.encode(text, allowed_special="all"))


def count(*messages: Message, tools: tuple[Tool | ServerTool, ...] = ()) -> int:
    return count_chat_tokens(messages, model_id="openai/gpt-oss-120b", tools=tools).tokens


def test_plain_conversation_is_counted_with_its_channels() -> None:
    asked = "<|end|><|start|>user<|message|>Hi there<|end|>"
    answered = "<|start|>assistant<|channel|>final<|message|>Hello!<|end|>"
    assert count(UserMessage("Hi there")) == counted(f"{OPENING}{asked}<|start|>assistant")
    conversation = (UserMessage("Hi there"), AssistantMessage("Hello!"), UserMessage("Hi there"))
    assert count(*conversation) == counted(f"{OPENING}{asked}{answered}{asked[7:]}<|start|>assistant")


def test_tools_calls_results_and_reasoning_under_way_are_counted() -> None:
    call = ToolCall("1", "roll", {"sides": 6}, '{"sides":6}')
    reasoned = AssistantMessage((ReasoningPart("I must roll."), TextPart("Let me see."), call))
    text = (
        f"{OPENING}\nCalls to these tools must go to the commentary channel: 'functions'.{TOLD}"
        "<|start|>user<|message|>Roll.<|end|>"
        "<|start|>assistant<|channel|>analysis<|message|>I must roll.<|end|>"
        '<|start|>assistant to=functions.roll<|channel|>commentary json<|message|>{"sides":6}<|call|>'
        "<|start|>functions.roll to=assistant<|channel|>commentary<|message|>4<|end|>"
    )
    messages = (SystemMessage("Be brief."), UserMessage("Roll."), reasoned, ToolMessage("4", tool_call_id="1"))
    assert count(*messages, tools=(TOOL,)) == counted(f"{text}<|start|>assistant")
    answered = "<|start|>assistant<|channel|>final<|message|>A four.<|end|>"
    forgotten = text.replace("<|start|>assistant<|channel|>analysis<|message|>I must roll.<|end|>", "")
    assert count(*messages, AssistantMessage("A four."), tools=(TOOL,)) == counted(
        f"{forgotten}{answered}<|start|>assistant"
    )


def test_count_is_never_called_exact_and_says_what_is_estimated() -> None:
    schema = ResponseFormat("json_schema", "roll", {"type": "object", "properties": {}})
    tools = (ServerTool({"type": "browser_search"}),)
    image = UserMessage((ImagePart(url="https://example.com/cat.png"),))
    found = count_chat_tokens([image], model_id="gpt-oss-20b", tools=tools, response_format=schema)
    assert not found.exact
    assert (found.note or "").startswith(HARMONY_NOTE)
    assert "response schema" in (found.note or "") and "as its JSON" in (found.note or "")
    assert found.image_tokens > 0 and found.tool_tokens > 10
    assert found.tokens == found.text_tokens + found.image_tokens + found.tool_tokens + found.file_tokens
