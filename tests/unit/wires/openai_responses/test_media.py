"""Images, files and sound in the input: exact parts, and what is refused before it goes out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.llms.errors import InvalidRequestError, MediaError
from core.llms.types.content import AudioPart, FilePart, ImagePart, TextPart
from core.llms.types.messages import Message, ToolMessage, UserMessage
from core.llms.wires.openai_responses.items import render_input

PNG = b"\x89PNG\r\n\x1a\n"


def render(*messages: Message) -> list[dict[str, Any]]:
    items, warnings = render_input(messages, "openai_responses")
    assert warnings == ()
    return items


def test_user_message_with_media_has_typed_parts() -> None:
    message = UserMessage(
        [
            TextPart("Compare."),
            ImagePart(url="https://example.org/a.png", detail="low"),
            ImagePart(data=PNG),
            FilePart(file_id="file_1"),
            FilePart(url="https://example.org/a.pdf"),
            FilePart(data=b"%PDF-1.7"),
            FilePart(url="data:text/csv;base64,YQ==", filename="a.csv"),
        ]
    )
    assert render(message) == [
        {
            "role": "user",
            "content": [
                {"type": "input_text", "text": "Compare."},
                {"type": "input_image", "detail": "low", "image_url": "https://example.org/a.png"},
                {"type": "input_image", "detail": "auto", "image_url": "data:image/png;base64,iVBORw0KGgo="},
                {"type": "input_file", "file_id": "file_1"},
                {"type": "input_file", "file_url": "https://example.org/a.pdf"},
                {
                    "type": "input_file",
                    "filename": "document.pdf",
                    "file_data": "data:application/pdf;base64,JVBERi0xLjc=",
                },
                {"type": "input_file", "filename": "a.csv", "file_data": "data:text/csv;base64,YQ=="},
            ],
        }
    ]


def test_audio_is_refused_naming_the_other_wire() -> None:
    messages = [UserMessage("Listen:"), UserMessage([AudioPart(data=b"RIFF", format="wav")])]
    with pytest.raises(InvalidRequestError, match=r'messages\[1\]: .*wire="chat"'):
        render(*messages)


@pytest.mark.parametrize(
    ("part", "problem"),
    [
        (ImagePart(path=Path("a.png")), "path"),
        (FilePart(path=Path("a.pdf")), "path"),
        (ImagePart(data=b"?"), "media_type"),
        (FilePart(data=b"a,b"), "media_type"),
    ],
)
def test_media_without_bytes_or_type_is_refused(part: ImagePart | FilePart, problem: str) -> None:
    with pytest.raises(MediaError, match=problem):
        render(UserMessage([part]))


def test_tool_message_with_media_is_a_list_of_parts() -> None:
    message = ToolMessage([TextPart("See:"), ImagePart(url="https://example.org/a.png")], tool_call_id="call_1")
    assert render(message)[0]["output"] == [
        {"type": "input_text", "text": "See:"},
        {"type": "input_image", "detail": "auto", "image_url": "https://example.org/a.png"},
    ]


def test_tool_message_of_a_failure_with_media_says_so_first() -> None:
    message = ToolMessage([ImagePart(url="https://example.org/a.png")], tool_call_id="call_1", is_error=True)
    assert render(message)[0]["output"][0] == {"type": "input_text", "text": "Error: "}
