"""From a request whose shape is checked to the conversation the brain reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from core.llms.simulator import conversation as plain
from core.llms.simulator.bedrock.blocks import lay_out, returned
from core.llms.simulator.bedrock.media import MEDIA, to_media
from core.llms.simulator.bedrock.request_rules import output_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Literal

    from core.llms.simulator.bedrock.blocks import Placed

_MODES: dict[str, Literal["auto", "required"]] = {"auto": "auto", "any": "required", "tool": "required"}


def to_conversation(body: dict[str, Any]) -> plain.Conversation:
    """The whole request. Raises: ApiError for images and documents that are none."""
    config = body.get("toolConfig", {"tools": []})
    specs = [tool["toolSpec"] for tool in config["tools"] if "toolSpec" in tool]
    ((kind, chosen),) = config.get("toolChoice", {"auto": {}}).items()
    turns = [turn for index, message in enumerate(body["messages"]) for turn in _to_turns(message, index)]
    return plain.Conversation(
        turns=(*_system_turn(body.get("system", [])), *turns),
        tools=tuple(
            plain.Tool(spec["name"], spec.get("description", ""), spec["inputSchema"]["json"]) for spec in specs
        ),
        tool_choice=plain.ToolChoice(_MODES[kind], (chosen["name"],) if kind == "tool" else ()),
        output_form=_to_form(body),
        web_search=any("systemTool" in tool for tool in config["tools"]),
    )


def _to_form(body: dict[str, Any]) -> plain.OutputForm:
    if "textFormat" not in body.get("outputConfig", {}):
        return plain.OutputForm()
    return plain.OutputForm("json_schema", output_schema(body) or {})


def _system_turn(system: Sequence[dict[str, Any]]) -> tuple[plain.Turn, ...]:
    guarded = [block["guardContent"].get("text", {}).get("text") for block in system if "guardContent" in block]
    texts = [block["text"] for block in system if "text" in block] + [text for text in guarded if text]
    return (plain.Turn("system", tuple(plain.Text(text) for text in texts)),) if texts else ()


def _to_turns(message: dict[str, Any], index: int) -> Iterable[plain.Turn]:
    """Results of tools stand alone; the rest of the message follows them."""
    rest: list[Placed] = []
    for placed in lay_out(message, index):
        if placed.kind == "toolResult" and message["role"] == "user":
            parts = tuple(part for inner in returned(placed) for part in _to_parts(inner))
            yield plain.Turn("tool", parts, tool_call_id=placed.content["toolUseId"])
        else:
            rest.append(placed)
    if rest:
        calls = tuple(_to_call(placed.content) for placed in rest if placed.kind == "toolUse")
        yield plain.Turn(message["role"], tuple(part for placed in rest for part in _to_parts(placed)), calls)


def _to_call(use: dict[str, Any]) -> plain.ToolCall:
    return plain.ToolCall(use["name"], to_json(use["input"]).decode(), use["toolUseId"])


def _to_parts(placed: Placed) -> tuple[plain.Part, ...]:
    content = placed.content
    match placed.kind:
        case "text":
            return (plain.Text(content),)
        case "json":
            return (plain.Text(to_json(content).decode()),)
        case "guardContent" if "text" in content:
            return (plain.Text(content["text"]["text"]),)
        case "citationsContent":
            return tuple(plain.Text(piece["text"]) for piece in content.get("content", ()))
        case "searchResult":
            return (plain.Text("\n".join([content["title"], *(part["text"] for part in content["content"])])),)
        case kind if kind in MEDIA:
            return (to_media(placed),)
    return ()
