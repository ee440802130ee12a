"""Rules between the fields of a chat request, and between them and the model: ranges, choices, tools, formats."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from core.llms.simulator.watsonx.errors import both_given, invalid_argument, invalid_document, missing_field

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.llms.simulator.watsonx.models import Model

CHAT_RANGES: Mapping[str, tuple[float | None, float | None]] = {
    "temperature": (0.0, 2.0),
    "top_p": (0.0, 1.0),
    "frequency_penalty": (-2.0, 2.0),
    "presence_penalty": (-2.0, 2.0),
    "repetition_penalty": (0.0, None),
    "top_logprobs": (0, 20),
    "max_tokens": (0, None),
    "max_completion_tokens": (0, None),
    "time_limit": (1, None),
    "n": (1, 128),
}
_MOST_STOPS = 4
_MOST_TOOLS = 128
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_FORMATS = ("text", "json_object", "json_schema")
_EFFORTS = ("low", "medium", "high")
_OPTIONS = ("none", "auto", "required")
_SCHEMA_TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")
_GUIDES = ("guided_choice", "guided_regex", "guided_grammar", "guided_json")
_NO_TOOLS = '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'


def check_chat(body: dict[str, Any], model: Model) -> None:
    """Check a chat request whose shape is read, but for its messages. Raises: ApiError."""
    check_ranges(body, CHAT_RANGES)
    require_choice(body, "reasoning_effort", _EFFORTS)
    if len(body.get("stop") or ()) > _MOST_STOPS:
        raise invalid_document(f"stop should not have more than {_MOST_STOPS} items")
    if body.get("top_logprobs") and not body.get("logprobs"):
        raise invalid_document("'logprobs' must be true when 'top_logprobs' is specified")
    _check_format(body)
    _check_tools(body, model)


def check_ranges(
    values: dict[str, Any], ranges: Mapping[str, tuple[float | None, float | None]], prefix: str = ""
) -> None:
    """Check numbers against their ranges, both ends included. Raises: ApiError."""
    for name, (lowest, highest) in ranges.items():
        value = values.get(name)
        if value is not None and lowest is not None and value < lowest:
            raise invalid_document(f"{prefix}{name} should not be less than {lowest}")
        if value is not None and highest is not None and value > highest:
            raise invalid_document(f"{prefix}{name} should not be greater than {highest}")


def require_choice(values: dict[str, Any], name: str, choices: Sequence[str], prefix: str = "") -> None:
    """Check that a field, where it is there, has one of some values. Raises: ApiError."""
    value = values.get(name)
    if value is not None and value not in choices:
        listed = ", ".join(f"'{choice}'" for choice in choices)
        raise invalid_document(f"{prefix}{name} must be one of {listed}")


def _check_format(body: dict[str, Any]) -> None:
    wanted = body.get("response_format")
    guides = [name for name in _GUIDES if name in body]
    if len(guides) + (wanted is not None) > 1:
        named = ["response_format"] * (wanted is not None) + guides
        raise both_given(*named[:2])
    if wanted is None:
        return
    if not wanted.get("type"):
        raise missing_field("response_format.type")
    require_choice(wanted, "type", _FORMATS, "response_format.")
    if wanted["type"] == "json_schema":
        _require(wanted, "json_schema", "response_format.")
        _require(wanted["json_schema"], "name", "response_format.json_schema.")
        _require(wanted["json_schema"], "schema", "response_format.json_schema.")
        _check_schema(wanted["json_schema"]["schema"], "response_format.json_schema.schema", "")


def _check_tools(body: dict[str, Any], model: Model) -> None:
    tools = body.get("tools") or []
    if len(tools) > _MOST_TOOLS:
        raise invalid_document(f"tools should not have more than {_MOST_TOOLS} items")
    for index, tool in enumerate(tools):
        _check_tool(tool, f"tools[{index}].")
    require_choice(body, "tool_choice_option", _OPTIONS)
    choice = body.get("tool_choice")
    if choice is not None and "tool_choice_option" in body:
        raise both_given("tool_choice", "tool_choice_option")
    if choice is not None:
        _check_tool_choice(choice, [tool["function"]["name"] for tool in tools])
    if body.get("tool_choice_option") in ("auto", "required") and not tools:
        raise invalid_document("'tools' must be specified when 'tool_choice_option' is specified")
    if tools and not model.tools and body.get("tool_choice_option") != "none":
        raise invalid_argument(model.name, _NO_TOOLS)


def _check_tool(tool: dict[str, Any], prefix: str) -> None:
    _require(tool, "type", prefix)
    require_choice(tool, "type", ("function",), prefix)
    _require(tool, "function", prefix)
    _require(tool["function"], "name", f"{prefix}function.")
    if not _NAME.fullmatch(tool["function"]["name"]):
        raise invalid_document(f"{prefix}function.name must match the pattern '^{_NAME.pattern}$'")
    _check_schema(tool["function"].get("parameters") or {}, f"{prefix}function.parameters", "")


def _check_tool_choice(choice: dict[str, Any], names: list[str]) -> None:
    _require(choice, "type", "tool_choice.")
    require_choice(choice, "type", ("function",), "tool_choice.")
    _require(choice, "function", "tool_choice.")
    _require(choice["function"], "name", "tool_choice.function.")
    if choice["function"]["name"] not in names:
        raise invalid_document("tool_choice.function.name must be the name of one of the tools")


def _check_schema(schema: Any, path: str, pointer: str) -> None:
    """Check the types a JSON schema names, to its leaves."""
    if not isinstance(schema, dict):
        raise invalid_document(f"{path}: at '{pointer}': got {type(schema).__name__}, want boolean or object")
    kinds = schema.get("type", [])
    for kind in kinds if isinstance(kinds, list) else [kinds]:
        if kind not in _SCHEMA_TYPES:
            listed = ", ".join(f"'{name}'" for name in _SCHEMA_TYPES)
            raise invalid_document(f"{path}: at '{pointer}/type': value must be one of {listed}")
    properties = schema.get("properties", {})
    if not isinstance(properties, dict):
        raise invalid_document(f"{path}: at '{pointer}/properties': got {type(properties).__name__}, want object")
    for name, inner in properties.items():
        if not isinstance(inner, bool):
            _check_schema(inner, path, f"{pointer}/properties/{name}")
    if isinstance(schema.get("items"), dict):
        _check_schema(schema["items"], path, f"{pointer}/items")


def _require(value: dict[str, Any], name: str, prefix: str) -> None:
    if not value.get(name) and value.get(name) != {}:
        raise missing_field(f"{prefix}{name}")
