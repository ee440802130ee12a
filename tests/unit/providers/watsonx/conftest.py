"""An environment without anybody's watsonx.ai in it."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("WATSONX_"):
            monkeypatch.delenv(name)
