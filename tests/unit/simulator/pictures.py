"""Pictures made for the tests."""

from __future__ import annotations

import base64
import io

from PIL import Image


def picture(width: int, height: int, colour: str = "red", image_format: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(buffer, image_format)
    return buffer.getvalue()


def data_url(data: bytes, media_type: str = "image/png") -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"
