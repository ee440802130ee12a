"""The conversation between a model and its tools: ask, call, tell, until the model answers.

How one tool is called lives in `tool_functions`; how the model is asked is the caller's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from core.llms.context import LLMContext
from core.llms.errors import InvalidRequestError, ToolRoundsExceededError
from core.llms.runtime.tool_functions import as_tool, call_tool
from core.llms.types.content import ToolCall
from core.llms.types.messages import AssistantMessage, Message, ToolMessage
from core.llms.types.response import Attempt, FinishReason, LLMResponse
from core.llms.types.tools import ServerTool, Tool
from core.llms.types.usage import Usage

Answer = Callable[[tuple[Message, ...], int], Awaitable[LLMResponse]]


@dataclass(frozen=True, slots=True)
class ToolRun:
    """A conversation that came to its answer.

    `response` is the last answer, `messages` the whole conversation with it, `rounds` how often the model was asked.
    `usage`, `cost` (in USD) and `warnings` are those of all rounds together; where a round's cost is not known, `cost`
    is None and `cost_unknown_reason` says why.
    """

    response: LLMResponse
    messages: tuple[Message, ...]
    rounds: int
    usage: Usage
    cost: Decimal | None
    cost_unknown_reason: str | None = None
    warnings: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The answer's text."""
        return self.response.text

    @property
    def message(self) -> AssistantMessage:
        """The answer's message."""
        return self.response.message

    @property
    def finish_reason(self) -> FinishReason:
        """Why the answer ended."""
        return self.response.finish_reason

    @property
    def parsed(self) -> Any:
        """The object that `response_model=` asked for."""
        return self.response.parsed

    @property
    def tool_calls(self) -> tuple[ToolCall, ...]:
        """The tool calls in the answer itself; those of the rounds before are in `messages`."""
        return self.response.tool_calls


async def run_tool_loop(
    answer: Answer,
    messages: Sequence[Message],
    tools: Sequence[Tool | ServerTool | Callable[..., Any] | Mapping[str, Any]],
    ctx: LLMContext,
    *,
    max_rounds: int = 8,
    max_parallel: int = 8,
    tool_timeout_seconds: float = 60.0,
) -> ToolRun:
    """Ask the model, call the tools that it wants, and ask again, until it answers without a call.

    `answer(messages, round_index)` asks the model; the index lets it force a tool in the first round alone. All calls
    of a response run at once, `max_parallel` of them at a time, and are answered in their order. A call that fails, or
    asks for a tool that there is not, is reported to the model. A turn that the vendor paused is gone on with.

    Raises:
        InvalidRequestError: a limit below one, two tools of one name, or a tool without a function to call.
        ToolRoundsExceededError: the model still asks for tools in the last round; those calls are not made.
    """
    loop = _Loop(_index_tools(tools), ctx, asyncio.Semaphore(_positive("max_parallel", max_parallel)))
    conversation = list(messages)
    for round_index in range(_positive("max_rounds", max_rounds)):
        response = await answer(tuple(conversation), round_index)
        loop.responses.append(response)
        conversation.append(response.message)
        if _is_final(response):
            return _summarise(loop.responses, tuple(conversation))
        if round_index + 1 < max_rounds:
            conversation.extend(await loop.call_all(response.tool_calls, tool_timeout_seconds))
    raise _rounds_exceeded(loop.responses)


def _positive(name: str, value: int) -> int:
    if value < 1:
        raise InvalidRequestError(f"`{name}` must be at least 1, not {value}")
    return value


def _index_tools(tools: Sequence[Any]) -> dict[str, Tool]:
    indexed: dict[str, Tool] = {}
    for tool in map(as_tool, tools):
        if isinstance(tool, ServerTool):
            continue
        if tool.name in indexed:
            raise InvalidRequestError(f"two tools have the name {tool.name!r}; a model could not tell them apart")
        if tool.function is None:
            raise InvalidRequestError(
                f"the tool {tool.name!r} has no function to call: give a function, or Tool(…, function=…); "
                "to make the calls yourself, use `get_answer`"
            )
        indexed[tool.name] = tool
    return indexed


def _is_final(response: LLMResponse) -> bool:
    """Tell an answer from a step. One that was parsed is an answer, also where a call of a tool carried it."""
    if response.parsed is not None:
        return True
    return not response.tool_calls and response.finish_reason.unified != "pause"


@dataclass(frozen=True, slots=True)
class _Loop:
    tools: Mapping[str, Tool]
    ctx: LLMContext
    places: asyncio.Semaphore
    responses: list[LLMResponse] = field(default_factory=list)

    async def call_all(self, calls: Sequence[ToolCall], timeout_seconds: float) -> list[ToolMessage]:
        # The group cancels and awaits all calls when this task is cancelled.
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._call(call, timeout_seconds)) for call in calls]
        return [task.result() for task in tasks]

    async def _call(self, call: ToolCall, timeout_seconds: float) -> ToolMessage:
        tool = self.tools.get(call.name)
        if tool is None:
            names = ", ".join(self.tools) or "none"
            return ToolMessage(f"there is no tool {call.name!r}; the tools are: {names}", call.id, call.name, True)
        async with self.places:
            return await call_tool(tool, call, self.ctx, timeout_seconds)


def _summarise(responses: Sequence[LLMResponse], conversation: tuple[Message, ...]) -> ToolRun:
    usage = responses[0].usage
    for response in responses[1:]:
        usage = usage + response.usage
    costs = [response.cost for response in responses]
    known = [cost for cost in costs if cost is not None]
    cost = sum(known, Decimal(0)) if len(known) == len(costs) else None
    reasons = (response.cost_unknown_reason for response in responses if response.cost is None)
    warnings = dict.fromkeys(warning for response in responses for warning in response.warnings)
    return ToolRun(responses[-1], conversation, len(responses), usage, cost, next(reasons, None), tuple(warnings))


def _rounds_exceeded(responses: Sequence[LLMResponse]) -> ToolRoundsExceededError:
    last = responses[-1]
    wanted = ", ".join(dict.fromkeys(call.name for call in last.tool_calls)) or "more time"
    error = ToolRoundsExceededError(
        f"after {len(responses)} rounds the model still asks for {wanted}; raise `max_rounds`, or see "
        "`error.response` for its last answer",
        response=last,
        provider=last.provider or None,
        model=last.model or None,
    )
    attempts: list[Attempt] = [attempt for response in responses for attempt in response.attempts]
    error.attempts = tuple(attempts)
    return error
