"""A context's own budget over a call that is tried again: each attempt is paid for out of what is left."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.llms import ConnectionLostError, LLMContext, Prices
from core.llms.simulator import Fault, Simulator
from tests.integration.routes import create

CUT = Fault(cut_after_bytes=0, cut_mode="reset")
# An attempt may cost a little for its prompt, and 100 tokens at $0.001 each for its answer.
PRICES = Prices.of("1000", "1000")
BUDGETS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("money", {"budget_usd": "0.15"}, {"budget_usd": "0.40"}),
    ("tokens", {"budget_tokens": 150}, {"budget_tokens": 400}),
]


def left_over(ctx: LLMContext) -> tuple[Decimal | int, Decimal | int]:
    """What may still be spent, and what is still reserved."""
    budget = ctx.budget or ctx.token_budget
    assert budget is not None
    return budget.limit - budget.spent, budget.reserved


@pytest.mark.parametrize(("small", "large"), [row[1:] for row in BUDGETS], ids=[row[0] for row in BUDGETS])
@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
async def test_attempt_after_one_that_may_have_been_charged_is_made_only_where_the_budget_covers_both(
    small: dict[str, Any], large: dict[str, Any], streamed: bool
) -> None:
    prompt = "Say: hello. " + "This is a prompt of some length. " * 2
    async with Simulator() as sim, create(sim.openai_base_url, prices=PRICES) as llm:

        async def ask(ctx: LLMContext) -> Any:
            if streamed:
                return await llm.stream_answer(prompt, ctx, max_tokens=100).get_response()
            return await llm.get_answer(prompt, ctx, max_tokens=100)

        sim.script(CUT)
        ctx = LLMContext(**small)
        with pytest.raises(ConnectionLostError) as caught:
            await ask(ctx)
        assert len(sim.requests) == 1
        assert "it was not tried again: the call may " in caught.value.__notes__[0]
        assert left_over(ctx)[0] > 0
        assert left_over(ctx)[1] == 0

        sim.script(CUT)
        ctx = LLMContext(**large)
        answer = await ask(ctx)
    assert [attempt.outcome for attempt in answer.attempts] == ["ConnectionLostError", "ok"]
    assert left_over(ctx)[0] > 0
    assert left_over(ctx)[1] == 0
    used = ctx.ledger.cost + ctx.ledger.maybe_charged_cost, ctx.ledger.usage.total_tokens
    assert (ctx.budget.spent if ctx.budget else None) in (None, used[0])
    assert (ctx.token_budget.spent if ctx.token_budget else None) in (None, used[1])
