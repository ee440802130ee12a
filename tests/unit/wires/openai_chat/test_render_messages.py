from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.llms.errors import InvalidRequestError
from core.llms.types.content import (
    AudioPart,
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
from core.llms.types.request import LLMRequest
from core.llms.wires.openai_chat import ChatDialect, OpenAIChatWire

PNG = b"\x89PNG\r\n\x1a\n1234"
PNG_URL = "data:image/png;base64,iVBORw0KGgoxMjM0"
CALL = ToolCall.of("call_1", "weather", {"city": "Oslo"})


def render(*messages: Message, **dialect: Any) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    rendered = OpenAIChatWire(ChatDialect(**dialect)).render_request(LLMRequest("m", messages))
    return rendered.body["messages"], rendered.warnings


def render_one(message: Message, **dialect: Any) -> dict[str, Any]:
    (rendered,), warnings = render(message, **dialect)
    assert warnings == ()
    return rendered


def render_part(part: Part) -> Any:
    return render_one(UserMessage([part]))["content"][0]


def test_messages_given_as_text_stay_text() -> None:
    messages, warnings = render(
        SystemMessage("a"), DeveloperMessage("b", "dev"), UserMessage("c", "ann"), AssistantMessage("d", "bot")
    )
    assert messages == [
        {"role": "system", "content": "a"},
        {"role": "developer", "content": "b", "name": "dev"},
        {"role": "user", "content": "c", "name": "ann"},
        {"role": "assistant", "content": "d", "name": "bot"},
    ]
    assert warnings == ()


def test_developer_message_becomes_a_system_message_where_the_dialect_says_so() -> None:
    assert render_one(DeveloperMessage("a"), developer_role="system") == {"role": "system", "content": "a"}


def test_messages_given_as_parts_become_blocks() -> None:
    assert render_one(UserMessage([TextPart("a")]))["content"] == [{"type": "text", "text": "a"}]
    assert render_one(SystemMessage([TextPart("a"), TextPart("b")]))["content"] == [
        {"type": "text", "text": "a"},
        {"type": "text", "text": "b"},
    ]


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (ImagePart(url="https://x.test/a.png"), {"url": "https://x.test/a.png"}),
        (ImagePart(url=PNG_URL, detail="low"), {"url": PNG_URL, "detail": "low"}),
        (ImagePart(data=PNG), {"url": PNG_URL}),
        (ImagePart(data=b"1", media_type="image/x"), {"url": "data:image/x;base64,MQ=="}),
    ],
)
def test_image_becomes_an_address_or_a_data_url(image: ImagePart, expected: dict[str, str]) -> None:
    assert render_part(image) == {"type": "image_url", "image_url": expected}


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (FilePart(file_id="file-1"), {"file_id": "file-1"}),
        (
            FilePart(data=b"%PDF-1.4", filename="a.pdf"),
            {"filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBERi0xLjQ="},
        ),
        (
            FilePart(url="data:application/pdf;base64,JVBERi0xLjQ="),
            {"filename": "document.pdf", "file_data": "data:application/pdf;base64,JVBERi0xLjQ="},
        ),
        (
            FilePart(data=b"a,b", media_type="text/csv"),
            {"filename": "document.csv", "file_data": "data:text/csv;base64,YSxi"},
        ),
        (FilePart(data=b"1", media_type="x/y"), {"filename": "document", "file_data": "data:x/y;base64,MQ=="}),
    ],
)
def test_file_becomes_an_id_or_its_data(file: FilePart, expected: dict[str, str]) -> None:
    assert render_part(file) == {"type": "file", "file": expected}


@pytest.mark.parametrize(
    ("audio", "expected"),
    [
        (AudioPart(data=b"abc", format="mp3"), {"data": "YWJj", "format": "mp3"}),
        (AudioPart(data=b"RIFF1234WAVE"), {"data": "UklGRjEyMzRXQVZF", "format": "wav"}),
    ],
)
def test_audio_becomes_its_data(audio: AudioPart, expected: dict[str, str]) -> None:
    assert render_part(audio) == {"type": "input_audio", "input_audio": expected}


