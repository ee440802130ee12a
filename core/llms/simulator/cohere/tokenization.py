"""A text's tokens, and the text of tokens."""

from __future__ import annotations

from typing import Any

from core.llms.simulator.cohere.counting import load
from core.llms.simulator.cohere.errors import invalid_request
from core.llms.simulator.cohere.models import find_model

_MOST_CHARACTERS = 65_536
_META = {"api_version": {"version": "1"}}


def tokenize(body: dict[str, Any]) -> dict[str, Any]:
    """Answer a request whose shape is checked. Raises: ApiError."""
    find_model(body["model"])
    text = body.get("text")
    if not text:
        raise invalid_request("required 'text' param is missing or empty.")
    if len(text) > _MOST_CHARACTERS:
        raise invalid_request(f"text must be shorter than {_MOST_CHARACTERS} characters")
    tokens = load().encode(text)
    encoding = load().encoding
    strings = [encoding.decode_single_token_bytes(token).decode(errors="replace") for token in tokens]
    return {"tokens": tokens, "token_strings": strings, "meta": _META}


def detokenize(body: dict[str, Any]) -> dict[str, Any]:
    """Answer a request whose shape is checked. Raises: ApiError."""
    find_model(body["model"])
    spoken = b"".join(_token_bytes(token, index) for index, token in enumerate(body["tokens"]))
    return {"text": spoken.decode(errors="replace"), "meta": _META}


def _token_bytes(token: int, index: int) -> bytes:
    try:
        return load().encoding.decode_single_token_bytes(token)
    except (KeyError, OverflowError) as error:
        raise invalid_request(f"invalid token {token} at index {index}") from error
