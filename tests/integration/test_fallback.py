"""Fallback between LLMs, over the simulator and raw sockets: when a call moves on, to whom, and what is left of it."""

from __future__ import annotations

from contextlib import AsyncExitStack
from decimal import Decimal
from typing import Any

import pytest

from core.llms import (
    AllTargetsFailedError,
    AuthenticationError,
    BadRequestError,
    BudgetExceededError,
    CircuitOpenError,
    ConfigurationError,
    DeadlineExceededError,
    FallbackPolicy,
    LLMContext,
    LLMError,
    Middleware,
    OverloadedError,
    Prices,
    RateLimitError,
    StreamInterruptedError,
    TextDelta,
)
from core.llms.simulator import Fault, Simulator
from tests.integration.models import MODEL, Person
from tests.integration.routes import NO_BREAKER, create, outcomes, two
from tests.support.clocks import stopwatch


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Fault(status=503), "OverloadedError"),
        (Fault(status=500), "ServerError"),
        (Fault(status=429, retry_after="30"), "RateLimitError"),
        (Fault(status=429, code="insufficient_quota"), "QuotaExceededError"),
        (Fault(status=401), "AuthenticationError"),
        (Fault(status=403), "PermissionDeniedError"),
        (Fault(status=404), "NotFoundError"),
        (Fault(cut_after_bytes=0, cut_mode="reset"), "ConnectionLostError"),
        (Fault(garbage="html"), "ProtocolError"),
        (Fault(status=400, code="content_filter"), "ContentFilterError"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
async def test_call_moves_on_at_once(fault: Fault, outcome: str, streamed: bool) -> None:
    async with two(other_model="gpt-4.1") as (llm, near, far):
        near.script(fault)
        answer = await (llm.stream_answer("Say: hello.").get_response() if streamed else llm.get_answer("Say: hello."))

    assert answer.text == "hello."
    assert [(attempt.model, attempt.outcome) for attempt in answer.attempts] == [(MODEL, outcome), ("gpt-4.1", "ok")]
    assert answer.attempts[0].account != answer.attempts[1].account
    assert (len(near.requests), len(far.requests)) == (1, 1)


async def test_wrong_request_is_nobody_else_s_matter() -> None:
    async with two() as (llm, near, far):
        near.script(Fault(status=400))
        with pytest.raises(BadRequestError) as caught:
            await llm.get_answer("Hi")

    assert (outcomes(caught.value), len(far.requests)) == (["BadRequestError"], 0)


async def test_short_retry_after_is_waited_for_and_a_long_one_is_not() -> None:
    async with two() as (llm, near, far):
        near.script(Fault(status=429, retry_after="0.02"))
        patient = await llm.get_answer("Say: hello.")
        near.script(Fault(status=429, retry_after="5"), "never")
        impatient = await llm.get_answer("Say: hello.")
        resting = await llm.get_answer("Say: hello.")

    assert outcomes(patient) == outcomes(impatient) == ["RateLimitError", "ok"]
    assert patient.attempts[1].account == patient.attempts[0].account != impatient.attempts[1].account
    assert outcomes(resting) == ["ok"]
    assert resting.attempts[0].account == impatient.attempts[1].account
    assert (len(near.requests), len(far.requests)) == (3, 2)


async def test_call_returns_to_a_target_after_its_cooldown_where_no_other_answers() -> None:
    async with two() as (llm, near, far):
        near.script(Fault(status=429, retry_after="1.2"), "back again")
        far.script(Fault(status=401, repeat=9))
        async with stopwatch() as watch:
            answer = await llm.get_answer("Hi", LLMContext(timeout_seconds=30))

    assert answer.text == "back again"
    assert outcomes(answer) == ["RateLimitError", "AuthenticationError", "ok"]
    assert watch.seconds > 1.1


async def test_every_target_s_last_error_is_told() -> None:
    async with two() as (llm, near, far):
        near.script(Fault(status=401, repeat=9))
        far.script(Fault(status=429, retry_after="300", repeat=9))
        ctx = LLMContext()
        with pytest.raises(AllTargetsFailedError) as caught:
            await llm.get_answer("Hi", ctx)

    error = caught.value
    assert [type(each) for each in error.errors] == [AuthenticationError, RateLimitError]
    assert isinstance(error.__cause__, RateLimitError)
    assert outcomes(error) == ["AuthenticationError", "RateLimitError"]
    assert error.retry_at == error.errors[1].retry_at  # type: ignore[attr-defined]  # a RateLimitError, seen above
    assert "AuthenticationError: openai/gpt-4.1-mini" in str(error)
    assert ctx.ledger.call_count == 1


async def test_all_targets_together_are_tried_as_often_as_the_plan_says() -> None:
    async with two(NO_BREAKER) as (llm, near, far):
        near.script(Fault(status=503, repeat=99))
        far.script(Fault(status=503, repeat=99))
        with pytest.raises(AllTargetsFailedError) as caught:
            await llm.get_answer("Hi")

    assert outcomes(caught.value) == ["OverloadedError"] * 4  # two targets, and the two retries of the policy
    assert len(near.requests) + len(far.requests) == 4


async def test_deadline_bounds_all_targets_together() -> None:
    async with two() as (llm, near, far):
        near.script(Fault(status=503))
        far.script(Fault(hang=True))
        async with stopwatch() as watch:
            with pytest.raises(DeadlineExceededError) as caught:
                await llm.get_answer("Hi", LLMContext(timeout_seconds=0.3))

    assert watch.own_seconds < 0.4
    assert outcomes(caught.value) == ["OverloadedError", "DeadlineExceededError"]
    assert "OverloadedError" in caught.value.__notes__[0]


async def test_request_that_may_have_been_accepted_is_repeated_once_and_flagged() -> None:
    async with two() as (llm, near, far):
        cut = Fault(cut_after_bytes=0, cut_mode="reset", repeat=9)
        near.script(cut)
        far.script(cut)
        with pytest.raises(AllTargetsFailedError) as caught:
            await llm.get_answer("Hi")

    assert [(each.outcome, each.maybe_charged) for each in caught.value.attempts] == [("ConnectionLostError", True)] * 2
    assert len(near.requests) + len(far.requests) == 2


async def test_dead_target_is_left_alone_until_its_breaker_closes() -> None:
    async with two() as (llm, near, far):
        near.script(Fault(status=500, repeat=99))
        answers = [await llm.get_answer("Say: hello.") for _ in range(20)]

    assert {answer.text for answer in answers} == {"hello."}
    assert (len(near.requests), len(far.requests)) == (5, 20)
    assert outcomes(answers[5]) == ["CircuitOpenError", "ok"]
    assert outcomes(answers[-1]) == ["ok"]


async def test_open_breakers_everywhere_raise_at_once() -> None:
    async with two() as (llm, near, far):
        near.script(Fault(status=500, repeat=99))
        far.script(Fault(status=500, repeat=99))
        for _ in range(20):
            with pytest.raises(LLMError):
                await llm.get_answer("Hi")
        sent = len(near.requests) + len(far.requests)
        with pytest.raises(AllTargetsFailedError) as caught:
            await llm.get_answer("Hi")

    assert sent == 10
    assert [type(error) for error in caught.value.errors] == [CircuitOpenError, CircuitOpenError]


async def test_stream_moves_on_only_before_its_first_event() -> None:
    async with two() as (llm, near, far):
        near.script(Fault(cut_after_events=0), Fault(error_after_events=0), Fault(cut_after_events=3))
        for _ in range(2):
            assert (await llm.stream_answer("Say: hello.").get_response()).text == "hello."
        texts = []
        with pytest.raises(StreamInterruptedError) as caught:
            async with llm.stream_answer("Say: one two three four five.") as stream:
                async for event in stream:
                    if type(event) is TextDelta:
                        texts.append(event.text)

    assert caught.value.partial.text == "".join(texts) != ""
    assert len(far.requests) == 2


async def test_each_target_is_priced_and_reserved_for_by_itself() -> None:
    async with AsyncExitStack() as stack:
        near = await stack.enter_async_context(Simulator())
        far = await stack.enter_async_context(Simulator())
        cheap = create(near.openai_base_url, MODEL, prices=Prices.of("1", "1"))
        dear = create(far.openai_base_url, MODEL, prices=Prices.of("1", "1000"))
        llm = await stack.enter_async_context(cheap.with_fallback(dear))

        near.script(Fault(status=503, repeat=9))
        rich, poor = LLMContext(budget_usd="1"), LLMContext(budget_usd="0.05")
        answer = await llm.get_answer("Say: hello.", rich, max_tokens=100)
        with pytest.raises(OverloadedError) as caught:
            await llm.get_answer("Say: hello.", poor, max_tokens=100)

    assert rich.budget is not None
    assert poor.budget is not None
    assert answer.cost == rich.cost == rich.budget.spent > Decimal("0.001")
    assert "was not asked: the call may cost up to $0.1" in caught.value.__notes__[0]
    assert [poor.budget.spent, poor.budget.reserved, rich.budget.reserved] == [Decimal(0)] * 3


async def test_own_word_on_an_error_goes_first() -> None:
    def should_move(error: LLMError) -> bool | None:
        return True if isinstance(error, BadRequestError) else False if isinstance(error, OverloadedError) else None

    async with two(FallbackPolicy(should_move=should_move)) as (llm, near, far):
        near.script(Fault(status=400), Fault(status=503))
        assert outcomes(await llm.get_answer("Say: hello.")) == ["BadRequestError", "ok"]
        with pytest.raises(OverloadedError):
            await llm.get_answer("Say: hello.")

    assert len(far.requests) == 1


async def test_routes_nest_and_the_inner_one_does_not_wait_while_the_outer_can_move() -> None:
    async with two() as (pair, near, far), Simulator() as last:
        other = create(last.openai_base_url, "gpt-4.1")
        near.script(Fault(status=503, repeat=9))
        far.script(Fault(status=503, repeat=9))
        async with pair.with_fallback(other) as llm:
            answer = await llm.get_answer("Say: hello.")

    assert outcomes(answer) == ["OverloadedError", "OverloadedError", "ok"]
    assert len(last.requests) == 1


async def test_route_needs_another_llm(sim: Simulator) -> None:
    async with create(sim.openai_base_url, MODEL) as llm:
        with pytest.raises(ConfigurationError, match="at least one other"):
            llm.with_fallback()
        with pytest.raises(ConfigurationError, match="not str"):
            llm.with_fallback("openai/gpt-4.1")  # type: ignore[arg-type]  # that is the point


async def test_budget_that_is_too_small_for_every_target_is_told(sim: Simulator) -> None:
    async with two() as (llm, near, _):
        with pytest.raises(BudgetExceededError):
            await llm.get_answer("Hi", LLMContext(budget_usd=0), max_tokens=10)

    assert len(near.requests) == 0


async def test_wait_beyond_the_deadline_is_not_begun() -> None:
    async with two(FallbackPolicy(patience_seconds=0)) as (llm, near, far):
        near.script(Fault(status=429, retry_after="20"))
        far.script(Fault(status=429, retry_after="30"))
        async with stopwatch() as watch:
            with pytest.raises(AllTargetsFailedError):
                await llm.get_answer("Hi", LLMContext(timeout_seconds=10))

    assert watch.own_seconds < 5


async def test_no_word_of_one_s_own_joins_two_streams() -> None:
    async with two(FallbackPolicy(should_move=lambda error: True)) as (llm, near, far):
        near.script(Fault(cut_after_events=3))
        with pytest.raises(StreamInterruptedError):
            await llm.stream_answer("Say: one two three four five.").get_response()

    assert len(far.requests) == 0


async def test_each_time_a_typed_answer_is_asked_for_has_attempts_of_its_own() -> None:
    async with two(FallbackPolicy(max_attempts=2)) as (llm, near, _):
        near.script("not even JSON", Fault(status=503))
        answer = await llm.get_answer("Ada is 36 and lives in London.", response_model=Person, max_tokens=200)

    assert outcomes(answer) == ["ok", "OverloadedError", "ok"]
    assert isinstance(answer.parsed, Person)


async def test_target_that_a_layer_keeps_from_being_asked_now_is_passed_over(sim: Simulator) -> None:
    class BusyError(LLMError):
        retry_at = None

    class Busy(Middleware):
        async def attempt(self, request: Any, ctx: LLMContext, attempt_next: Any) -> Any:
            raise BusyError("no place is free")

    busy = create(sim.openai_base_url, middleware=[Busy()])
    async with busy.with_fallback(create(sim.openai_base_url, "gpt-4.1")) as llm:
        answer = await llm.get_answer("Say: hello.")

    assert outcomes(answer) == ["BusyError", "ok"]
