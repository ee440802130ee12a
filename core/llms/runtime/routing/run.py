"""One call on its way through the targets of a route: the one plan of all its attempts, waits and moves."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from time import monotonic
from types import TracebackType
from typing import Self

from core.llms.context import LLMContext
from core.llms.errors import (
    AllTargetsFailedError,
    APIError,
    Certainty,
    CircuitOpenError,
    LLMError,
    RateLimitError,
)
from core.llms.runtime.retry import RetryPlan, RetryPolicy
from core.llms.runtime.routing.failures import UNSENT, cooldown_after, outcome_of, rules_out, turn_after
from core.llms.runtime.routing.members import REJECTIONS, Member, Order, forget_where
from core.llms.runtime.routing.policy import FallbackPolicy
from core.llms.types.response import Attempt, ResponseT, seal_response


class Visit:
    """One target being asked."""

    __slots__ = ("_asked_at", "_member", "_paid")

    def __init__(self, member: Member, paid: bool) -> None:
        self._member = member
        self._paid = paid

    def __enter__(self) -> Self:
        self._asked_at = monotonic()
        self._member.state.in_flight += 1
        return self

    def note_answer(self, error: BaseException | None = None) -> None:
        """Settle with those who wait to come over, once: an answer has begun, or there is none."""
        if self._paid:
            self._paid = False
            self._member.target.retry_budget.settle_from_elsewhere(outcome_of(error))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        state = self._member.state
        state.in_flight -= 1
        self.note_answer(error)
        if error is None:
            state.warm_up(self._asked_at)


class RouteRun:
    """Decides which target is asked next, after which wait, and when the call has failed.

    It is the `AttemptPlan` of every target that it asks: a target repeats an attempt by itself only on a connection
    that had gone stale, and after a short Retry-After.
    """

    def __init__(
        self, members: Sequence[Member], order: Order, policy: FallbackPolicy, retry: RetryPolicy, ctx: LLMContext
    ) -> None:
        self._members = members
        self._order = order
        self._policy = policy
        self._retry = retry
        self._ctx = ctx
        self._before = ctx.plan
        self._outer = ctx.plan if isinstance(ctx.plan, RouteRun) else None
        self._begin = len(ctx.attempts)
        self._current = members[0]
        self._max_attempts = (
            policy.max_attempts or sum([each.target_count for each in members]) + retry.max_attempts - 1
        )
        self._maybe_accepted_left: int = (
            retry.maybe_accepted_retries if self._outer is None else self._outer._maybe_accepted_left
        )
        self._errors: dict[Member, LLMError] = {}
        self._return_at: dict[Member, float] = {}
        self._ruled_out: set[Member] = set()
        self._plans: dict[Member, RetryPlan] = {}
        self._skipped: dict[Member, str] = {}
        self._paid = False

    def next_delay(self, error: LLMError) -> float | None:
        """Let the present target try again by itself, or not."""
        if self._is_spent():
            return None
        plan = self._plan_of(self._current)
        if self._is_short_wait(error):
            return plan.next_delay(error)
        return plan.repeat_stale(error)

    def _is_short_wait(self, error: LLMError) -> bool:
        return (
            isinstance(error, RateLimitError)
            and error.retry_after_seconds is not None
            and error.retry_after_seconds <= self._policy.patience_seconds
        )

    def _plan_of(self, member: Member) -> RetryPlan:
        if member not in self._plans:
            budget, deadline = member.target.retry_budget, self._ctx.deadline_monotonic
            self._plans[member] = RetryPlan(self._retry, budget, deadline)
        return self._plans[member]

    def _attempts(self) -> list[Attempt]:
        return self._ctx.attempts[self._begin :]

    def _sent(self) -> int:
        if len(self._ctx.attempts) == self._begin:
            return 0
        return sum(attempt.outcome not in UNSENT for attempt in self._attempts())

    def _is_spent(self) -> bool:
        return self._sent() >= self._max_attempts or (self._outer is not None and self._outer._is_spent())

    def _can_move(self) -> bool:
        return bool(self._ready(monotonic(), but=self._current)) or (
            self._outer is not None and self._outer._can_move()
        )

    def _ready(self, now: float, but: Member | None = None) -> list[Member]:
        fresh = self._fresh() if self._errors or self._ruled_out else self._members
        return [member for member in fresh if member.state.ready_at <= now and member is not but]

    def _fresh(self) -> list[Member]:
        return [member for member in self._members if member not in self._ruled_out and member not in self._errors]

    async def next_member(self) -> Member:
        """Return the target to ask now, after a wait where there must be one. Raises what the call has failed with."""
        while not self._is_spent():
            member, wait = self._choose()
            if member is None or (wait and monotonic() + wait >= self._ctx.deadline_monotonic):
                break
            if wait:
                await asyncio.sleep(wait)
            if not self._sent() or await self._pay(member):
                self._current = member
                self._ctx.fresh_connection = self._ctx.was_sent = False
                return member
            self._ruled_out.add(member)
        raise self._failure()

    async def _pay(self, member: Member) -> bool:
        if member in self._errors:
            return self._plan_of(member).pay_for(0.0) is not None
        self._paid = await member.target.retry_budget.admit_from_elsewhere(self._ctx.deadline_monotonic)
        return self._paid

    def _choose(self) -> tuple[Member | None, float]:
        now = monotonic()
        if ready := self._ready(now):
            return self._order.choose(ready), 0.0
        if self._outer is not None and self._outer._can_move():
            return None, 0.0
        waits = {member: self._wait_for(member, now) for member in self._members if self._is_worth_waiting_for(member)}
        soonest = min(waits, key=waits.__getitem__, default=None)
        if soonest is not None and waits[soonest] <= self._policy.max_wait_seconds:
            return soonest, waits[soonest]
        # A credential may have been mended since it was refused: better asked than not.
        return next((member for member in self._fresh() if isinstance(member.state.cooled_by, REJECTIONS)), None), 0.0

    def _is_worth_waiting_for(self, member: Member) -> bool:
        cooled_by = member.state.cooled_by
        return member not in self._ruled_out and not isinstance(cooled_by, (CircuitOpenError, *REJECTIONS))

    def _wait_for(self, member: Member, now: float) -> float:
        return max(0.0, member.state.ready_at - now, self._return_at.get(member, 0.0) - now)

    def visit(self, member: Member) -> Visit:
        """Begin to ask a target: what it answers is asked for inside a `with` of this."""
        paid, self._paid = self._paid, False
        return Visit(member, paid)

    def leave(self, member: Member, error: LLMError) -> None:
        """Note that a target failed. Raises where the call has failed with it."""
        turn = turn_after(error, member)
        own = None if self._policy.should_move is None else self._policy.should_move(error)
        if own is not None:
            turn = "move" if own else "raise"
        if turn == "raise":
            self._note_earlier(error)
            raise error
        self._errors[member] = error
        for other in self._members:
            if rules_out(error, member, other):
                self._ruled_out.add(other)
        if turn == "skip":
            self._ruled_out.add(member)
            self._skipped[member] = f"{member.name} was not asked: {error.message}"
            return
        self._cool(member, error)
        if error.certainty is Certainty.MAYBE_ACCEPTED and not isinstance(error, APIError):
            self._maybe_accepted_left -= 1
            if self._maybe_accepted_left < 0:
                raise self._failure()

    def _cool(self, member: Member, error: LLMError) -> None:
        seconds = cooldown_after(error, self._policy.rejected_cooldown_seconds)
        if seconds:
            member.state.cool_down(seconds, error)
        delay = self._plan_of(member).delay_after(error)
        if delay is None:
            self._ruled_out.add(member)
        else:
            self._return_at[member] = monotonic() + delay

    def seal(self, response: ResponseT) -> ResponseT:
        """Say in a response which targets were not asked, and why."""
        if self._skipped:
            seal_response(response, warnings=(*self._skipped.values(), *response.warnings))
        return response

    def end(self) -> None:
        """Leave the call as it was found."""
        self._ctx.plan = self._before

    def _note_earlier(self, error: LLMError) -> None:
        for member, earlier in self._errors.items():
            error.add_note(f"before that, {member.name}: {type(earlier).__name__}: {earlier}")

    def _failure(self) -> LLMError:
        errors = {member: error for member in self._members if (error := self._last_error(member)) is not None}
        failed = [error for member, error in errors.items() if member not in self._skipped]
        failure = failed[0] if failed else next(iter(errors.values()))
        if len(failed) > 1:
            told = "; ".join(f"{type(error).__name__}: {error}" for error in errors.values())
            failure = AllTargetsFailedError(f"no target answered: {told}", errors=(*errors.values(),))
            failure.__cause__ = next(reversed(self._errors.values()), None)
        elif failed:
            for reason in self._skipped.values():
                failure.add_note(reason)
        failure.attempts = tuple(self._ctx.attempts)
        return failure

    def _last_error(self, member: Member) -> LLMError | None:
        own, cooled_by = self._errors.get(member), member.state.cooled_by
        if own is None and cooled_by is not None and member.state.ready_at > monotonic():
            return forget_where(cooled_by)
        return own
