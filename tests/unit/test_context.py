import pickle
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Thread
from typing import Any

import pytest

from core.llms import Attempt, BudgetExceededError, LLMContext, MoneyBudget, Usage


def test_context_timeout_counts_anew_for_each_call() -> None:
    ctx = LLMContext(timeout_seconds=5)
    first, second = ctx.for_call(600), ctx.for_call(600)
    assert 4.9 < first.remaining_seconds <= 5
    assert second.deadline_monotonic >= first.deadline_monotonic


def test_context_deadline_holds_over_a_longer_timeout() -> None:
    ctx = LLMContext(timeout_seconds=500, deadline=datetime.now(UTC) + timedelta(seconds=3))
    assert 2.9 < ctx.for_call(600).remaining_seconds <= 3


def test_context_without_limits_takes_the_default() -> None:
    assert 599 < LLMContext().for_call(600).remaining_seconds <= 600


@pytest.mark.parametrize("seconds", [0, -1, float("inf"), float("nan")])
def test_context_refuses_a_timeout_that_is_none(seconds: float) -> None:
    with pytest.raises(ValueError, match="`timeout_seconds` must be a positive number"):
        LLMContext(timeout_seconds=seconds)


def test_context_refuses_a_deadline_without_time_zone() -> None:
    with pytest.raises(ValueError, match="must have a time zone"):
        LLMContext(deadline=datetime(2030, 1, 1))


def test_context_refuses_tags_given_as_one_string() -> None:
    with pytest.raises(TypeError, match="not one string"):
        LLMContext(tags="production")


def test_call_shares_ledger_and_budget_with_its_context() -> None:
    ctx = LLMContext(budget_usd="1", user_id="u1", tags=["a"])
    call = ctx.for_call(10)
    call.ledger.record(Attempt("openai", "m", "ok", 0.1, 200, Usage(3, 4), Decimal("0.5")))
    assert ctx.cost == Decimal("0.5")
    assert (ctx.ledger.usage.input_tokens, ctx.ledger.usage.output_tokens) == (3, 4)
    assert call.budget is ctx.budget
    assert (call.user_id, call.tags, ctx.ledger.call_count) == ("u1", ("a",), 1)


def test_ledger_keeps_uncertain_and_unpriced_attempts_apart() -> None:
    ledger = LLMContext().ledger
    ledger.record(Attempt("p", "m", "ok", 0.1, 200, Usage(1, 1), Decimal("0.25")))
    ledger.record(
        Attempt("p", "m", "ConnectionLostError", 0.1, None, Usage(7, 0, estimated=True), Decimal("0.1"), True)
    )
    assert ledger.cost_is_complete is False
    ledger.record(Attempt("p", "m", "ok", 0.1, 200, Usage(1, 1), None))
    assert (ledger.cost, ledger.maybe_charged_cost) == (Decimal("0.25"), Decimal("0.1"))
    assert (ledger.unpriced_count, ledger.maybe_charged_count, ledger.attempt_count) == (1, 1, 3)
    assert [attempt.outcome for attempt in ledger] == ["ok", "ConnectionLostError", "ok"]


def test_budget_admits_no_more_than_its_limit_over_threads() -> None:
    budget = MoneyBudget("1.00")
    admitted: list[int] = []

    def spend() -> None:
        for _ in range(200):
            try:
                budget.reserve(Decimal("0.01"))
            except BudgetExceededError:
                continue
            admitted.append(1)
            budget.settle(Decimal("0.01"), Decimal("0.01"))

    threads = [Thread(target=spend) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(admitted) == 100
    assert (budget.spent, budget.reserved, budget.remaining) == (Decimal("1.00"), Decimal(0), Decimal(0))


@pytest.mark.parametrize("amount", ["-1", "NaN", "Infinity"])
def test_budget_refuses_an_amount_that_is_none(amount: str) -> None:
    with pytest.raises(ValueError, match="finite amount"):
        MoneyBudget(amount)


def test_budget_refuses_a_float() -> None:
    with pytest.raises(TypeError, match="not exact money"):
        MoneyBudget(0.1)  # type: ignore[arg-type]  # what a caller without a type checker may do


def test_errors_survive_pickling_with_their_facts() -> None:
    from core.llms import RateLimitError

    error = RateLimitError("slow down", provider="openai", model="m", status=429, code="x", retry_after_seconds=2.0)
    copy = pickle.loads(pickle.dumps(error))
    assert str(copy) == str(error) == "openai/m: slow down (429, x)"
    assert (copy.status, copy.retry_after_seconds, copy.retry_at) == (429, 2.0, error.retry_at)


def test_context_of_one_call_makes_its_ledger_of_what_was_recorded() -> None:
    ctx = LLMContext.of_one_call(10)
    ctx.record(Attempt("p", "m", "OverloadedError", 0.1, 529))
    ctx.record(Attempt("p", "m", "ok", 0.1, 200, Usage(3, 4), Decimal("0.5")))
    assert (ctx.ledger.call_count, ctx.ledger.attempt_count, ctx.cost) == (1, 2, Decimal("0.5"))
    ctx.record(Attempt("p", "m", "ok", 0.1, 200, Usage(1, 1), Decimal("0.25")))
    assert (ctx.ledger.call_count, ctx.ledger.attempt_count, ctx.cost) == (1, 3, Decimal("0.75"))
    assert [attempt.outcome for attempt in ctx.ledger] == [attempt.outcome for attempt in ctx.attempts]
    assert 9.9 < ctx.remaining_seconds <= 10
    assert (ctx.user_id, ctx.tags, dict(ctx.metadata), ctx.budget) == (None, (), {}, None)
    assert ctx.for_call(5).ledger is ctx.ledger


def test_token_budget_is_held_by_all_calls_of_a_context() -> None:
    ctx = LLMContext(budget_tokens=100)
    budget = ctx.for_call(30).token_budget
    assert budget is not None
    assert budget is ctx.token_budget
    budget.reserve(60)
    with pytest.raises(BudgetExceededError, match="up to 41 tokens, and of the budget of 100 only 40 remain") as caught:
        budget.reserve(41)
    assert (caught.value.limit, caught.value.remaining) == (100, 40)
    budget.settle(60, 10)
    assert (budget.spent, budget.reserved, budget.remaining) == (10, 0, 90)


@pytest.mark.parametrize(("limit", "kind"), [(-1, ValueError), (1.5, TypeError), (True, TypeError)])
def test_token_budget_that_is_no_number_of_tokens_is_refused(limit: Any, kind: type[Exception]) -> None:
    with pytest.raises(kind, match="`budget_tokens`"):
        LLMContext(budget_tokens=limit)


def test_calls_of_a_context_share_its_request_id() -> None:
    ctx = LLMContext()
    assert ctx.for_call(30).request_id == ctx.for_call(30).request_id == ctx.request_id


def test_branch_is_the_same_call_with_attempts_of_its_own() -> None:
    call = LLMContext(user_id="u", tags=("t",), timeout_seconds=9, budget_usd=1).for_call(60)
    call.options, call.fresh_connection = {"n": 1}, True
    branch, other = call.branch(), call.branch()
    attempt = Attempt("openai", "gpt", "ok", 1.0)

    branch.record(attempt)

    assert branch.ledger is other.ledger is call.ledger
    assert (branch.attempts, other.attempts, call.attempts) == ([attempt], [], [attempt])
    assert (call.ledger.call_count, call.ledger.attempt_count) == (1, 1)
    for name in ("request_id", "user_id", "tags", "deadline_monotonic", "budget", "options", "timeout_seconds"):
        assert getattr(branch, name) == getattr(call, name)
    assert not branch.fresh_connection
