"""Images, files and sound as OpenAI takes them: base64, formats, sizes; addresses are kept but never fetched."""

from __future__ import annotations

import base64
import binascii
import re

from core.llms.simulator.conversation import Audio, File, Image
from core.llms.simulator.images import NotAnImageError, main_colour, read_image
from core.llms.simulator.openai.errors import ApiError

_DATA_URL = re.compile(r"data:([\w.+/-]*)(?:;[\w=.-]+)*;base64,(.*)\Z", re.DOTALL)
_MOST_IMAGE_BYTES = 50 * 1024 * 1024
_MOST_FILE_BYTES = 50 * 1024 * 1024
_UNSUPPORTED_IMAGE = (
    "You uploaded an unsupported image. Please make sure your image has of one the following formats: "
    "['png', 'jpeg', 'gif', 'webp']."
)


def decode_image(url: str, detail: str, path: str) -> Image:
    """An image from a data URL or an address. Raises: ApiError."""
    if url.startswith(("http://", "https://")):
        return Image(url=url, detail=detail)
    match = _DATA_URL.match(url)
    if match is None:
        message = (
            f"Invalid '{path}'. Expected a valid URL or a base64-encoded data URL with an image MIME type "
            "(e.g. 'data:image/png;base64,aW1nIGJ5dGVzIGhlcmU='), "
            "but got a value without the 'data:' prefix."
        )
        raise ApiError(message, param=path, code="invalid_value")
    media_type, encoded = match.groups()
    if not media_type.startswith("image/"):
        message = (
            f"Invalid '{path}'. Expected a base64-encoded data URL with an image MIME type "
            f"(e.g. 'data:image/png;base64,aW1nIGJ5dGVzIGhlcmU='), but got unsupported MIME type '{media_type}'."
        )
        raise ApiError(message, param=path, code="invalid_value")
    data = _decoded(encoded, "Invalid base64 image_url.", "invalid_base64")
    if len(data) > _MOST_IMAGE_BYTES:
        raise ApiError("Image exceeds the maximum size of 50 MB.", param=path, code="image_too_large")
    try:
        read_image(data)
        main_colour(data)
    except NotAnImageError as error:
        raise ApiError(_UNSUPPORTED_IMAGE, code="invalid_image_format") from error
    return Image(data=data, detail=detail)


def decode_file(file_data: str | None, filename: str | None, reference: str | None, path: str) -> File:
    """A document from a data URL, or a reference to one. Raises: ApiError."""
    if file_data is None:
        if reference is None:
            message = f"Missing required parameter: '{path}.file_id'."
            raise ApiError(message, param=f"{path}.file_id", code="missing_required_parameter")
        return File(filename or reference, reference=reference)
    if filename is None:
        message = f"Missing required parameter: '{path}.filename'."
        raise ApiError(message, param=f"{path}.filename", code="missing_required_parameter")
    match = _DATA_URL.match(file_data)
    if match is None:
        message = (
            f"Invalid '{path}.file_data'. Expected a base64-encoded data URL with a document's MIME type "
            "(e.g. 'data:application/pdf;base64,aW1nIGJ5dGVzIGhlcmU='), "
            "but got a value without the 'data:' prefix."
        )
        raise ApiError(message, param=f"{path}.file_data", code="invalid_value")
    data = _decoded(match.group(2), "Invalid base64 file_data.", "invalid_base64")
    if len(data) > _MOST_FILE_BYTES:
        raise ApiError("File exceeds the maximum size of 50 MB.", param=f"{path}.file_data", code="file_too_large")
    return File(filename, data=data)


def decode_audio(encoded: str, audio_format: str, path: str) -> Audio:
    """A sound clip from bare base64. Raises: ApiError."""
    data = _decoded(encoded, f"Invalid base64 in '{path}.data'.", "invalid_base64")
    if audio_format == "wav" and (data[:4] != b"RIFF" or data[8:12] != b"WAVE"):
        message = "The data provided for 'input_audio' is not of valid wav format."
        raise ApiError(message, param=path, code="invalid_value")
    return Audio(data, audio_format)


def _decoded(encoded: str, complaint: str, code: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ApiError(complaint, code=code) from error
