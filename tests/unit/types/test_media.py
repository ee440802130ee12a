"""Media types, image sizes and recording lengths, held against files that Pillow and `wave` write."""

from __future__ import annotations

import io
import wave
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.llms.types.media import ImageSize, read_image_size, read_wav_seconds, sniff_media_type

FORMATS: dict[str, tuple[str, dict[str, Any], str]] = {
    "png": ("PNG", {}, "image/png"),
    "jpeg": ("JPEG", {}, "image/jpeg"),
    "jpeg_progressive": ("JPEG", {"progressive": True}, "image/jpeg"),
    "jpeg_with_comment": ("JPEG", {"comment": b"\xff\xc0\x00\x11\x08\x00\x01\x00\x01" * 40}, "image/jpeg"),
    "gif": ("GIF", {}, "image/gif"),
    "webp_lossy": ("WEBP", {"lossless": False}, "image/webp"),
    "webp_lossless": ("WEBP", {"lossless": True}, "image/webp"),
    "webp_extended": ("WEBP", {"exif": b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00"}, "image/webp"),
    "bmp": ("BMP", {}, "image/bmp"),
}
MODES = {"gif": "P", "webp_extended": "RGBA"}


def _render_image(kind: str, width: int, height: int) -> bytes:
    format_name, options, _ = FORMATS[kind]
    buffer = io.BytesIO()
    Image.new(MODES.get(kind, "RGB"), (width, height)).save(buffer, format_name, **options)
    return buffer.getvalue()


def _render_jpeg_with_exif(width: int, height: int) -> bytes:
    image = Image.new("RGB", (width, height))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "\xff\xc0" * 2000
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


def _render_wav(seconds: float, frame_rate: int = 16_000, channels: int = 2, sample_width: int = 2) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(sample_width)
        file.setframerate(frame_rate)
        file.writeframes(bytes(int(seconds * frame_rate) * channels * sample_width))
    return buffer.getvalue()


@settings(deadline=None, max_examples=60)
@given(kind=st.sampled_from(sorted(FORMATS)), width=st.integers(1, 700), height=st.integers(1, 700))
def test_image_size_equals_what_pillow_wrote(kind: str, width: int, height: int) -> None:
    data = _render_image(kind, width, height)
    assert sniff_media_type(data) == FORMATS[kind][2]
    assert read_image_size(data) == ImageSize(width, height)


@pytest.mark.parametrize("kind", sorted(set(FORMATS) - {"webp_lossy", "webp_lossless", "webp_extended"}))
def test_image_size_holds_for_very_wide_images(kind: str) -> None:
    assert read_image_size(_render_image(kind, 40_000, 3)) == ImageSize(40_000, 3)


@pytest.mark.parametrize("kind", ["webp_lossy", "webp_lossless", "webp_extended"])
def test_image_size_holds_for_the_largest_webp(kind: str) -> None:
    assert read_image_size(_render_image(kind, 16_383, 2)) == ImageSize(16_383, 2)


@pytest.mark.parametrize(("kind", "fourcc"), [("lossy", b"VP8 "), ("lossless", b"VP8L"), ("extended", b"VP8X")])
def test_image_size_test_covers_each_webp_form(kind: str, fourcc: bytes) -> None:
    assert _render_image(f"webp_{kind}", 8, 8)[12:16] == fourcc


def test_image_size_passes_over_exif_that_looks_like_a_frame() -> None:
    assert read_image_size(_render_jpeg_with_exif(321, 123)) == ImageSize(321, 123)


def test_image_size_passes_over_fill_and_lone_markers_in_jpeg() -> None:
    data = _render_image("jpeg", 30, 20)
    padded = data[:2] + b"\xff\x01" + b"\xff\xff\xff" + data[2:]
    assert read_image_size(padded) == ImageSize(30, 20)


@pytest.mark.parametrize("before", [b"\xff\x00", b"\xff\xc4\x00\x09\x00\x01\x00\x01\x00\x01\x00"])
def test_image_size_passes_over_stuffing_and_tables_in_jpeg(before: bytes) -> None:
    data = _render_image("jpeg", 30, 20)
    assert read_image_size(data[:20] + before + data[20:]) == ImageSize(30, 20)


def test_image_size_leaves_the_scaling_bits_of_webp_aside() -> None:
    data = bytearray(_render_image("webp_lossy", 300, 200))
    data[27] |= 0x80
    data[29] |= 0x40
    assert read_image_size(bytes(data)) == ImageSize(300, 200)


def test_image_size_reads_a_tall_lossless_webp() -> None:
    assert read_image_size(_render_image("webp_lossless", 2, 16_383)) == ImageSize(2, 16_383)


def test_image_size_reads_a_bmp_with_the_short_header() -> None:
    header = b"BM" + bytes(12) + (12).to_bytes(4, "little") + b"\x40\x01\xf0\x00" + b"\x01\x00\x18\x00"
    assert read_image_size(header) == ImageSize(320, 240)


def test_image_size_reads_a_bmp_stored_from_the_top() -> None:
    data = bytearray(_render_image("bmp", 6, 5))
    data[22:26] = (-5).to_bytes(4, "little", signed=True)
    assert read_image_size(bytes(data)) == ImageSize(6, 5)


@settings(deadline=None, max_examples=120)
@given(kind=st.sampled_from(sorted(FORMATS)), keep=st.floats(0, 1))
def test_image_size_of_cut_data_is_right_or_an_error(kind: str, keep: float) -> None:
    data = _render_image(kind, 37, 41)
    cut = data[: int(len(data) * keep)]
    try:
        size = read_image_size(cut)
    except ValueError:
        return
    assert size in (None, ImageSize(37, 41))


@settings(deadline=None, max_examples=300)
@given(prefix=st.sampled_from(sorted(FORMATS)), kept=st.integers(2, 40), noise=st.binary(max_size=200))
def test_image_size_of_noise_never_raises_anything_else(prefix: str, kept: int, noise: bytes) -> None:
    data = _render_image(prefix, 5, 5)[:kept] + noise
    try:
        size = read_image_size(data)
    except ValueError:
        return
    assert size is None or min(size) > 0


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"\x89PNG\r\n\x1a\n", "ends before its size"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\x0dIDAT" + bytes(8), "does not begin with an IHDR chunk"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\x0dIHDR" + bytes(8), "size is 0×0"),
        (b"GIF89a\x01\x00", "ends before its size"),
        (b"\xff\xd8\xff", "ends before its size"),
        (b"\xff\xd8\xff\xd9", "no frame header before its first scan"),
        (b"\xff\xd8\xff\xda\x00\x02", "no frame header before its first scan"),
        (b"\xff\xd8\xff\xe0\x00\x01", "segment of length 1"),
        (b"\xff\xd8\xff\xc0\x00\x11\x08\x00\x00\x00\x05", r"only after the first scan \(DNL\)"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 " + bytes(20), "no key frame"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8L" + bytes(20), "lacks the lossless signature"),
        (b"RIFF\x00\x00\x00\x00WEBPICCP" + bytes(20), "unknown chunk b'ICCP'"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8X" + bytes(12), "ends before its size"),
    ],
)
def test_image_size_says_what_is_malformed(data: bytes, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        read_image_size(data)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"hello", b"II*\x00", b"BMx"])
def test_image_size_of_other_formats_is_none(data: bytes) -> None:
    assert read_image_size(data) is None


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\n\n%PDF-1.4", "application/pdf"),
        (b" " * 1024 + b"%PDF-1.4", None),
        (_render_wav(0.1), "audio/wav"),
        (b"RIFF\x00\x00\x00\x00ABCD", None),
        (b"ID3\x04\x00", "audio/mpeg"),
        (b"\xff\xfb\x90\x64", "audio/mpeg"),
        (b"\xff\xf3\x44\xc4", "audio/mpeg"),
        (b"\xff\xfb\xf0\x64", None),
        (b"\xff\xf1\x50\x80", "audio/aac"),
        (b"\xff\xfeh\x00i\x00", None),
        (b"fLaC\x00", "audio/flac"),
        (b"OggS\x00", "audio/ogg"),
        (b"#!AMR\n", "audio/amr"),
        (b"\x00\x00\x00\x20ftypM4A ", "audio/mp4"),
        (b"\x00\x00\x00\x20ftypisom", "video/mp4"),
        (b"\x00\x00\x00\x20ftypavif", "image/avif"),
        (b"\x00\x00\x00\x20ftypheic", "image/heic"),
        (b"\x1aE\xdf\xa3\x01", "video/webm"),
        (b"II*\x00\x08", "image/tiff"),
        (b"PK\x03\x04\x14", "application/zip"),
        (b"BMW is a car maker, not a bitmap", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"", None),
    ],
)
def test_media_type_follows_the_magic_bytes(data: bytes, media_type: str | None) -> None:
    assert sniff_media_type(data) == media_type


