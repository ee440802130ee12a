"""Reading one candidate: its parts in order, why it ended, what was said of it. Streams end in the same functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic_core import to_json

from core.llms.errors import ProtocolError
from core.llms.types.content import OpaquePart, Part, ReasoningPart, TextPart, ToolCall
from core.llms.types.messages import AssistantMessage
from core.llms.types.response import Choice, FinishReason, UnifiedFinish
from core.llms.wires.gemini.dialect import ORIGIN
from core.llms.wires.gemini.turns import SIGNATURE

# google-genai 3.4 (types.FinishReason), read 2026-11-21. Calls come with STOP.
_FINISH_REASONS: Final[Mapping[str, UnifiedFinish]] = {
    "STOP": "stop",
    "MAX_TOKENS": "length",
    "CONTINUATION": "pause",
    **dict.fromkeys(
        (
            "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY", "MODEL_ARMOR",
            "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "ESCALATION", "PUP_LIMITED_DISABLED",
        ),
        "content_filter",
    ),
    **dict.fromkeys(
        (
            "MALFORMED_FUNCTION_CALL", "MALFORMED_RESPONSE", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS",
            "MISSING_THOUGHT_SIGNATURE",
        ),
        "error",
    ),
}  # fmt: skip
# The numbers that both hosts have for a reason, where a client asked for numbers instead of names.
_NUMBERED: Final = {1: "STOP", 2: "MAX_TOKENS", 3: "SAFETY", 4: "RECITATION"}
_ANNOTATIONS: Final = ("groundingMetadata", "citationMetadata", "urlContextMetadata")
_PLAIN_FIELDS: Final = frozenset({"content", "finishReason", "index"})
_FILTERED: Final = ("safetyRatings", "finishMessage")


def parse_candidate(candidate: Any, response_id: str | None) -> Choice:
    """Read a candidate. Raises `ProtocolError` for what is not one."""
    if not isinstance(candidate, dict):
        raise ProtocolError("a candidate is not an object")
    plain = _find_plain_text(candidate)
    if plain is not None:
        return Choice(AssistantMessage(plain), read_finish(candidate.get("finishReason"), False))
    number = candidate.get("index")
    parts = _read_parts(read_raw_parts(candidate), response_id, number if isinstance(number, int) else 0)
    _annotate(parts, candidate)
    logprobs = candidate.get("logprobsResult")
    filtered = {name: candidate[name] for name in _FILTERED if candidate.get(name)}
    return Choice(
        _create_message(parts),
        read_finish(candidate.get("finishReason"), any(isinstance(part, ToolCall) for part in parts)),
        logprobs if isinstance(logprobs, Mapping) else None,
        filtered if "safetyRatings" in filtered or candidate.get("finishReason") == "MODEL_ARMOR" else None,
    )


def _find_plain_text(candidate: Mapping[str, Any]) -> str | None:
    """Return the text of a candidate that is one text and says nothing else; None where there is more to read."""
    if not candidate.keys() <= _PLAIN_FIELDS or candidate.get("finishReason") == "MODEL_ARMOR":
        return None
    content = candidate.get("content")
    parts = content.get("parts") if isinstance(content, dict) else None
    if not isinstance(parts, list) or len(parts) != 1:
        return None
    text = parts[0].get("text") if isinstance(parts[0], dict) and len(parts[0]) == 1 else None
    return text if isinstance(text, str) and text else None


def read_raw_parts(candidate: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return a candidate's parts as received; a filter leaves none. Raises `ProtocolError`."""
    content = candidate.get("content")
    if content is None:
        return []
    if not isinstance(content, Mapping):
        raise ProtocolError("a candidate's `content` is not an object")
    parts = content.get("parts")
    if parts is None:
        return []
    if not isinstance(parts, list) or not all(isinstance(part, Mapping) for part in parts):
        raise ProtocolError("a candidate's `parts` are not a list of objects")
    return parts


