"""What goes out: messages of every role, media, and conversations that began elsewhere."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from core.llms.errors import InvalidRequestError, MediaError
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
from core.llms.wires.base import RenderedRequest
from core.llms.wires.gemini import GeminiDialect, GeminiWire

PNG = b"\x89PNG\r\n\x1a\n-"
INLINE_PNG = {"inlineData": {"mimeType": "image/png", "data": base64.b64encode(PNG).decode()}}
OWN = "gemini"
OLDER = GeminiDialect(checks_signatures=False, media_in_results=False)
VERTEX = GeminiDialect(requires_media_type=True)
ASK = UserMessage("?")


def render(*messages: Message, dialect: GeminiDialect = GeminiDialect()) -> RenderedRequest:  # noqa: B008 - frozen
    return GeminiWire(dialect).render_request(LLMRequest("gemini-x", messages))


def parts_of(*parts: Part, dialect: GeminiDialect = GeminiDialect()) -> list[dict[str, Any]]:  # noqa: B008 - frozen
    (content,) = render(UserMessage(parts), dialect=dialect).body["contents"]
    assert content["role"] == "user"
    parts_sent: list[dict[str, Any]] = content["parts"]
    return parts_sent


def test_instructions_of_both_kinds_stand_above_the_conversation() -> None:
    rendered = render(SystemMessage("Be brief."), DeveloperMessage([TextPart("In English."), TextPart("")]), ASK)
    assert rendered.body == {
        "contents": [{"role": "user", "parts": [{"text": "?"}]}],
        "systemInstruction": {"role": "user", "parts": [{"text": "Be brief."}, {"text": "In English."}]},
    }
    assert rendered.warnings == ()


def test_instructions_within_the_conversation_move_to_the_front_with_a_warning() -> None:
    rendered = render(ASK, SystemMessage("Now in French."), UserMessage("!"))
    assert rendered.body["systemInstruction"]["parts"] == [{"text": "Now in French."}]
    assert [content["parts"][0]["text"] for content in rendered.body["contents"]] == ["?", "!"]
    assert rendered.warnings == (
        "messages[1]: the instructions moved to the front: the gemini wire has one place for them",
    )


def test_name_is_left_out_with_a_warning() -> None:
    rendered = render(UserMessage("?", name="ada"))
    assert rendered.warnings == ("messages[0]: `name` was left out: the gemini wire has no place for it",)


@pytest.mark.parametrize(
    ("part", "sent"),
    [
        (TextPart("a"), {"text": "a"}),
        (ImagePart(data=PNG), INLINE_PNG),
        (ImagePart(url="data:image/png;base64," + base64.b64encode(PNG).decode()), INLINE_PNG),
        (
            ImagePart(url="https://a.example/b.jpg?c"),
            {"fileData": {"mimeType": "image/jpeg", "fileUri": "https://a.example/b.jpg?c"}},
        ),
        (ImagePart(url="https://a.example/b"), {"fileData": {"fileUri": "https://a.example/b"}}),
        (
            FilePart(data=b"%PDF-1.4", filename="a.pdf"),
            {"inlineData": {"mimeType": "application/pdf", "data": "JVBERi0xLjQ="}},
        ),
        (FilePart(data=b"a,b", media_type="text/csv"), {"inlineData": {"mimeType": "text/csv", "data": "YSxi"}}),
        (FilePart(url="gs://b/a.mp4"), {"fileData": {"mimeType": "video/mp4", "fileUri": "gs://b/a.mp4"}}),
        (FilePart(url="https://youtu.be/1"), {"fileData": {"fileUri": "https://youtu.be/1"}}),
        (
            FilePart(file_id="files/1", media_type="video/mp4"),
            {
                "fileData": {
                    "mimeType": "video/mp4",
                    "fileUri": "https://generativelanguage.googleapis.com/v1beta/files/1",
                }
            },
        ),
        (FilePart(file_id="https://x/files/1"), {"fileData": {"fileUri": "https://x/files/1"}}),
        (AudioPart(data=b"RIFF____WAVE"), {"inlineData": {"mimeType": "audio/wav", "data": "UklGRl9fX19XQVZF"}}),
        (AudioPart(data=b"x", format="mp3"), {"inlineData": {"mimeType": "audio/mpeg", "data": "eA=="}}),
        (AudioPart(data=b"x", format="flac"), {"inlineData": {"mimeType": "audio/flac", "data": "eA=="}}),
        (OpaquePart(OWN, {"videoMetadata": {"fps": 2}}), {"videoMetadata": {"fps": 2}}),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, dict) else "",
)  # fmt: skip
def test_part_of_a_user_message(part: Part, sent: dict[str, Any]) -> None:
    assert parts_of(part) == [sent]


def test_media_by_address_say_their_type_where_the_host_wants_it() -> None:
    assert parts_of(FilePart(url="https://www.youtube.com/watch?v=1"), dialect=VERTEX) == [
        {"fileData": {"mimeType": "video/mp4", "fileUri": "https://www.youtube.com/watch?v=1"}}
    ]
    with pytest.raises(MediaError, match=r"messages\[0\].*give `media_type`"):
        parts_of(ImagePart(url="https://a.example/b"), dialect=VERTEX)


@pytest.mark.parametrize(
    ("part", "problem"),
    [
        (ImagePart(path=Path("a.png")), "must be read before"),
        (FilePart(data=b"\x00"), "give `media_type`"),
        (AudioPart(data=b"\x00"), "give `format`"),
        (FilePart(file_id="1234"), "files/…"),
        (ImagePart(url="data:image/png,x"), "data URL"),
    ],
    ids=["path", "file", "audio", "file_id", "data_url"],
)
def test_media_that_cannot_be_sent_name_the_place_and_the_fix(part: Part, problem: str) -> None:
    with pytest.raises(MediaError, match=rf"messages\[0\].*{problem}"):
        parts_of(part)


def test_what_the_wire_has_no_place_for_is_named() -> None:
    detailed = ImagePart(data=PNG, detail="high")
    cited = FilePart(data=b"%PDF-1.4", citations=True)
    rendered = render(UserMessage([detailed, cited, OpaquePart("other", {"a": 1})]))
    assert len(rendered.body["contents"][0]["parts"]) == 2
    first, second, third = rendered.warnings
    assert "`detail` of an image was left out" in first
    assert "`citations` was left out" in second
    assert "a block of other was left out" in third


def test_own_parts_go_back_in_order_with_their_signatures() -> None:
    code = {"executableCode": {"code": "1"}, "thoughtSignature": "s4"}
    odd_thought = {"text": "x", "thought": True, "other": 1}
    answer = AssistantMessage(
        (
            ReasoningPart("hm", origin=OWN),
            ReasoningPart("so", "s1", origin=OWN),
            ReasoningPart("x", origin=OWN, raw=odd_thought),
            TextPart("a", origin=OWN, extra={"thoughtSignature": "s2"}),
            OpaquePart(OWN, code),
            ToolCall("c1", "f", {"b": 1}, '{"b":1}', item_id="c1", signature="s3", origin=OWN),
            ToolCall("made", "g", {}, "{}", origin=OWN, extra={"partMetadata": {"k": 1}}),
            TextPart("", origin=OWN, extra={"thoughtSignature": "s5"}),
            TextPart(""),
        )
    )
    rendered = render(ASK, answer)
    assert rendered.warnings == ()
    assert rendered.body["contents"][1] == {
        "role": "model",
        "parts": [
            {"text": "hm", "thought": True},
            {"text": "so", "thought": True, "thoughtSignature": "s1"},
            odd_thought,
            {"text": "a", "thoughtSignature": "s2"},
            code,
            {"functionCall": {"id": "c1", "name": "f", "args": {"b": 1}}, "thoughtSignature": "s3"},
            {"functionCall": {"name": "g", "args": {}}, "partMetadata": {"k": 1}},
            {"text": "", "thoughtSignature": "s5"},
        ],
    }


FOREIGN = AssistantMessage(
    (
        ReasoningPart("hm", "enc", origin="anthropic_messages"),
        OpaquePart("openai_responses", {"type": "x"}),
        TextPart("Let me see.", origin="openai_responses", extra={"id": "msg_1"}),
        ToolCall("call_1", "f", {"a": 1}, '{"a":1}', item_id="fc_1", signature="theirs", origin="openai_responses"),
        ToolCall.of("call_2", "g", {}),
        RefusalPart("No."),
    )
)
RESULTS = (ToolMessage("one", "call_1"), ToolMessage("two", "call_2", is_error=True))


def test_conversation_of_another_provider_goes_on() -> None:
    rendered = render(ASK, FOREIGN, *RESULTS)
    assert rendered.body["contents"][1:] == [
        {
            "role": "model",
            "parts": [
                {"text": "Let me see."},
                {
                    "functionCall": {"id": "call_1", "name": "f", "args": {"a": 1}},
                    "thoughtSignature": "skip_thought_signature_validator",
                },
                {"functionCall": {"id": "call_2", "name": "g", "args": {}}},
                {"text": "No."},
            ],
        },
        {
            "role": "user",
            "parts": [
                {"functionResponse": {"id": "call_1", "name": "f", "response": {"output": "one"}}},
                {"functionResponse": {"id": "call_2", "name": "g", "response": {"error": "two"}}},
            ],
        },
    ]
    assert rendered.warnings == (
        "messages[1]: signatures of openai_responses were left out: no other vendor reads them",
        "messages[1]: reasoning of anthropic_messages was left out: the gemini wire cannot carry it",
        "messages[1]: a block of openai_responses was left out: the gemini wire cannot carry it",
        "messages[1]: a tool call has no signature of this model: its check is skipped",
    )


def test_signature_is_not_made_up_for_an_older_model_or_an_older_turn() -> None:
    for rendered in (render(ASK, FOREIGN, *RESULTS, dialect=OLDER), render(ASK, FOREIGN, *RESULTS, UserMessage("!"))):
        assert "thoughtSignature" not in str(rendered.body)


def test_own_call_without_an_id_is_answered_without_one() -> None:
    answer = AssistantMessage((ToolCall("call_r_0_0", "f", {}, "{}", signature="s", origin=OWN),))
    rendered = render(ASK, answer, ToolMessage("ok", "call_r_0_0"))
    assert rendered.body["contents"][2]["parts"] == [{"functionResponse": {"name": "f", "response": {"output": "ok"}}}]


def test_result_of_an_unknown_call_needs_its_name() -> None:
    with pytest.raises(InvalidRequestError, match=r"messages\[1\]: no call 'c9'.*`name`"):
        render(ASK, ToolMessage("ok", "c9"))
    rendered = render(ASK, ToolMessage("ok", "c9", name="f"))
    assert rendered.body["contents"][1]["parts"][0]["functionResponse"]["id"] == "c9"


def test_media_of_a_result_are_in_it() -> None:
    result = ToolMessage([TextPart("a dot"), ImagePart(data=PNG)], "call_1")
    (content,) = render(ASK, FOREIGN, result).body["contents"][2:]
    function = {"id": "call_1", "name": "f", "response": {"output": "a dot"}, "parts": [INLINE_PNG]}
    assert content["parts"] == [{"functionResponse": function}]


def test_media_of_a_result_stand_behind_the_results_of_an_older_model() -> None:
    shown = ToolMessage([ImagePart(data=PNG)], "call_1")
    rendered = render(ASK, FOREIGN, shown, ToolMessage("two", "call_2"), dialect=OLDER)
    assert rendered.body["contents"][2]["parts"] == [
        {"functionResponse": {"id": "call_1", "name": "f", "response": {"output": "The result follows."}}},
        {"functionResponse": {"id": "call_2", "name": "g", "response": {"output": "two"}}},
        {"text": "What the function f returned:"},
        INLINE_PNG,
    ]
    assert "messages[2]: the media of a tool result went behind the results" in rendered.warnings[-1]


def test_arguments_that_are_no_object_are_left_out_with_a_warning() -> None:
    rendered = render(ASK, AssistantMessage((ToolCall.parse("c", "f", "[1"),)), dialect=OLDER)
    assert rendered.body["contents"][1]["parts"] == [{"functionCall": {"id": "c", "name": "f", "args": {}}}]
    assert "the arguments of a call to f were left out" in rendered.warnings[0]


def test_message_with_nothing_to_send_is_left_out_with_a_warning() -> None:
    rendered = render(ASK, AssistantMessage(""), UserMessage("!"))
    assert len(rendered.body["contents"]) == 2
    assert rendered.warnings == ("messages[1]: the message was left out: nothing in it can be sent on the gemini wire",)