@settings(deadline=None, max_examples=30)
@given(
    frames=st.integers(0, 5_000),
    frame_rate=st.sampled_from([8_000, 16_000, 24_000, 44_100]),
    channels=st.integers(1, 2),
    sample_width=st.sampled_from([1, 2, 3]),
)
def test_wav_seconds_equals_what_was_recorded(frames: int, frame_rate: int, channels: int, sample_width: int) -> None:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(sample_width)
        file.setframerate(frame_rate)
        file.writeframes(bytes(frames * channels * sample_width))
    assert read_wav_seconds(buffer.getvalue()) == pytest.approx(frames / frame_rate)


def test_wav_seconds_counts_the_bytes_there_are_when_the_length_is_unknown() -> None:
    data = bytearray(_render_wav(0.5))
    data[40:44] = b"\xff\xff\xff\xff"
    assert read_wav_seconds(bytes(data)) == pytest.approx(0.5)


def test_wav_seconds_passes_over_other_chunks() -> None:
    data = _render_wav(0.25)
    with_list = data[:36] + b"LIST\x03\x00\x00\x00abc\x00" + data[36:]
    assert read_wav_seconds(with_list) == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"OggS", "not a WAV file"),
        (b"RIFF\x00\x00\x00\x00WAVE", "no samples"),
        (b"RIFF\x00\x00\x00\x00WAVEdata\x02\x00\x00\x00ab", "no byte rate before its samples"),
    ],
)
def test_wav_seconds_says_what_is_malformed(data: bytes, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        read_wav_seconds(data)