def read_finish(raw: Any, has_calls: bool) -> FinishReason:
    """Read a finish reason, which may be missing, or a number where enumerations are written as such."""
    name = _NUMBERED.get(raw, str(raw)) if isinstance(raw, int) else raw
    if name is not None and not isinstance(name, str):
        raise ProtocolError("`finishReason` is neither text nor a number")
    unified: UnifiedFinish = _FINISH_REASONS.get(name, "other") if name else "other"
    if has_calls and (unified == "stop" or not name):
        unified = "tool_calls"
    return FinishReason(unified, name)


def read_call(part: Mapping[str, Any], response_id: str | None, choice: int, index: int) -> ToolCall:
    """Read a part with `functionCall`; a call without an id gets one that is the same each time it is read."""
    function = part["functionCall"]
    name = function.get("name") if isinstance(function, Mapping) else None
    if not isinstance(name, str) or not name:
        raise ProtocolError("a function call has no name")
    if function.get("partialArgs") or function.get("willContinue"):
        raise ProtocolError(
            "the arguments of a call come in pieces, which are not read here: leave `streamFunctionCallArguments` out"
        )
    arguments = function.get("args")
    if arguments is not None and not isinstance(arguments, Mapping):
        raise ProtocolError(f"a function call's `args` are not an object but {type(arguments).__name__}")
    id, signature = function.get("id"), part.get(SIGNATURE)
    given = id if isinstance(id, str) and id else None
    extra = {name: value for name, value in part.items() if name not in ("functionCall", SIGNATURE)}
    return ToolCall(
        given or f"call_{(response_id or '')[-20:]}_{choice}_{index}",
        name,
        arguments or {},
        to_json(arguments or {}).decode(),
        item_id=given,
        signature=signature if isinstance(signature, str) else None,
        origin=ORIGIN,
        extra=extra or None,
    )


def is_plain(part: Mapping[str, Any]) -> bool:
    """Whether a part is a piece of text or of a thought, with nothing else to it: such pieces may be joined."""
    return "text" in part and (len(part) == 1 or (len(part) == 2 and part.get("thought") is True))


def _read_parts(raw_parts: list[Mapping[str, Any]], response_id: str | None, choice: int) -> list[Part]:
    parts: list[Part] = []
    calls = 0
    for part in raw_parts:
        if "functionCall" in part:
            parts.append(read_call(part, response_id, choice, calls))
            calls += 1
        elif "text" in part:
            parts.extend(_read_text(part))
        elif part:
            parts.append(OpaquePart(ORIGIN, part))
    return parts


def _read_text(part: Mapping[str, Any]) -> list[Part]:
    text, signature = part["text"], part.get(SIGNATURE)
    if not isinstance(text, str):
        raise ProtocolError("a part's `text` is not text")
    if part.get("thought"):
        known = {"text", "thought", SIGNATURE}
        raw = None if set(part) <= known else part
        return [ReasoningPart(text, signature if isinstance(signature, str) else None, origin=ORIGIN, raw=raw)]
    extra = {name: value for name, value in part.items() if name != "text"}
    if extra:
        return [TextPart(text, origin=ORIGIN, extra=extra)]
    return [TextPart(text)] if text else []


def _annotate(parts: list[Part], candidate: Mapping[str, Any]) -> None:
    """Put sources and citations, which the vendor gives for the whole answer, on its last text."""
    notes = tuple({name: candidate[name]} for name in _ANNOTATIONS if candidate.get(name))
    if not notes:
        return
    for index in range(len(parts) - 1, -1, -1):
        part = parts[index]
        if isinstance(part, TextPart) and part.text:
            parts[index] = TextPart(part.text, notes, ORIGIN, part.extra)
            return


def _create_message(parts: list[Part]) -> AssistantMessage:
    if len(parts) == 1 and isinstance(parts[0], TextPart) and parts[0].extra is None and not parts[0].annotations:
        return AssistantMessage(parts[0].text)
    return AssistantMessage(tuple(parts) or "")
