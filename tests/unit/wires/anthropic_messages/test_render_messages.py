from __future__ import annotations

import base64
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
    render_data_url,
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
from core.llms.types.tools import Tool
from core.llms.wires.anthropic_messages import AnthropicMessagesWire, MessagesDialect
from tests.unit.simulator.pictures import picture

ORIGIN = "anthropic_messages"
MID = MessagesDialect(system_in_messages=True)
PNG = picture(2, 2)
PDF = b"%PDF-1.4\n%%EOF"
HELLO = UserMessage("Hello!")


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def render(*messages: Message, dialect: MessagesDialect = MID, **fields: Any) -> dict[str, Any]:
    """The conversation as rendered, with the warnings where there are any."""
    rendered = AnthropicMessagesWire(dialect).render_request(LLMRequest("claude-test", messages, **fields))
    kept: dict[str, Any] = {
        name: rendered.body[name] for name in ("system", "messages", "tools") if name in rendered.body
    }
    return {**kept, "warnings": rendered.warnings} if rendered.warnings else kept


def content_of(*parts: Any) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = render(UserMessage(parts))["messages"][0]["content"]
    return blocks


def test_system_messages_at_the_beginning_stand_above() -> None:
    assert render(SystemMessage("Be brief."), HELLO) == {
        "system": "Be brief.",
        "messages": [{"role": "user", "content": "Hello!"}],
    }
    assert render(SystemMessage("Be brief."), DeveloperMessage("In English."), HELLO)["system"] == [
        {"type": "text", "text": "Be brief."},
        {"type": "text", "text": "In English."},
    ]


@pytest.mark.parametrize("following", [(), (AssistantMessage("Hi."), HELLO)])
def test_system_message_stays_behind_a_question_where_the_model_takes_it(following: tuple[Message, ...]) -> None:
    rendered = render(HELLO, SystemMessage("Now in French."), *following)
    assert rendered["messages"][1] == {"role": "system", "content": "Now in French."}
    assert "warnings" not in rendered and "system" not in rendered


def test_system_messages_in_a_row_become_one() -> None:
    rendered = render(HELLO, SystemMessage("A."), DeveloperMessage("B."))
    assert rendered["messages"][1:] == [
        {"role": "system", "content": [{"type": "text", "text": "A."}, {"type": "text", "text": "B."}]}
    ]


@pytest.mark.parametrize(
    ("dialect", "messages"),
    [
        (MessagesDialect(), (HELLO, SystemMessage("Late."))),
        (MID, (HELLO, SystemMessage("Late."), HELLO)),
        (MID, (HELLO, AssistantMessage("Hi."), SystemMessage("Late."), HELLO)),
        (MID, (HELLO, AssistantMessage("Hi."), SystemMessage("Late."))),
    ],
)
def test_system_message_moves_to_the_top_where_it_cannot_stand(
    dialect: MessagesDialect, messages: tuple[Message, ...]
) -> None:
    rendered = render(SystemMessage("First."), *messages, dialect=dialect)
    assert [block["text"] for block in rendered["system"]] == ["First.", "Late."]
    assert all(message["role"] != "system" for message in rendered["messages"])
    (warning,) = rendered["warnings"]
    assert "the system message moved to the top" in warning


def test_messages_of_the_same_role_stay_apart() -> None:
    rendered = render(HELLO, HELLO, AssistantMessage("a"), AssistantMessage("b"))
    assert [message["role"] for message in rendered["messages"]] == ["user", "user", "assistant", "assistant"]


def test_conversation_of_system_messages_alone_is_refused() -> None:
    with pytest.raises(InvalidRequestError, match="at least one message beside the system's"):
        render(SystemMessage("Be brief."))


def test_name_is_left_out_with_a_warning() -> None:
    rendered = render(UserMessage("Hi", name="ada"))
    assert rendered["warnings"] == ("messages[0]: `name` was left out: this API has no place for it",)


@pytest.mark.parametrize("content", ["", " \n", (TextPart(""), TextPart(" "))])
def test_empty_question_is_refused(content: Any) -> None:
    with pytest.raises(InvalidRequestError, match=r"messages\[1\] is empty"):
        render(HELLO, UserMessage(content))


