"""Images, files and sound: what their bytes say, with and without Pillow."""

from __future__ import annotations

import base64
import io
import sys
import wave

import pytest

from core.llms.simulator import Simulator
from core.llms.simulator.conversation import Image
from core.llms.simulator.images import ImageFacts, NotAnImageError, main_colour, read_image
from core.llms.simulator.openai import media
from core.llms.simulator.sights import describe_part, wav_seconds
from tests.unit.simulator.calls import CHAT, content, post
from tests.unit.simulator.pictures import data_url, picture


def sound(seconds: float) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(8000)
        writer.writeframes(b"\0\0" * int(8000 * seconds))
    return buffer.getvalue()


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "GIF", "WEBP"])
def test_size_and_format_come_from_the_header(image_format: str) -> None:
    facts = read_image(picture(37, 21, "green", image_format))
    assert facts == ImageFacts(image_format.lower(), 37, 21)  # type: ignore[arg-type]  # the parameter is one of the formats


@pytest.mark.parametrize("colour", ["red", "blue", "black", "white", "yellow", "purple"])
def test_main_colour_is_named(colour: str) -> None:
    assert main_colour(picture(20, 20, colour)) == colour


@pytest.mark.parametrize("data", [b"", b"GIF", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"RIFF0000WEBPVP9 ", b"text"])
def test_what_is_no_image_is_refused(data: bytes) -> None:
    with pytest.raises(NotAnImageError):
        read_image(data)


def test_colour_needs_the_extra_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    data = picture(5, 6)
    monkeypatch.setitem(sys.modules, "PIL", None)
    assert describe_part(Image(data=data), 1) == (
        "Image 1 is a PNG of 5×6 pixels; its colour needs the `simulator` extra."
    )


def test_durations_of_wav_files() -> None:
    assert wav_seconds(sound(1.5)) == pytest.approx(1.5)
    assert wav_seconds(b"ID3 mp3") is None


async def test_chat_hears_a_sound_clip(sim: Simulator) -> None:
    data = sound(0.5)
    part = {"type": "input_audio", "input_audio": {"data": base64.b64encode(data).decode(), "format": "wav"}}
    received = await post(sim, CHAT, content(part) | {"model": "gpt-audio"})
    text = received.json["choices"][0]["message"]["content"]
    assert text == f"Audio 1 is WAV of {len(data)} bytes, 0.50 seconds long."
    broken = {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}}
    refused = await post(sim, CHAT, content(broken) | {"model": "gpt-audio"})
    assert refused.error["code"] == "invalid_value"


async def test_chat_names_files_and_their_size(sim: Simulator) -> None:
    file = {"filename": "report.pdf", "file_data": data_url(b"%PDF-1.4", "application/pdf")}
    received = await post(sim, CHAT, content({"type": "file", "file": file}) | {"model": "gpt-4o"})
    assert received.json["choices"][0]["message"]["content"] == "File 1 is 'report.pdf' of 8 bytes."
    reference = {"type": "file", "file": {"file_id": "file-123"}}
    received = await post(sim, CHAT, content(reference) | {"model": "gpt-4o"})
    assert "given by reference only" in received.json["choices"][0]["message"]["content"]


async def test_search_models_cite_a_source(sim: Simulator) -> None:
    body = {
        "model": "gpt-4o-search-preview",
        "messages": [{"role": "user", "content": "News?"}],
        "web_search_options": {},
    }
    message = (await post(sim, CHAT, body)).json["choices"][0]["message"]
    citation = message["annotations"][0]["url_citation"]
    assert citation["url"] in message["content"][citation["start_index"] : citation["end_index"]]


async def test_oversized_images_are_refused(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "_MOST_IMAGE_BYTES", 10)
    part = {"type": "image_url", "image_url": {"url": data_url(picture(30, 30))}}
    received = await post(sim, CHAT, content(part) | {"model": "gpt-4o"})
    assert (received.status, received.error["code"]) == (400, "image_too_large")
