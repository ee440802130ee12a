"""The shapes of requests are those of the service's own model, member by member, as botocore ships it."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel

from core.llms.simulator.bedrock.request_shapes import CONVERSE, CONVERSE_STREAM, COUNT_TOKENS
from core.llms.simulator.bedrock.shapes import (
    Blob,
    Flag,
    Fraction,
    Free,
    ListOf,
    MapOf,
    Shape,
    Structure,
    Text,
    Union,
    Whole,
)

SERVICE = ServiceModel(Loader().load_service_model("bedrock-runtime", "service-2"), "bedrock-runtime")
KINDS: dict[type[Any], str] = {
    Text: "string",
    Whole: "integer",
    Fraction: "float",
    Flag: "boolean",
    Blob: "blob",
    Free: "structure",
    ListOf: "list",
    MapOf: "map",
    Structure: "structure",
    Union: "structure",
}


def differences(ours: Shape, theirs: Any, place: str) -> list[str]:
    if KINDS[type(ours)] != theirs.type_name or isinstance(ours, Free) != bool(
        getattr(theirs, "is_document_type", False)
    ):
        return [f"{place}: {type(ours).__name__} is not {theirs.type_name}"]
    found = []
    bounds = (getattr(ours, "minimum", None), getattr(ours, "maximum", None))
    if bounds != (theirs.metadata.get("min"), theirs.metadata.get("max")):
        found.append(f"{place}: {bounds} is not {theirs.metadata}")
    match ours:
        case Text():
            if (ours.pattern, list(ours.choices)) != (theirs.metadata.get("pattern"), theirs.enum):
                found.append(f"{place}: {ours} is not {theirs.metadata}")
        case ListOf():
            found += differences(ours.member, theirs.member, f"{place}[]")
        case MapOf():
            found += differences(ours.key, theirs.key, f"{place}.key")
            found += differences(ours.value, theirs.value, f"{place}.value")
        case Structure() | Union():
            found += member_differences(ours, theirs, place)
    return found


def member_differences(ours: Structure | Union, theirs: Any, place: str) -> list[str]:
    members = {name: shape for name, shape in theirs.members.items() if shape.serialization.get("location") != "uri"}
    if set(members) != set(ours.members):
        return [f"{place}: {sorted(ours.members)} are not {sorted(members)}"]
    required = set(theirs.required_members) & set(members)
    union = theirs.metadata.get("union", False)
    found = []
    if isinstance(ours, Union) != union or (isinstance(ours, Structure) and set(ours.required) != required):
        found.append(f"{place}: required are {required}, a union is {union}")
    for name, shape in ours.members.items():
        found += differences(shape, members[name], f"{place}.{name}")
    return found


@pytest.mark.parametrize(
    ("operation", "shape"),
    [("Converse", CONVERSE), ("ConverseStream", CONVERSE_STREAM), ("CountTokens", COUNT_TOKENS)],
)
def test_shape_is_that_of_the_service_s_model(operation: str, shape: Structure) -> None:
    assert differences(shape, SERVICE.operation_model(operation).input_shape, operation) == []
