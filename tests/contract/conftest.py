"""What the contract's tests share: a row by its provider's name, and an environment without any credential."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.contract.provider_rows import ProviderRow, load_row

_OF_THE_MACHINE = ("PATH", "PYTHON", "PYTEST", "COV", "TMP", "TEMP", "LANG", "LC_", "SYSTEMROOT", "CORE_LLMS_CORPUS")


@pytest.fixture
def row(provider: str) -> ProviderRow:
    return load_row(provider)


@pytest.fixture
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable, file or service of this machine gives a credential or an address."""
    for name in list(os.environ):
        if not name.startswith(_OF_THE_MACHINE):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("NO_GCE_CHECK", "true")
