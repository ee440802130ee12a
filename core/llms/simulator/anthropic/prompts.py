"""A request as the brain sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from core.llms.simulator import conversation as plain
from core.llms.simulator.anthropic.media import content_text, decode_document, decode_image
from core.llms.simulator.anthropic.request_shapes import WEB_SEARCH_TYPES, is_custom

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Literal

    from core.llms.simulator.anthropic.turns import Placed, Turn


def to_conversation(body: dict[str, Any], turns: Sequence[Turn]) -> plain.Conversation:
    """The whole request. Raises: ApiError for images and documents that are none."""
    tools = body.get("tools") or []
    choice = body.get("tool_choice") or {"type": "auto"}
    form = (body.get("output_config") or {}).get("format")
    return plain.Conversation(
        turns=(*_system_turn(body.get("system")), *(turn for spoken in turns for turn in _to_turns(spoken))),
        tools=tuple(
            plain.Tool(tool["name"], tool.get("description", ""), tool["input_schema"])
            for tool in tools
            if is_custom(tool)
        ),
        tool_choice=_to_choice(choice),
        parallel_tool_calls=not choice.get("disable_parallel_tool_use", False),
        output_form=plain.OutputForm() if form is None else plain.OutputForm("json_schema", form["schema"]),
        web_search=any(tool.get("type") in WEB_SEARCH_TYPES for tool in tools) and choice["type"] != "none",
    )


def _to_choice(choice: dict[str, Any]) -> plain.ToolChoice:
    modes: dict[str, Literal["auto", "none", "required"]] = {"auto": "auto", "none": "none"}
    names = (choice["name"],) if choice["type"] == "tool" else ()
    return plain.ToolChoice(modes.get(choice["type"], "required"), names)


def _system_turn(system: str | list[dict[str, Any]] | None) -> tuple[plain.Turn, ...]:
    text = content_text(system or "")
    return (plain.Turn("system", (plain.Text(text),)),) if text else ()


def _to_turns(turn: Turn) -> Iterable[plain.Turn]:
    """Results of tools stand alone; the rest of the turn follows them."""
    for placed in turn.of_type("tool_result"):
        yield plain.Turn("tool", _result_parts(placed), tool_call_id=placed.block["tool_use_id"])
    rest = [placed for placed in turn.blocks if placed.type != "tool_result"]
    if not rest:
        return
    calls = tuple(
        plain.ToolCall(placed.block["name"], to_json(placed.block["input"]).decode(), placed.block["id"])
        for placed in rest
        if placed.type == "tool_use"
    )
    parts = tuple(part for placed in rest for part in _to_parts(placed.block, placed.path))
    role: Literal["system", "user", "assistant"] = turn.role  # type: ignore[assignment]  # checked by the shape
    yield plain.Turn(role, parts, calls)


def _result_parts(placed: Placed) -> tuple[plain.Part, ...]:
    content = placed.block.get("content") or ""
    if isinstance(content, str):
        return (plain.Text(content),) if content else ()
    return tuple(
        part
        for position, block in enumerate(content)
        for part in _to_parts(block, f"{placed.typed_path}.content.{position}")
    )


def _to_parts(block: dict[str, Any], path: str) -> tuple[plain.Part, ...]:
    match block["type"]:
        case "text":
            return (plain.Text(block["text"]),)
        case "image":
            return (decode_image(block["source"], f"{path}.image.source"),)
        case "document":
            return (decode_document(block, f"{path}.document.source"),)
        case "search_result":
            return (plain.Text(f"{block['title']}\n{content_text(block['content'])}"),)
    return ()
