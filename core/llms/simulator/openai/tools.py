"""What both of OpenAI's wires ask of tools and of the choice among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.llms.simulator.conversation import Tool, ToolChoice
from core.llms.simulator.openai.errors import ApiError
from core.llms.simulator.openai.strict_schemas import find_schema_flaw

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def check_functions(functions: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
    """Check names and schemas; each function comes with its path. Raises: ApiError."""
    names: set[str] = set()
    for path, function in functions:
        name = function["name"]
        if name in names:
            raise ApiError(
                f"Invalid '{path}.name': duplicate function name '{name}'. Function names must be unique.",
                param=f"{path}.name",
                code="invalid_value",
            )
        names.add(name)
        parameters = function.get("parameters")
        if parameters is None:
            continue
        flaw = find_schema_flaw(parameters, strict=bool(function.get("strict")))
        if flaw is not None:
            message = f"Invalid schema for function '{name}': {flaw}"
            raise ApiError(message, param=f"{path}.parameters", code="invalid_function_parameters")


def check_tool_choice(choice: Any, names: Sequence[str], chosen: Sequence[str]) -> None:
    """Check that a choice has tools to choose from, and that the `chosen` names are among them. Raises: ApiError."""
    if choice is not None and not names:
        message = "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified."
        raise ApiError(message, param="tool_choice")
    for name in chosen:
        if name not in names:
            message = (
                f"Invalid value for 'tool_choice': no function named '{name}' was specified in the 'tools' parameter."
            )
            raise ApiError(message, param="tool_choice")


def to_tool(function: Mapping[str, Any]) -> Tool:
    """A function of either wire as the brain sees it."""
    return Tool(function["name"], function.get("description") or "", function.get("parameters") or {})


def to_tool_choice(choice: Any, chosen: Sequence[str]) -> ToolChoice:
    """A choice of either wire as the brain sees it; `chosen` are the names it singles out."""
    if choice is None or choice == "auto":
        return ToolChoice("auto")
    if choice == "none":
        return ToolChoice("none")
    if choice == "required":
        return ToolChoice("required")
    if choice.get("type") == "allowed_tools":
        allowed = choice.get("allowed_tools", choice)
        return ToolChoice(allowed["mode"], tuple(chosen))
    return ToolChoice("required", tuple(chosen))
