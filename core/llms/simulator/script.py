"""Replies and faults queued for the next requests, instead of what the brain would say."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from pydantic_core import to_json

from core.llms.simulator.conversation import Answer, ToolCall
from core.llms.simulator.faults import NO_FAULT, Fault, parse_fault

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class ScriptedToolCall:
    """A tool call to answer with; `arguments` is a mapping, or JSON text sent as it is (valid or not)."""

    name: str
    arguments: Mapping[str, Any] | str
    id: str = ""

    def to_tool_call(self) -> ToolCall:
        """The call with its arguments as JSON text."""
        arguments = self.arguments if isinstance(self.arguments, str) else to_json(self.arguments).decode()
        return ToolCall(self.name, arguments, self.id)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer given word for word, with an optional `fault` on its way.

    `finish_reason` overrides the vendor's word for why the answer ended. The request is still checked strictly, and
    usage is still counted from what was sent and said.
    """

    text: str = ""
    tool_calls: tuple[ScriptedToolCall, ...] = ()
    refusal: str | None = None
    reasoning_summary: str = ""
    finish_reason: str | None = None
    fault: Fault = NO_FAULT
    repeat: int = 1

    def to_answer(self) -> Answer:
        """This reply as the brain would have said it."""
        return Answer(
            text=self.text,
            refusal=self.refusal,
            tool_calls=tuple(call.to_tool_call() for call in self.tool_calls),
            reasoning_summary=self.reasoning_summary,
            finish_reason=self.finish_reason,
        )


Step: TypeAlias = Reply | Fault | str | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Queued:
    answer: Answer | None
    fault: Fault
    repeat: int


class Script:
    """A queue of steps, each consumed by one request (or by `repeat` of them)."""

    def __init__(self) -> None:
        self._queue: deque[_Queued] = deque()

    def __len__(self) -> int:
        return sum(step.repeat for step in self._queue)

    def add(self, steps: Iterable[Step]) -> None:
        """Queue steps: a `Reply`, a text to answer with, a `Fault`, or a mapping of a fault's fields."""
        self._queue.extend([_queued(step) for step in steps])

    def clear(self) -> None:
        """Forget what has not been consumed."""
        self._queue.clear()

    def next(self) -> tuple[Answer | None, Fault]:
        """The answer (None: let the brain decide) and the fault for the next request."""
        if not self._queue:
            return None, NO_FAULT
        step = self._queue[0]
        if step.repeat > 1:
            self._queue[0] = replace(step, repeat=step.repeat - 1)
        else:
            self._queue.popleft()
        return step.answer, step.fault


def _queued(step: Step) -> _Queued:
    match step:
        case Reply():
            return _Queued(step.to_answer(), step.fault, step.repeat)
        case str():
            return _Queued(Answer(text=step), NO_FAULT, 1)
        case Fault():
            return _Queued(None, step, step.repeat)
        case Mapping():
            fault = parse_fault(step)
            return _Queued(None, fault, fault.repeat)
    raise TypeError(f"a script step is a Reply, a Fault, a text or a mapping, not {type(step).__name__}")
