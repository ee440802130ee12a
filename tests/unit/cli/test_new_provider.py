"""`core-llms new-provider` in a copy of the checkout: what it writes passes the contract, a refusal leaves nothing."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.forked_command import forked_command

ROOT = Path(__file__).parents[3]
BIN = Path(sys.executable).parent
PAGE = ROOT / "docs" / "adding-a-provider.md"
PARTS = ("core", "docs", "pyproject.toml", "mkdocs.yml", "README.md", "CHANGELOG.md")
IGNORED = shutil.ignore_patterns("__pycache__", "*.pyc")
# What the contract and the pages ask of a provider; the tests of others are left out by its name.
HELD = (
    *(f"tests/contract/{path.name}" for path in sorted((ROOT / "tests" / "contract").glob("test_every_*.py"))),
    "tests/contract/test_compatible_bodies.py",
    "tests/contract/test_dialects.py",
    "tests/examples/test_examples.py",
    "tests/docs/test_generated_tables.py",
    "tests/docs/test_code_blocks.py",
    "tests/docs/test_pages.py",
)


def copy_to(root: Path, *names: str) -> Path:
    for name in names:
        place = ROOT / name
        if place.is_dir():
            shutil.copytree(place, root / name, ignore=IGNORED)
        else:
            shutil.copy(place, root / name)
    return root


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What the command reads and writes; the tests are not among it."""
    root = tmp_path / "checkout"
    root.mkdir()
    return copy_to(root, *PARTS)


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, for all those that leave it as it is."""
    return copy_to(tmp_path_factory.mktemp("untouched"), *PARTS)


@pytest.fixture
def whole_checkout(checkout: Path) -> Path:
    """All of it, with what mypy found last time where it has been run: the files are the same, and as old."""
    found = [".mypy_cache"] if (ROOT / ".mypy_cache").is_dir() else []
    return copy_to(checkout, "tests", "examples", "Makefile", *found)


def run(root: Path, *command: str, seconds: float = 240) -> subprocess.CompletedProcess[str]:
    """Run a command in the copy, with the copy's own package before the installed one."""
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("CORE_LLMS_CORPUS", None)
    return subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, timeout=seconds, check=False
    )


def refused(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command where it finds what forbids its work, before it loads anything of the copy."""
    return run(root, str(forked_command()), "new-provider", *arguments)


def new_provider(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run(root, sys.executable, "-m", "core.llms.cli", "new-provider", *arguments)


def read_files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def written_lines(name: str) -> list[str]:
    """The output that the page shows of the command for a provider."""
    (block,) = re.findall(
        rf"```console\n\$ core-llms new-provider {name} [^\n]*\n(.*?)```", PAGE.read_text(), re.DOTALL
    )
    return str(block).splitlines()


NEW = {
    "lumen": ("--like", "openai_compatible", "--base-url", "https://api.lumen.example/v1"),
    "ember": ("--like", "own-wire", "--title", "Ember AI"),
}


def write_new(checkout: Path, name: str) -> list[str]:
    """Write a provider as the page shows, and return the files that are new."""
    before = read_files(checkout)
    done = new_provider(checkout, name, *NEW[name])
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    shown = written_lines(name)
    assert shown == (lines if name == "lumen" else [line for line in lines if "wires" in line])
    after = read_files(checkout)
    written = sorted(set(after) - set(before))
    changed = sorted(path for path in before if after[path] != before[path])
    assert lines == [f"wrote    {path}" for path in written] + [f"changed  {path}" for path in changed]
    assert f"next: run the contract: pytest tests/contract tests/unit/providers/{name} -k {name}" in done.stderr
    return written


@pytest.mark.timeout(600)
def test_new_providers_are_clean_and_pass_the_contract(whole_checkout: Path) -> None:
    checkout = whole_checkout
    python = [path for name in NEW for path in write_new(checkout, name) if path.endswith(".py")]
    units = sorted({str(Path(path).parent) for path in python if path.startswith("tests/unit/")})
    shared = "import_contract or every_fixture or every_example or reference or navigation"
    chosen = " or ".join((*NEW, shared))
    for tool in (
        (str(BIN / "ruff"), "check", "--no-cache", "."),
        (str(BIN / "ruff"), "format", "--no-cache", "--check", *python),
        (str(BIN / "lint-imports"), "--no-cache"),
        (str(BIN / "mypy"), *python),
        (sys.executable, "-m", "pytest", "-v", "-n", "0", "-p", "no:cacheprovider", *HELD, *units, "-k", chosen),
    ):
        checked = run(checkout, *tool)
        assert checked.returncode == 0, f"{tool[:2]}\n{checked.stdout[-3000:]}\n{checked.stderr[-2000:]}"
    for name in NEW:
        passed = [line for line in checked.stdout.splitlines() if name in line and " PASSED" in line]
        assert len(passed) > 50, f"{name}: {len(passed)}\n{checked.stdout[-500:]}"


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("Lumen",), "is no name"),
        (("lumen-ai",), "is no name"),
        (("class",), "is no name"),
        (("base",), "is no name"),
        (("groq",), "is there already"),
        (("lumen", "--title", 'A "title"'), "is no title"),
        (("lumen", "--base-url", "ftp://lumen"), "is no address"),
        (("lumen", "--directory", "docs"), "is no checkout"),
        (("ollama_two", "--like", "telegraph"), "telegraph"),
        (("cohere_v2",), "core/llms/wires/cohere_v2 exists already"),
    ],
)
def test_what_cannot_be_made_is_refused_and_nothing_is_written(
    untouched: Path, arguments: tuple[str, ...], problem: str
) -> None:
    before = read_files(untouched)
    kind = () if "--like" in arguments else ("--like", "own-wire")
    done = refused(untouched, *arguments, *kind)
    assert (done.returncode, problem in done.stderr.replace("\n", " ")) == (2, True), done.stderr
    assert read_files(untouched) == before


def test_second_time_is_refused(checkout: Path) -> None:
    assert new_provider(checkout, "lumen", "--like", "openai_compatible").returncode == 0
    before = read_files(checkout)
    again = new_provider(checkout, "lumen", "--like", "own-wire")
    assert (again.returncode, "is there already" in again.stderr) == (2, True)
    assert read_files(checkout) == before


@pytest.mark.parametrize("broken", ["README.md", "docs/reference.md"])
def test_failure_halfway_leaves_nothing(checkout: Path, broken: str) -> None:
    page = checkout / broken
    page.write_text(page.read_text().replace("<!-- end -->", "").replace("openai_compatible", "others"))
    before = read_files(checkout)
    done = new_provider(checkout, "lumen", "--like", "own-wire")
    assert done.returncode != 0
    assert broken in done.stderr
    assert read_files(checkout) == before
    assert not (checkout / "core" / "llms" / "wires" / "lumen").exists()


def test_json_lists_what_was_written(checkout: Path) -> None:
    done = new_provider(checkout, "lumen", "--like", "openai_compatible", "--json")
    told = json.loads(done.stdout)
    assert told["provider"] == "lumen"
    assert all((checkout / path).is_file() for path in (*told["written"], *told["changed"]))
    assert "README.md" in told["changed"]
