"""The content blocks of a stream while they arrive: as each began, what its deltas add, and the part it makes.

Text and reasoning begin without a word: such a block is known by its first delta. No bytes and no events are read here.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from pydantic_core import from_json

from core.llms.errors import ProtocolError
from core.llms.types.content import Part
from core.llms.wires.bedrock_converse.parse import parse_block


class StreamBlock:
    """One block. `begun` is its beginning (empty where there was none), `call_index` counts the calls of tools."""

    __slots__ = ("arguments", "begun", "call_index", "citations", "image", "part", "reasoning", "results", "texts")

    def __init__(self, begun: Mapping[str, Any]) -> None:
        self.begun: Mapping[str, Any] = begun
        self.call_index: int | None = None
        self.part: Part | None = None
        self.texts: list[str] = []
        self.arguments: list[str] = []
        self.reasoning: dict[str, list[str]] = {}
        self.citations: list[Mapping[str, Any]] = []
        self.results: list[Any] = []
        self.image: list[Mapping[str, Any]] = []

    def add(self, delta: Mapping[str, Any]) -> tuple[str, str]:
        """Take a delta in; return its kind and what it adds to what a reader sees. Raises `ProtocolError`."""
        if "text" in delta:
            return "text", _append(self.texts, delta, "text")
        if "toolUse" in delta:
            return "toolUse", _append(self.arguments, _object(delta, "toolUse"), "input")
        if "reasoningContent" in delta:
            return self._add_reasoning(_object(delta, "reasoningContent"))
        if "citation" in delta:
            self.citations.append(_object(delta, "citation"))
        elif "toolResult" in delta:
            pieces = delta["toolResult"]
            self.results.extend(pieces if isinstance(pieces, list) else [pieces])
        elif "image" in delta:
            image = _object(delta, "image")
            _check_base64(_source(image).get("bytes", ""))
            self.image.append(image)
        return "other", ""

    def _add_reasoning(self, thought: Mapping[str, Any]) -> tuple[str, str]:
        for name in ("text", "signature", "redactedContent"):
            if name in thought:
                if name == "redactedContent":
                    _check_base64(thought[name])
                text = _append(self.reasoning.setdefault(name, []), thought, name)
                return ("reasoning", text) if name == "text" else ("other", "")
        return "other", ""

    @property
    def arguments_json(self) -> str:
        """The arguments of a call as received."""
        return "".join(self.arguments)

    def to_block(self) -> dict[str, Any]:
        """Return the block as a whole answer would have it; arguments that are no object are left empty."""
        if "toolUse" in self.begun:
            return {"toolUse": {**_object(self.begun, "toolUse"), "input": self._decode_arguments()}}
        if "toolResult" in self.begun or self.results:
            return {"toolResult": {**_object(self.begun, "toolResult", {}), "content": self.results}}
        if "image" in self.begun or self.image:
            return {"image": self._join_image()}
        if "redactedContent" in self.reasoning:
            return {"reasoningContent": {"redactedContent": _join_base64(self.reasoning["redactedContent"])}}
        if self.reasoning:
            thought = {"text": "".join(self.reasoning.get("text", ()))}
            signature = "".join(self.reasoning.get("signature", ()))
            return {
                "reasoningContent": {"reasoningText": {**thought, **({"signature": signature} if signature else {})}}
            }
        if self.citations:
            pieces = {"content": [{"text": "".join(self.texts)}]} if self.texts else {}
            return {"citationsContent": {**pieces, "citations": self.citations}}
        return {"text": "".join(self.texts)} if self.texts or not self.begun else dict(self.begun)

    def to_part(self) -> Part:
        """Return the part that the block makes, as far as it came; it is made once when the block is whole."""
        return self.part or parse_block(self.to_block(), self.arguments_json)

    def _decode_arguments(self) -> Any:
        try:
            decoded = from_json(self.arguments_json or "{}")
        except ValueError:
            return {}
        return decoded if isinstance(decoded, dict) else {}

    def _join_image(self) -> dict[str, Any]:
        image = dict(_object(self.begun, "image", {}))
        for delta in self.image:
            image |= delta
        pieces = [source["bytes"] for delta in self.image if "bytes" in (source := _source(delta))]
        if pieces:
            image["source"] = {"bytes": _join_base64(pieces)}
        return image


def _source(delta: Mapping[str, Any]) -> Mapping[str, Any]:
    source = delta.get("source")
    return source if isinstance(source, Mapping) else {}


def _check_base64(text: Any) -> None:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError, TypeError) as error:
        raise ProtocolError("bytes in the stream are not valid base64") from error


def _join_base64(pieces: list[str]) -> str:
    """Join bytes that were encoded piece by piece."""
    if len(pieces) == 1:
        return pieces[0]
    return base64.b64encode(b"".join(base64.b64decode(piece) for piece in pieces)).decode()


def _append(pieces: list[str], holder: Mapping[str, Any], name: str) -> str:
    text = holder.get(name)
    if type(text) is not str:
        raise ProtocolError(f"`{name}` of a delta of the stream is not text")
    if text:
        pieces.append(text)
    return text


def _object(holder: Mapping[str, Any], name: str, default: Any = None) -> Mapping[str, Any]:
    value = holder.get(name, default)
    if not isinstance(value, Mapping):
        raise ProtocolError(f"`{name}` of the stream is not an object")
    return value
