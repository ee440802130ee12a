"""The contents of a request: who may say what, calls and their responses, signatures, and what it means."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from core.llms.simulator.conversation import Part, Text, ToolCall, Turn
from core.llms.simulator.google.errors import ApiError, invalid_field
from core.llms.simulator.google.media import decode_blob, reference_file
from core.llms.simulator.google.signatures import is_genuine

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.llms.simulator.google.models import Model

_DATA = (
    "text",
    "inlineData",
    "fileData",
    "functionCall",
    "functionResponse",
    "executableCode",
    "codeExecutionResult",
    "toolCall",
    "toolResponse",
)
_SIGNATURE_GUIDE = "https://ai.google.dev/gemini-api/docs/thought-signatures"


def check_contents(contents: Sequence[dict[str, Any]], model: Model, *, vertex: bool) -> None:
    """Check roles, parts, order and signatures. Raises: ApiError."""
    if not contents:
        raise invalid_field("contents", "contents is not specified")
    for index, content in enumerate(contents):
        _check_role(content.get("role"), vertex=vertex)
        check_parts(content, f"contents[{index}]")
    _check_calls(contents)
    _check_signatures(contents, model)


def check_parts(content: dict[str, Any], path: str) -> None:
    """Check that a content has parts, each of one kind. Raises: ApiError."""
    if not content.get("parts"):
        raise invalid_field(f"{path}.parts", "contents.parts must not be empty.")
    for index, part in enumerate(content["parts"]):
        kinds = [name for name in _DATA if name in part]
        where = f"{path}.parts[{index}]"
        if not kinds and "thoughtSignature" not in part:
            raise invalid_field(f"{where}.data", "required oneof field 'data' must have one initialized field")
        if len(kinds) > 1:
            message = f"oneof field 'data' is already set. Cannot set '{kinds[1]}'"
            raise ApiError(f"Invalid value at '{where}' (oneof), {message}")
        for kind in ("functionCall", "functionResponse"):
            if kind in part and not part[kind].get("name"):
                snake = "function_call" if kind == "functionCall" else "function_response"
                raise invalid_field(f"{where}.{snake}.name", "Name cannot be empty.")


def _check_role(role: str | None, *, vertex: bool) -> None:
    if role in ("user", "model", "function") or (not role and not vertex):
        return
    raise ApiError("Please use a valid role: user, model.")


def _check_calls(contents: Sequence[dict[str, Any]]) -> None:
    for index, content in enumerate(contents):
        calls = list(_members(content, "functionCall"))
        responses = list(_members(content, "functionResponse"))
        before = contents[index - 1] if index else {}
        if calls and before.get("role") == "model":
            raise ApiError(
                "Please ensure that function call turn comes immediately after a user turn or after a function "
                "response turn."
            )
        if calls:
            answers = list(_members(contents[index + 1], "functionResponse")) if index + 1 < len(contents) else []
            if Counter(call["name"] for call in calls) != Counter(answer["name"] for answer in answers):
                raise ApiError(
                    "Please ensure that the number of function response parts is equal to the number of function call "
                    "parts of the function call turn."
                )
        if responses and not list(_members(before, "functionCall")):
            raise ApiError("Please ensure that function response turn comes immediately after a function call turn.")


def _members(content: dict[str, Any], kind: str) -> Iterator[dict[str, Any]]:
    return (part[kind] for part in content.get("parts", ()) if kind in part)


def _check_signatures(contents: Sequence[dict[str, Any]], model: Model) -> None:
    spoken = [index for index, content in enumerate(contents) if _is_spoken(content)]
    current = spoken[-1] if spoken else -1
    for index, content in enumerate(contents):
        for part in content["parts"]:
            if "thoughtSignature" in part and not is_genuine(part["thoughtSignature"]):
                raise ApiError("Corrupted thought signature.")
        first = next((part for part in content["parts"] if "functionCall" in part), None)
        if model.late and index > current and first is not None and "thoughtSignature" not in first:
            raise ApiError(
                "Function call is missing a thought_signature in functionCall parts. This is required for tools to "
                "work correctly, and missing thought_signature may lead to degraded model performance. Additional "
                f"data, function call `default_api:{first['functionCall']['name']}` , position {index + 1}. "
                f"Please refer to {_SIGNATURE_GUIDE} for more details."
            )


def _is_spoken(content: dict[str, Any]) -> bool:
    """Whether a content is the user's own, and no response of a function."""
    return content.get("role") != "model" and not any("functionResponse" in part for part in content["parts"])


def to_turns(system: dict[str, Any] | None, contents: Sequence[dict[str, Any]], *, vertex: bool) -> tuple[Turn, ...]:
    """The contents as the brain sees them; thoughts are left out. Raises: ApiError for media that is none."""
    turns: list[Turn] = []
    if system is not None:
        turns.append(Turn("system", tuple(Text(part["text"]) for part in system["parts"] if part.get("text"))))
    for index, content in enumerate(contents):
        turns += _to_turns(content, index, vertex=vertex)
    return tuple(turns)


def _to_turns(content: dict[str, Any], index: int, *, vertex: bool) -> Iterator[Turn]:
    parts: list[Part] = []
    calls: list[ToolCall] = []
    for position, part in enumerate(content["parts"]):
        path = f"contents[{index}].parts[{position}]"
        if "functionResponse" in part:
            yield _response_turn(part["functionResponse"])
        elif "functionCall" in part:
            call = part["functionCall"]
            arguments = to_json(call.get("args") or {}).decode()
            calls.append(ToolCall(call["name"], arguments, call["name"]))
        elif not part.get("thought"):
            parts += _to_parts(part, path, vertex=vertex)
    if parts or calls:
        role = "assistant" if content.get("role") == "model" else "user"
        yield Turn(role, tuple(parts), tuple(calls))  # type: ignore[arg-type]  # one of the two names above


def _response_turn(response: dict[str, Any]) -> Turn:
    value = response.get("response") or {}
    result = next((value[name] for name in ("result", "output") if len(value) == 1 and name in value), value)
    text = result if isinstance(result, str) else to_json(result).decode()
    return Turn("tool", (Text(text),), tool_call_id=response["name"])


def _to_parts(part: dict[str, Any], path: str, *, vertex: bool) -> list[Part]:
    if part.get("text"):
        return [Text(part["text"])]
    if "inlineData" in part:
        return [decode_blob(part["inlineData"], f"{path}.inline_data")]
    if "fileData" in part:
        return [reference_file(part["fileData"], f"{path}.file_data", vertex=vertex)]
    return []
