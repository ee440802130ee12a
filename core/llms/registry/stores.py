"""Where registries keep what was registered: the interface of a store, and the store that is a file."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from core.llms.registry.models import LLMProfile


class ProfileStore(Protocol):
    """Keeps profiles by provider and model id; of each it keeps what was stated, and gives back just that."""

    async def load(self) -> list[LLMProfile]:
        """Return all profiles, by provider and model id. Raises `ConfigurationError` for one that is corrupt."""
        ...

    async def save(self, profiles: Iterable[LLMProfile]) -> None:
        """Write profiles, all of them or none; of models that are not among them nothing changes."""
        ...

    async def delete(self, keys: Iterable[tuple[str, str]]) -> None:
        """Remove what is kept of models, by provider and model id; what is not there needs no removing."""
        ...


class FileProfileStore:
    """Profiles in a JSON or YAML file; see `registry.files`. A file that is not there yet holds none."""

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)

    async def load(self) -> list[LLMProfile]:
        """Read the file. Raises `ConfigurationError`, which names the place and what is wrong there."""
        from core.llms.registry.files import load_profiles

        if not self._path.exists():
            return []
        return await asyncio.to_thread(load_profiles, self._path)

    async def save(self, profiles: Iterable[LLMProfile]) -> None:
        """Write profiles over those that the file holds. Raises `ConfigurationError` where it is corrupt."""
        from core.llms.registry.files import save_profiles

        await asyncio.to_thread(save_profiles, self._path, list(profiles))

    async def delete(self, keys: Iterable[tuple[str, str]]) -> None:
        """Remove models from the file. Raises `ConfigurationError` where it is corrupt."""
        from core.llms.registry.files import delete_profiles

        await asyncio.to_thread(delete_profiles, self._path, list(keys))
