"""What the first bytes of a file tell: its media type, an image's size, a recording's length.

Pure functions over bytes, without a decoder and without I/O. Reading files and fetching addresses lives
elsewhere.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class ImageSize(NamedTuple):
    """Width and height in pixels, as stored: an orientation in EXIF is not applied."""

    width: int
    height: int


_PREFIXES: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"fLaC", "audio/flac"),
    (b"OggS", "audio/ogg"),
    (b"#!AMR", "audio/amr"),
    (b"ID3", "audio/mpeg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"PK\x03\x04", "application/zip"),
)
_RIFF_FORMS: Final = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_FTYP_BRANDS: Final = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heif",
    b"msf1": "image/heif",
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"qt  ": "video/quicktime",
}
_BMP_HEADER_LENGTHS: Final = frozenset({12, 40, 52, 56, 64, 108, 124})
# A PDF reader looks for the marker in the first kilobyte (ISO 32000-1, annex H.3, note 13).
_PDF_SEARCH_BYTES: Final = 1024


def sniff_media_type(data: bytes) -> str | None:
    """Return the media type that the magic bytes show, or `None` where they show none known here.

    Knows PNG, JPEG, GIF, WebP, BMP, TIFF, AVIF, HEIC; PDF; WAV, MP3, AAC, FLAC, Ogg, AMR, M4A; MP4,
    QuickTime, WebM, AVI; ZIP. The first kilobyte of a file is enough. Text formats (SVG, CSV, JSON) have no
    magic bytes.
    """
    for prefix, media_type in _PREFIXES:
        if data.startswith(prefix):
            return media_type
    if data[:4] == b"RIFF":
        return _RIFF_FORMS.get(data[8:12])
    if data[4:8] == b"ftyp":
        return _FTYP_BRANDS.get(data[8:12], "video/mp4")
    if data[:2] == b"BM" and int.from_bytes(data[14:18], "little") in _BMP_HEADER_LENGTHS:
        return "image/bmp"
    if b"%PDF-" in data[:_PDF_SEARCH_BYTES]:
        return "application/pdf"
    return _sniff_mpeg_audio(data)


def _sniff_mpeg_audio(data: bytes) -> str | None:
    """Read an MPEG frame header: 11 bits of sync, version, layer, then the bit rate and the sampling rate."""
    if len(data) < 4 or data[0] != 0xFF or data[1] & 0xE0 != 0xE0:
        return None
    version, layer = data[1] >> 3 & 0b11, data[1] >> 1 & 0b11
    if layer == 0b00 and version >= 0b10:
        return "audio/aac"
    bit_rate, sampling_rate = data[2] >> 4, data[2] >> 2 & 0b11
    is_layer_3 = layer == 0b01 and version != 0b01 and bit_rate not in (0, 15) and sampling_rate != 0b11
    return "audio/mpeg" if is_layer_3 else None


def read_image_size(data: bytes) -> ImageSize | None:
    """Return the size of a PNG, JPEG, GIF, WebP or BMP image from its header, or `None` for any other format.

    The header is enough, but a JPEG's can stand behind a long EXIF block.

    Raises:
        ValueError: the bytes begin as one of these formats, and are cut or malformed before the size.
    """
    media_type = sniff_media_type(data)
    reader = _SIZE_READERS.get(media_type) if media_type else None
    if reader is None:
        return None
    try:
        size = reader(data)
    except IndexError as error:
        raise ValueError(f"the {media_type} data ends before its size ({len(data)} bytes)") from error
    if size.width <= 0 or size.height <= 0:
        raise ValueError(f"the {media_type} data says its size is {size.width}×{size.height}")
    return size


def _unsigned(data: bytes, start: int, length: int, order: str = "little") -> int:
    field = data[start : start + length]
    if len(field) < length:
        raise IndexError(start)
    return int.from_bytes(field, "big" if order == "big" else "little")


def _read_png(data: bytes) -> ImageSize:
    if _unsigned(data, 8, 4, "big") != 13 or data[12:16] != b"IHDR":
        raise ValueError("the image/png data does not begin with an IHDR chunk")
    return ImageSize(_unsigned(data, 16, 4, "big"), _unsigned(data, 20, 4, "big"))


def _read_gif(data: bytes) -> ImageSize:
    return ImageSize(_unsigned(data, 6, 2), _unsigned(data, 8, 2))


def _read_bmp(data: bytes) -> ImageSize:
    if _unsigned(data, 14, 4) == 12:
        return ImageSize(_unsigned(data, 18, 2), _unsigned(data, 20, 2))
    height = _unsigned(data, 22, 4)
    # A negative height means that the rows are stored from the top.
    return ImageSize(_unsigned(data, 18, 4), height if height < 2**31 else 2**32 - height)


def _read_webp(data: bytes) -> ImageSize:
    match data[12:16]:
        case b"VP8 ":
            if data[23:26] != b"\x9d\x01\x2a":
                raise ValueError("the image/webp data has no key frame where one must be")
            return ImageSize(_unsigned(data, 26, 2) & 0x3FFF, _unsigned(data, 28, 2) & 0x3FFF)
        case b"VP8L":
            if data[20:21] != b"\x2f":
                raise ValueError("the image/webp data lacks the lossless signature")
            bits = _unsigned(data, 21, 4)
            return ImageSize((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        case b"VP8X":
            return ImageSize(_unsigned(data, 24, 3) + 1, _unsigned(data, 27, 3) + 1)
        case chunk:
            raise ValueError(f"the image/webp data begins with the unknown chunk {chunk!r}")


# Start of frame, of every coding; C4, C8 and CC are a table, a reservation and the arithmetic coder's
# conditions.
_JPEG_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_WITHOUT_LENGTH: Final = frozenset(range(0xD0, 0xD9)) | {0x01}
_JPEG_END_OF_IMAGE: Final = 0xD9
_JPEG_START_OF_SCAN: Final = 0xDA


def _read_jpeg(data: bytes) -> ImageSize:
    position = 2
    while True:
        marker, position = _next_jpeg_marker(data, position)
        if marker in _JPEG_FRAMES:
            size = ImageSize(_unsigned(data, position + 5, 2, "big"), _unsigned(data, position + 3, 2, "big"))
            if size.height == 0:
                raise ValueError("the image/jpeg data gives its height only after the first scan (DNL)")
            return size
        if marker in (_JPEG_END_OF_IMAGE, _JPEG_START_OF_SCAN):
            raise ValueError("the image/jpeg data has no frame header before its first scan")
        if marker in _JPEG_WITHOUT_LENGTH:
            continue
        length = _unsigned(data, position, 2, "big")
        if length < 2:
            raise ValueError(f"the image/jpeg data has a segment of length {length}")
        position += length


def _next_jpeg_marker(data: bytes, position: int) -> tuple[int, int]:
    """Return the next marker's code and the position after it; fill bytes and stuffed zeros are skipped."""
    while True:
        position = data.find(b"\xff", position)
        if position < 0:
            raise IndexError(len(data))
        while data[position] == 0xFF:
            position += 1
        code = data[position]
        position += 1
        if code != 0:
            return code, position


_SIZE_READERS: Final = {
    "image/png": _read_png,
    "image/jpeg": _read_jpeg,
    "image/gif": _read_gif,
    "image/webp": _read_webp,
    "image/bmp": _read_bmp,
}


def read_wav_seconds(data: bytes) -> float:
    """Return how long a WAV recording lasts, in seconds.

    A data chunk that runs past the end, as a stream's header without a known length has it, counts as far as
    there are bytes.

    Raises:
        ValueError: the bytes are no WAV file, or lack its format or its data.
    """
    if sniff_media_type(data) != "audio/wav":
        raise ValueError("the data is not a WAV file")
    position = 12
    bytes_per_second = 0
    while position + 8 <= len(data):
        chunk, length = data[position : position + 4], _unsigned(data, position + 4, 4)
        position += 8
        if chunk == b"fmt " and position + 12 <= len(data):
            bytes_per_second = _unsigned(data, position + 8, 4)
        elif chunk == b"data":
            if bytes_per_second == 0:
                raise ValueError("the WAV data gives no byte rate before its samples")
            return min(length, len(data) - position) / bytes_per_second
        position += length + length % 2
    raise ValueError("the WAV data has no samples")