def test_empty_answer_is_left_out_with_a_warning() -> None:
    rendered = render(HELLO, AssistantMessage(" "), HELLO)
    assert len(rendered["messages"]) == 2
    assert rendered["warnings"] == ("messages[1]: the answer was left out: there is nothing in it that can go back",)


def test_blank_text_is_left_out_where_there_is_no_other() -> None:
    call = ToolCall.of("c1", "f", {})
    rendered = render(HELLO, AssistantMessage((TextPart("\n"), call)))
    assert [block["type"] for block in rendered["messages"][1]["content"]] == ["tool_use"]
    blocks = content_of(TextPart("a"), TextPart(" "), TextPart(""))
    assert [block["text"] for block in blocks] == ["a", " "]


def test_image_of_bytes_data_url_and_address() -> None:
    source = {"type": "base64", "media_type": "image/png", "data": encoded(PNG)}
    blocks = content_of(
        ImagePart(data=PNG),
        ImagePart(url=render_data_url("image/png", PNG)),
        ImagePart(data=PNG, media_type="image/jpeg"),
        ImagePart(url="https://example.com/a.png"),
    )
    assert blocks == [
        *[{"type": "image", "source": source}] * 3,
        {"type": "image", "source": {"type": "url", "url": "https://example.com/a.png"}},
    ]


def test_image_detail_is_left_out_with_a_warning() -> None:
    rendered = render(UserMessage([ImagePart(data=PNG, detail="low")]))
    assert "`detail` was left out" in rendered["warnings"][0]
    assert "warnings" not in render(UserMessage([ImagePart(data=PNG, detail="auto")]))


@pytest.mark.parametrize(
    ("part", "problem"),
    [
        (ImagePart(data=b"BM" + bytes(12) + b"\x28\0\0\0"), "not image/bmp"),
        (ImagePart(data=b"nothing"), "not unknown"),
        (ImagePart(url="data:image/png,x"), "data URL"),
        (FilePart(data=b"\xff\xfe\x00"), "PDF or text in UTF-8"),
        (FilePart(data=PNG), "give it as an ImagePart"),
        (FilePart(data=b"PK\x03\x04"), "turn it into a PDF"),
        (ImagePart(path="a.png"), "must be read before"),  # type: ignore[arg-type]  # a path is not looked at here
    ],
)
def test_media_that_the_vendor_does_not_take_is_refused(part: Any, problem: str) -> None:
    with pytest.raises(MediaError, match=problem):
        content_of(part)


def test_address_is_refused_where_the_host_does_not_fetch() -> None:
    dialect = MessagesDialect(takes_addresses=False)
    for part in (ImagePart(url="https://example.com/a.png"), FilePart(url="https://example.com/a.pdf")):
        with pytest.raises(MediaError, match="cannot be given by its address here"):
            render(UserMessage([part]), dialect=dialect)


def test_sound_is_refused() -> None:
    with pytest.raises(InvalidRequestError, match="takes no sound"):
        content_of(AudioPart(data=b"RIFF"))


