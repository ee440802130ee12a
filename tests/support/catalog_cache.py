"""A folder of its own for the refreshed catalogue, and lists to refresh it from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.llms.catalog.refreshed import CACHE_VARIABLE
from core.llms.catalog.store import reload_catalog
from tests.support.list_server import ListServer, list_server

EXCERPTS = Path(__file__).parents[1] / "unit" / "catalog_refresh" / "excerpts"
# How excerpts differ from whole lists.
FEW_MODELS = 0.0


def excerpt(name: str) -> Any:
    return json.loads((EXCERPTS / f"{name}.json").read_text())


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder where refreshed facts are; what is read of it is forgotten afterwards."""
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    reload_catalog()
    yield tmp_path / "cache" / "catalog"
    monkeypatch.undo()
    reload_catalog()


@pytest.fixture
def published() -> Iterator[ListServer]:
    """A server that publishes the excerpts."""
    with list_server() as server:
        for name in ("models.dev", "litellm", "genai-prices"):
            server.content[name] = (EXCERPTS / f"{name}.json").read_bytes()
        yield server
