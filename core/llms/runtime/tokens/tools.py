"""The text that OpenAI's models read for tools and for a response schema, so that its tokens can be counted.

The vendor does not publish these forms. They were inferred from recorded token counts: the tools of a request stand
in a TypeScript namespace, a response schema stands as JSON under a heading. The text is for counting only, and is
never sent. What surrounds it in tokens is in `framing`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic_core import to_json

from core.llms.types.tools import ResponseFormat, Tool

_DEEPEST: Final = 12
_UNION_KEYS: Final = ("anyOf", "oneOf", "allOf")
_PRIMITIVES: Final = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def render_tools(tools: Iterable[Tool], *, compact: bool) -> str:
    """Return the namespace of function types that stands for the tools.

    `compact` is the form of the models since gpt-4o: an object without any description stands on one line. The older
    form always breaks the lines, and leaves the descriptions of nested properties out.
    """
    functions = "\n\n".join(_render_function(tool, compact) for tool in tools)
    return f"namespace functions {{\n\n{functions}\n\n}} // namespace functions"


def render_response_format(response_format: ResponseFormat) -> str:
    """Return the section that stands for a response schema; empty where the format has none."""
    if response_format.schema is None:
        return ""
    schema = {key: value for key, value in response_format.schema.items() if key != "additionalProperties"}
    description = _render_comment(response_format.description, "")
    return f"# Response Formats\n\n## {response_format.name}\n\n{description}{to_json(schema).decode()}"


def _render_function(tool: Tool, compact: bool) -> str:
    renderer = _SchemaRenderer(compact, _definitions(tool.parameters))
    comment = _render_comment(tool.description, "")
    if not _mapping(tool.parameters.get("properties")):
        return f"{comment}type {tool.name} = () => any;"
    return f"{comment}type {tool.name} = (_: {renderer.render_object(tool.parameters, 0)}) => any;"


def _render_comment(text: Any, margin: str) -> str:
    return "".join(f"{margin}// {line}\n" for line in text.split("\n")) if isinstance(text, str) and text else ""


def _definitions(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**_mapping(schema.get("definitions")), **_mapping(schema.get("$defs"))}


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _sequence(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()


def _literal(value: Any) -> str:
    return to_json(value).decode()


@dataclass(frozen=True, slots=True)
class _SchemaRenderer:
    compact: bool
    definitions: Mapping[str, Any]

    def render_object(self, schema: Mapping[str, Any], depth: int) -> str:
        properties = _mapping(schema.get("properties"))
        required = _sequence(schema.get("required"))
        fields = [
            (_mapping(value), f"{name}{'' if name in required else '?'}: {self.render_type(value, depth + 1)}")
            for name, value in properties.items()
        ]
        if self.compact and not any(value.get("description") or "default" in value for value, _ in fields):
            return f"{{ {', '.join(text for _, text in fields)} }}"
        return self._render_lines(fields, depth)

    def _render_lines(self, fields: list[tuple[Mapping[str, Any], str]], depth: int) -> str:
        margin = "  " * depth
        lines: list[str] = []
        for value, text in fields:
            if self.compact or depth == 0:
                lines.append(_render_comment(value.get("description"), margin))
            default = f" // default: {_bare(value['default'])}" if "default" in value else ""
            lines.append(f"{margin}{text},{default}\n")
        return f"{{\n{''.join(lines)}{'  ' * max(0, depth - 1)}}}"

    def render_type(self, schema: Any, depth: int) -> str:
        if not isinstance(schema, Mapping) or depth > _DEEPEST:
            return "any"
        if isinstance(reference := schema.get("$ref"), str):
            return self.render_type(self.definitions.get(reference.rpartition("/")[2]), depth + 1)
        if "const" in schema:
            return _literal(schema["const"])
        if values := _sequence(schema.get("enum")):
            return " | ".join(_literal(value) for value in values)
        for key in _UNION_KEYS:
            if branches := _sequence(schema.get(key)):
                return " | ".join(self.render_type(branch, depth) for branch in branches)
        return self._render_named_type(schema, schema.get("type"), depth)

    def _render_named_type(self, schema: Mapping[str, Any], kind: Any, depth: int) -> str:
        if isinstance(kind, list):
            return " | ".join(self._render_named_type(schema, name, depth) for name in kind)
        if kind == "array":
            return f"{self.render_type(schema.get('items'), depth)}[]"
        if kind == "object" or "properties" in schema:
            return self.render_object(schema, depth) if _mapping(schema.get("properties")) else "object"
        return _PRIMITIVES.get(kind, "any") if isinstance(kind, str) else "any"


def _bare(value: Any) -> str:
    return value if isinstance(value, str) else _literal(value)
