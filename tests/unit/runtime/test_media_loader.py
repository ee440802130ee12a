"""Loading and checking of media, with real files and real images."""

from __future__ import annotations

import base64
import io
import os
import subprocess
import sys
import wave
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from core.llms.errors import InvalidRequestError, MediaError
from core.llms.runtime import remote_media
from core.llms.runtime.media_checks import MAX_IMAGE_BYTES, MAX_REQUEST_BYTES, MediaLimits
from core.llms.runtime.media_loader import load_media, needs_loading
from core.llms.types.content import AudioPart, FilePart, ImagePart, Part, TextPart, render_data_url
from core.llms.types.messages import AssistantMessage, Message, SystemMessage, ToolMessage, UserMessage


def _encode(kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (3, 2)).save(buffer, kind)
    return buffer.getvalue()


def _wav() -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", "not compressed"))
        file.writeframes(bytes(100))
    return buffer.getvalue()


PNG, JPEG, GIF, WEBP, BMP = (_encode(kind) for kind in ("PNG", "JPEG", "GIF", "WEBP", "BMP"))
WAV = _wav()
MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x00" + bytes(100)
PDF = b"%PDF-1.7\n%\xe2\xe3\n"
ZIP = b"PK\x03\x04" + bytes(30)


async def _load(part: Part, **options: Any) -> Part:
    (message,) = await load_media([UserMessage((TextPart("look"), part))], **options)
    first, loaded = message.parts
    assert first == TextPart("look")
    return loaded


async def _failure(part: Part, **options: Any) -> str:
    with pytest.raises(MediaError) as caught:
        await _load(part, **options)
    assert isinstance(caught.value, InvalidRequestError)
    return str(caught.value)


@pytest.mark.parametrize(
    ("messages", "fetch_remote", "needed"),
    [
        ([UserMessage("hello"), SystemMessage("x")], True, False),
        ([UserMessage((TextPart("a"),)), AssistantMessage((TextPart("b"),))], True, False),
        ([UserMessage((ImagePart(url="https://a.b/c"),))], False, False),
        ([UserMessage((ImagePart(url="https://a.b/c"),))], True, True),
        ([UserMessage((ImagePart(url="HTTP://a.b/c"),))], True, True),
        ([UserMessage((ImagePart(url="gs://bucket/c"),))], True, False),
        ([UserMessage((ImagePart(url="data:image/png;base64,AA=="),))], False, True),
        ([UserMessage((ImagePart(path=Path("a.png")),))], False, True),
        ([UserMessage((ImagePart(data=PNG),))], False, True),
        ([UserMessage((FilePart(file_id="f1"),))], True, False),
        ([UserMessage((FilePart(url="https://a.b/c.pdf"),))], True, False),
        ([UserMessage((FilePart(url="data:application/pdf;base64,AA=="),))], False, True),
        ([UserMessage((AudioPart(data=WAV),))], False, True),
        ([ToolMessage((ImagePart(data=PNG),), tool_call_id="1")], False, True),
    ],
)
def test_needs_loading_of_each_kind_of_part(messages: list[Message], fetch_remote: bool, needed: bool) -> None:
    assert needs_loading(messages, fetch_remote) is needed


@pytest.mark.parametrize(
    ("data", "media_type"),
    [(PNG, "image/png"), (JPEG, "image/jpeg"), (GIF, "image/gif"), (WEBP, "image/webp")],
)
@pytest.mark.parametrize("source", ["path", "data", "url"])
async def test_load_media_fills_in_an_images_bytes_and_type(
    tmp_path: Path, data: bytes, media_type: str, source: str
) -> None:
    path = tmp_path / "image.dat"
    path.write_bytes(data)
    sources: dict[str, Any] = {"path": path, "data": data, "url": render_data_url(media_type, data)}
    loaded = await _load(ImagePart(**{source: sources[source]}, detail="low"))
    assert loaded == ImagePart(data=data, media_type=media_type, detail="low")


async def test_load_media_keeps_what_is_loaded_and_leaves_the_messages_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(PNG)
    ready = ImagePart(data=PNG, media_type="image/png")
    messages: list[Message] = [
        SystemMessage("x"),
        UserMessage((ImagePart(path=path), ready, ImagePart(url="https://a.b/c"))),
    ]
    before = [replace(message) for message in messages]
    loaded = await load_media(messages)
    assert messages == before
    assert loaded[0] is messages[0]
    assert loaded[1].parts == (ready, ready, ImagePart(url="https://a.b/c"))
    assert loaded[1].parts[1] is ready
    assert await load_media(loaded) == loaded


async def test_load_media_loads_what_a_tool_answered() -> None:
    (message,) = await load_media([ToolMessage((ImagePart(data=PNG),), "call_1", "look", True)])
    assert message == ToolMessage((ImagePart(data=PNG, media_type="image/png"),), "call_1", "look", True)


async def test_load_media_takes_relative_paths_and_the_home_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "photo.png").write_bytes(PNG)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    expected = ImagePart(data=PNG, media_type="image/png")
    assert await _load(ImagePart.of("photo.png")) == expected
    assert await _load(ImagePart.of("~/photo.png")) == expected


