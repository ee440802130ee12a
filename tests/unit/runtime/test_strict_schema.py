"""The strict subset, held against the schemas that OpenAI's own SDK makes of the same types."""

from __future__ import annotations

import copy
import datetime
import enum
import uuid
from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from openai.lib._pydantic import to_strict_json_schema
from pydantic import BaseModel, Field, TypeAdapter

from core.llms.runtime.strict_schema import leaves_room, resolve_reference, strict_schema, why_not_strict


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Address(BaseModel):
    """Where somebody lives."""

    street: str = Field(description="With the number.", min_length=1)
    zip_code: Annotated[str, Field(pattern=r"^\d{5}$")]
    country: str = "DE"


class Person(BaseModel):
    name: str
    age: int = Field(ge=0, lt=150, description="In years.")
    address: Address
    second_address: Address | None = None
    former_addresses: list[Address] = Field(default_factory=list, max_length=3)
    described_address: Address = Field(description="The one for letters.")


class Everything(BaseModel):
    color: Color
    favourite: Color = Field(Color.RED, description="Of all.")
    level: Level
    kind: Literal["a", "b"]
    one: Literal[1]
    number_or_text: int | str
    maybe: int | None = None
    ratio: float = Field(gt=0, multiple_of=0.5)
    born: datetime.date
    at: datetime.datetime
    lasted: datetime.timedelta
    id: uuid.UUID
    flags: list[bool]
    matrix: list[list[float]]
    nothing: None = None
    shape: Address | Person = Field(description="One of two.")


class Node(BaseModel):
    value: int
    children: list[Node]
    parent: Node | None = None


class Tree(BaseModel):
    root: Node
    spare: Node | None = None


class Aliased(BaseModel):
    from_: str = Field(alias="from", title="Sender", examples=["me"])


class Empty(BaseModel):
    pass


class Labelled(BaseModel):
    schema_: Annotated[str, Field(alias="$ref")]
    default: int
    properties: list[str]
    type: Literal["x"]


class Money(BaseModel):
    amount: Annotated[Decimal, Field(max_digits=5)]


@pytest.mark.parametrize("model", [Person, Everything, Node, Tree, Aliased, Empty, Address, Labelled, Money])
def test_strict_schema_equals_that_of_the_official_sdk(model: type[BaseModel]) -> None:
    assert strict_schema(model.model_json_schema()) == to_strict_json_schema(model)


@pytest.mark.parametrize("kind", [list[Address], Address | Person, dict[str, int], Literal["a"], list[Any]])
def test_strict_schema_of_a_type_adapter_equals_that_of_the_official_sdk(kind: Any) -> None:
    adapter = TypeAdapter(kind)
    assert strict_schema(adapter.json_schema()) == to_strict_json_schema(adapter)


@pytest.mark.parametrize("model", [Person, Everything, Node, Tree, Aliased, Empty, Address])
def test_strict_schema_of_supported_types_is_in_the_subset(model: type[BaseModel]) -> None:
    schema = strict_schema(model.model_json_schema())
    assert why_not_strict(schema) is None
    assert strict_schema(schema) == schema


@pytest.mark.parametrize("model", [Person, Everything, Tree])
def test_strict_schema_leaves_what_it_is_given_as_it_is(model: type[BaseModel]) -> None:
    schema = model.model_json_schema()
    before = copy.deepcopy(schema)
    strict = strict_schema(schema)
    strict["properties"].clear()
    strict.get("$defs", {}).clear()
    assert schema == before


