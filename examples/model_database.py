"""Facts of models that a team keeps in a database, and which every process of theirs loads."""

import asyncio
import os
import tempfile
from pathlib import Path

from core.llms import LLMRegistry
from core.llms.registry.stores import FileProfileStore
from core.llms.storage.database import Database
from core.llms.storage.profile_store import DatabaseProfileStore


async def write(url: str) -> None:
    registry = LLMRegistry()
    registry.register_model("openai", "gpt-4.1-mini", prices={"input": "0.30", "output": "1.20"})
    registry.register_model("house", "llama-tuned", capabilities={"context_window": 32_000, "supports_tools": True})
    async with Database(url, upgrade=True) as database:
        await registry.save_to(DatabaseProfileStore(database))
        print(f"{len(registry.own_profiles)} models in {database.url.shown}, at revision", end=" ")
        print(await database.current_revision())


async def read(url: str, file: Path) -> None:
    registry = LLMRegistry()
    async with Database(url) as database:
        await registry.load_from(DatabaseProfileStore(database))
    agreed = registry.get("openai/gpt-4.1-mini")
    print(f"{agreed.name}: ${agreed.cost_per_1k_input} per 1K tokens, as agreed")
    print(f"  its context, from the catalogue: {agreed.capabilities.context_window:,} tokens")
    able = registry.get_models_by_capability("tools", providers=["house"])
    print(f"able to call tools: {', '.join(profile.name for profile in able)}")
    await registry.save_to(FileProfileStore(file))
    print(f"{file.name} holds {len(await FileProfileStore(file).load())} models")


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = os.environ.get("CORE_LLMS_DATABASE_URL") or f"sqlite:///{folder}/models.db"
        await write(url)
        await read(url, Path(folder) / "models.json")


if __name__ == "__main__":
    asyncio.run(main())
