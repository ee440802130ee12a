"""Cohere's vectors: of texts, of images, or of inputs of both, in every form of number."""

from __future__ import annotations

import base64
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.llms.simulator.cohere.counting import IMAGE_TOKENS, load
from core.llms.simulator.cohere.errors import ApiError, invalid_request
from core.llms.simulator.cohere.headers import reply_id
from core.llms.simulator.cohere.media import decode_image
from core.llms.simulator.cohere.models import EmbeddingModel, find_embedding_model
from core.llms.simulator.images import read_image
from core.llms.simulator.vectors import embed

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.llms.simulator.conversation import Image
    from core.llms.simulator.exchange import Call

_INPUT_TYPES = ("search_document", "search_query", "classification", "clustering", "image")
_MOST_TEXTS = 96
_BIT_DEPTH = 24


@dataclass(frozen=True, slots=True)
class _Entry:
    """One thing to make a vector of."""

    text: str = ""
    images: tuple[Image, ...] = ()


def count_embedding_tokens(body: dict[str, Any]) -> int:
    """The tokens of all inputs. Raises: ApiError."""
    return sum(load().count(entry.text) + IMAGE_TOKENS * len(entry.images) for entry in _entries(body))


def create_embeddings(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Answer a request whose shape is checked. Raises: ApiError."""
    model = find_embedding_model(body["model"])
    entries = _entries(body)
    _check(body, model, entries)
    entries = [_fitting(entry, body, model) for entry in entries]
    dimensions = body.get("output_dimension", model.dimensions[0])
    vectors = [_vector(entry, dimensions) for entry in entries]
    reply: dict[str, Any] = {
        "id": reply_id(call),
        "embeddings": {kind: [_ENCODERS[kind](vector) for vector in vectors] for kind in _wanted(body)},
        "meta": {"api_version": {"version": "2"}, "billed_units": _billed(entries)},
        "response_type": "embeddings_by_type",
    }
    if "texts" in body:
        reply["texts"] = body["texts"]
    images = [image for entry in entries for image in entry.images]
    return {**reply, "images": [_describe(image) for image in images]} if images else reply


def _entries(body: dict[str, Any]) -> list[_Entry]:
    given = [name for name in ("texts", "images", "inputs") if body.get(name)]
    if len(given) != 1:
        raise invalid_request("exactly one of texts, images or inputs must be provided.")
    if given == ["texts"]:
        return [_Entry(text) for text in body["texts"]]
    if given == ["images"]:
        return [_Entry(images=(_decoded(url),)) for url in body["images"]]
    return [_mixed(entry["content"]) for entry in body["inputs"]]


def _mixed(content: list[dict[str, Any]]) -> _Entry:
    images = tuple(_decoded(block["image_url"]["url"]) for block in content if block["type"] == "image_url")
    return _Entry("\n".join(block["text"] for block in content if block["type"] == "text"), images)


def _decoded(url: str) -> Image:
    image = decode_image(url)
    if image.data is None:
        raise invalid_request("images must be data URIs.")
    return image


def _check(body: dict[str, Any], model: EmbeddingModel, entries: list[_Entry]) -> None:
    if body.get("input_type") not in _INPUT_TYPES:
        raise invalid_request("valid input_type must be provided with the provided model")
    if "images" in body and body["input_type"] != "image":
        raise invalid_request("images must be used with input_type=image")
    if len(entries) > _MOST_TEXTS and "images" not in body:
        raise invalid_request(f"total number of texts must be at most {_MOST_TEXTS} - received {len(entries)}")
    for index, entry in enumerate(entries):
        if not entry.text and not entry.images:
            raise invalid_request(f"inputs contains an element that is the empty string at index {index}")
    wanted = body.get("output_dimension")
    if wanted is not None and not model.dimensions_can_be_chosen:
        raise invalid_request(f"output_dimension is not supported by the provided model: {model.name}.")
    if wanted is not None and wanted not in model.dimensions:
        choices = ", ".join(str(size) for size in sorted(model.dimensions))
        raise invalid_request(f"output_dimension must be one of {choices}.")
    if body.get("max_tokens", 1) < 1 or body.get("priority", 0) < 0:
        name, least = ("max_tokens", 1) if body.get("max_tokens", 1) < 1 else ("priority", 0)
        raise invalid_request(f"{name} must be greater than or equal to {least}.")


def _wanted(body: dict[str, Any]) -> list[str]:
    return body.get("embedding_types") or ["float"]


def _fitting(entry: _Entry, body: dict[str, Any], model: EmbeddingModel) -> _Entry:
    """The entry cut to the model's length, or a refusal to cut it."""
    limit = min(body.get("max_tokens", model.context_window), model.context_window)
    count = load().count(entry.text)
    if count <= limit:
        return entry
    match body.get("truncate", "END"):
        case "NONE":
            raise ApiError(
                f"too many tokens: size limit exceeded by {count - limit} tokens. Try using shorter or fewer inputs."
            )
        case "START":
            return _Entry(load().encoding.decode(load().encode(entry.text)[-limit:]), entry.images)
    return _Entry(load().cut(entry.text, limit)[0], entry.images)


def _vector(entry: _Entry, dimensions: int) -> list[float]:
    content = [entry.text, *(repr(_describe(image)) for image in entry.images)]
    return embed("\n".join(text for text in content if text), dimensions)


def _billed(entries: list[_Entry]) -> dict[str, int]:
    images = sum(len(entry.images) for entry in entries)
    billed = {"input_tokens": sum(load().count(entry.text) for entry in entries)}
    return {**billed, "images": images, "image_tokens": images * IMAGE_TOKENS} if images else billed


def _describe(image: Image) -> dict[str, Any]:
    assert image.data is not None
    facts = read_image(image.data)
    return {"width": facts.width, "height": facts.height, "format": facts.format, "bit_depth": _BIT_DEPTH}


def _as_int8(vector: list[float]) -> list[int]:
    return [round(value * 127) for value in vector]


def _as_uint8(vector: list[float]) -> list[int]:
    return [round((value + 1) * 127.5) for value in vector]


def _as_ubinary(vector: list[float]) -> list[int]:
    signs = [value > 0 for value in vector]
    return [
        sum(bit << (7 - place) for place, bit in enumerate(signs[start : start + 8]))
        for start in range(0, len(signs), 8)
    ]


def _as_binary(vector: list[float]) -> list[int]:
    return [value - 128 for value in _as_ubinary(vector)]


def _as_base64(vector: list[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()


def _as_float(vector: list[float]) -> list[float]:
    return vector


_ENCODERS: dict[str, Callable[[list[float]], Any]] = {
    "float": _as_float,
    "int8": _as_int8,
    "uint8": _as_uint8,
    "binary": _as_binary,
    "ubinary": _as_ubinary,
    "base64": _as_base64,
}
