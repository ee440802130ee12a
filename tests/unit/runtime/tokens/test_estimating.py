from __future__ import annotations

import pytest

from core.llms.runtime.token_utils import count_chat_tokens, count_text_tokens
from core.llms.runtime.tokens.calibration import Calibration, find_calibration
from core.llms.types.content import FilePart, ImagePart, OpaquePart, Part, ReasoningPart, TextPart, ToolCall
from core.llms.types.messages import AssistantMessage, Message, SystemMessage, ToolMessage, UserMessage
from core.llms.types.tools import ResponseFormat, ServerTool, Tool

TEXT = "The quick brown fox jumps over the lazy dog. " * 20
TOOL = Tool("get_weather", "Say what the weather is.", {"type": "object", "properties": {"city": {"type": "string"}}})


def figures(model_id: str) -> Calibration:
    found = find_calibration(model_id)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("model_id", "family"),
    [
        ("claude-sonnet-4-6", "Claude 4.5 and later"),
        ("anthropic/claude-haiku-4.5", "Claude 4.5 and later"),
        ("us.anthropic.claude-opus-5-5", "Claude 4.5 and later"),
        ("claude-sonnet-4-20250514", "Claude up to 4.1"),
        ("claude-opus-4-1-20250805", "Claude up to 4.1"),
        ("claude-3-7-sonnet@20250219", "Claude up to 4.1"),
        ("gemini-3.8-flash", "Gemini"),
        ("mistral-large-4", "Mistral"),
        ("mistralai/Mixtral-8x7B-Instruct-v0.1", "Mistral"),
        ("ministral-8b-latest", "Mistral"),
        ("command-a-03-2025", "Command"),
        ("command-r7b-12-2024", "Command"),
        ("meta-llama/Llama-3.3-70B-Instruct-Turbo", "Llama"),
        ("deepseek-ai/DeepSeek-R1", "DeepSeek"),
        ("grok-4.3", "Grok"),
        ("qwen3:4b", "Qwen"),
        ("us.amazon.nova-2-lite-v1:0", "Nova"),
        ("zai-glm-4.7", "GLM"),
        ("moonshotai/kimi-k2.5", "Kimi"),
        ("sonar-pro", "Sonar"),
        ("ibm/granite-4-h-small", "a family of which nothing was recorded"),
    ],
)
def test_model_is_estimated_by_its_family(model_id: str, family: str) -> None:
    assert figures(model_id).family == family


@pytest.mark.parametrize(
    "model_id", ["gpt-4o", "openai/gpt-oss-120b", "openai.gpt-oss-20b-1:0", "o4-mini", "ft:gpt-4o"]
)
def test_model_with_a_public_encoding_is_not_estimated(model_id: str) -> None:
    assert find_calibration(model_id) is None
    assert "estimated" not in (count_chat_tokens([UserMessage("Hi")], model_id=model_id).note or "")


def test_estimate_adds_text_messages_tools_and_calls_by_the_figures() -> None:
    each = figures("claude-sonnet-4-6")
    call = ToolCall.parse("1", "get_weather", '{"city": "Oslo"}')
    messages: list[Message] = [
        SystemMessage(TEXT),
        UserMessage(TEXT),
        AssistantMessage([call]),
        ToolMessage("rain", tool_call_id="1"),
    ]
    plain = count_chat_tokens(messages[:2], model_id="claude-sonnet-4-6")
    text = 2 * count_text_tokens(TEXT, "o200k_base") * each.text_factor
    assert plain.tokens == plain.text_tokens == round(text + each.prompt_tokens + 2 * each.message_tokens)
    whole = count_chat_tokens(messages, model_id="claude-sonnet-4-6", tools=[TOOL])
    assert whole.tool_tokens > each.tools_tokens + each.call_tokens
    assert whole.tokens == whole.text_tokens + whole.tool_tokens
    assert whole.exact is plain.exact is False


def test_note_says_how_far_off_such_estimates_were() -> None:
    plain = count_chat_tokens([UserMessage("Hi")], model_id="gemini-3.8-flash").note
    tooled = count_chat_tokens([UserMessage("Hi")], model_id="gemini-3.8-flash", tools=[TOOL]).note
    assert plain == (
        "estimated for Gemini: of 7 recorded prompts without tools half were within 6%, 95 of 100 within 11%"
    )
    assert tooled == (
        "estimated for Gemini: of 24 recorded prompts with tools half were within 46%, 95 of 100 within 92%"
    )
    unknown = count_chat_tokens([UserMessage("Hi")], model_id="granite-4").note
    assert unknown == "estimated for a family of which nothing was recorded: no prompt without tools was measured"


def test_parts_beside_text_are_counted_and_noted() -> None:
    parts: list[Part] = [
        TextPart("Look."),
        ImagePart(url="https://example.com/a.png"),
        FilePart(data=b"one two three", media_type="text/plain"),
    ]
    answer = AssistantMessage([ReasoningPart("long thoughts " * 99), OpaquePart("vendor", {"type": "x"})])
    schema = ResponseFormat("json_schema", "answer", {"type": "object"})
    search = ServerTool({"type": "web_search"})
    count = count_chat_tokens([UserMessage(parts), answer], model_id="grok-4.3", tools=[search], response_format=schema)
    assert count.image_tokens > 0
    assert count.file_tokens > 0
    assert count.text_tokens < 40
    for word in ("1024×1024", "document's text", "a block of vendor", "schema is counted as its JSON"):
        assert word in (count.note or "")