def _directory(folder: Path) -> Path:
    return folder


def _missing(folder: Path) -> Path:
    return folder / "missing.png"


def _below_a_file(folder: Path) -> Path:
    (folder / "file").write_bytes(PNG)
    return folder / "file" / "a.png"


def _pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe")
    return folder / "pipe"


def _empty(folder: Path) -> Path:
    (folder / "empty.png").touch()
    return folder / "empty.png"


def _very_long(folder: Path) -> Path:
    return Path(base64.b64encode(PNG * 200).decode().replace("/", "_"))


def _with_null(folder: Path) -> Path:
    return Path("a\x00b")


def _unknown_home(folder: Path) -> Path:
    return Path("~nobody-has-this-name/a.png")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (_missing, r"missing\.png does not exist \(looked for from /.*\): correct the path"),
        (_directory, "is a directory: give the path of one file"),
        (_pipe, "is not a regular file"),
        (_empty, "is empty"),
        (_below_a_file, "cannot be read: Not a directory"),
        (_very_long, "cannot be read: File name too long; a path, bytes or a data URL is expected"),
        (_with_null, "cannot be read"),
        (_unknown_home, "cannot be read: RuntimeError"),
    ],
)
async def test_load_media_names_a_path_that_cannot_be_read_and_the_fix(
    tmp_path: Path, make: Callable[[Path], Path], message: str
) -> None:
    path = make(tmp_path)
    text = await _failure(ImagePart(path=path))
    assert text.startswith(f"messages[0].content[1]: the image {str(path)[:100]}")
    assert len(text) < 600
    with pytest.raises(MediaError, match=message):
        await _load(ImagePart(path=path))


async def test_load_media_names_a_file_that_it_may_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(PNG)

    def refuse(self: Path, mode: str) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    # The superuser, as whom tests may run, can read every file.
    monkeypatch.setattr(Path, "open", refuse)
    assert "this process lacks the permission" in await _failure(ImagePart(path=path))


@pytest.mark.parametrize(
    ("part", "message"),
    [
        (ImagePart(data=BMP), "the image is image/bmp; accepted are PNG, JPEG, GIF and WebP: convert it"),
        (ImagePart(data=PDF), "the image is application/pdf; accepted are"),
        (ImagePart(data=b"<svg/>"), "the image is not an image that can be recognised; accepted are"),
        (ImagePart(data=b""), "the image is empty"),
        (ImagePart(data=PNG, media_type="image/jpeg"), "is said to be image/jpeg, but its bytes are image/png"),
        (ImagePart(url=render_data_url("image/gif", PNG)), "the image in the data URL is said to be image/gif"),
        (ImagePart(url="data:image/png;base64,%%%"), "the image in the data URL cannot be read: .*base64"),
        (ImagePart(url="data:image/png,abc"), "must look like `data:"),
        (ImagePart(url="data:image/png;base64,"), "the image in the data URL is empty"),
        (FilePart(data=PNG, media_type="application/pdf"), "the file is said to be application/pdf, but its bytes are"),
        (FilePart(data=PDF, media_type="text/plain", filename="a.txt"), "the file a.txt is said to be text/plain"),
        (FilePart(data=b""), "the file is empty"),
        (AudioPart(data=PNG), "the recording is image/png; accepted are WAV and MP3"),
        (AudioPart(data=b"sound"), "the recording is not sound that can be recognised"),
        (AudioPart(data=WAV, format="mp3"), "the recording is said to be mp3, but its bytes are wav"),
    ],
)
async def test_load_media_refuses_bytes_that_are_not_what_they_must_be(part: Part, message: str) -> None:
    with pytest.raises(MediaError, match=message):
        await _load(part)


@pytest.mark.parametrize("stated", ["image/jpg", "IMAGE/JPEG", "image/jpeg; charset=binary", "image/pjpeg"])
async def test_load_media_accepts_other_spellings_of_the_right_type(stated: str) -> None:
    assert await _load(ImagePart(data=JPEG, media_type=stated)) == ImagePart(data=JPEG, media_type="image/jpeg")


