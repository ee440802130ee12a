"""What the pages must have: every public name, every page in the navigation, links that lead somewhere."""

from __future__ import annotations

import re
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

import core.llms
from core.llms import simulator
from core.llms.types import parameters
from tests.docs.code_blocks import PAGES, ROOT

DOCS = ROOT / "docs"
REFERENCE = (DOCS / "reference.md").read_text(encoding="utf-8")
_LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


def names_in_code(text: str) -> set[str]:
    return {word for span in re.findall(r"`([^`\n]+)`", text) for word in re.findall(r"\w+", span)}


def test_reference_has_every_public_name() -> None:
    public = {*core.llms.__all__, *core.llms._ON_DEMAND, *simulator.__all__, *parameters.ALL_PARAMS}

    assert public - names_in_code(REFERENCE) == set()


def names_in_modules(text: str) -> set[str]:
    """The classes that are given with their module, `core.llms.storage.database.Database`; each must be there."""
    paths = re.findall(r"`(core\.llms\.[\w.]+)\.([A-Z]\w+)`", text)
    assert [(path, name) for path, name in paths if not hasattr(import_module(path), name)] == []
    return {name for _, name in paths}


def test_reference_names_nothing_that_is_not_there() -> None:
    classes = {name for name in names_in_code(REFERENCE) if re.fullmatch(r"[A-Z][a-z]+(?:[A-Z]\w+)?", name)}
    builtins = {"None", "False", "TimeoutError", "ValueError"}

    there = {*core.llms.__all__, *core.llms._ON_DEMAND, *simulator.__all__, *names_in_modules(REFERENCE)}
    assert classes - builtins - there == set()


def test_navigation_has_every_page() -> None:
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:")[2]
    listed = set(re.findall(r"- (\S+\.md)$", navigation, re.MULTILINE))

    assert {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")} <= listed


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_of_page_lead_somewhere(page: Path) -> None:
    targets = [link for link in _LINK.findall(page.read_text(encoding="utf-8")) if "://" not in link]

    assert [link for link in targets if not (page.parent / link).exists()] == []


def test_changelog_has_this_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert version == core.llms.__version__


def test_pages_speak_of_no_place_of_ours() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"/work/|/tmp/|/root/|\bseeds?\b\s+\d", text), page


def test_imports_named_in_tables_work() -> None:
    lines = re.findall(r"`(from core\.llms\S* import [^`]+)`", (DOCS / "typing.md").read_text(encoding="utf-8"))

    assert len(lines) >= 2
    for line in lines:
        exec(line.removesuffix(", …"), {})
