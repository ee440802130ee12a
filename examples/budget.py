"""A budget in dollars for many calls at once, and the ledger that adds them up."""

import asyncio

from _environment import environment  # type: ignore[import-not-found]  # beside this file

from core.llms import BudgetExceededError, LLMContext, LLMError, create_llm


async def main(model: str) -> None:
    ctx = LLMContext(user_id="u1", tags=("demo",), budget_usd="0.002")
    async with create_llm(model) as llm:
        questions = [f"Write {words} words about the sea." for words in range(100, 2000, 100)]
        calls = (llm.get_answer(question, ctx, max_tokens=300) for question in questions)
        results = await asyncio.gather(*calls, return_exceptions=True)

    refused = [result for result in results if isinstance(result, BudgetExceededError)]
    failed = [result for result in results if isinstance(result, LLMError) and result not in refused]
    print(f"{len(results) - len(refused) - len(failed)} answered, {len(refused)} refused before they were sent")
    print(f"the first refusal: {refused[0]}")
    print(f"spent ${ctx.cost} of ${ctx.budget.limit if ctx.budget else 0}; complete: {ctx.ledger.cost_is_complete}")
    print(f"{ctx.ledger.usage.input_tokens} tokens in, {ctx.ledger.usage.output_tokens} out")
    slowest = max(ctx.ledger, key=lambda attempt: attempt.seconds)
    print(f"the slowest of {ctx.ledger.attempt_count} requests took {slowest.seconds:.3f} s")


if __name__ == "__main__":
    with environment() as model:
        asyncio.run(main(model))