def test_documents_of_every_source() -> None:
    blocks = content_of(
        FilePart(data=PDF, filename="a.pdf", citations=True),
        FilePart(data="Grüße".encode(), filename="a.txt"),
        FilePart(data=b'{"a": 1}', media_type="application/json"),
        FilePart(url="https://example.com/a.pdf"),
        FilePart(url=render_data_url("application/pdf", PDF)),
        FilePart(file_id="file_1"),
        FilePart(file_id="file_2", media_type="image/png"),
    )
    pdf = {"type": "base64", "media_type": "application/pdf", "data": encoded(PDF)}
    assert blocks == [
        {"type": "document", "source": pdf, "title": "a.pdf", "citations": {"enabled": True}},
        {
            "type": "document",
            "source": {"type": "text", "media_type": "text/plain", "data": "Grüße"},
            "title": "a.txt",
        },
        {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": '{"a": 1}'}},
        {"type": "document", "source": {"type": "url", "url": "https://example.com/a.pdf"}},
        {"type": "document", "source": pdf},
        {"type": "document", "source": {"type": "file", "file_id": "file_1"}},
        {"type": "image", "source": {"type": "file", "file_id": "file_2"}},
    ]


def test_own_blocks_of_the_user_pass_and_foreign_ones_do_not() -> None:
    own = OpaquePart(ORIGIN, {"type": "container_upload", "file_id": "file_1"})
    rendered = render(UserMessage([TextPart("Hi"), own, OpaquePart("gemini", {"x": 1})]))
    assert rendered["messages"][0]["content"][1:] == [{"type": "container_upload", "file_id": "file_1"}]
    assert rendered["warnings"] == (
        "messages[0]: a block of gemini was left out: the anthropic_messages wire cannot carry it",
    )


def test_results_in_a_row_are_one_user_message_in_order() -> None:
    calls = (ToolCall.of("c1", "f", {"a": 1}), ToolCall.parse("c2", "g", ""))
    rendered = render(
        HELLO,
        AssistantMessage(calls),
        ToolMessage("rain", "c1"),
        ToolMessage([TextPart("see"), ImagePart(data=PNG), FilePart(data=PDF)], "c2"),
        UserMessage("And?"),
    )
    pdf = {"type": "base64", "media_type": "application/pdf", "data": encoded(PDF)}
    png = {"type": "base64", "media_type": "image/png", "data": encoded(PNG)}
    assert rendered["messages"][1:] == [
        {
            "role": "assistant",
            "content": [
                {"type": "tool_use", "id": "c1", "name": "f", "input": {"a": 1}},
                {"type": "tool_use", "id": "c2", "name": "g", "input": {}},
            ],
        },
        {
            "role": "user",
            "content": [
                {"type": "tool_result", "tool_use_id": "c1", "content": "rain"},
                {
                    "type": "tool_result",
                    "tool_use_id": "c2",
                    "content": [
                        {"type": "text", "text": "see"},
                        {"type": "image", "source": png},
                        {"type": "document", "source": pdf},
                    ],
                },
            ],
        },
        {"role": "user", "content": "And?"},
    ]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (ToolMessage("", "c1"), {}),
        (ToolMessage("", "c1", is_error=True), {"content": "the tool failed", "is_error": True}),
        (ToolMessage("no", "c1", is_error=True), {"content": "no", "is_error": True}),
    ],
)
def test_result_without_content_or_with_an_error(message: ToolMessage, expected: dict[str, Any]) -> None:
    rendered = render(HELLO, AssistantMessage([ToolCall.of("c1", "f", {})]), message)
    assert rendered["messages"][2]["content"] == [{"type": "tool_result", "tool_use_id": "c1", **expected}]


def test_call_ids_of_other_vendors_are_written_in_the_letters_taken() -> None:
    rendered = render(HELLO, AssistantMessage([ToolCall.of("a.b:1", "f", {})]), ToolMessage("x", "a.b:1"))
    assert rendered["messages"][1]["content"][0]["id"] == "a_b_1"
    assert rendered["messages"][2]["content"][0]["tool_use_id"] == "a_b_1"


def test_arguments_that_are_no_object_go_as_text_with_a_warning() -> None:
    rendered = render(HELLO, AssistantMessage([ToolCall.parse("c1", "f", '{"a": ')]))
    assert rendered["messages"][1]["content"][0]["input"] == {"INVALID_JSON": '{"a": '}
    assert "went out as text" in rendered["warnings"][0]


def test_reasoning_goes_back_in_order_and_whole() -> None:
    raw = {"type": "thinking", "thinking": "Hm.", "signature": "s1", "later": 1}
    message = AssistantMessage(
        [
            ReasoningPart("Hm.", "s1", origin=ORIGIN, raw=raw),
            ReasoningPart("So.", "s2", origin=ORIGIN),
            ReasoningPart(redacted="xyz", origin=ORIGIN),
            TextPart("Yes."),
        ]
    )
    assert render(HELLO, message)["messages"][1]["content"] == [
        raw,
        {"type": "thinking", "thinking": "So.", "signature": "s2"},
        {"type": "redacted_thinking", "data": "xyz"},
        {"type": "text", "text": "Yes."},
    ]


def test_reasoning_of_others_and_without_signature_is_left_out_with_a_warning() -> None:
    parts = (ReasoningPart("a", "s", origin="gemini"), ReasoningPart("b", origin=ORIGIN), TextPart("Yes."))
    rendered = render(HELLO, AssistantMessage(parts))
    assert rendered["messages"][1]["content"] == [{"type": "text", "text": "Yes."}]
    assert rendered["warnings"] == (
        "messages[1]: reasoning of gemini was left out: the anthropic_messages wire cannot carry it",
        "messages[1]: reasoning without `signature` was left out: it cannot go back",
    )


