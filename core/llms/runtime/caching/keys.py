"""The key of a request: a hash of everything that determines its answer, the same in every process."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import MISSING, Field, fields, is_dataclass
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from json.encoder import encode_basestring_ascii
from math import isfinite
from typing import Any, TypeAlias

from core.llms.runtime.caching.values import VALUE_VERSION
from core.llms.runtime.target import Target
from core.llms.types.request import EmbeddingRequest, LLMRequest

# Neither changes what is answered: how it is delivered, and what was said about the call itself.
_NOT_OF_THE_ANSWER = frozenset({"stream", "warnings"})
_NOTHING: frozenset[str] = frozenset()
# Begins what stands for a type that JSON has not, so that no list of a caller's reads the same.
_MARK = "\0"
# In a schema: these are sent in their order, and a model writes its answer in it.
_PROPERTIES = "properties"
# How a dataclass begins, and of each field its name, how that is written, and its default.
_Layout: TypeAlias = tuple[str, tuple[tuple[str, str, Any], ...]]


def make_key(request: LLMRequest | EmbeddingRequest, target: Target, namespace: str = "", version: str = "") -> str:
    """Return the key as 64 hexadecimal digits.

    Equal requests to one model at one address have equal keys, `0` and `0.0` being equal; who asks, with which key,
    streamed or not, plays no part. Schemas whose properties differ in their order are not equal.

    Raises `ValueError` for a file that is not loaded, and `TypeError` for a value that no JSON can hold.
    """
    place = _write_place(namespace, version, target.provider, target.address, target.wire)
    return _hash(f"{place},{_write_fields(request, _NOT_OF_THE_ANSWER)}]")


def digest(value: Any) -> str:
    """Hash a value by its canonical JSON. Raises as `make_key` does."""
    return _hash(write_canonical(value))


def write_canonical(value: Any) -> str:
    """Write a value as JSON, equal values alike: names sorted, but for a schema's properties, and no spaces.

    Raises as `make_key` does.
    """
    return _find_writer(value.__class__)(value)


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


@lru_cache(maxsize=1024)
def _write_place(*names: str) -> str:
    return _write_sequence((VALUE_VERSION, *names))[:-1]


def _write_float(value: float) -> str:
    if value.is_integer():
        return int.__repr__(int(value))
    return float.__repr__(value) if isfinite(value) else json.dumps(value)


def _write_mapping(value: Mapping[Any, Any]) -> str:
    return _write_pairs(sorted({str(name): item for name, item in value.items()}.items(), key=_first))


def _write_pairs(pairs: Iterable[tuple[str, Any]]) -> str:
    written = [
        f"{encode_basestring_ascii(name)}:{_write_properties(item) if name == _PROPERTIES else write_canonical(item)}"
        for name, item in pairs
    ]
    return "{" + ",".join(written) + "}"


def _write_properties(value: Any) -> str:
    if not isinstance(value, Mapping):
        return write_canonical(value)
    return _write_pairs((str(name), item) for name, item in value.items())


def _first(pair: tuple[str, Any]) -> str:
    return pair[0]


def _write_sequence(value: Sequence[Any]) -> str:
    return "[" + ",".join([write_canonical(item) for item in value]) + "]"


def _write_bytes(value: bytes | bytearray) -> str:
    return _write_sequence((_MARK + "bytes", base64.b64encode(value).decode()))


def _write_set(value: AbstractSet[Any]) -> str:
    return _write_sequence((_MARK + "set", *sorted([write_canonical(item) for item in value])))


def _write_decimal(value: Decimal) -> str:
    return _write_sequence((_MARK + "decimal", str(value.normalize())))


def _refuse(value: Any) -> str:
    if hasattr(value, "__fspath__"):
        raise ValueError("a file that is not loaded yet has no key: its content is not known")
    raise TypeError(f"{type(value).__name__} is nothing that a request can hold")


def _write_fields(value: Any, besides: frozenset[str] = _NOTHING) -> str:
    # A field that has its default is left out, so that one which a later version adds changes no key.
    head, layout = _lay_out(value.__class__, besides)
    written = []
    for name, lead, default in layout:
        held = getattr(value, name)
        if held is not default and held != default:
            written.append(lead + write_canonical(held))
    return head + ",".join(written) + "}]"


@lru_cache(maxsize=256)
def _lay_out(kind: type, besides: frozenset[str]) -> _Layout:
    compared = sorted((field.name, field) for field in fields(kind) if field.compare and field.name not in besides)
    head = f"[{encode_basestring_ascii(_MARK + kind.__name__)},{{"
    return head, tuple((name, f"{encode_basestring_ascii(name)}:", _default(field)) for name, field in compared)


def _default(field: Field[Any]) -> Any:
    if field.default_factory is not MISSING:
        return field.default_factory()
    return field.default


# The first that a value is an instance of writes it.
_WRITERS: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (str, encode_basestring_ascii),
    (bool, lambda value: "true" if value else "false"),
    (int, int.__repr__),
    (type(None), lambda value: "null"),
    (float, _write_float),
    (Mapping, _write_mapping),
    (bytes, _write_bytes),
    (bytearray, _write_bytes),
    (Sequence, _write_sequence),
    (AbstractSet, _write_set),
    (Decimal, _write_decimal),
)


@lru_cache(maxsize=256)
def _find_writer(kind: type) -> Callable[[Any], str]:
    known = next((write for base, write in _WRITERS if issubclass(kind, base)), None)
    return known or (_write_fields if is_dataclass(kind) else _refuse)
