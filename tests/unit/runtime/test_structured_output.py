"""Output models: what is sent for a type, and how an answer is read back into it."""

from __future__ import annotations

import copy
import dataclasses
import datetime
import enum
import json
import subprocess
import sys
from typing import Annotated, Any, Generic, Literal, TypeVar

import pytest
from openai.lib._pydantic import to_strict_json_schema
from pydantic import BaseModel, ConfigDict, Field, RootModel, field_validator
from typing_extensions import TypedDict

from core.llms.errors import InvalidRequestError
from core.llms.runtime.structured_output import OutputMismatchError, OutputModel, output_model_for


class Person(BaseModel):
    """Somebody."""

    name: str
    age: int = Field(ge=0)
    born: datetime.date | None = None


@dataclasses.dataclass
class Point:
    x: float
    y: float


class Movie(TypedDict):
    title: str
    year: int


class Color(enum.Enum):
    RED = "red"


class Node(BaseModel):
    value: int
    next: Node | None = None


class Names(RootModel[list[str]]):
    pass


class Strict(BaseModel):
    model_config = ConfigDict(strict=True)
    day: datetime.date
    pair: tuple[int, int]


Item = TypeVar("Item")


class Page(BaseModel, Generic[Item]):
    items: list[Item]


def test_output_model_of_a_pydantic_model_sends_the_official_sdks_schema() -> None:
    model = output_model_for(Person)
    assert model.response_format.kind == "json_schema"
    assert model.response_format.name == "Person"
    assert model.response_format.strict is True
    assert model.response_format.schema == to_strict_json_schema(Person)
    assert model.response_format.description == "Somebody."
    assert model.tool.name == "Person"
    assert model.tool.parameters == model.response_format.schema
    assert model.tool.strict is True
    assert model.strict_problem is None


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (
            Person,
            '{"name": "Ada", "age": 36, "born": "1815-12-10"}',
            Person(name="Ada", age=36, born=datetime.date(1815, 12, 10)),
        ),
        (Point, '{"x": 1, "y": 2.5}', Point(1.0, 2.5)),
        (Movie, '{"title": "M", "year": 1931}', {"title": "M", "year": 1931}),
        (Node, '{"value": 1, "next": {"value": 2, "next": null}}', Node(value=1, next=Node(value=2))),
        (dict[str, int], '{"a": 1}', {"a": 1}),
        (list[int], '{"answer": [1, 2]}', [1, 2]),
        (Person | Point, '{"answer": {"x": 1, "y": 2}}', Point(1, 2)),
        (Literal["yes", "no"], '{"answer": "no"}', "no"),
        (int, '{"answer": 3}', 3),
        (bool, '{"answer": true}', True),
        (Color, '{"answer": "red"}', Color.RED),
        (Names, '{"answer": ["a"]}', Names(["a"])),
        (int | None, '{"answer": null}', None),
        (Annotated[int, Field(gt=2)], '{"answer": 3}', 3),
        (Annotated[int, Field(json_schema_extra={"x": [1]})], '{"answer": 3}', 3),
        (Page[int], '{"items": [1]}', Page[int](items=[1])),
        (Any, '{"answer": {"a": [1]}}', {"a": [1]}),
        (Strict, '{"day": "2026-11-21", "pair": [1, 2]}', Strict(day=datetime.date(2026, 11, 21), pair=(1, 2))),
    ],
)
def test_output_model_reads_an_answer_and_the_same_arguments(kind: Any, text: str, expected: Any) -> None:
    model = output_model_for(kind)
    assert model.response_format.schema is not None
    assert model.response_format.schema["type"] == "object"
    assert model.parse(text) == expected
    assert type(model.parse(text)) is type(expected)
    assert model.parse_arguments(json.loads(text)) == expected


@pytest.mark.parametrize(
    ("kind", "strict"),
    [(Point, True), (Movie, True), (list[int], True), (Node, True), (dict[str, int], False), (Any, False)],
)
def test_output_model_is_strict_where_the_schema_can_be(kind: Any, strict: bool) -> None:
    model = output_model_for(kind)
    assert model.response_format.strict is strict
    assert model.tool.strict is strict
    assert (model.strict_problem is None) is strict


def test_output_model_that_cannot_be_strict_sends_the_plain_schema() -> None:
    class Loose(BaseModel):
        scores: dict[str, int]
        note: str = ""

    model = output_model_for(Loose)
    assert model.response_format.schema == Loose.model_json_schema()
    assert model.strict_problem == "`scores`: an object must not allow additional properties"


@pytest.mark.parametrize(
    ("kind", "name"), [(list[int], "answer"), (Page[int], "Page_int"), (int | str, "answer"), (int, "int")]
)
def test_output_model_name_is_valid_on_the_wire(kind: Any, name: str) -> None:
    assert output_model_for(kind).response_format.name == name


def test_output_model_name_is_cut_to_64_characters() -> None:
    long = type("N" * 100, (BaseModel,), {})
    assert output_model_for(long).response_format.name == "N" * 64


def test_output_model_is_made_once_for_a_type() -> None:
    assert output_model_for(Person) is output_model_for(Person)
    assert output_model_for(list[int]) is output_model_for(list[int])


@pytest.mark.parametrize(
    "text", ['```json\n{"x": 1, "y": 2}\n```', '\n```\n{"x": 1,\n "y": 2}\n```\n', ' {"x":1,"y":2} ']
)
def test_parse_reads_an_answer_inside_a_markdown_fence(text: str) -> None:
    assert output_model_for(Point).parse(text) == Point(1, 2)


