"""What was changed since the version that a refused request named, so that its caller can decide at once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any, Final, TypeAlias

from fastapi import Request

from core.llms.provider_config.errors import ProviderConfigError, StaleConfigError
from core.llms.provider_config.revisions.differences import FieldChange
from core.llms.provider_config.server.differences import render_differences

CHANGES: Final = "core_llms.changes"
ReadChanges: TypeAlias = Callable[[int], Awaitable[Iterable[FieldChange]]]


@asynccontextmanager
async def telling_changes(request: Request, version: int | None, read: ReadChanges) -> AsyncIterator[None]:
    """Have a `StaleConfigError` told with all that was changed since `version`, as far as history goes back."""
    try:
        yield
    except StaleConfigError:
        if version:
            request.scope[CHANGES] = await _describe(version, read)
        raise


async def _describe(version: int, read: ReadChanges) -> list[dict[str, Any]] | None:
    try:
        found = await read(version)
    except ProviderConfigError:
        # There is no such version, or it may not be seen: that it is stale is told all the same.
        return None
    return [change.model_dump(mode="json") for change in render_differences(found)]


def require_same(version: int, expected: int | None) -> int:
    """Return the version that a change made of what was read has to be on. Raises `StaleConfigError`."""
    if expected is not None and version != expected:
        raise StaleConfigError(f"it is at version {version}, not {expected}; read it again", {})
    return version
