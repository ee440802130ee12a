"""Messages as dicts: the chat form everyone knows, read into typed messages and written back without loss."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence, Set
from pathlib import Path
from typing import Any, TypeAlias, assert_never, cast

from pydantic_core import to_json

from core.llms.types.content import (
    AudioPart,
    CachePoint,
    FilePart,
    ImagePart,
    OpaquePart,
    Part,
    ReasoningPart,
    RefusalPart,
    TextPart,
    ToolCall,
)
from core.llms.types.messages import (
    AssistantMessage,
    DeveloperMessage,
    Message,
    SystemMessage,
    ToolMessage,
    UserMessage,
)

MessageInput: TypeAlias = Message | Mapping[str, Any]
MessagesInput: TypeAlias = str | Message | Mapping[str, Any] | Sequence[MessageInput]

PlainMessage: TypeAlias = SystemMessage | DeveloperMessage | UserMessage
_PLAIN: dict[Any, type[PlainMessage]] = {"system": SystemMessage, "developer": DeveloperMessage, "user": UserMessage}
# The wire whose form the dicts have: what a vendor says there beyond it goes back there alone.
_CHAT = "openai_chat"
_CALL_KEYS = frozenset({"id", "type", "function", "index", "item_id", "signature", "origin", "extra"})
_KEYS: dict[str, Set[str]] = {
    "system": {"role", "content", "name"},
    "developer": {"role", "content", "name"},
    "user": {"role", "content", "name"},
    "assistant": {
        "role", "content", "name", "id", "refusal", "tool_calls", "reasoning_content", "reasoning",
        "reasoning_details", "audio", "function_call", "annotations",
    },
    "tool": {"role", "content", "name", "tool_call_id", "is_error"},
}  # fmt: skip


def parse_messages(messages: MessagesInput) -> tuple[Message, ...]:
    """Read a string, a message, or a sequence of dicts and messages. Raises `ValueError` that names the place."""
    if isinstance(messages, str):
        return (UserMessage(messages),)
    single = type(messages) is not list and isinstance(messages, Message | Mapping)
    items = cast("Sequence[MessageInput]", (messages,) if single else messages)
    if not items:
        raise ValueError("`messages` is empty; give at least one message")
    parsed = []
    for index, message in enumerate(items):
        try:
            parsed.append(parse_message(message))
        except (ValueError, TypeError) as error:
            raise ValueError(f"messages[{index}]: {error}") from error
    return tuple(parsed)


def parse_message(message: MessageInput) -> Message:
    """Read one message. Raises `ValueError` for an unknown role, key or content block."""
    if not isinstance(message, dict):
        if isinstance(message, Message):
            return message
        if not isinstance(message, Mapping):
            raise ValueError(f"a message is a dict or a typed message, not {type(message).__name__}")
    role = message.get("role")
    known = _KEYS.get(role) if isinstance(role, str) else None
    if known is None:
        raise ValueError(f"`role` must be one of {', '.join(_KEYS)}, not {role!r}")
    if not message.keys() <= known:
        _refuse_unknown(message, known)
    name = message.get("name")
    if kind := _PLAIN.get(role):
        return kind(_content(message), name)
    if role == "assistant":
        return _parse_assistant(message)
    return ToolMessage(_content(message), message.get("tool_call_id") or "", name, bool(message.get("is_error")))


def _refuse_unknown(message: Mapping[str, Any], known: Set[str]) -> None:
    for key, value in message.items():
        if key not in known and value is not None:
            names = ", ".join(sorted(known - {"role"}))
            raise ValueError(f"unknown key {key!r} in a {message['role']} message; known: {names}")


def _content(message: Mapping[str, Any]) -> str | tuple[Part, ...]:
    content = message.get("content")
    if isinstance(content, str):
        return content
    if isinstance(content, Sequence):
        return tuple(_parse_part(block, index) for index, block in enumerate(content))
    raise ValueError(f"`content` must be a string or a list of blocks, not {type(content).__name__}")


def _parse_assistant(message: Mapping[str, Any]) -> AssistantMessage:
    if message.get("function_call"):
        raise ValueError("`function_call` is the form OpenAI retired; use `tool_calls`")
    parts = _parse_reasoning(message)
    if message.get("content") is not None:
        content = _content(message)
        if isinstance(content, str):
            if not parts and not message.get("tool_calls") and not message.get("refusal"):
                return AssistantMessage(content, message.get("name"), message.get("id"))
            content = (TextPart(content),) if content else ()
        parts.extend(content)
    if refusal := message.get("refusal"):
        parts.append(RefusalPart(_text(refusal, "refusal")))
    parts.extend(_parse_tool_call(call) for call in message.get("tool_calls") or ())
    return AssistantMessage(tuple(parts), message.get("name"), message.get("id"))


def _parse_reasoning(message: Mapping[str, Any]) -> list[Part]:
    text, details = message.get("reasoning_content") or message.get("reasoning"), message.get("reasoning_details")
    if details and (not isinstance(details, list) or not all(isinstance(block, Mapping) for block in details)):
        raise ValueError("`reasoning_details` must be a list of blocks")
    if not text and not details:
        return []
    raw = {"reasoning_details": details} if details else None
    return [ReasoningPart(_text(text or "", "reasoning_content"), origin=_CHAT, raw=raw)]


def _parse_tool_call(call: Any) -> ToolCall:
    if isinstance(call, ToolCall):
        return call
    function = call.get("function") if isinstance(call, Mapping) else None
    if not isinstance(function, Mapping) or not isinstance(function.get("name"), str) or not call.get("id"):
        raise ValueError("a tool call is {'id': …, 'type': 'function', 'function': {'name': …, 'arguments': …}}")
    arguments = function.get("arguments")
    if isinstance(arguments, Mapping):
        arguments = to_json(arguments).decode()
    text = _text(arguments if arguments is not None else "", "arguments")
    more = {key: value for key, value in call.items() if key not in _CALL_KEYS and value is not None}
    return ToolCall.parse(
        call["id"],
        function["name"],
        text,
        item_id=call.get("item_id"),
        signature=call.get("signature"),
        origin=call.get("origin") or (_CHAT if more else None),
        extra={**more, **(call.get("extra") or {})} or None,
    )


def _parse_part(block: Any, index: int) -> Part:
    if isinstance(block, Part):
        return block
    kind = block.get("type") if isinstance(block, Mapping) else None
    reader = _READERS.get(kind) if isinstance(kind, str) else None
    if reader is None:
        raise ValueError(f"content[{index}]: `type` must be one of {', '.join(_READERS)}, not {kind!r}")
    try:
        return reader(block)
    except (KeyError, TypeError) as error:
        raise ValueError(f"content[{index}]: a {kind} block lacks or misuses {error}") from error


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"`{name}` must be a string, not {type(value).__name__}")
    return value


def _read_text(block: Mapping[str, Any]) -> Part:
    text, annotations = _text(block["text"], "text"), tuple(block.get("annotations") or ())
    return TextPart(text, annotations, block.get("origin"), block.get("extra"))


def _read_image_url(block: Mapping[str, Any]) -> Part:
    image = block["image_url"]
    if isinstance(image, str):
        return ImagePart.of(image, block.get("detail"))
    return ImagePart.of(_text(image["url"], "image_url.url"), image.get("detail"))


def _read_image(block: Mapping[str, Any]) -> Part:
    return ImagePart(**_sources(block), media_type=block.get("media_type"), detail=block.get("detail"))


def _read_audio(block: Mapping[str, Any]) -> Part:
    audio = block["input_audio"]
    return AudioPart(data=base64.b64decode(audio["data"], validate=True), format=audio["format"])


def _read_file(block: Mapping[str, Any]) -> Part:
    file = block.get("file", block)
    if data_url := file.get("file_data"):
        return FilePart(url=data_url, filename=file.get("filename"), citations=file.get("citations") is True)
    sources = _sources(file)
    return FilePart(
        **sources,
        file_id=file.get("file_id"),
        filename=file.get("filename"),
        media_type=file.get("media_type"),
        citations=file.get("citations") is True,
    )


def _sources(block: Mapping[str, Any]) -> dict[str, Any]:
    path, data = block.get("path"), block.get("data")
    return {
        "url": block.get("url"),
        "path": None if path is None else Path(path),
        "data": base64.b64decode(data, validate=True) if isinstance(data, str) else data,
    }


def _read_reasoning(block: Mapping[str, Any]) -> Part:
    names = ("text", "signature", "redacted", "id", "origin", "raw")
    return ReasoningPart(**{name: block[name] for name in names if block.get(name) is not None})


_READERS: dict[str, Callable[[Mapping[str, Any]], Part]] = {
    "text": _read_text,
    "image_url": _read_image_url,
    "image": _read_image,
    "input_audio": _read_audio,
    "file": _read_file,
    "reasoning": _read_reasoning,
    "refusal": lambda block: RefusalPart(_text(block["refusal"], "refusal"), block.get("origin"), block.get("extra")),
    "opaque": lambda block: OpaquePart(block["origin"], block["data"]),
    "cache_point": lambda block: CachePoint(block.get("ttl", "5m")),
    "tool_call": lambda block: _parse_tool_call(block),
}


def render_message(message: Message) -> dict[str, Any]:
    """Write a message as a JSON-able dict that `parse_message` reads back to an equal one."""
    content = message.content
    rendered: dict[str, Any] = {
        "role": message.role,
        "content": content if isinstance(content, str) else [_render_part(part) for part in content],
    }
    for name in ("name", "id", "tool_call_id", "is_error"):
        if value := getattr(message, name, None):
            rendered[name] = value
    return rendered


def _render_part(part: Part) -> dict[str, Any]:
    match part:
        case TextPart():
            block: dict[str, Any] = {
                "type": "text", "text": part.text, "annotations": list(part.annotations),
                "origin": part.origin, "extra": part.extra,
            }  # fmt: skip
        case ImagePart():
            block = {"type": "image", **_render_source(part), "detail": part.detail}
        case FilePart():
            block = {
                "type": "file",
                **_render_source(part),
                "file_id": part.file_id,
                "filename": part.filename,
                "citations": part.citations or None,
            }
        case AudioPart():
            if part.data is None:
                raise ValueError("an AudioPart with a path cannot be written as a dict; read the file into `data`")
            data = base64.b64encode(part.data).decode()
            block = {"type": "input_audio", "input_audio": {"data": data, "format": part.format}}
        case ReasoningPart():
            names = ("text", "signature", "redacted", "id", "origin", "raw")
            block = {"type": "reasoning", **{name: getattr(part, name) for name in names}}
        case RefusalPart():
            block = {"type": "refusal", "refusal": part.text, "origin": part.origin, "extra": part.extra}
        case OpaquePart():
            block = {"type": "opaque", "origin": part.origin, "data": dict(part.data)}
        case CachePoint():
            block = {"type": "cache_point", "ttl": part.ttl}
        case ToolCall():
            function = {"name": part.name, "arguments": part.arguments_json}
            block = {
                "type": "tool_call", "id": part.id, "function": function,
                "item_id": part.item_id, "signature": part.signature, "origin": part.origin, "extra": part.extra,
            }  # fmt: skip
        case _:
            assert_never(part)
    return {key: value for key, value in block.items() if value is not None and value != []}


def _render_source(part: ImagePart | FilePart) -> dict[str, Any]:
    return {
        "url": part.url,
        "path": None if part.path is None else str(part.path),
        "data": None if part.data is None else base64.b64encode(part.data).decode(),
        "media_type": part.media_type,
    }