@pytest.mark.parametrize(
    ("filename", "data", "media_type"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("wrong.txt", PDF, "application/pdf"),
        ("a.txt", b"hello", "text/plain"),
        ("a.MD", b"# hello", "text/markdown"),
        ("a.csv", b"a,b", "text/csv"),
        ("a.json", b"{}", "application/json"),
        ("a.docx", ZIP, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.zip", ZIP, "application/zip"),
        ("a.unknown", ZIP, "application/zip"),
        ("Makefile", "übung".encode(), "text/plain"),
        ("a.unknown", b"\xff\xfe\x00", "application/octet-stream"),
    ],
)
async def test_load_media_finds_a_files_type_and_name(
    tmp_path: Path, filename: str, data: bytes, media_type: str
) -> None:
    path = tmp_path / filename
    path.write_bytes(data)
    assert await _load(FilePart(path=path)) == FilePart(data=data, filename=filename, media_type=media_type)
    named = await _load(
        FilePart(path=path, filename="other.bin", media_type="application/pdf" if data == PDF else "a/b")
    )
    assert isinstance(named, FilePart)
    assert named.filename == "other.bin"


async def test_load_media_reads_a_file_from_a_data_url() -> None:
    part = FilePart(url=render_data_url("application/pdf", PDF), filename="a.pdf")
    assert await _load(part) == FilePart(data=PDF, filename="a.pdf", media_type="application/pdf")


@pytest.mark.parametrize(("data", "audio_format"), [(WAV, "wav"), (MP3, "mp3")])
async def test_load_media_finds_a_recordings_format(tmp_path: Path, data: bytes, audio_format: str) -> None:
    path = tmp_path / "sound"
    path.write_bytes(data)
    expected = AudioPart(data=data, format=audio_format)
    assert await _load(AudioPart(path=path)) == expected
    assert await _load(AudioPart(data=data)) == expected
    assert await _load(AudioPart(data=data, format=audio_format.upper())) == expected


def test_limits_are_those_that_the_vendors_publish() -> None:
    assert (MAX_IMAGE_BYTES, MAX_REQUEST_BYTES) == (20 * 1024**2, 50 * 1024**2)
    assert MediaLimits() == MediaLimits(MAX_IMAGE_BYTES, MAX_REQUEST_BYTES)


async def test_load_media_refuses_an_image_one_byte_above_the_limit(tmp_path: Path) -> None:
    limits = MediaLimits(image_bytes=len(PNG) - 1)
    path = tmp_path / "a.png"
    path.write_bytes(PNG)
    parts = (ImagePart(path=path), ImagePart(data=PNG), ImagePart(url=render_data_url("image/png", PNG)))
    for part in parts:
        text = await _failure(part, limits=limits)
        assert f"has {len(PNG)} bytes; at most {len(PNG) - 1} bytes are accepted: make it smaller" in text
        assert await _load(part, limits=MediaLimits(image_bytes=len(PNG)))


async def test_load_media_refuses_a_large_file_without_reading_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large.png"
    with path.open("wb") as file:
        file.truncate(3 * 1024**4)
    monkeypatch.setattr(Path, "open", lambda *arguments: pytest.fail("the file was opened"))
    text = await _failure(ImagePart(path=path))
    assert "at most 20 MB are accepted" in text
    assert "at most 50 MB are accepted" in await _failure(FilePart(path=path))


async def test_load_media_refuses_a_large_data_url_without_decoding_it() -> None:
    text = await _failure(ImagePart(url="data:image/png;base64," + "A" * 30_000_000))
    assert "at most 20 MB are accepted" in text


async def test_load_media_refuses_more_than_the_limit_together() -> None:
    part = FilePart(data=PDF + bytes(100), filename="a.pdf")
    size = len(part.data or b"")
    messages = [UserMessage((part, part)), UserMessage((ImagePart(data=PNG),))]
    limit = 2 * size + len(PNG)
    assert await load_media(messages, limits=MediaLimits(request_bytes=limit))
    with pytest.raises(MediaError, match=f"the media of this request have more than {limit - 1} bytes together"):
        await load_media(messages, limits=MediaLimits(request_bytes=limit - 1))


async def test_load_media_fetches_images_only_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    async def fetch(urls: list[str], **options: Any) -> list[bytes]:
        asked.append(urls)
        assert options == {"limits": MediaLimits(), "timeout_seconds": 3.0}
        return [PNG, JPEG][: len(urls)]

    monkeypatch.setattr(remote_media, "fetch_images", fetch)
    first, second = ImagePart(url="https://a.b/1", detail="high"), ImagePart(url="https://a.b/2?sig=CANARY")
    file = FilePart(url="https://a.b/1")
    messages = [UserMessage((first, second, file)), UserMessage((first,))]
    assert await load_media(messages) == tuple(messages)
    assert asked == []
    loaded = await load_media(messages, fetch_remote=True, timeout_seconds=3.0)
    assert asked == [["https://a.b/1", "https://a.b/2?sig=CANARY"]]
    png = ImagePart(data=PNG, media_type="image/png", detail="high")
    assert loaded == (
        UserMessage((png, ImagePart(data=JPEG, media_type="image/jpeg"), file)),
        UserMessage((png,)),
    )


async def test_load_media_names_the_host_alone_of_a_fetched_image_that_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fetch(urls: list[str], **options: Any) -> list[bytes]:
        return [b"<html>"]

    monkeypatch.setattr(remote_media, "fetch_images", fetch)
    text = await _failure(ImagePart(url="https://a.b/1?sig=CANARY"), fetch_remote=True)
    assert text.startswith("messages[0].content[1]: the image at a.b is not an image that can be recognised")
    assert "CANARY" not in text


async def test_load_media_does_not_fetch_from_loopback() -> None:
    text = await _failure(ImagePart(url="https://127.0.0.1:1/a.png"), fetch_remote=True)
    assert "the image at 127.0.0.1 is not fetched" in text
    assert "only https" in await _failure(ImagePart(url="http://example.com/a.png"), fetch_remote=True)


def test_media_loader_does_not_import_the_client() -> None:
    code = "import sys, core.llms.runtime.media_loader; print('aiohttp' in sys.modules, 'pydantic.main' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False False"
