"""What the page on the namespace package `core` says is true, in a process and a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "typing.md").read_text(encoding="utf-8")
EXTENDED = "from pkgutil import extend_path\n\n__path__ = extend_path(__path__, __name__)\n"
USE_BOTH = "import core.mine, core.llms; print(core.mine.VALUE, core.llms.__version__)"


def run_beside(folder: Path, *, mine_first: bool) -> subprocess.CompletedProcess[str]:
    places = [str(folder), str(ROOT)] if mine_first else [str(ROOT), str(folder)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(places)}
    return subprocess.run(
        [sys.executable, "-c", USE_BOTH],
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "mine.py").write_text("VALUE = 'mine'\n")
    return tmp_path


@pytest.mark.parametrize("mine_first", [True, False])
def test_folder_without_init_lives_beside_the_package(mine: Path, mine_first: bool) -> None:
    assert run_beside(mine, mine_first=mine_first).stdout == "mine 0.1.0\n"


@pytest.mark.parametrize("mine_first", [True, False])
def test_regular_package_hides_this_one(mine: Path, mine_first: bool) -> None:
    (mine / "core" / "__init__.py").touch()

    finished = run_beside(mine, mine_first=mine_first)

    message = "ModuleNotFoundError: No module named 'core.llms'"
    assert finished.stderr.splitlines()[-1] == message
    assert message in PAGE


@pytest.mark.parametrize("mine_first", [True, False])
def test_regular_package_that_extends_its_path_finds_this_one(mine: Path, mine_first: bool) -> None:
    (mine / "core" / "__init__.py").write_text(EXTENDED)

    assert run_beside(mine, mine_first=mine_first).stdout == "mine 0.1.0\n"
    assert all(line.strip() in PAGE for line in EXTENDED.splitlines())
