"""A conversation in units that stay or go as a whole: a call of tools is none without all of its results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.llms.types.messages import (
    AssistantMessage,
    DeveloperMessage,
    Message,
    SystemMessage,
    ToolMessage,
    UserMessage,
)


@dataclass(frozen=True, slots=True)
class Unit:
    """Messages that stand together, and where the first of them stands."""

    index: int
    messages: tuple[Message, ...]

    @property
    def is_instruction(self) -> bool:
        """Whether it instructs the model for the whole conversation."""
        return isinstance(self.messages[0], SystemMessage | DeveloperMessage)

    @property
    def is_user(self) -> bool:
        """Whether the user speaks."""
        return isinstance(self.messages[0], UserMessage)


def split_units(messages: Sequence[Message]) -> list[Unit]:
    """Split a conversation: an answer that calls tools and the results that follow it are one unit."""
    units: list[Unit] = []
    for index, message in enumerate(messages):
        if isinstance(message, ToolMessage) and units and _takes_results(units[-1]):
            units[-1] = Unit(units[-1].index, (*units[-1].messages, message))
        else:
            units.append(Unit(index, (message,)))
    return units


def _takes_results(unit: Unit) -> bool:
    first = unit.messages[0]
    return isinstance(first, ToolMessage) or (isinstance(first, AssistantMessage) and bool(first.tool_calls))


def join_units(units: Sequence[Unit]) -> tuple[Message, ...]:
    """Join units to a conversation again."""
    return tuple(message for unit in units for message in unit.messages)


def find_kept(units: Sequence[Unit], *, keep_first_user: bool) -> set[int]:
    """Return the indexes of the units that no strategy drops: instructions, what the user said last, the last unit."""
    kept = {unit.index for unit in units if unit.is_instruction} | {unit.index for unit in units[-1:]}
    spoken = [unit.index for unit in units if unit.is_user]
    kept.update(spoken[-1:])
    if keep_first_user:
        kept.update(spoken[:1])
    return kept


def from_oldest(units: Sequence[Unit]) -> Iterator[Unit]:
    """Go over the units in the order in which `drop_oldest` drops them."""
    yield from units


def from_middle(units: Sequence[Unit]) -> Iterator[Unit]:
    """Go over the units from the middle outwards, the older of two first."""
    middle = (len(units) - 1) / 2
    places = sorted(range(len(units)), key=lambda place: (abs(place - middle), place))
    yield from (units[place] for place in places)
