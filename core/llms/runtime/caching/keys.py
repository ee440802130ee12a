"""The key of a request: a hash of everything that determines its answer, the same in every process."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import MISSING, Field, fields, is_dataclass
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from typing import Any

from core.llms.runtime.caching.values import VALUE_VERSION
from core.llms.runtime.target import Target
from core.llms.types.request import EmbeddingRequest, LLMRequest

# Neither changes what is answered: how it is delivered, and what was said about the call itself.
_NOT_OF_THE_ANSWER = frozenset({"stream", "warnings"})
# Begins what stands for a type that JSON has not, so that no list of a caller's reads the same.
_MARK = "\0"


def make_key(request: LLMRequest | EmbeddingRequest, target: Target, namespace: str = "", version: str = "") -> str:
    """Return the key as 64 hexadecimal digits.

    Equal requests to one model at one address have equal keys, `0` and `0.0` being equal; who asks, with which key,
    streamed or not, plays no part. Raises `ValueError` for a file that is not loaded, and `TypeError` for a value that
    no JSON can hold.
    """
    place = [VALUE_VERSION, namespace, version, target.provider, target.address, target.wire]
    return digest([*place, _expand_fields(request, _NOT_OF_THE_ANSWER)])


def digest(value: Any) -> str:
    """Hash a value by its canonical JSON. Raises as `make_key` does."""
    text = json.dumps(canonical(value), sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def canonical(value: Any) -> Any:
    """Write a value with JSON's own types alone, equal values alike. Raises as `make_key` does."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, Mapping):
        return {str(name): canonical(item) for name, item in value.items()}
    if isinstance(value, bytes | bytearray):
        return [_MARK + "bytes", base64.b64encode(value).decode()]
    if isinstance(value, Sequence):
        return [canonical(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return _expand_fields(value)
    return _expand_other(value)


def _expand_other(value: Any) -> Any:
    if isinstance(value, AbstractSet):
        return [_MARK + "set", *sorted(json.dumps(canonical(item), sort_keys=True) for item in value)]
    if isinstance(value, Decimal):
        return [_MARK + "decimal", str(value.normalize())]
    if hasattr(value, "__fspath__"):
        raise ValueError("a file that is not loaded yet has no key: its content is not known")
    raise TypeError(f"{type(value).__name__} is nothing that a request can hold")


def _expand_fields(value: Any, besides: AbstractSet[str] = frozenset()) -> list[Any]:
    # A field that has its default is left out, so that one which a later version adds changes no key.
    expanded: dict[str, Any] = {}
    for name, default in _compared_fields(value.__class__):
        held = getattr(value, name)
        if name not in besides and (default is MISSING or held != default):
            expanded[name] = canonical(held)
    return [_MARK + type(value).__name__, expanded]


@lru_cache(maxsize=256)
def _compared_fields(kind: type) -> tuple[tuple[str, Any], ...]:
    return tuple((field.name, _default(field)) for field in fields(kind) if field.compare)


def _default(field: Field[Any]) -> Any:
    if field.default_factory is not MISSING:
        return field.default_factory()
    return field.default
