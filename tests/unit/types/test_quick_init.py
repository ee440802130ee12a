"""What is filled quickly behaves like any other frozen dataclass."""

from __future__ import annotations

import copy
import inspect
import pickle
from collections.abc import Mapping
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace
from decimal import Decimal
from typing import Any

import pytest

from core.llms.types.content import ReasoningPart, TextPart, ToolCall
from core.llms.types.events import (
    ReasoningDelta,
    StreamFinished,
    StreamStarted,
    TextDelta,
    ToolCallDelta,
    ToolCallFinished,
    ToolCallStarted,
    UsageUpdated,
)
from core.llms.types.messages import AssistantMessage, DeveloperMessage, SystemMessage, ToolMessage, UserMessage
from core.llms.types.quick_init import quick_init
from core.llms.types.request import LLMRequest
from core.llms.types.response import Attempt, Choice, FinishReason, LLMResponse
from core.llms.types.usage import Usage

_CALL = ToolCall.of("call_1", "weather", {"city": "Rome"})
_USAGE = Usage(12, 34, reasoning_tokens=5, service_tier="flex", reported_cost=Decimal("0.1"), raw={"prompt_tokens": 12})
_CHOICE = Choice(AssistantMessage((TextPart("Hi"), _CALL)), FinishReason("tool_calls", "tool_use"))
_RESPONSE = LLMResponse((_CHOICE,), _USAGE, "m", "id-1", warnings=("one",), raw={"id": "id-1"})
VALUES = (
    _CALL,
    _USAGE,
    _CHOICE,
    _RESPONSE,
    TextPart("Hi", ({"url": "u"},)),
    ReasoningPart("why", signature="s"),
    SystemMessage("Be brief."),
    DeveloperMessage("Be brief.", "house"),
    UserMessage([TextPart("Hi")], name="Ann"),
    ToolMessage("12 degrees", "call_1", is_error=True),
    FinishReason("stop"),
    Attempt("openai", "m", "ok", 0.5, 200, _USAGE, Decimal("0.1")),
    LLMRequest("m", (UserMessage("Hi"),), {"max_tokens": 5}, stream=True),
    StreamStarted("id-1", "m"),
    TextDelta("Hi", 1),
    ReasoningDelta("why"),
    ToolCallStarted(0, "call_1", "weather"),
    ToolCallDelta(0, "{}"),
    ToolCallFinished(0, _CALL),
    UsageUpdated(_USAGE),
    StreamFinished(_RESPONSE),
)
every_value = pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)


@every_value
def test_value_is_frozen_and_slotted(value: Any) -> None:
    name = fields(value)[0].name
    with pytest.raises(FrozenInstanceError):
        setattr(value, name, None)
    with pytest.raises(FrozenInstanceError):
        delattr(value, name)
    assert not hasattr(value, "__dict__")


@every_value
def test_value_equals_its_copies(value: Any) -> None:
    copies = (pickle.loads(pickle.dumps(value)), copy.deepcopy(value), replace(value))
    assert all(other == value and repr(other) == repr(value) for other in copies)
    assert [getattr(copies[0], field.name) for field in fields(value)] == [
        getattr(value, field.name) for field in fields(value)
    ]


@every_value
def test_value_takes_its_fields_by_name(value: Any) -> None:
    assert type(value)(**{field.name: getattr(value, field.name) for field in fields(value)}) == value


def _pair() -> tuple[type[Any], type[Any]]:
    @dataclass(frozen=True, slots=True)
    class Plain:
        name: str
        count: int = 3
        more: Mapping[str, int] = field(default_factory=dict, repr=False)

        def __post_init__(self) -> None:
            if not self.name:
                raise ValueError("no name")

    @quick_init
    @dataclass(frozen=True, slots=True)
    class Quick:
        name: str
        count: int = 3
        more: Mapping[str, int] = field(default_factory=dict, repr=False)

        def __post_init__(self) -> None:
            if not self.name:
                raise ValueError("no name")

    return Plain, Quick


def test_quick_init_keeps_signature_defaults_and_checks() -> None:
    plain, quick = _pair()
    assert str(inspect.signature(quick)) == str(inspect.signature(plain))
    assert quick.__init__.__qualname__.endswith("Quick.__init__")
    first, second = quick("a"), quick("a")
    assert (first.count, first.more, first == second) == (3, {}, True)
    assert first.more is not second.more
    for kind in (plain, quick):
        with pytest.raises(ValueError, match="no name"):
            kind("")
        with pytest.raises(TypeError, match="missing 1 required positional argument: 'name'"):
            kind()
        with pytest.raises(TypeError, match="unexpected keyword argument 'other'"):
            kind("a", other=1)


def test_quick_init_refuses_a_class_without_slots() -> None:
    with pytest.raises(TypeError, match=r"Open\.name is not a slot"):

        @quick_init
        @dataclass(frozen=True)
        class Open:
            name: str = ""


def test_quick_init_refuses_fields_that_have_no_position() -> None:
    with pytest.raises(TypeError, match=r"Named\.name cannot be given by position"):

        @quick_init
        @dataclass(frozen=True, slots=True, kw_only=True)
        class Named:
            name: str
