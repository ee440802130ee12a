"""Registries that a test may change, and configurations of a few lines."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.llms.configs import CONFIG_REGISTRY


@pytest.fixture
def own_aliases(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a test registers is gone after it."""
    len(CONFIG_REGISTRY)
    monkeypatch.setattr(CONFIG_REGISTRY, "_configs", dict(CONFIG_REGISTRY._configs))
    monkeypatch.setattr(CONFIG_REGISTRY, "sources", ())
    yield
