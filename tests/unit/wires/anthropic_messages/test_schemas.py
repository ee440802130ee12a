"""The subset of schemas, held to what the vendor's SDK makes of the same schema."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from anthropic import transform_schema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.llms.wires.anthropic_messages.schemas import supported_schema

PERSON: dict[str, Any] = {
    "$defs": {
        "Home": {"type": "object", "properties": {"zip": {"type": "string", "pattern": "^[0-9]+$"}}},
    },
    "type": "object",
    "title": "Person",
    "description": "A person.",
    "properties": {
        "name": {"type": "string", "minLength": 1, "description": "Whole name."},
        "age": {"type": "integer", "minimum": 0, "maximum": 150},
        "born": {"type": "string", "format": "date"},
        "mail": {"type": "string", "format": "idn-email"},
        "kind": {"enum": ["a", "b"]},
        "one": {"const": 1},
        "tags": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 3},
        "many": {"type": "array", "minItems": 2, "items": {"$ref": "#/$defs/Home"}},
        "either": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
        "other": {"oneOf": [{"type": "object", "properties": {}, "additionalProperties": True}, {"type": "integer"}]},
        "both": {"allOf": [{"$ref": "#/$defs/Home"}]},
    },
    "required": ["name"],
    "additionalProperties": True,
}


def test_schema_is_what_the_vendors_sdk_makes_of_it() -> None:
    before = copy.deepcopy(PERSON)
    assert supported_schema(PERSON) == transform_schema(PERSON)
    assert before == PERSON


def test_reference_at_the_root_keeps_its_definitions() -> None:
    schema = {"$ref": "#/$defs/A", "$defs": {"A": {"type": "object", "properties": {}}}}
    assert supported_schema(schema) == transform_schema(schema)


def test_several_types_are_kept_where_the_sdk_gives_up() -> None:
    assert supported_schema({"type": ["string", "null"], "maxLength": 2}) == {
        "type": ["string", "null"],
        "description": "{maxLength: 2}",
    }


def test_schema_without_a_type_is_left_open() -> None:
    assert supported_schema({"description": "Anything."}) == {"description": "Anything."}


KEYWORDS = st.fixed_dictionaries(
    {},
    optional={
        "description": st.text(max_size=5),
        "title": st.text(max_size=5),
        "minimum": st.integers(),
        "default": st.integers(),
        "examples": st.lists(st.integers(), max_size=2),
    },
)
LEAVES = st.builds(
    lambda kind, extra: {**extra, **kind},
    st.sampled_from(
        [
            {"type": "string", "format": "uuid"},
            {"type": "string", "format": "regex"},
            {"type": "number"},
            {"type": "boolean"},
            {"type": "null"},
            {"enum": ["x", 1, None]},
            {"const": "c"},
        ]
    ),
    KEYWORDS,
)


def _nested(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    properties = st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    return st.one_of(
        st.builds(
            lambda fields, extra: {"type": "object", "properties": fields, "required": list(fields), **extra},
            properties,
            KEYWORDS,
        ),
        st.builds(
            lambda items, least, extra: {**extra, "type": "array", "items": items, "minItems": least},
            inner,
            st.integers(0, 3),
            KEYWORDS,
        ),
        st.builds(
            lambda name, entries, extra: {name: entries, **extra},
            st.sampled_from(["anyOf", "oneOf", "allOf"]),
            st.lists(inner, min_size=1, max_size=2),
            KEYWORDS,
        ),
    )


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.recursive(LEAVES, _nested, max_leaves=8))
def test_any_schema_is_what_the_vendors_sdk_makes_of_it(schema: dict[str, Any]) -> None:
    assert supported_schema(schema) == transform_schema(schema)


@pytest.mark.parametrize("value", [True, [], {"items": 3}])
def test_schema_of_odd_entries_does_not_fail(value: Any) -> None:
    assert supported_schema({"type": "object", "properties": {"a": value}})["additionalProperties"] is False
