"""What the wire writes, held against the types of OpenAI's own SDK, and what it reads against its models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from openai.types.chat import ChatCompletion
from openai.types.chat.completion_create_params import CompletionCreateParamsStreaming
from openai.types.embedding_create_params import EmbeddingCreateParams
from pydantic import TypeAdapter

from core.llms.types.content import AudioPart, FilePart, ImagePart, OpaquePart, RefusalPart, TextPart, ToolCall
from core.llms.types.messages import (
    AssistantMessage,
    DeveloperMessage,
    SystemMessage,
    ToolMessage,
    UserMessage,
)
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.tools import ResponseFormat, ServerTool, Tool, ToolChoice
from core.llms.wires.openai_chat import OpenAIChatWire

CALL = ToolCall.of("call_1", "weather", {"city": "Oslo"})
CUSTOM = OpaquePart(
    "openai_chat", {"id": "call_2", "type": "custom", "custom": {"name": "shell", "input": "ls"}}
)  # fmt: skip
REQUEST = LLMRequest(
    "gpt-5",
    (
        SystemMessage("a", "sys"),
        DeveloperMessage([TextPart("b")]),
        UserMessage(
            [
                TextPart("c"),
                ImagePart(url="https://x.test/a.png", detail="low"),
                FilePart(data=b"%PDF-1.4"),
                FilePart(file_id="file-1"),
                AudioPart(data=b"1", format="wav"),
            ],
            "ann",
        ),
        AssistantMessage([TextPart("d"), CALL, CUSTOM]),
        ToolMessage([TextPart("e"), ImagePart(url="https://x.test/b.png")], tool_call_id="call_1"),
        ToolMessage("f", tool_call_id="call_2", is_error=True),
        AssistantMessage([RefusalPart("g")]),
        UserMessage("h"),
    ),
    {"max_tokens": 9, "temperature": 0.5, "stop": ["x"], "reasoning_effort": "low", "logit_bias": {"1": -5}},
    (Tool("weather", "w", strict=True), ServerTool({"type": "custom", "custom": {"name": "shell"}})),
    ToolChoice.of("weather"),
    ResponseFormat("json_schema", schema={"type": "object"}),
    stream=True,
)


def exhaust(value: Any) -> Any:
    """Walk a validated value to its end: pydantic checks an `Iterable` only while it is read."""
    if isinstance(value, Mapping):
        return {name: exhaust(item) for name, item in value.items()}
    if isinstance(value, list | tuple | Iterator) or type(value).__name__ == "ValidatorIterator":
        return [exhaust(item) for item in value]
    return value


def validate(kind: Any, body: dict[str, Any]) -> Any:
    adapter = TypeAdapter[Any](kind)  # must live as long as the iterators that it makes
    return exhaust(adapter.validate_python(body))


def test_rendered_request_is_what_the_official_types_allow() -> None:
    body = OpenAIChatWire().render_request(REQUEST).body
    assert validate(CompletionCreateParamsStreaming, body) == exhaust(body)


def test_official_types_would_see_a_wrong_block() -> None:
    body = OpenAIChatWire().render_request(REQUEST).body
    body["messages"][2]["content"][1]["image_url"]["detail"] = "huge"
    with pytest.raises(ValueError, match="detail"):
        validate(CompletionCreateParamsStreaming, body)


def test_rendered_embeddings_are_what_the_official_types_allow() -> None:
    body = OpenAIChatWire().render_embeddings(EmbeddingRequest("m", ("a", "b"), 8)).body
    assert validate(EmbeddingCreateParams, body) == body


def test_raw_form_of_a_finished_stream_is_what_the_official_types_allow() -> None:
    decoder = OpenAIChatWire().create_stream_decoder()
    decoder.feed(
        b'data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":'
        b'{"role":"assistant","content":"a","tool_calls":[{"index":0,"id":"x","type":"function","function":{"name":"f",'
        b'"arguments":"{}"}}]},"logprobs":null,"finish_reason":"tool_calls"}]}\n\n'
    )
    (last,) = decoder.feed(b"data: [DONE]\n\n")
    completion = ChatCompletion.model_validate(last.response.raw, strict=True)  # type: ignore[union-attr]  # the last is StreamFinished
    assert completion.choices[0].message.content == "a"
    assert completion.choices[0].message.tool_calls is not None