@pytest.mark.parametrize(
    ("part", "problem"),
    [
        (ImagePart(path=Path("a.png")), "must be read before"),
        (FilePart(path=Path("a.pdf")), "must be read before"),
        (AudioPart(path=Path("a.wav")), "must be read before"),
        (ImagePart(data=b"1"), "give `media_type`"),
        (FilePart(data=b"1"), "give `media_type`"),
        (AudioPart(data=b"1"), "give `format`"),
        (FilePart(url="https://x.test/a.pdf"), 'pass its bytes or path, or create the LLM with wire="responses"'),
    ],
)
def test_media_that_the_wire_cannot_carry_is_refused_with_the_place_and_the_fix(part: Part, problem: str) -> None:
    with pytest.raises(InvalidRequestError, match=rf"messages\[1\]: .*{problem}"):
        render(UserMessage("a"), UserMessage([part]))


def test_user_block_of_this_wire_passes_and_of_another_is_left_out_with_a_warning() -> None:
    video = {"type": "video_url", "video_url": {"url": "https://x.test"}}
    messages, warnings = render(
        UserMessage([TextPart("a"), OpaquePart("openai_chat", video), OpaquePart("gemini", {"x": 1})])
    )
    assert messages == [{"role": "user", "content": [{"type": "text", "text": "a"}, video]}]
    assert warnings == ("messages[0]: a block of gemini was left out: the openai_chat wire cannot carry it",)


def test_assistant_message_with_tool_calls_keeps_their_arguments_as_received() -> None:
    odd = ToolCall.parse("call_2", "now", '{ "a":1 }')
    empty = ToolCall.parse("call_3", "now", "")
    assert render_one(AssistantMessage([CALL, odd, empty])) == {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": '{"city":"Oslo"}'}},
            {"id": "call_2", "type": "function", "function": {"name": "now", "arguments": '{ "a":1 }'}},
            {"id": "call_3", "type": "function", "function": {"name": "now", "arguments": "{}"}},
        ],
    }


@pytest.mark.parametrize(
    ("parts", "content"),
    [
        ([TextPart("a", ({"type": "url_citation"},))], "a"),
        ([TextPart("a"), TextPart("b")], [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]),
        ([], ""),
    ],
)
def test_assistant_message_of_one_text_is_a_string(parts: list[Part], content: Any) -> None:
    assert render_one(AssistantMessage(parts)) == {"role": "assistant", "content": content}


def test_assistant_refusal_goes_back_in_its_own_field() -> None:
    assert render_one(AssistantMessage([RefusalPart("No.")])) == {
        "role": "assistant",
        "content": None,
        "refusal": "No.",
    }


def test_reasoning_of_this_wire_goes_back_where_the_dialect_has_a_field() -> None:
    message = AssistantMessage([ReasoningPart("Hm.", origin="openai_chat"), TextPart("Yes."), CALL])
    rendered = render_one(message, reasoning_echo_field="reasoning_content")
    assert (rendered["content"], rendered["reasoning_content"]) == ("Yes.", "Hm.")
    (rendered,), warnings = render(message)
    assert set(rendered) == {"role", "content", "tool_calls"}
    assert warnings == ("messages[0]: reasoning was left out: the provider takes none back",)


@pytest.mark.parametrize("origin", ["anthropic_messages", None])
def test_reasoning_of_another_wire_is_left_out_with_a_warning(origin: str | None) -> None:
    part = ReasoningPart("Hm.", signature="s", origin=origin)
    messages, warnings = render(
        UserMessage("a"), AssistantMessage([part, TextPart("b")]), reasoning_echo_field="reasoning"
    )
    assert messages[1] == {"role": "assistant", "content": "b"}
    name = origin or "unknown origin"
    assert warnings == (f"messages[1]: reasoning of {name} was left out: the openai_chat wire cannot carry it",)


