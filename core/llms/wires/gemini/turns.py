"""Writing what the model said before: text, thoughts, calls and opaque blocks, in order, with their signatures."""

from __future__ import annotations

from typing import Any, Final

from core.llms.types.content import OpaquePart, ReasoningPart, RefusalPart, TextPart, ToolCall
from core.llms.types.messages import AssistantMessage
from core.llms.wires.gemini.dialect import ORIGIN

SIGNATURE: Final = "thoughtSignature"
# What the vendor documents for calls that its model did not make (ai.google.dev, "Thought signatures", 2026).
_UNSIGNED: Final = "skip_thought_signature_validator"


def render_model_parts(
    message: AssistantMessage, place: str, warnings: list[str], *, fill_signature: bool
) -> list[dict[str, Any]]:
    """Write the parts of an assistant message; a refusal is plain text here.

    With `fill_signature` a first call without a signature (of another provider, or of an older model) carries the
    vendor's mark that skips its check, and a warning says so.
    """
    parts: list[dict[str, Any]] = []
    has_call = False
    for part in message.parts:
        match part:
            case TextPart():
                rendered: dict[str, Any] | None = _render_text(part)
            case ReasoningPart():
                rendered = _render_thought(part, place, warnings)
            case ToolCall():
                rendered = _render_call(part, place, warnings)
                if not has_call and fill_signature and SIGNATURE not in rendered:
                    rendered[SIGNATURE] = _UNSIGNED
                    warnings.append(f"{place}: a tool call has no signature of this model: its check is skipped")
                has_call = True
            case RefusalPart():
                rendered = {"text": part.text}
            case OpaquePart():
                rendered = _render_opaque(part, place, warnings)
            case _:
                rendered = None
        if rendered is not None:
            parts.append(rendered)
    return parts


def vendor_id(call: ToolCall) -> str | None:
    """Return the id under which the vendor knows a call; a call of its own may have none."""
    return call.item_id if call.origin == ORIGIN else call.id


def _render_text(part: TextPart) -> dict[str, Any] | None:
    if part.origin == ORIGIN and part.extra:
        return {"text": part.text, **part.extra}
    return {"text": part.text} if part.text else None


def _render_thought(part: ReasoningPart, place: str, warnings: list[str]) -> dict[str, Any] | None:
    if part.origin != ORIGIN:
        warnings.append(_left_out(place, "reasoning", part.origin))
        return None
    if part.raw is not None:
        return dict(part.raw)
    thought: dict[str, Any] = {"text": part.text, "thought": True}
    return {**thought, SIGNATURE: part.signature} if part.signature else thought


def _render_call(call: ToolCall, place: str, warnings: list[str]) -> dict[str, Any]:
    if call.arguments_error is not None:
        warnings.append(f"{place}: the arguments of a call to {call.name} were left out: {call.arguments_error}")
    id = vendor_id(call)
    function: dict[str, Any] = {} if id is None else {"id": id}
    function |= {"name": call.name, "args": dict(call.arguments)}
    rendered: dict[str, Any] = {"functionCall": function}
    if call.origin == ORIGIN:
        rendered |= call.extra or {}
        if call.signature:
            rendered[SIGNATURE] = call.signature
    return rendered


def _render_opaque(part: OpaquePart, place: str, warnings: list[str]) -> dict[str, Any] | None:
    if part.origin != ORIGIN:
        warnings.append(_left_out(place, "a block", part.origin))
        return None
    return dict(part.data)


def _left_out(place: str, what: str, origin: str | None) -> str:
    return f"{place}: {what} of {origin or 'unknown origin'} was left out: the {ORIGIN} wire cannot carry it"