def test_strict_schema_turns_a_discriminated_union_into_any_of() -> None:
    class Cat(BaseModel):
        kind: Literal["cat"]

    class Dog(BaseModel):
        kind: Literal["dog"]

    owner = TypeAdapter(dict[str, Annotated[Cat | Dog, Field(discriminator="kind")]])
    schema = {
        "type": "object",
        "properties": {"pet": owner.json_schema()["additionalProperties"]},
        "$defs": owner.json_schema()["$defs"],
    }
    assert "oneOf" in schema["properties"]["pet"]
    strict = strict_schema(schema)
    assert strict["properties"]["pet"] == {"anyOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}]}
    assert why_not_strict(strict) is None


def test_strict_schema_keeps_a_described_reference_that_leads_back_to_itself() -> None:
    schema = {
        "$defs": {
            "Node": {
                "type": "object",
                "properties": {"next": {"$ref": "#/$defs/Node", "description": "The next one."}},
            }
        },
        "type": "object",
        "properties": {"first": {"$ref": "#/$defs/Node"}},
    }
    strict = strict_schema(schema)
    inner = strict["$defs"]["Node"]["properties"]["next"]
    assert inner["description"] == "The next one."
    assert inner["properties"]["next"] == {"anyOf": [{"$ref": "#/$defs/Node"}], "description": "The next one."}
    assert why_not_strict(strict) is None


def test_strict_schema_inlines_an_all_of_of_one_entry() -> None:
    schema = {"type": "object", "properties": {"a": {"allOf": [{"type": "object", "properties": {}}], "title": "A"}}}
    assert strict_schema(schema)["properties"]["a"] == {
        "type": "object",
        "properties": {},
        "required": [],
        "additionalProperties": False,
        "title": "A",
    }


def _object_of(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ({"type": "array", "items": {"type": "string"}}, "the root must be an object"),
        ({**_object_of(), "anyOf": []}, "the root must be an object"),
        (_object_of(x={}), "`x`: any value is allowed there"),
        (_object_of(x=True), "`x`: any value is allowed there"),
        (_object_of(x={"type": "object", "additionalProperties": {"type": "string"}}), "`x`: an object must not"),
        (_object_of(x={"type": "array"}), "`x`: an array needs `items`"),
        (_object_of(x={"type": "array", "prefixItems": [{"type": "string"}]}), "`x`: `prefixItems`"),
        (_object_of(x={"type": "array", "items": {"type": "string"}, "uniqueItems": True}), "`x`: `uniqueItems`"),
        (_object_of(x={"type": "string", "format": "uri"}), "`x`: the format 'uri'"),
        (_object_of(x={"type": "string", "pattern": "^(?!a)"}), "`x`: a pattern with lookaround"),
        (_object_of(x={"anyOf": [{"type": "string"}, {}]}), "`x`: any value"),
        ({**_object_of(x={"type": "string"}), "required": []}, "the root: `x` must be required"),
        (_object_of(x={"type": "integer", "enum": list(range(1001))}), "it has 1001 enum values"),
        (_object_of(**{f"p{index}": {"type": "null"} for index in range(5001)}), "it has 5001 properties"),
    ],
)
def test_why_not_strict_names_the_place_and_the_reason(schema: dict[str, Any], reason: str) -> None:
    assert (why_not_strict(schema) or "").startswith(reason)


@pytest.mark.parametrize(
    "kind", [dict[str, int], Any, list[Any], tuple[int, str], set[int], bytes, Decimal | bytes, dict[str, Any]]
)
def test_why_not_strict_refuses_types_that_the_subset_cannot_express(kind: Any) -> None:
    assert why_not_strict(_object_of(x=strict_schema(TypeAdapter(kind).json_schema()))) is not None


def test_leaves_room_is_true_for_optional_properties_and_open_objects_only() -> None:
    assert not leaves_room({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]})
    assert leaves_room({"type": "object", "properties": {"a": {"type": "string"}}})
    assert leaves_room(_object_of(a={"type": "object"}))
    assert leaves_room(_object_of(a={"anyOf": [{"type": "null"}, {"type": "object", "properties": {"b": {}}}]}))
    assert not leaves_room(_object_of(a={"type": "object", "additionalProperties": False}))


def test_resolve_reference_decodes_escapes_and_names_what_leads_nowhere() -> None:
    root = {"$defs": {"a/b~c": {"type": "string"}}}
    assert resolve_reference(root, "#/$defs/a~1b~0c") == {"type": "string"}
    assert resolve_reference(root, "#") is root
    with pytest.raises(ValueError, match="leads nowhere"):
        resolve_reference(root, "#/$defs/missing")
    with pytest.raises(ValueError, match="leads out of it"):
        resolve_reference(root, "https://example.com/schema.json")


def test_why_not_strict_accepts_every_documented_format() -> None:
    formats = ("date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid")
    schema = _object_of(**{name: {"type": "string", "format": name} for name in formats})
    assert why_not_strict(schema) is None