def test_opaque_block_of_another_wire_is_left_out_of_an_assistant_message_with_a_warning() -> None:
    messages, warnings = render(AssistantMessage([OpaquePart("gemini", {"x": 1}), TextPart("b")]))
    assert messages == [{"role": "assistant", "content": "b"}]
    assert warnings == ("messages[0]: a block of gemini was left out: the openai_chat wire cannot carry it",)


def test_custom_tool_call_goes_back_among_the_tool_calls() -> None:
    custom = {"id": "call_2", "type": "custom", "custom": {"name": "shell", "input": "ls"}}
    rendered = render_one(AssistantMessage([CALL, OpaquePart("openai_chat", custom)]))
    assert [call["id"] for call in rendered["tool_calls"]] == ["call_1", "call_2"]
    assert rendered["tool_calls"][1] == custom


def test_spoken_answer_goes_back_as_its_id_without_its_transcript() -> None:
    audio = {"id": "audio_1", "data": "AAAA", "transcript": "Hi.", "expires_at": 1}
    message = AssistantMessage([TextPart("Hi."), OpaquePart("openai_chat", {"type": "audio", "audio": audio})])
    assert render_one(message) == {"role": "assistant", "content": None, "audio": {"id": "audio_1"}}


def test_dialect_completes_an_assistant_message() -> None:
    def add_prefix(rendered: dict[str, Any], message: AssistantMessage) -> None:
        rendered["prefix"] = message.text == "a"

    assert render_one(AssistantMessage("a"), render_assistant=add_prefix)["prefix"] is True


@pytest.mark.parametrize(
    ("message", "content"),
    [
        (ToolMessage("4 °C", tool_call_id="call_1", name="weather"), "4 °C"),
        (ToolMessage("", tool_call_id="call_1"), ""),
        (ToolMessage([], tool_call_id="call_1"), ""),
        (ToolMessage([TextPart("4")], tool_call_id="call_1"), "4"),
        (
            ToolMessage([TextPart("4"), TextPart("5")], tool_call_id="call_1"),
            [{"type": "text", "text": "4"}, {"type": "text", "text": "5"}],
        ),
        (ToolMessage("no such city", tool_call_id="call_1", is_error=True), "Error: no such city"),
        (ToolMessage("", tool_call_id="call_1", is_error=True), "Error: the tool failed"),
    ],
)
def test_tool_result_is_text(message: ToolMessage, content: Any) -> None:
    assert render_one(message) == {"role": "tool", "tool_call_id": "call_1", "content": content}


def test_media_of_tool_results_follow_in_one_user_message_behind_the_turn() -> None:
    messages, warnings = render(
        AssistantMessage([CALL]),
        ToolMessage([TextPart("See:"), ImagePart(data=PNG)], tool_call_id="call_1"),
        ToolMessage([FilePart(file_id="file-1")], tool_call_id="call_2"),
        UserMessage("And?"),
        ToolMessage([ImagePart(url="https://x.test/a.png")], tool_call_id="call_3"),
    )
    assert messages[1:] == [
        {"role": "tool", "tool_call_id": "call_1", "content": "See:"},
        {"role": "tool", "tool_call_id": "call_2", "content": "The result follows in the next user message."},
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "The images that tool call call_1 returned:"},
                {"type": "image_url", "image_url": {"url": PNG_URL}},
                {"type": "text", "text": "The files that tool call call_2 returned:"},
                {"type": "file", "file": {"file_id": "file-1"}},
            ],
        },
        {"role": "user", "content": "And?"},
        {"role": "tool", "tool_call_id": "call_3", "content": "The result follows in the next user message."},
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "The images that tool call call_3 returned:"},
                {"type": "image_url", "image_url": {"url": "https://x.test/a.png"}},
            ],
        },
    ]
    assert [warning.partition(" went into")[0] for warning in warnings] == [
        "messages[1]: the images of a tool result",
        "messages[2]: the files of a tool result",
        "messages[4]: the images of a tool result",
    ]