def test_parse_tells_the_model_each_place_problem_and_type() -> None:
    class Team(BaseModel):
        members: list[Person]
        size: int

    with pytest.raises(OutputMismatchError) as caught:
        output_model_for(Team).parse('{"members": [{"name": 5, "age": "secret-value"}, {"age": 1}], "size": null}')
    assert str(caught.value).splitlines() == [
        "the answer does not fit:",
        "- members.0.name: Input should be a valid string (found: integer)",
        "- members.0.age: Input should be a valid integer, unable to parse string as an integer (found: string)",
        "- members.1.name: is required, and missing",
        "- size: Input should be a valid integer (found: null)",
    ]
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("text", ["", "hello", '{"name": "Ada", "age": 3', "[" * 500])
def test_parse_tells_the_model_that_a_text_is_not_json(text: str) -> None:
    with pytest.raises(OutputMismatchError, match="not valid JSON: "):
        output_model_for(Person).parse(text)


def test_parse_keeps_its_message_within_2000_characters() -> None:
    class Long(BaseModel):
        text: str

        @field_validator("text")
        @classmethod
        def refuse(cls, value: str) -> str:
            raise ValueError("no " * 2000)

    with pytest.raises(OutputMismatchError) as one:
        output_model_for(Long).parse('{"text": "a"}')
    with pytest.raises(OutputMismatchError) as many:
        output_model_for(list[int]).parse(json.dumps({"answer": ["x"] * 500}))
    assert len(str(one.value)) <= 2000
    assert len(str(many.value)) <= 2000
    assert str(many.value).splitlines()[-1].startswith("- and ")


def test_parse_lets_a_mistake_in_a_validator_through() -> None:
    class Broken(BaseModel):
        text: str

        @field_validator("text")
        @classmethod
        def fail(cls, value: str) -> str:
            raise RuntimeError("a bug")

    with pytest.raises(RuntimeError, match="a bug"):
        output_model_for(Broken).parse('{"text": "a"}')


@pytest.mark.parametrize("kind", [object(), 5, "Person", lambda: None, len, type(sys)])
def test_output_model_for_what_is_no_type_is_an_error_that_says_so(kind: Any) -> None:
    with pytest.raises(InvalidRequestError, match="response_model"):
        output_model_for(kind)


CLOSED = {
    "title": "The weather",
    "type": "object",
    "properties": {"city": {"type": "string"}, "at": {"$ref": "#/$defs/At", "description": "When."}},
    "required": ["city", "at"],
    "$defs": {"At": {"type": "string", "format": "date-time"}},
}


def test_output_model_of_a_schema_is_strict_and_leaves_the_schema_as_it_is() -> None:
    before = copy.deepcopy(CLOSED)
    model = output_model_for(CLOSED)
    assert before == CLOSED
    assert model.response_format.name == "The_weather"
    assert model.response_format.strict is True
    assert model.response_format.schema is not None
    assert model.response_format.schema["additionalProperties"] is False
    assert model.parse('{"city": "Rome", "beyond": 1}') == {"city": "Rome", "beyond": 1}
    with pytest.raises(OutputMismatchError, match="of type object, not array"):
        model.parse("[]")
    with pytest.raises(OutputMismatchError, match="not valid JSON"):
        model.parse("Rome")


def test_output_model_of_a_schema_with_optional_properties_is_sent_as_it_is() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}, "required": ["a"]}
    model = output_model_for(schema)
    assert model.response_format.strict is False
    assert model.response_format.schema == schema
    assert "optional" in (model.strict_problem or "")


def test_output_model_of_a_schema_whose_root_is_no_object_is_wrapped() -> None:
    schema = {
        "type": "array",
        "items": {"anyOf": [{"$ref": "#/$defs/Name"}, {"$ref": "#"}]},
        "$defs": {"Name": {"type": "string"}},
    }
    model = output_model_for(schema)
    assert model.response_format.schema == {
        "type": "object",
        "properties": {
            "answer": {"type": "array", "items": {"anyOf": [{"$ref": "#/$defs/Name"}, {"$ref": "#/properties/answer"}]}}
        },
        "required": ["answer"],
        "additionalProperties": False,
        "$defs": {"Name": {"type": "string"}},
    }
    assert model.response_format.strict is True
    assert model.parse('{"answer": ["a"]}') == ["a"]
    with pytest.raises(OutputMismatchError, match="of type array, not object"):
        model.parse('{"answer": {}}')
    with pytest.raises(OutputMismatchError, match="of this form"):
        model.parse('["a"]')


@pytest.mark.parametrize(
    ("types", "text", "fits"),
    [
        ("number", "1", True),
        ("integer", "1.5", False),
        (["string", "null"], "null", True),
        (["string", "null"], "true", False),
        ("boolean", "1", False),
    ],
)
def test_output_model_of_a_schema_checks_the_type_of_the_root(types: Any, text: str, fits: bool) -> None:
    model = output_model_for({"type": types})
    if fits:
        assert model.parse(f'{{"answer": {text}}}') == json.loads(text)
    else:
        with pytest.raises(OutputMismatchError, match="of type"):
            model.parse(f'{{"answer": {text}}}')


def test_output_model_of_a_schema_without_a_type_at_an_object_root_is_an_object() -> None:
    assert output_model_for({"properties": {"a": {"type": "string"}}}).parse('{"a": "x"}') == {"a": "x"}


def test_output_model_of_a_broken_schema_is_an_error() -> None:
    with pytest.raises(InvalidRequestError, match="leads nowhere"):
        output_model_for({"$ref": "#/$defs/Missing"})


def test_structured_output_does_not_import_pydantic_models() -> None:
    code = "import sys, core.llms.runtime.structured_output; print('pydantic.main' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


def test_output_model_repr_has_no_internals() -> None:
    assert "_read_json" not in repr(output_model_for(Point))
    assert isinstance(output_model_for(Point), OutputModel)
