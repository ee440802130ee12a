"""The text that stands for tools and for a response schema."""

from __future__ import annotations

from typing import Any

import pytest

from core.llms.runtime.tokens.tools import render_response_format, render_tools
from core.llms.types.tools import ResponseFormat, Tool


def _tool(properties: dict[str, Any], **schema: Any) -> Tool:
    return Tool("act", None, {"type": "object", "properties": properties, **schema})


def _render(tool: Tool, *, compact: bool = True) -> str:
    text = render_tools([tool], compact=compact)
    return text.removeprefix("namespace functions {\n\n").removesuffix("\n\n} // namespace functions")


def test_render_tools_puts_the_functions_into_one_namespace() -> None:
    tools = [Tool("first", "Do one.\nThen stop."), Tool("second")]
    assert render_tools(tools, compact=True) == (
        "namespace functions {\n\n"
        "// Do one.\n// Then stop.\ntype first = () => any;\n\n"
        "type second = () => any;\n\n"
        "} // namespace functions"
    )


def test_render_tools_breaks_the_lines_where_a_property_is_described() -> None:
    tool = _tool(
        {"city": {"type": "string", "description": "The city"}, "unit": {"enum": ["C", "F"]}}, required=["city"]
    )
    assert _render(tool) == 'type act = (_: {\n// The city\ncity: string,\nunit?: "C" | "F",\n}) => any;'


@pytest.mark.parametrize(
    ("compact", "text"),
    [
        (True, "type act = (_: { a: number, b?: boolean }) => any;"),
        (False, "type act = (_: {\na: number,\nb?: boolean,\n}) => any;"),
    ],
)
def test_render_tools_keeps_a_plain_object_on_one_line_in_the_compact_form_only(compact: bool, text: str) -> None:
    tool = _tool({"a": {"type": "integer"}, "b": {"type": "boolean"}}, required=["a"])
    assert _render(tool, compact=compact) == text


def test_render_tools_writes_a_default_behind_its_property() -> None:
    tool = _tool({"unit": {"type": "string", "default": "C"}, "top": {"type": "number", "default": 3}})
    assert _render(tool) == "type act = (_: {\nunit?: string, // default: C\ntop?: number, // default: 3\n}) => any;"


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({"type": "array", "items": {"type": "string"}}, "string[]"),
        ({"type": "array"}, "any[]"),
        ({"type": "object"}, "object"),
        ({"type": "object", "properties": {"x": {"type": "null"}}}, "{ x?: null }"),
        ({"type": ["string", "null"]}, "string | null"),
        ({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "integer"}}]}, "string | number[]"),
        ({"const": "fixed"}, '"fixed"'),
        ({"enum": [1, None, "a"]}, '1 | null | "a"'),
        ({"$ref": "#/$defs/Point"}, "{ x?: number }"),
        ({"$ref": "#/$defs/Nothing"}, "any"),
        ({}, "any"),
        (True, "any"),
        ({"type": 7}, "any"),
    ],
)
def test_render_tools_names_each_type(schema: Any, text: str) -> None:
    definitions = {"Point": {"type": "object", "properties": {"x": {"type": "number"}}}}
    assert _render(_tool({"p": schema}, **{"$defs": definitions})) == f"type act = (_: {{ p?: {text} }}) => any;"


def test_render_tools_takes_a_schema_of_wrong_types() -> None:
    odd = {"type": "object", "properties": {"x": 1}, "required": True, "description": 5, "enum": 3, "anyOf": {}}
    tool = _tool({"p": odd, "q": None}, required=7)
    assert _render(tool) == "type act = (_: {\np?: { x?: any },\nq?: any,\n}) => any;"


def test_render_tools_ends_a_schema_that_contains_itself() -> None:
    node = {"type": "object", "properties": {"next": {"$ref": "#/$defs/Node"}}}
    assert _render(_tool({"node": {"$ref": "#/$defs/Node"}}, **{"$defs": {"Node": node}})).count("next") == 6


def test_render_tools_leaves_nested_descriptions_out_of_the_older_form() -> None:
    tool = _tool({"outer": {"type": "object", "properties": {"inner": {"type": "string", "description": "Deep"}}}})
    assert _render(tool, compact=False) == "type act = (_: {\nouter?: {\n  inner?: string,\n},\n}) => any;"
    assert "// Deep" in _render(tool)


def test_render_response_format_writes_the_schema_under_a_heading() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": False}
    response_format = ResponseFormat("json_schema", "person", schema, description="Who it is")
    assert render_response_format(response_format) == (
        '# Response Formats\n\n## person\n\n// Who it is\n{"type":"object","properties":{"a":{"type":"string"}}}'
    )


def test_render_response_format_is_empty_without_a_schema() -> None:
    assert render_response_format(ResponseFormat("json_object")) == ""
