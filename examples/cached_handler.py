"""A handler that answers equal prompts out of a cache on disk, which outlives the process and is shared by several."""

import asyncio
import tempfile
from pathlib import Path

from _environment import environment  # type: ignore[import-not-found]  # beside this file

from core.llms import AliasDefinition, CacheMiddleware, SQLiteCacheStore, define_config
from core.llms.handlers.base_handler import AsyncModelHandler


async def main(model: str) -> None:
    provider, _, name = model.partition("/")
    registry = {"fast": define_config(AliasDefinition(alias="fast", provider=provider, model=name))}
    with tempfile.TemporaryDirectory() as folder:
        for run in ("first", "second"):
            # Each run has a handler and a store of its own, as another process would.
            store = SQLiteCacheStore(Path(folder) / "answers.db")
            async with AsyncModelHandler(registry, cache=CacheMiddleware(store, ttl_seconds=600)) as handler:
                answer = await handler.get_full_response("fast", "Say: hello.", max_tokens=20)
                stats = handler.stats()["fast"]
            await store.aclose()
            origin = "out of the cache" if answer.cached else "from the vendor"
            print(f"{run}: {answer.text} ({origin}, ${stats.cost}, saved ${stats.saved_cost})")


if __name__ == "__main__":
    with environment() as model:
        asyncio.run(main(model))
