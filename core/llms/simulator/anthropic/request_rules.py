"""Rules between the fields of a request, and between them and the model: tools, sampling, formats, limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.llms.simulator.anthropic.errors import ApiError
from core.llms.simulator.anthropic.message_rules import check_messages, check_thinking_comes_first
from core.llms.simulator.anthropic.output_schemas import find_strict_schema_flaw, find_tool_schema_flaw
from core.llms.simulator.anthropic.request_shapes import is_custom
from core.llms.simulator.anthropic.thinking import check_thinking, plan_thinking
from core.llms.simulator.anthropic.turns import all_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.llms.simulator.anthropic.models import Model
    from core.llms.simulator.anthropic.turns import Turn

_MOST_BREAKPOINTS = 4
_SAMPLING_GUIDE = (
    "Please consult our documentation at "
    "https://docs.claude.com/en/docs/build-with-claude/extended-thinking"
    "#important-considerations-when-using-extended-thinking"
)


def check_request(body: dict[str, Any], turns: Sequence[Turn], model: Model, version: str) -> None:
    """Check everything that depends on more than one field, or on the model. Raises: ApiError."""
    check_prompt(body, turns, model, version)
    check_forced_tools(body, model)
    check_sampling(body, model)
    _check_limits(body, model)


def check_prompt(body: dict[str, Any], turns: Sequence[Turn], model: Model, version: str) -> None:
    """Check what makes up the prompt, as counting takes it too. Raises: ApiError."""
    check_messages(body, turns, model, version)
    check_thinking(body, model)
    if body.get("thinking", {}).get("type") == "enabled":
        check_thinking_comes_first(turns)
    _check_tools(body.get("tools") or [])
    check_tool_choice(body, model)
    _check_format(body)
    _check_breakpoints(body, turns)


def _check_tools(tools: Sequence[dict[str, Any]]) -> None:
    names: set[str] = set()
    for index, tool in enumerate(tools):
        name: str = tool.get("name") or tool["type"]
        if name in names:
            raise ApiError("tools: Tool names must be unique.")
        names.add(name)
        if not is_custom(tool):
            _check_search(tool, index)
            continue
        flaw = find_tool_schema_flaw(tool["input_schema"])
        if flaw is not None:
            raise ApiError(f"tools.{index}.custom.input_schema{flaw[0]}: {flaw[1]}")
        strict_flaw = find_strict_schema_flaw(tool["input_schema"]) if tool.get("strict") else None
        if strict_flaw is not None:
            raise ApiError(f"tools.{index}.custom: {strict_flaw}")
    if tools and all(tool.get("defer_loading") for tool in tools):
        raise ApiError("At least one tool must have defer_loading=false. All tools cannot be deferred.")


def _check_search(tool: dict[str, Any], index: int) -> None:
    if tool.get("allowed_domains") and tool.get("blocked_domains"):
        message = "Cannot specify both allowed_domains and blocked_domains"
        raise ApiError(f"tools.{index}.{tool['type']}: {message}")


def check_tool_choice(body: dict[str, Any], model: Model) -> None:
    """Check that what is forced can be called. Raises: ApiError."""
    choice = body.get("tool_choice")
    if choice is None:
        return
    if not body.get("tools"):
        raise ApiError(f"tool_choice.{choice['type']}: may only be specified while providing `tools`")
    if choice["type"] not in ("any", "tool"):
        return
    if not model.forced_tools:
        raise ApiError('tool_choice: type "tool" and "any" are not supported for this model.')
    if choice["type"] == "tool" and choice["name"] not in [tool.get("name") for tool in body["tools"]]:
        raise ApiError(f"Tool '{choice['name']}' not found in provided tools")


def check_forced_tools(body: dict[str, Any], model: Model) -> None:
    """Check a rule for answers only: counting was recorded to take what it forbids. Raises: ApiError."""
    forced = (body.get("tool_choice") or {}).get("type") in ("any", "tool")
    if forced and plan_thinking(body, model).is_on and not model.forced_tools_while_thinking:
        raise ApiError("Thinking may not be enabled when tool_choice forces tool use.")


def _check_format(body: dict[str, Any]) -> None:
    form = (body.get("output_config") or {}).get("format")
    if form is None:
        return
    flaw = find_strict_schema_flaw(form["schema"])
    if flaw is not None:
        raise ApiError(f"output_config.format.schema: {flaw}")
    if any(_is_cited(block) for message in body["messages"] for block in _blocks(message)):
        raise ApiError("output_config.format: citations are not supported with structured outputs")


def _blocks(message: dict[str, Any]) -> list[dict[str, Any]]:
    return message["content"] if isinstance(message["content"], list) else []


def _is_cited(block: dict[str, Any]) -> bool:
    return block["type"] in ("document", "search_result") and bool((block.get("citations") or {}).get("enabled"))


def _check_breakpoints(body: dict[str, Any], turns: Sequence[Turn]) -> None:
    marks = list(_breakpoints(body, turns))
    count = len(marks) + (1 if body.get("cache_control") is not None else 0)
    if count > _MOST_BREAKPOINTS:
        raise ApiError(f"A maximum of {_MOST_BREAKPOINTS} blocks with cache_control may be provided. Found {count}.")
    short_seen = False
    for path, control in marks:
        if control.get("ttl") == "1h" and short_seen:
            raise ApiError(
                f"{path}.cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' "
                "cache_control block. Note that blocks are processed in the following order: `tools`, `system`, "
                "`messages`."
            )
        short_seen = short_seen or control.get("ttl", "5m") == "5m"


def _breakpoints(body: dict[str, Any], turns: Sequence[Turn]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every block with a breakpoint and its path, in the order in which prompts are made."""
    for index, tool in enumerate(body.get("tools") or ()):
        if tool.get("cache_control"):
            yield f"tools.{index}.{tool.get('type') or 'custom'}", tool["cache_control"]
    system = body.get("system")
    for index, block in enumerate(system if isinstance(system, list) else ()):
        if block.get("cache_control"):
            yield f"system.{index}", block["cache_control"]
    for placed in all_blocks(turns):
        inner = placed.block.get("content") if placed.type == "tool_result" else None
        for position, part in enumerate(inner if isinstance(inner, list) else ()):
            if part.get("cache_control"):
                yield f"{placed.typed_path}.content.{position}", part["cache_control"]
        if placed.block.get("cache_control"):
            yield placed.typed_path, placed.block["cache_control"]