def test_citations_and_extras_go_back_to_this_wire_alone() -> None:
    citation = {"type": "char_location", "cited_text": "x"}
    own = TextPart("a", (citation,), ORIGIN, {"later": 1})
    foreign = TextPart("b", ({"type": "url_citation"},), "openai_responses", {"id": "m"})
    call = ToolCall.parse("c1", "f", "{}", origin=ORIGIN, extra={"caller": {"type": "direct"}})
    other = ToolCall.parse("c2", "f", "{}", origin="openai_chat", extra={"x": 1})
    assert render(HELLO, AssistantMessage([own, foreign, call, other]))["messages"][1]["content"] == [
        {"type": "text", "text": "a", "later": 1, "citations": [citation]},
        {"type": "text", "text": "b"},
        {"type": "tool_use", "id": "c1", "name": "f", "input": {}, "caller": {"type": "direct"}},
        {"type": "tool_use", "id": "c2", "name": "f", "input": {}},
    ]


def test_refusal_of_another_vendor_goes_as_text_and_the_vendors_explanation_stays() -> None:
    message = AssistantMessage([RefusalPart("I won't."), RefusalPart("Policy.", origin=ORIGIN)])
    assert render(HELLO, message)["messages"][1]["content"] == [{"type": "text", "text": "I won't."}]


MARK = {"type": "ephemeral"}
HOUR = {"type": "ephemeral", "ttl": "1h"}


def test_cache_points_mark_the_block_before_them() -> None:
    rendered = render(
        SystemMessage([TextPart("Rules."), CachePoint("1h")]),
        UserMessage([TextPart("Book."), CachePoint(), TextPart("Question?")]),
        AssistantMessage([TextPart("A."), ReasoningPart("x", "s", origin=ORIGIN), CachePoint()]),
        ToolMessage([TextPart("result"), CachePoint()], "c1"),
    )
    assert rendered["system"] == [{"type": "text", "text": "Rules.", "cache_control": HOUR}]
    first, second, third = rendered["messages"]
    assert first["content"] == [
        {"type": "text", "text": "Book.", "cache_control": MARK},
        {"type": "text", "text": "Question?"},
    ]
    assert second["content"][0]["cache_control"] == MARK
    assert "cache_control" not in second["content"][1]
    assert third["content"][0]["cache_control"] == MARK
    assert "warnings" not in rendered


def test_cache_point_at_the_beginning_marks_what_stands_before() -> None:
    tools = (Tool("f"), Tool("g"))
    rendered = render(SystemMessage([CachePoint("1h"), TextPart("Rules.")]), HELLO, tools=tools)
    assert [tool.get("cache_control") for tool in rendered["tools"]] == [None, HOUR]
    rendered = render(HELLO, AssistantMessage("Hi."), UserMessage([CachePoint(), TextPart("And?")]))
    assert rendered["messages"][1]["content"] == [{"type": "text", "text": "Hi.", "cache_control": MARK}]


def test_cache_point_with_nothing_before_it_is_left_out_with_a_warning() -> None:
    rendered = render(UserMessage([CachePoint(), TextPart("Hi")]))
    assert "nothing stands before it" in rendered["warnings"][0]


def test_cache_points_beyond_four_leave_the_last_four() -> None:
    messages = [UserMessage([TextPart(f"{number}"), CachePoint()]) for number in range(6)]
    rendered = render(*messages)
    marked = [message["content"][0]["text"] for message in rendered["messages"] if len(message["content"][0]) == 3]
    assert marked == ["2", "3", "4", "5"]
    assert rendered["warnings"] == ("2 cache points were left out: the vendor takes 4, the last stay",)


def test_rendering_leaves_the_request_as_it_is() -> None:
    citation = {"type": "char_location"}
    message = AssistantMessage([TextPart("a", (citation,), ORIGIN), CachePoint()])
    before = repr(message)
    render(HELLO, message)
    assert repr(message) == before and citation == {"type": "char_location"}
