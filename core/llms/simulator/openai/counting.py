"""The tokens of a prompt, one by one, so that their number is true and prefixes can be compared.

Text is encoded with the model's tokenizer; each message adds 3 tokens and its role, a name 1 more, and the answer's
start 2 or 3 (OpenAI, cookbook "How to count tokens", and recordings up to 2026-08). Tools are rendered as the
TypeScript-like namespace the models read; images follow the published rules. PDF and audio are estimates.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, assert_never

from pydantic_core import to_json

from core.llms.simulator.conversation import Audio, File, Image, Text
from core.llms.simulator.images import read_image
from core.llms.simulator.openai.errors import ApiError
from core.llms.simulator.openai.image_tokens import TooManyPatchesError, image_tokens
from core.llms.simulator.sights import wav_seconds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.llms.simulator.conversation import Part, Tool, Turn
    from core.llms.simulator.openai.models import Model
    from core.llms.simulator.tokens import Tokenizer

_MESSAGE_TOKENS = 3
_TOOL_CALL_TOKENS = 8
_TOOLS_TOKENS = 5
CHAT_TOOLS_PREAMBLE_TOKENS = 85
_BYTES_PER_FILE_TOKEN = 16
_TOKENS_PER_AUDIO_SECOND = 10
_REMOTE_IMAGE_PIXELS = 1024


def prompt_tokens(
    model: Model,
    tokenizer: Tokenizer,
    turns: Sequence[Turn],
    tools: Sequence[Tool],
    names: Sequence[str | None] = (),
    form: Mapping[str, Any] | None = None,
) -> list[int]:
    """The prompt as tokens; parts without a text stand as made-up tokens, equal for equal parts.

    `names` are the names of the turns' speakers, `form` the JSON schema the answer must fit.
    """
    tokens: list[int] = []
    if tools:
        tokens += tokenizer.encode(render_tools(tools)) + _filler(b"tools", _TOOLS_TOKENS)
    if form is not None:
        tokens += tokenizer.encode(to_json(form).decode())
    for index, turn in enumerate(turns):
        tokens += _turn_tokens(model, tokenizer, turn)
        if index < len(names) and names[index]:
            tokens += [*tokenizer.encode(str(names[index])), *_filler(b"name", 1)]
    return tokens + _filler(b"answer", model.priming_tokens)


def _turn_tokens(model: Model, tokenizer: Tokenizer, turn: Turn) -> list[int]:
    tokens = _filler(b"message", _MESSAGE_TOKENS) + tokenizer.encode(turn.role)
    for part in turn.parts:
        tokens += _part_tokens(model, tokenizer, part)
    for call in turn.tool_calls:
        tokens += call_tokens(tokenizer, call.name, call.arguments)
    return tokens


def chat_tools_preamble(model: Model) -> list[int]:
    """What tools cost beside their rendering on the chat wire of gpt-5 and later (measured on recordings, 2026)."""
    late = model.name.startswith(("gpt-5", "gpt-6"))
    return _filler(b"preamble", CHAT_TOOLS_PREAMBLE_TOKENS) if late else []


def call_tokens(tokenizer: Tokenizer, name: str, arguments: str) -> list[int]:
    """A tool call as tokens, as it counts in prompts and in answers."""
    return tokenizer.encode(name) + tokenizer.encode(arguments) + _filler(b"call", _TOOL_CALL_TOKENS)


def _part_tokens(model: Model, tokenizer: Tokenizer, part: Part) -> list[int]:
    match part:
        case Text():
            return tokenizer.encode(part.text)
        case Image():
            return _image_part_tokens(model, part)
        case File():
            data = part.data if part.data is not None else (part.reference or part.name).encode()
            return _filler(data, max(1, len(data) // _BYTES_PER_FILE_TOKEN))
        case Audio():
            seconds = wav_seconds(part.data)
            length = seconds if seconds is not None else len(part.data) / 16_000
            return _filler(part.data, max(1, round(length * _TOKENS_PER_AUDIO_SECOND)))
    assert_never(part)


def _image_part_tokens(model: Model, image: Image) -> list[int]:
    if model.images is None:
        return []
    if image.data is None:
        width = height = _REMOTE_IMAGE_PIXELS
        seed = (image.url or "").encode()
    else:
        facts = read_image(image.data)
        width, height, seed = facts.width, facts.height, image.data
    try:
        count = image_tokens(model.images, width, height, image.detail)
    except TooManyPatchesError as error:
        raise ApiError(f"Invalid image: {error}.", code="image_too_large") from error
    return _filler(seed, count)


def _filler(seed: bytes, count: int) -> list[int]:
    """So many made-up tokens; negative, so that they equal no token of a text."""
    start = int.from_bytes(hashlib.blake2b(seed, digest_size=6).digest(), "big")
    return [-(start + index) for index in range(count)]


def render_tools(tools: Sequence[Tool]) -> str:
    """Functions as the namespace of types in which the models read them."""
    lines = ["namespace functions {", ""]
    for tool in tools:
        lines += [f"// {line}" for line in tool.description.splitlines()]
        properties: dict[str, Any] = tool.parameters.get("properties", {})
        if not properties:
            lines += [f"type {tool.name} = () => any;", ""]
            continue
        lines.append(f"type {tool.name} = (_: {{")
        lines += _property_lines(properties, tool.parameters.get("required", ()), 0)
        lines += ["}) => any;", ""]
    return "\n".join([*lines, "} // namespace functions"])


def _property_lines(properties: Mapping[str, Any], required: Sequence[str], depth: int) -> list[str]:
    lines = []
    indent = "  " * depth
    for name, schema in properties.items():
        if isinstance(schema, dict) and schema.get("description"):
            lines += [f"{indent}// {line}" for line in str(schema["description"]).splitlines()]
        mark = "" if name in required else "?"
        lines.append(f"{indent}{name}{mark}: {_type_text(schema, depth)},")
    return lines


def _type_text(schema: Any, depth: int) -> str:
    if not isinstance(schema, dict):
        return "any"
    if schema.get("enum"):
        return " | ".join(to_json(member).decode() for member in schema["enum"])
    branches = schema.get("anyOf") or schema.get("oneOf")
    if branches:
        return " | ".join(_type_text(branch, depth) for branch in branches)
    kind = schema.get("type")
    if isinstance(kind, list):
        return " | ".join(str(entry) for entry in kind)
    if kind == "array":
        return f"{_type_text(schema.get('items'), depth)}[]"
    if kind == "object" and schema.get("properties"):
        inner = _property_lines(schema["properties"], schema.get("required", ()), depth + 1)
        return "\n".join(["{", *inner, "  " * depth + "}"])
    return {"integer": "number", None: "any"}.get(kind, str(kind))
