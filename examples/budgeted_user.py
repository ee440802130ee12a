"""A daily budget for each user, shared by all processes over one database: refusals, a warning, what remains."""

import asyncio
import os
import tempfile

from _environment import environment  # type: ignore[import-not-found]  # beside this file

from core.llms import Budget, BudgetExceededError, BudgetsMiddleware, BudgetStatus, LLMContext, create_llm
from core.llms.storage.budget_store import DatabaseBudgetStore
from core.llms.storage.database import Database


def warn(status: BudgetStatus) -> None:
    print(f"  warning: {status.subject} has spent {status.share:.0%} of ${status.limit_usd}")


async def ask(model: str, guard: BudgetsMiddleware, user: str) -> None:
    async with create_llm(model, middleware=[guard]) as llm:
        questions = [f"Write {words} words about the sea." for words in range(50, 250, 25)]
        calls = (llm.get_answer(question, LLMContext(user_id=user), max_tokens=250) for question in questions)
        results = await asyncio.gather(*calls, return_exceptions=True)
    refused = [result for result in results if isinstance(result, BudgetExceededError)]
    print(f"{user}: {len(results) - len(refused)} answered, {len(refused)} refused before they were sent")
    if refused:
        print(f"  {refused[0].message}")


async def main(model: str) -> None:
    budgets = [
        Budget(usd="0.0012", per="user", window="day", warn_at=0.3),
        Budget(tokens=100_000, per="model", window="month"),
    ]
    with tempfile.TemporaryDirectory() as folder:
        url = os.environ.get("CORE_LLMS_DATABASE_URL") or f"sqlite:///{folder}/budgets.db"
        async with Database(url, upgrade=True) as database:
            guard = BudgetsMiddleware(budgets, store=DatabaseBudgetStore(database), on_warning=warn)
            for user in ("ada", "bob"):
                await ask(model, guard, user)
            for status in await guard.status(user="ada"):
                print(f"{status.budget}: ${status.spent_usd:.6f} spent, ${status.remaining_usd:.6f} remain")
                print(f"  until {status.resets_at}" if status.resets_at else "")


if __name__ == "__main__":
    with environment() as model:
        asyncio.run(main(model))
