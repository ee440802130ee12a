"""Functions as a model sees them."""

from __future__ import annotations

import dataclasses
import datetime
import enum
import functools
import gc
import weakref
from collections.abc import Callable
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, RootModel

from core.llms.context import LLMContext
from core.llms.errors import InvalidRequestError
from core.llms.runtime.function_signature import signature_of


class Unit(enum.Enum):
    CELSIUS = "celsius"
    KELVIN = "kelvin"


class Place(BaseModel):
    """A place."""

    city: str
    country: str = "DE"


@dataclasses.dataclass
class Span:
    start: datetime.date
    days: int = 1


def get_weather(
    city: Annotated[str, Field(description="The city.", min_length=1)],
    days: Annotated[int, "How many days."] = 3,
    unit: Unit = Unit.CELSIUS,
    note: str | None = None,
    ctx: LLMContext | None = None,
) -> str:
    """Look up the weather.

    Args:
        city: Not this one.
        days: Nor this one.
        unit: The unit.
    """
    return f"{city} {days} {unit} {note} {ctx}"


def test_signature_of_a_function_describes_it_without_the_context() -> None:
    signature = signature_of(get_weather)
    assert signature.name == "get_weather"
    assert signature.description == "Look up the weather."
    assert signature.context_names == ("ctx",)
    assert signature.parameters == {
        "type": "object",
        "properties": {
            "city": {"type": "string", "description": "The city.", "minLength": 1},
            "days": {"type": "integer", "description": "How many days.", "default": 3},
            "unit": {"$ref": "#/$defs/Unit", "description": "The unit.", "default": "celsius"},
            "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        },
        "required": ["city"],
        "additionalProperties": False,
        "$defs": {"Unit": {"enum": ["celsius", "kelvin"], "title": "Unit", "type": "string"}},
    }


def test_signature_reads_arguments_into_the_annotated_types() -> None:
    def plan(place: Place, span: Span, kind: Literal["a", "b"], at: datetime.datetime, ids: set[int]) -> None: ...

    read = signature_of(plan).read_arguments(
        b'{"place": {"city": "Rome"}, "span": {"start": "2026-11-21"}, "kind": "a",'
        b' "at": "2026-11-21T10:00:00Z", "ids": ["1", 2]}'
    )
    assert read == {
        "place": Place(city="Rome"),
        "span": Span(datetime.date(2026, 11, 21)),
        "kind": "a",
        "at": datetime.datetime(2026, 11, 21, 10, tzinfo=datetime.UTC),
        "ids": {1, 2},
    }


def test_signature_of_parameters_with_awkward_names() -> None:
    def search(schema: str, model_config: str, _private: int, json: bool, copy: int = 1) -> None: ...

    signature = signature_of(search)
    assert list(signature.parameters["properties"]) == ["schema", "model_config", "_private", "json", "copy"]
    given = b'{"schema": "a", "model_config": "b", "_private": 1, "json": true}'
    assert signature.read_arguments(given) == {"schema": "a", "model_config": "b", "_private": 1, "json": True}


def test_signature_of_a_function_without_parameters_is_an_empty_object() -> None:
    def now() -> str:
        return ""

    signature = signature_of(now)
    assert signature.description is None
    assert signature.parameters == {"type": "object", "properties": {}, "additionalProperties": False}
    assert signature.read_arguments(b"{}") == {}


class Shop:
    def find(self, article: str, limit: int = 5) -> str:
        """Find an article."""
        return article

    @classmethod
    def open(cls, day: datetime.date) -> bool:
        return True

    @staticmethod
    def close(day: datetime.date) -> bool:
        return True

    async def __call__(self, question: str) -> str:
        return question


@pytest.mark.parametrize(
    ("function", "name", "parameters"),
    [
        (Shop().find, "find", ["article", "limit"]),
        (Shop.open, "open", ["day"]),
        (Shop.close, "close", ["day"]),
        (Shop(), "Shop", ["question"]),
        (functools.partial(Shop().find, limit=3), "find", ["article"]),
        (functools.partial(get_weather, "Rome", unit=Unit.KELVIN), "get_weather", ["days", "note"]),
        (functools.partial(functools.partial(get_weather, days=1), note=""), "get_weather", ["city", "unit"]),
        (functools.lru_cache(get_weather), "get_weather", ["city", "days", "unit", "note"]),
    ],
)
def test_signature_of_methods_and_partials(function: Callable[..., Any], name: str, parameters: list[str]) -> None:
    signature = signature_of(function)
    assert signature.name == name
    assert list(signature.parameters["properties"]) == parameters


def test_signature_of_a_partial_refuses_what_the_partial_has_fixed() -> None:
    read = signature_of(functools.partial(get_weather, note="fixed")).read_arguments
    with pytest.raises(ValueError, match="Extra inputs are not permitted"):
        read(b'{"city": "Rome", "note": "other"}')


def test_signature_of_a_pydantic_model_has_its_fields() -> None:
    signature = signature_of(Place)
    assert (signature.name, signature.description) == ("Place", "A place.")
    assert signature.parameters == {
        "type": "object",
        "properties": {"city": {"type": "string"}, "country": {"type": "string", "default": "DE"}},
        "required": ["city"],
    }
    assert signature.read_arguments(b'{"city": "Rome"}') == Place(city="Rome")


def _star(*cities: str) -> None: ...
def _stars(city: str, **options: str) -> None: ...
def _bare(city: str, days) -> None: ...  # type: ignore[no-untyped-def]  # the case that is tested
def _positional(city: str, /) -> None: ...
def _field_default(city: str = Field("Rome")) -> None: ...
def _unknown(city: Missing) -> None: ...  # type: ignore[name-defined]  # noqa: F821 - the case that is tested
def _indescribable(call: Callable[[], int]) -> None: ...


class Names(RootModel[list[str]]):
    pass


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (_star, r"tool '_star': `\*cities` cannot be described"),
        (_stars, r"tool '_stars': `\*\*options` cannot be described"),
        (_bare, "tool '_bare': parameter `days` has no annotation; write `days: str`"),
        (_positional, "tool '_positional': `city` is positional-only"),
        (_field_default, "tool '_field_default': write `city: Annotated"),
        (_unknown, "tool '_unknown': its parameters cannot be read .*Missing"),
        (_indescribable, "tool '_indescribable': a parameter cannot be described as JSON"),
        (Shop.find, "parameter `self` has no annotation"),
        (Shop, "the class Shop is no tool"),
        (Names, "the model Names is no tool"),
        (lambda: None, "a tool needs a name"),
    ],
)
def test_signature_of_what_cannot_be_described_names_parameter_and_fix(
    function: Callable[..., Any], message: str
) -> None:
    with pytest.raises(InvalidRequestError, match=message):
        signature_of(function)


def test_signature_is_read_once_for_a_function_and_for_a_method() -> None:
    shop = Shop()
    assert signature_of(get_weather) is signature_of(get_weather)
    assert signature_of(shop.find) is signature_of(Shop().find)


def test_signature_does_not_keep_its_function_alive() -> None:
    def make() -> Callable[..., Any]:
        def lookup(city: str, days: int = 1, place: Place | None = None) -> str:
            return city

        return lookup

    function = make()
    signature = signature_of(function)
    gone = weakref.ref(function)
    del function
    gc.collect()
    assert gone() is None
    assert signature.read_arguments(b'{"city": "Rome"}') == {"city": "Rome"}


def test_signature_leaves_out_a_default_that_json_cannot_say() -> None:
    marker = object()

    def find(article: str, limit: Any = marker) -> None: ...

    assert signature_of(find).parameters["properties"]["limit"] == {}
    assert signature_of(find).parameters["required"] == ["article"]
