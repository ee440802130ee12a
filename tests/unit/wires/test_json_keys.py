from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import from_json

from core.llms.errors import ProtocolError
from core.llms.wires.json_keys import count_keys, refuse_repeated_keys

KEYS = st.text(st.sampled_from('ab:"\\ \n\t'), max_size=4)
VALUES = st.recursive(
    st.none() | st.integers() | KEYS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)
LAYOUTS: list[dict[str, Any]] = [{"separators": (",", ":")}, {}, {"indent": 1}, {"separators": (" , ", " : ")}]


@given(VALUES, st.sampled_from(LAYOUTS), st.booleans())
def test_value_with_single_keys_is_never_refused(value: Any, layout: dict[str, Any], ascii_only: bool) -> None:
    data = json.dumps([value], ensure_ascii=ascii_only, **layout).encode()
    refuse_repeated_keys(data, count_keys(from_json(data)))


@given(VALUES, KEYS, st.sampled_from(LAYOUTS))
def test_value_with_a_repeated_key_is_always_refused(value: Any, key: str, layout: dict[str, Any]) -> None:
    once = json.dumps({key: value}, **layout)
    twice = f"{once[:-1]},{json.dumps(key)}: 1}}".encode()
    keys = count_keys(from_json(twice))
    assert twice.count(b":") > keys
    with pytest.raises(ProtocolError, match="twice"):
        refuse_repeated_keys(twice, keys)


def test_keys_are_counted_at_every_depth() -> None:
    assert count_keys({"a": [{"b": 1}, [{"c": {"d": None}}], 5], "e": "f"}) == 5
    assert count_keys([]) == 0


def test_number_too_long_for_python_is_a_protocol_error() -> None:
    with pytest.raises(ProtocolError):
        refuse_repeated_keys(b'{"a":":","b":' + b"9" * 5000 + b"}", 1)
