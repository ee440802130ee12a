"""Fitting a conversation into a model's context: what is dropped, cut or summarised, and what is never touched."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Final, Literal, TypeAlias

from core.llms.errors import InvalidRequestError, PromptTooLongError
from core.llms.runtime.tokens.counting import count_chat_tokens
from core.llms.runtime.tokens.exchanges import Unit, find_kept, from_middle, from_oldest, join_units, split_units
from core.llms.runtime.tokens.limits import find_input_limit
from core.llms.runtime.tokens.shortening import shorten_longest
from core.llms.runtime.tool_functions import as_tool
from core.llms.types.message_dicts import MessagesInput, parse_messages
from core.llms.types.messages import Message, SystemMessage
from core.llms.types.options import ToolInput
from core.llms.types.tools import ResponseFormat

Summary: TypeAlias = str | Message | Sequence[Message]
Summariser: TypeAlias = Callable[[tuple[Message, ...]], Summary]
AsyncSummariser: TypeAlias = Callable[[tuple[Message, ...]], Awaitable[Summary]]
NamedStrategy: TypeAlias = Literal["drop_oldest", "drop_middle", "truncate_longest"]
Strategy: TypeAlias = NamedStrategy | Summariser
AsyncStrategy: TypeAlias = NamedStrategy | Summariser | AsyncSummariser

_ORDERS: Final = {"drop_oldest": from_oldest, "drop_middle": from_middle}
_STRATEGIES: Final = "drop_oldest, drop_middle, truncate_longest or a function that summarises"
_SUMMARY_SHARE: Final = 8
_ASSUMED_MODEL: Final = "gpt-4o"


@dataclass(frozen=True, slots=True)
class FittedMessages:
    """A conversation that fits, and what was done to it.

    `limit` is what it had to fit into, in tokens of `messages`, tools and schema together. `dropped` are the messages
    that were left out, in their order; `truncated_count` says how many texts were cut. `is_exact` is false where the
    tokens are an estimate: then leave some room, see `TokenCount.note`.
    """

    messages: tuple[Message, ...]
    limit: int
    tokens_before: int
    tokens_after: int
    is_exact: bool
    dropped: tuple[Message, ...] = field(default=(), repr=False)
    truncated_count: int = 0

    @property
    def dropped_count(self) -> int:
        """How many messages were left out."""
        return len(self.dropped)

    @property
    def is_changed(self) -> bool:
        """Whether anything had to be done."""
        return bool(self.dropped or self.truncated_count)


def fit_messages(
    messages: MessagesInput,
    max_tokens: int | None = None,
    *,
    model: str | None = None,
    strategy: Strategy = "drop_oldest",
    reserve_output: int = 0,
    keep_first_user: bool = False,
    tools: Iterable[ToolInput] = (),
    response_format: ResponseFormat | None = None,
) -> FittedMessages:
    """Make a conversation fit into `max_tokens`, or into the context of `model` less `reserve_output`.

    `model` is a name that the registry knows; tokens are counted for it (without one, as for gpt-4o). Instructions
    (system and developer messages), what the user said last and the last message always stay; a call of tools goes
    with all of its results or stays with them.

    `drop_oldest` drops from the beginning, `drop_middle` from the middle outwards, `truncate_longest` cuts the longest
    texts to one length, with a marker. A function is given what `drop_oldest` would drop and returns a summary: a text,
    which becomes a system message after the others, or messages. `keep_first_user` keeps what the user said first, too.

    Blocks while it counts, like `count_chat_tokens`; in a coroutine, use `fit_messages_async`.

    Raises:
        PromptTooLongError: what must stay does not fit.
        InvalidRequestError: no limit is given or known, or the strategy is none.
        UnknownModelError: the registry does not know the model.
    """
    if inspect.iscoroutinefunction(strategy):
        raise InvalidRequestError("the strategy is a coroutine function; use fit_messages_async")
    job = _Job(messages, max_tokens, model, reserve_output, keep_first_user, tools, response_format)
    if not callable(strategy):
        return job.fit(strategy)
    room = job.make_room()
    return job.unchanged() if room is None else job.put_in(room, strategy(room.dropped))


async def fit_messages_async(
    messages: MessagesInput,
    max_tokens: int | None = None,
    *,
    model: str | None = None,
    strategy: AsyncStrategy = "drop_oldest",
    reserve_output: int = 0,
    keep_first_user: bool = False,
    tools: Iterable[ToolInput] = (),
    response_format: ResponseFormat | None = None,
) -> FittedMessages:
    """Return `fit_messages(…)`, counting in a thread; the function that summarises may be a coroutine function."""
    job = await asyncio.to_thread(
        _Job, messages, max_tokens, model, reserve_output, keep_first_user, tools, response_format
    )
    if not callable(strategy):
        return await asyncio.to_thread(job.fit, strategy)
    room = await asyncio.to_thread(job.make_room)
    if room is None:
        return job.unchanged()
    summary = strategy(room.dropped)
    if inspect.isawaitable(summary):
        summary = await summary
    return await asyncio.to_thread(job.put_in, room, summary)


@dataclass(frozen=True, slots=True)
class _Room:
    """What stays and what goes, so that a summary fits."""

    kept: tuple[Message, ...]
    dropped: tuple[Message, ...]


class _Job:
    """One conversation with its limit and its way to count."""

    def __init__(
        self,
        messages: MessagesInput,
        max_tokens: int | None,
        model: str | None,
        reserve_output: int,
        keep_first_user: bool,
        tools: Iterable[ToolInput],
        response_format: ResponseFormat | None,
    ) -> None:
        self._messages = parse_messages(messages)
        self._model_id, self._limit = find_input_limit(model, max_tokens, reserve_output, _ASSUMED_MODEL)
        self._keep_first_user = keep_first_user
        self._tools = tuple(map(as_tool, tools))
        self._format = response_format
        self._units = split_units(self._messages)
        count = count_chat_tokens(
            self._messages, model_id=self._model_id, tools=self._tools, response_format=response_format
        )
        self._before, self._is_exact = count.tokens, count.exact

    def count(self, messages: Sequence[Message]) -> int:
        """Count a conversation with the tools and the schema."""
        if messages is self._messages:
            return self._before
        return count_chat_tokens(
            messages, model_id=self._model_id, tools=self._tools, response_format=self._format
        ).tokens

    def unchanged(self) -> FittedMessages:
        """The conversation as it came."""
        return self._result(self._messages, (), 0)

    def fit(self, strategy: str) -> FittedMessages:
        """Fit by one of the named strategies."""
        if strategy != "truncate_longest" and strategy not in _ORDERS:
            raise InvalidRequestError(f"`strategy` must be {_STRATEGIES}, not {strategy!r}")
        if self._before <= self._limit:
            return self.unchanged()
        if strategy == "truncate_longest":
            shortened = shorten_longest(self._messages, self._limit, self.count)
            if shortened is None:
                raise self._too_long(self._before, "cut")
            return self._result(shortened.messages, (), shortened.count)
        kept, dropped = self._drop(_ORDERS[strategy], self._limit)
        return self._result(kept, dropped, 0)

    def make_room(self) -> _Room | None:
        """Drop the oldest so that a summary of an eighth of the limit fits; None where all fits as it is."""
        if self._before <= self._limit:
            return None
        return _Room(*self._drop(from_oldest, self._limit - self._limit // _SUMMARY_SHARE))

    def put_in(self, room: _Room, summary: Summary) -> FittedMessages:
        """Put a summary after the instructions that open the conversation."""
        added = _as_messages(summary)
        opening = next((i for i, unit in enumerate(split_units(room.kept)) if not unit.is_instruction), len(room.kept))
        messages = (*room.kept[:opening], *added, *room.kept[opening:])
        if self.count(messages) > self._limit:
            raise self._too_long(self.count(messages), "summarised so long")
        return self._result(messages, room.dropped, 0)

    def _drop(
        self, order: Callable[[Sequence[Unit]], Iterable[Unit]], limit: int
    ) -> tuple[tuple[Message, ...], tuple[Message, ...]]:
        kept = find_kept(self._units, keep_first_user=self._keep_first_user)
        going = list(order([unit for unit in self._units if unit.index not in kept]))
        frame = self._count_alone(())
        gone: set[int] = set()
        left = self._before
        while left > limit:
            # What a unit has alone is near to what it adds; the whole is counted when it should fit.
            for unit in going[len(gone) :]:
                gone.add(unit.index)
                left -= self._count_alone(unit.messages) - frame
                if left <= limit:
                    break
            left = self.count(self._without(gone))
            if left > limit and len(gone) == len(going):
                raise self._too_long(left, "dropped")
        if order is from_oldest:
            gone.update(self._answers_to_nothing(gone, kept))
        dropped = tuple(message for unit in self._units if unit.index in gone for message in unit.messages)
        return self._without(gone), dropped

    def _count_alone(self, messages: Sequence[Message]) -> int:
        return count_chat_tokens(messages, model_id=self._model_id).tokens

    def _answers_to_nothing(self, gone: set[int], kept: set[int]) -> list[int]:
        """Find the answers that what is left would begin with: some vendors want the user to speak first."""
        rest = [unit for unit in self._units if unit.index not in gone and not unit.is_instruction]
        return (
            [unit.index for unit in takewhile(lambda unit: not unit.is_user and unit.index not in kept, rest)]
            if any(unit.is_user for unit in rest)
            else []
        )

    def _without(self, gone: set[int]) -> tuple[Message, ...]:
        return join_units([unit for unit in self._units if unit.index not in gone])

    def _result(self, messages: tuple[Message, ...], dropped: tuple[Message, ...], truncated: int) -> FittedMessages:
        after = self.count(messages)
        return FittedMessages(messages, self._limit, self._before, after, self._is_exact, dropped, truncated)

    def _too_long(self, tokens: int, done: str) -> PromptTooLongError:
        return PromptTooLongError(
            f"the messages do not fit: {tokens:,} tokens with all {done} that may be, and {self._limit:,} is the limit;"
            " what must stay is the instructions, the tools, what the user said last and the last message",
            model=self._model_id,
        )


def _as_messages(summary: Summary) -> tuple[Message, ...]:
    if isinstance(summary, str):
        return (SystemMessage(summary),) if summary else ()
    return (summary,) if isinstance(summary, Message) else tuple(summary)
