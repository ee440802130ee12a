"""What goes to `/api/chat` and `/api/embed`: whole bodies, and what is refused or left out on the way."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from core.llms.errors import InvalidRequestError, MediaError, UnsupportedParameterError
from core.llms.types.content import (
    AudioPart,
    CachePoint,
    FilePart,
    ImagePart,
    OpaquePart,
    Part,
    ReasoningPart,
    RefusalPart,
    TextPart,
    ToolCall,
)
from core.llms.types.messages import (
    AssistantMessage,
    DeveloperMessage,
    Message,
    SystemMessage,
    ToolMessage,
    UserMessage,
)
from core.llms.types.parameters import ALL_PARAMS
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.tools import ResponseFormat, ServerTool, Tool, ToolChoice
from core.llms.wires.ollama import OllamaDialect, OllamaWire
from core.llms.wires.ollama.dialect import EXPRESSIBLE

WIRE = OllamaWire()
PNG = b"\x89PNG\r\n\x1a\n"
PNG_TEXT = base64.b64encode(PNG).decode()
HI = (UserMessage("Hi"),)
TOOL = Tool("look", "Looks.", {"type": "object", "properties": {}})
FUNCTION = {"name": "look", "description": "Looks.", "parameters": {"type": "object", "properties": {}}}


def messages_of(*messages: Message) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    rendered = WIRE.render_request(LLMRequest("m", messages))
    return rendered.body["messages"], rendered.warnings


def test_plain_request_says_that_it_does_not_stream() -> None:
    rendered = WIRE.render_request(LLMRequest("m", HI))
    assert (rendered.path, rendered.method) == ("/api/chat", "POST")
    assert rendered.body == {"model": "m", "messages": [{"role": "user", "content": "Hi"}], "stream": False}


def test_everything_at_once_is_one_body() -> None:
    params = {
        "max_tokens": 5, "temperature": 0.5, "top_p": 0.9, "top_k": 4, "stop": "END", "seed": 7,
        "frequency_penalty": 0.1, "presence_penalty": 0.2, "logprobs": True, "top_logprobs": 2,
        "reasoning_effort": "none",
    }  # fmt: skip
    request = LLMRequest(
        "m",
        HI,
        params,
        tools=(TOOL, ServerTool({"type": "function", "function": {"name": "x"}})),
        response_format=ResponseFormat("json_schema", schema={"type": "object"}, description="A thing."),
        provider_options={"options": {"num_gpu": 1, "seed": 8}, "shift": False},
        stream=True,
    )
    rendered = OllamaWire(OllamaDialect(context_tokens=9_000, keep_alive="10m")).render_request(request)
    assert rendered.body == {
        "model": "m",
        "messages": [{"role": "user", "content": "Hi"}],
        "stream": True,
        "tools": [{"type": "function", "function": FUNCTION}, {"type": "function", "function": {"name": "x"}}],
        "format": {"description": "A thing.", "type": "object"},
        "think": False,
        "logprobs": True,
        "top_logprobs": 2,
        "options": {
            "num_ctx": 9_000, "num_predict": 5, "temperature": 0.5, "top_p": 0.9, "top_k": 4, "stop": ["END"],
            "seed": 8, "frequency_penalty": 0.1, "presence_penalty": 0.2, "num_gpu": 1,
        },
        "keep_alive": "10m",
        "shift": False,
    }  # fmt: skip
    assert rendered.warnings == ()
    assert params["seed"] == 7


@pytest.mark.parametrize("name", sorted(ALL_PARAMS - EXPRESSIBLE))
def test_parameter_without_a_field_is_refused(name: str) -> None:
    with pytest.raises(UnsupportedParameterError, match=f"`{name}`"):
        WIRE.render_request(LLMRequest("m", HI, {name: 1}))


@pytest.mark.parametrize(
    ("levels", "effort", "think", "warned"),
    [
        (False, "none", False, False),
        (False, "high", True, False),
        (False, "low", True, True),
        (True, "minimal", "low", True),
        (True, "low", "low", False),
        (True, "medium", "medium", False),
        (True, "high", "high", False),
        (True, "max", "high", True),
    ],
)
def test_effort_is_a_level_or_yes_and_no(levels: bool, effort: str, think: object, warned: bool) -> None:
    wire = OllamaWire(OllamaDialect(thinking_levels=levels))
    rendered = wire.render_request(LLMRequest("m", HI, {"reasoning_effort": effort}))
    assert (rendered.body["think"], bool(rendered.warnings)) == (think, warned)


def test_model_with_levels_cannot_be_told_not_to_think() -> None:
    wire = OllamaWire(OllamaDialect(thinking_levels=True))
    with pytest.raises(UnsupportedParameterError, match="always thinks"):
        wire.render_request(LLMRequest("m", HI, {"reasoning_effort": "none"}))


def test_choice_of_no_tool_leaves_the_tools_out() -> None:
    def body(mode: Any) -> dict[str, Any]:
        choice = ToolChoice(mode, "look" if mode == "named" else None)
        return WIRE.render_request(LLMRequest("m", HI, tools=(TOOL,), tool_choice=choice)).body

    assert "tools" not in body("none")
    assert body("auto")["tools"] == [{"type": "function", "function": FUNCTION}]
    for mode in ("required", "named"):
        with pytest.raises(InvalidRequestError, match="leave `tool_choice` out"):
            body(mode)


def test_strict_is_left_out_with_a_warning() -> None:
    rendered = WIRE.render_request(LLMRequest("m", HI, tools=(Tool("look", strict=True),)))
    assert "strict" not in rendered.body["tools"][0]["function"]
    assert "'look': `strict`" in rendered.warnings[0]


def test_free_json_has_its_own_word() -> None:
    for kind, form in (("json_object", "json"), ("text", None)):
        rendered = WIRE.render_request(LLMRequest("m", HI, response_format=ResponseFormat(kind)))  # type: ignore[arg-type]  # both are kinds
        assert rendered.body.get("format") == form


def test_conversation_keeps_thoughts_calls_and_ids() -> None:
    own = ToolCall.parse("call_1_0", "look", '{"at":1}', origin="ollama")
    named = ToolCall.parse("c2", "look", "{}", item_id="c2", origin="ollama", extra={"sig": "x"})
    foreign = ToolCall.of("c3", "look", {})
    said = AssistantMessage(
        (ReasoningPart("hm", origin="ollama"), TextPart("a"), RefusalPart("b"), OpaquePart("ollama", {"images": ["i"]}),
         own, named, foreign)
    )  # fmt: skip
    messages, warnings = messages_of(
        SystemMessage("S"),
        DeveloperMessage("D"),
        UserMessage((TextPart("See"), ImagePart(data=PNG), ImagePart(url=f"data:image/png;base64,{PNG_TEXT}"))),
        said,
        ToolMessage("1", "call_1_0"),
        ToolMessage((TextPart("2"), ImagePart(data=PNG)), "c2", is_error=True),
        ToolMessage("", "c3", is_error=True),
        ToolMessage("4", "gone"),
    )
    assert messages == [
        {"role": "system", "content": "S"},
        {"role": "system", "content": "D"},
        {"role": "user", "content": "See", "images": [PNG_TEXT, PNG_TEXT]},
        {
            "role": "assistant",
            "content": "ab",
            "images": ["i"],
            "thinking": "hm",
            "tool_calls": [
                {"function": {"name": "look", "arguments": {"at": 1}}},
                {"id": "c2", "sig": "x", "function": {"name": "look", "arguments": {}}},
                {"id": "c3", "function": {"name": "look", "arguments": {}}},
            ],
        },
        {"role": "tool", "content": "1", "tool_name": "look"},
        {"role": "tool", "content": "Error: 2", "images": [PNG_TEXT], "tool_name": "look", "tool_call_id": "c2"},
        {"role": "tool", "content": "Error: the tool failed", "tool_name": "look", "tool_call_id": "c3"},
        {"role": "tool", "content": "4", "tool_call_id": "gone"},
    ]
    assert warnings == ()


def test_what_the_wire_cannot_carry_is_left_out_with_a_warning() -> None:
    messages, warnings = messages_of(
        UserMessage((TextPart("Hi"), CachePoint(), OpaquePart("gemini", {})), name="Ada"),
        AssistantMessage((ReasoningPart("x", origin="gemini"), OpaquePart("gemini", {"a": 1}), TextPart("b"),
                          ToolCall.parse("1", "look", "{"))),
    )  # fmt: skip
    assert [message["content"] for message in messages] == ["Hi", "b"]
    assert "thinking" not in messages[1]
    for words in ("cache points", "`name`", "reasoning of gemini", "a block of gemini", "arguments of a call to look"):
        assert any(words in warning for warning in warnings), words
    assert len(warnings) == 6


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (ImagePart(url="https://a.example/b.png"), "fetch_remote_media=True"),
        (ImagePart(url="data:image/png;base64,!"), "base64 is not valid"),
        (FilePart(data=b"%PDF-"), "no documents"),
        (AudioPart(data=b"RIFF"), "no sound"),
    ],
)
def test_media_that_the_server_cannot_read_is_refused(part: Part, words: str) -> None:
    with pytest.raises(MediaError, match=words):
        messages_of(UserMessage((part,)))


def test_embeddings_are_not_cut_unless_asked() -> None:
    wire = OllamaWire(OllamaDialect(context_tokens=512, keep_alive=0))
    rendered = wire.render_embeddings(EmbeddingRequest("m", ("a", "b"), 64))
    assert (rendered.path, rendered.body) == (
        "/api/embed",
        {
            "model": "m", "input": ["a", "b"], "truncate": False, "dimensions": 64, "options": {"num_ctx": 512},
            "keep_alive": 0,
        },
    )  # fmt: skip
    asked = EmbeddingRequest("m", ("a",), provider_options={"truncate": True})
    assert WIRE.render_embeddings(asked).body == {"model": "m", "input": ["a"], "truncate": True}
    with pytest.raises(InvalidRequestError, match="prefix"):
        WIRE.render_embeddings(EmbeddingRequest("m", ("a",), input_type="query"))
