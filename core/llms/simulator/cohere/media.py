"""Images as Cohere takes them: a data URL, or an address that is kept and never fetched.

Formats: Cohere, "Image Inputs" and cohere 7.3.1, `v2/client.py`, read 2026-11-21.
"""

from __future__ import annotations

import base64
import binascii
import re

from core.llms.simulator.cohere.errors import invalid_request
from core.llms.simulator.conversation import Image
from core.llms.simulator.images import NotAnImageError, main_colour, read_image

_DATA_URL = re.compile(r"data:(image/(?:png|jpeg|webp|gif));base64,(.*)", re.DOTALL)


def decode_image(url: str) -> Image:
    """The image of a URL. Raises: ApiError."""
    if url.startswith(("http://", "https://")):
        return Image(url=url)
    match = _DATA_URL.fullmatch(url)
    if match is None:
        raise invalid_request("image url must be a web URL or a data URI of type image/png, jpeg, webp or gif.")
    try:
        data = base64.b64decode(match.group(2), validate=True)
        facts = read_image(data)
        main_colour(data)
    except (binascii.Error, ValueError, NotAnImageError) as error:
        raise invalid_request("image could not be decoded.") from error
    if match.group(1) != f"image/{facts.format}":
        raise invalid_request(f"image is of type image/{facts.format} but the data URI says {match.group(1)}.")
    return Image(data=data)