def check_sampling(body: dict[str, Any], model: Model) -> None:
    """Check the sampling parameters against the model and its thinking. Raises: ApiError."""
    given = [name for name in ("temperature", "top_p", "top_k") if name in body]
    if given and not model.samples:
        raise ApiError(f"`{given[0]}` is deprecated for this model.")
    if "temperature" in body and "top_p" in body:
        raise ApiError("`temperature` and `top_p` cannot both be specified for this model. Please use only one.")
    if not plan_thinking(body, model).is_on:
        return
    if body.get("temperature", 1) != 1:
        message = "`temperature` may only be set to 1 when thinking is enabled or in adaptive mode."
        raise ApiError(f"{message} {_SAMPLING_GUIDE}")
    if body.get("top_p", 1) < 0.95:
        message = "`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled or in adaptive mode."
        raise ApiError(f"{message} {_SAMPLING_GUIDE}")
    if "top_k" in body:
        message = "`top_k` must be unset when thinking is enabled or in adaptive mode."
        raise ApiError(f"{message} {_SAMPLING_GUIDE}")


def _check_limits(body: dict[str, Any], model: Model) -> None:
    wanted = body["max_tokens"]
    if wanted > model.max_output:
        raise ApiError(
            f"max_tokens: {wanted} > {model.max_output}, which is the maximum allowed number of output tokens for "
            f"{model.name}"
        )
    if any(not stop.strip() for stop in body.get("stop_sequences", ())):
        raise ApiError("stop_sequences: each stop sequence must contain non-whitespace")
