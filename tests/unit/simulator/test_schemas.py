"""Filled schemas are valid, whatever the schema, and use the words of the text where they fit."""

from __future__ import annotations

import re
from enum import Enum
from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field

from core.llms.simulator.hints import Hints
from core.llms.simulator.patterns import sample_of
from core.llms.simulator.schemas import fill_schema


def fill(schema: dict[str, Any], text: str = "", **fields: Any) -> Any:
    return fill_schema(schema, Hints(text, **fields))


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Address(BaseModel):
    street: str
    city: str
    zip_code: str = Field(pattern=r"^\d{5}$")


class Order(BaseModel):
    customer: str
    quantity: int = Field(ge=1, le=10)
    price: float = Field(gt=0, lt=5)
    colour: Colour
    size: Literal["S", "M", "L"]
    address: Address
    tags: list[str] = Field(min_length=2)
    note: str | None
    choices: list[Address] | dict[str, int]
    code: str = Field(min_length=8, max_length=8)


class Tree(BaseModel):
    value: int
    children: list[Tree]
    parent: Tree | None


@pytest.mark.parametrize("model", [Order, Address, Tree])
@pytest.mark.parametrize("text", ["", "Ada wants 99 blue ones, size M, in Paris 75001 for 3.50."])
def test_filled_pydantic_schemas_validate(model: type[BaseModel], text: str) -> None:
    model.model_validate(fill(model.model_json_schema(), text))


def test_filled_values_come_from_the_text() -> None:
    text = "Ada wants 3 blue ones, size M, sent to Paris 75001."
    order = Order.model_validate(fill(Order.model_json_schema(), text))
    assert (order.customer, order.quantity, order.colour, order.size) == ("Ada", 3, Colour.BLUE, "M")
    assert (order.address.city, order.address.zip_code) == ("Paris", "75001")


@pytest.mark.parametrize(
    ("schema", "text", "expected"),
    [
        ({"const": 7}, "", 7),
        ({"enum": ["low", "high"]}, "make it High", "high"),
        ({"enum": [1, 2, None]}, "", 1),
        ({"type": ["string", "null"]}, "", "example"),
        ({"anyOf": [{"type": "null"}, {"type": "integer"}]}, "take 5", 5),
        ({"type": "integer", "minimum": 10}, "take 5", 10),
        ({"type": "integer", "exclusiveMaximum": 5}, "take 9", 4),
        ({"type": "integer", "multipleOf": 5, "minimum": 7}, "", 10),
        ({"type": "number", "maximum": 2.5}, "take 9", 2.5),
        ({"type": "boolean"}, "", False),
        ({"type": "null"}, "", None),
        ({"type": "array", "items": {"type": "integer"}}, "1, 2 and 3", [1, 2, 3]),
        ({"type": "array", "items": {"type": "string"}, "maxItems": 1}, "Paris and Rome", ["Paris"]),
        (
            {"type": "array", "items": {"type": "string"}, "minItems": 2, "uniqueItems": True},
            "",
            ["example", "example1"],
        ),
        ({"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}]}, "4", [4, "example"]),
        ({"type": "string", "format": "email"}, "write to a.b@c.org now", "a.b@c.org"),
        ({"type": "string", "format": "date"}, "due 2026-11-21", "2026-11-21"),
        ({"type": "string", "format": "uuid"}, "", "123e4567-e89b-42d3-a456-426614174000"),
        ({"type": "string", "maxLength": 3}, "", "exa"),
        ({"type": "string", "minLength": 9}, "", "examplexx"),
        ({"type": "string", "pattern": "^[A-Z]{2}-\\d+$"}, "order AB-12 please", "AB-12"),
        ({"allOf": [{"properties": {"a": {"const": 1}}}, {"properties": {"b": {"const": 2}}}]}, "", {"a": 1, "b": 2}),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, "9", {"key1": 9}),
        ({}, "", "example"),
    ],
)
def test_schema_keywords_are_kept(schema: dict[str, Any], text: str, expected: Any) -> None:
    assert fill(schema, text) == expected


def test_properties_are_found_by_their_names() -> None:
    properties: dict[str, Any] = {
        "name": {"type": "string"},
        "age": {"type": "integer"},
        "email": {"type": "string"},
        "is_member": {"type": "boolean"},
        "priority": {"type": "string"},
    }
    text = "Name: Ada Lovelace, 36 years old, reach her at ada@x.org, priority: urgent, a member."
    assert fill({"type": "object", "properties": properties}, text) == {
        "name": "Ada Lovelace",
        "age": 36,
        "email": "ada@x.org",
        "is_member": True,
        "priority": "urgent",
    }


def test_recursive_schemas_end() -> None:
    schema = {
        "$defs": {
            "node": {"type": "object", "properties": {"next": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]}}}
        },
        "$ref": "#/$defs/node",
    }
    assert "next" in fill(schema)


def test_optional_properties_are_left_out_unless_given() -> None:
    schema = {
        "type": "object",
        "properties": {"unit": {"enum": ["C", "F"]}, "city": {"type": "string"}},
        "required": ["city"],
    }
    without = fill_schema(schema, Hints("Weather in Oslo"), optional=False)
    given = fill_schema(schema, Hints("Weather in Oslo, unit: F"), optional=False)
    assert (without, given) == ({"city": "Oslo"}, {"unit": "F", "city": "Oslo"})


@pytest.mark.parametrize(
    "pattern",
    [
        r"^\d{3}-\d{4}$",
        r"^[A-Z][a-z]+$",
        r"^(foo|bar)$",
        r"^#[0-9a-fA-F]{6}$",
        r"^a?b*c+$",
        r"\w+@\w+\.com",
        r"^[^@]+$",
    ],
)
def test_samples_match_their_pattern(pattern: str) -> None:
    sample = sample_of(pattern)
    assert sample is not None
    assert re.search(pattern, sample)


@pytest.mark.parametrize("pattern", [r"(?=a)b", r"(a)\1", "(", r"[z-a]"])
def test_patterns_beyond_the_simple_ones_have_no_sample(pattern: str) -> None:
    assert sample_of(pattern) is None


def test_keywords_that_are_null_are_none() -> None:
    schema = {
        "type": "object",
        "properties": {"a": {"const": None}, "b": {"enum": None, "allOf": None}},
        "required": None,
    }
    assert fill(schema) == {"a": None, "b": "example b"}
    assert fill({"type": "object", "properties": None, "minProperties": None}) == {}
