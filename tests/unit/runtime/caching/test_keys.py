"""Keys: equal requests have equal keys in every process, and whatever changes the answer changes the key."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
from dataclasses import fields, replace
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import to_json

from core.llms import (
    EmbeddingRequest,
    ImagePart,
    LLMRequest,
    Message,
    ResponseFormat,
    ServerTool,
    SystemMessage,
    Target,
    TextPart,
    Tool,
    ToolChoice,
    UserMessage,
)
from core.llms.runtime.caching.keys import make_key
from core.llms.wires.openai_chat.wire import OpenAIChatWire
from tests.support.answers import EMBEDDING_REQUESTS, requests

TARGET = Target("openai", "m", address="https://api.example.com/v1", account="a1", wire="openai_chat")
REQUEST = LLMRequest(
    "m",
    (UserMessage("Hi"),),
    {"temperature": 0, "stop": ["END"]},
    (Tool("weather", "Tells it.", {"type": "object"}, True),),
    ToolChoice("auto"),
    ResponseFormat("json_object"),
    {"top": 1},
)
EMBEDDING = EmbeddingRequest("m", ("Hi",), 3, "query", {"user": "x"})


def shuffled(value: Any) -> Any:
    """The same value, its mappings in another order, its whole numbers as floats."""
    if isinstance(value, dict):
        return {name: shuffled(item) for name, item in reversed(value.items())}
    if isinstance(value, list):
        return [shuffled(item) for item in value]
    if type(value) is int and float(value) == value:
        return float(value)
    return value


@settings(max_examples=50)
@given(requests())
def test_equal_requests_have_equal_keys(request: LLMRequest) -> None:
    key = make_key(request, TARGET)
    same = replace(
        copy.deepcopy(request), params=shuffled(request.params), provider_options=shuffled(request.provider_options)
    )
    assert same == request
    assert make_key(same, TARGET) == key
    assert make_key(replace(request, stream=True, warnings=("one",)), TARGET) == key
    assert make_key(request, replace(TARGET, account="another", alias="fast")) == key


def assert_each_field_counts(one: Any, other: Any, besides: set[str]) -> None:
    for name in {field.name for field in fields(one)} - besides:
        changed = replace(one, **{name: getattr(other, name)})
        if changed != one:
            assert make_key(changed, TARGET) != make_key(one, TARGET)


@settings(max_examples=50)
@given(requests(), requests())
def test_any_changed_field_makes_another_key(one: LLMRequest, other: LLMRequest) -> None:
    assert_each_field_counts(one, other, {"stream", "warnings"})


@given(EMBEDDING_REQUESTS, EMBEDDING_REQUESTS)
def test_texts_to_embed_have_keys_of_their_own(one: EmbeddingRequest, other: EmbeddingRequest) -> None:
    assert make_key(one, TARGET) == make_key(copy.deepcopy(one), TARGET)
    assert_each_field_counts(one, other, {"warnings"})


# Values that are nearly alike, and texts that could end a text or begin another one in what is hashed.
NEAR_VALUES: list[Any] = [None, True, 0, 1, 0.5, "", "0", "null", "a", 'a"', '","a', ["a"], [""], [], {}, {"a": ""}]
NEAR_TEXTS = [
    "",
    "a",
    " a",
    'a"',
    'a","name":"b',
    'a"}],["\\u0000UserMessage",{"content":"a',
    "\\",
    "\0",
    "ä",
    "\\u00e4",
]
NEAR_MESSAGES: list[Message] = [
    *(UserMessage(text, name) for text in NEAR_TEXTS for name in (None, "a", "b")),
    *(SystemMessage(text) for text in NEAR_TEXTS),
    *(UserMessage((TextPart("a"), TextPart(text))) for text in NEAR_TEXTS),
]


def test_requests_that_differ_on_the_wire_have_different_keys() -> None:
    conversations = [(message,) for message in NEAR_MESSAGES] + list(product(NEAR_MESSAGES, repeat=2))
    near = [LLMRequest("m", messages) for messages in conversations]
    near += [LLMRequest("m", (UserMessage("a"),), {name: value}) for name in ("b", "c") for value in NEAR_VALUES]
    near += [LLMRequest("m", (UserMessage("a"),), provider_options={"d": value}) for value in NEAR_VALUES]
    keys = {to_json(OpenAIChatWire().render_request(request).body): make_key(request, TARGET) for request in near}
    assert len(keys) > 2000
    assert len(set(keys.values())) == len(keys)


def test_keys_of_an_earlier_version_are_found_again() -> None:
    assert make_key(REQUEST, TARGET) == "48d7ba9d4edbc36307b047161cea0fdbfc4c516a94ccd7a364b33c3d0cf0a90d"
    assert make_key(EMBEDDING, TARGET) == "05d904f2149fa6303150ff36a65e2a7a47e910f8db7891d4be2c700dc1ef5dba"


CHANGES: dict[str, Any] = {
    "model": "n",
    "messages": (UserMessage("Hi "),),
    "params": {"temperature": 0.5, "stop": ["END"]},
    "tools": (Tool("weather", "Tells it.", {"type": "object"}, None),),
    "tool_choice": ToolChoice("required"),
    "response_format": None,
    "provider_options": {},
}
OTHER_TEXTS: dict[str, Any] = {
    "model": "n",
    "texts": ("Hi", "Hi"),
    "dimensions": None,
    "input_type": "document",
    "provider_options": {},
}


def test_every_field_of_a_request_is_in_the_key() -> None:
    assert set(CHANGES) == {field.name for field in fields(LLMRequest)} - {"stream", "warnings"}
    assert set(OTHER_TEXTS) == {field.name for field in fields(EmbeddingRequest)} - {"warnings"}
    keys = [make_key(REQUEST, TARGET), make_key(EMBEDDING, TARGET)]
    keys += [make_key(replace(REQUEST, **{name: value}), TARGET) for name, value in CHANGES.items()]
    keys += [make_key(replace(EMBEDDING, **{name: value}), TARGET) for name, value in OTHER_TEXTS.items()]
    assert len(set(keys)) == len(keys)


def test_place_namespace_and_version_are_in_the_key() -> None:
    others: list[Any] = [{name: "other"} for name in ("provider", "address", "wire")]
    keys = [make_key(REQUEST, replace(TARGET, **change)) for change in ({}, *others)]
    keys += [make_key(REQUEST, TARGET, "other"), make_key(REQUEST, TARGET, "", "other")]
    assert len(set(keys)) == len(keys)


def test_media_counts_by_its_bytes() -> None:
    one, other = (
        replace(REQUEST, messages=(UserMessage((ImagePart(data=data, media_type="image/png"),)),))
        for data in (b"\x89PNG1", b"\x89PNG2")
    )
    assert make_key(one, TARGET) != make_key(other, TARGET)


def test_strictness_left_open_is_not_the_default() -> None:
    formats = [ResponseFormat("json_schema", "a", {"type": "object"}, strict) for strict in (True, False, None)]
    assert len({make_key(replace(REQUEST, response_format=form), TARGET) for form in formats}) == 3


def schema(*names: str, **others: Any) -> dict[str, Any]:
    nested = {"type": "object", "properties": {name: {"type": "string"} for name in names}}
    return {"type": "object", "properties": {"a": nested}, **others}


PLACES: dict[str, Any] = {
    "a tool": lambda form: replace(REQUEST, tools=(Tool("weather", None, form),)),
    "an answer": lambda form: replace(REQUEST, response_format=ResponseFormat("json_schema", "a", form)),
    "a tool of the vendor's": lambda form: replace(REQUEST, tools=(ServerTool({"type": "x", "schema": form}),)),
    "an option of the vendor's": lambda form: replace(REQUEST, provider_options={"guided_json": form}),
}


@pytest.mark.parametrize("place", PLACES)
def test_order_of_a_schema_s_properties_is_in_the_key_as_it_is_on_the_wire(place: str) -> None:
    first, second, same = (PLACES[place](form) for form in (schema("x", "y"), schema("y", "x"), schema("x", "y")))
    bodies = [to_json(OpenAIChatWire().render_request(request).body) for request in (first, second)]
    assert first == second
    assert bodies[0] != bodies[1]
    assert make_key(first, TARGET) != make_key(second, TARGET)
    assert make_key(first, TARGET) == make_key(same, TARGET)


@pytest.mark.parametrize("place", PLACES)
def test_order_of_a_schema_s_other_names_is_not_in_the_key(place: str) -> None:
    form = schema("y", "x", title="T")
    turned = dict(reversed(form.items()))
    assert make_key(PLACES[place](form), TARGET) == make_key(PLACES[place](turned), TARGET)


def test_function_behind_a_tool_plays_no_part() -> None:
    with_function = replace(REQUEST, tools=(replace(REQUEST.tools[0], function=print),))  # type: ignore[arg-type]
    assert make_key(with_function, TARGET) == make_key(REQUEST, TARGET)


@pytest.mark.parametrize("value", [object(), print, 1j])
def test_what_no_json_holds_has_no_key(value: object) -> None:
    with pytest.raises(TypeError, match="nothing that a request can hold"):
        make_key(replace(REQUEST, params={"x": value}), TARGET)


def test_file_that_is_not_loaded_has_no_key() -> None:
    request = replace(REQUEST, messages=(UserMessage((ImagePart(path=Path("a.png")),)),))
    with pytest.raises(ValueError, match="not loaded"):
        make_key(request, TARGET)


def test_sets_and_decimals_have_one_form() -> None:
    ways: list[Any] = [{"a": {"x", "y", "z"}, "b": Decimal("1.10")}, {"a": {"z", "y", "x"}, "b": Decimal("1.1")}]
    assert len({make_key(replace(REQUEST, params=params), TARGET) for params in ways}) == 1


@settings(max_examples=2)
@given(st.lists(requests(), min_size=5, max_size=5))
def test_keys_are_the_same_in_every_process(several: list[LLMRequest]) -> None:
    script = (
        "import pickle, sys\n"
        "from core.llms.runtime.caching.keys import make_key\n"
        "requests, target = pickle.loads(sys.stdin.buffer.read())\n"
        "print(*(make_key(request, target) for request in requests))\n"
    )
    sent = pickle.dumps((several, TARGET))
    for seed in ("0", "12345"):
        finished = subprocess.run(
            [sys.executable, "-c", script],
            input=sent,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        )
        assert finished.stdout.decode().split() == [make_key(request, TARGET) for request in several]
