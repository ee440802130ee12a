"""What an image is, from its bytes: format and size from the header alone, main colour where Pillow is installed."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import Literal, TypeAlias

ImageFormat: TypeAlias = Literal["png", "jpeg", "gif", "webp"]

_COLOURS = {
    "black": (0, 0, 0),
    "white": (255, 255, 255),
    "grey": (128, 128, 128),
    "red": (220, 20, 20),
    "orange": (255, 140, 0),
    "yellow": (250, 230, 0),
    "green": (0, 150, 30),
    "cyan": (0, 200, 210),
    "blue": (20, 50, 220),
    "purple": (130, 0, 160),
    "pink": (255, 130, 190),
    "brown": (130, 75, 30),
}
_SAMPLE_PIXELS = (32, 32)
_JPEG_SIZE_MARKERS = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})


class NotAnImageError(ValueError):
    """The bytes are not a PNG, JPEG, GIF or WebP image."""


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """The format of an image and its size in pixels."""

    format: ImageFormat
    width: int
    height: int


def read_image(data: bytes) -> ImageFacts:
    """The facts of an image from its header. Raises: NotAnImageError."""
    try:
        if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR":
            width, height = struct.unpack(">II", data[16:24])
            return _checked("png", width, height)
        if data[:6] in (b"GIF87a", b"GIF89a"):
            width, height = struct.unpack("<HH", data[6:10])
            return _checked("gif", width, height)
        if data.startswith(b"\xff\xd8\xff"):
            return _checked("jpeg", *_jpeg_size(data))
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _checked("webp", *_webp_size(data))
    except (struct.error, IndexError) as error:
        raise NotAnImageError("the image is cut short") from error
    raise NotAnImageError("the data is not a PNG, JPEG, GIF or WebP image")


def main_colour(data: bytes) -> str | None:
    """The name of the colour most of the image has; None where Pillow is missing. Raises: NotAnImageError."""
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError:
        return None
    try:
        with Image.open(io.BytesIO(data)) as image:
            small = image.convert("RGB").resize(_SAMPLE_PIXELS, Image.Resampling.NEAREST)
            pixels = small.tobytes()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise NotAnImageError("the image cannot be decoded") from error
    counts: dict[str, int] = {}
    for start in range(0, len(pixels), 3):
        name = _nearest_colour(pixels[start], pixels[start + 1], pixels[start + 2])
        counts[name] = counts.get(name, 0) + 1
    return max(counts, key=lambda name: counts[name])


def _nearest_colour(red: int, green: int, blue: int) -> str:
    def distance(name: str) -> int:
        reference = _COLOURS[name]
        return (red - reference[0]) ** 2 + (green - reference[1]) ** 2 + (blue - reference[2]) ** 2

    return min(_COLOURS, key=distance)


def _checked(image_format: ImageFormat, width: int, height: int) -> ImageFacts:
    if width < 1 or height < 1:
        raise NotAnImageError("the image has no pixels")
    return ImageFacts(image_format, width, height)


def _jpeg_size(data: bytes) -> tuple[int, int]:
    position = 2
    while True:
        while data[position] == 0xFF and data[position + 1] == 0xFF:
            position += 1
        if data[position] != 0xFF:
            raise NotAnImageError("the JPEG data is damaged")
        marker = data[position + 1]
        if marker in _JPEG_SIZE_MARKERS:
            height, width = struct.unpack(">HH", data[position + 5 : position + 9])
            return width, height
        position += 2 + int(struct.unpack(">H", data[position + 2 : position + 4])[0])


def _webp_size(data: bytes) -> tuple[int, int]:
    kind = data[12:16]
    if kind == b"VP8X":
        width = int.from_bytes(data[24:27], "little") + 1
        height = int.from_bytes(data[27:30], "little") + 1
        return width, height
    if kind == b"VP8L":
        bits = struct.unpack("<I", data[21:25])[0]
        return (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", data[26:30])
        return width & 0x3FFF, height & 0x3FFF
    raise NotAnImageError("the WebP data is damaged")
