"""A cache in a file: equal questions are asked once, also by the next process, and the ledger says what that saved."""

import asyncio
import tempfile
from pathlib import Path

from _environment import environment  # type: ignore[import-not-found]  # beside this file

from core.llms import CacheControl, CacheMiddleware, LLMContext, SQLiteCacheStore, create_llm


async def ask(model: str, path: Path, ctx: LLMContext) -> None:
    """What one run of a program does."""
    store = SQLiteCacheStore(path)
    cache = CacheMiddleware(store, ttl_seconds=3600, namespace="examples")
    async with create_llm(model, middleware=[cache]) as llm:
        questions = ["What is 2 + 2?", "What is 3 + 3?", "What is 2 + 2?"]
        calls = (llm.get_answer(question, ctx, temperature=0, max_tokens=20) for question in questions)
        for question, response in zip(questions, await asyncio.gather(*calls), strict=True):
            print(f"  {question} {response.text} {'(cached)' if response.cached else ''}")
    await store.aclose()
    figures = cache.statistics
    print(f"  {figures.hits} hits, {figures.misses} misses, ${figures.saved_cost:f} saved")


async def main(model: str) -> None:
    ctx = LLMContext(user_id="u1")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.db"
        for title in ("the first run:", "the second run:"):
            print(title)
            await ask(model, path, ctx)
        print("a run that wants new answers:")
        await ask(model, path, LLMContext(ledger=ctx.ledger, cache=CacheControl("refresh")))
    ledger = ctx.ledger
    print(f"{ledger.call_count} calls, {ledger.attempt_count} requests, ${ledger.cost:f}, ${ledger.saved_cost:f} saved")


if __name__ == "__main__":
    with environment() as model:
        asyncio.run(main(model))
