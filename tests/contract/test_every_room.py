"""What every provider's folder is alike: small, on its own, and able to say of an old model when it went."""

from __future__ import annotations

import ast
import tomllib
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from core.llms import RetiredModelWarning
from core.llms.providers.base.openai_family import OpenAIFamilyLLM
from core.llms.providers.base.rooms import resolve_metadata
from tests.contract.provider_rows import EVERY_PROVIDER, NOWHERE, PROVIDERS, load_rooms, load_row

ROOT: Final = Path(__file__).parents[2]
MOST_LINES: Final = 150
# What is no part of speaking to a vendor: a token from an identity service.
APART: Final = {"azure": {"entra.py"}}
# Models that people still name, by the id on the wire.
OLD_MODELS: Final = (
    ("groq", "mixtral-8x7b-32768", date(2025, 3, 20), "openai/gpt-oss-20b"),
    ("groq", "llama3-70b-8192", date(2025, 8, 30), "openai/gpt-oss-120b"),
    ("groq", "llama3-8b-8192", date(2025, 8, 30), "openai/gpt-oss-20b"),
    ("groq", "gemma2-9b-it", date(2025, 10, 8), "openai/gpt-oss-20b"),
    ("anthropic", "claude-3-opus-20240229", date(2026, 1, 5), "claude-opus-4-8"),
    ("anthropic", "claude-3-5-sonnet-20241022", date(2025, 10, 28), "claude-sonnet-4-6"),
    ("watsonx", "ibm/granite-13b-chat-v2", date(2025, 1, 19), "ibm/granite-4-h-small"),
    ("together", "Qwen/Qwen2.5-Coder-32B-Instruct", date(2025, 11, 13), "deepseek-ai/DeepSeek-V4.1-Flash"),
    ("watsonx", "ibm/granite-13b-chat-v2", date(2025, 1, 19), "ibm/granite-4-h-small"),
)


def count_lines(source: str) -> int:
    """Lines of code: without blank ones, comments and docstrings."""
    lines: set[int] = set()
    told: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt | ast.expr):
            spanned = set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
            is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            told |= spanned if is_docstring else set()
            lines |= spanned
    written = {number for number, text in enumerate(source.split("\n"), 1) if text.split("#")[0].strip()}
    return len(written & (lines - told))


def speaks_as_openai(provider: str) -> bool:
    return isinstance(load_row(provider).create(NOWHERE), OpenAIFamilyLLM)


@pytest.mark.parametrize("provider", [provider for provider in PROVIDERS if speaks_as_openai(provider)])
def test_room_on_openai_s_wires_is_small(provider: str) -> None:
    files = (ROOT / "core" / "llms" / "providers" / provider).glob("*.py")
    counts = {path.name: count_lines(path.read_text()) for path in files if path.name not in APART.get(provider, ())}
    assert sum(counts.values()) <= MOST_LINES, f"a hook is missing in the wire: {counts}"


def _layers() -> list[list[str]]:
    contracts: Any = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (layered,) = [contract for contract in contracts if contract["name"] == "Imports run one way"]
    return [[name.strip() for name in layer.split("|")] for layer in layered["layers"]]


def test_import_contract_keeps_every_provider_from_the_others() -> None:
    (together,) = [layer for layer in _layers() if any(name[-16:] == "providers.openai" for name in layer)]
    assert sorted(together) == [f"core.llms.providers.{provider}" for provider in PROVIDERS]


def test_import_contract_keeps_every_wire_from_the_others() -> None:
    contracts: Any = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (apart,) = [contract for contract in contracts if contract["type"] == "independence"]
    folders = [path.parent.name for path in (ROOT / "core" / "llms" / "wires").glob("*/wire.py")]
    assert sorted(apart["modules"]) == sorted(f"core.llms.wires.{name}" for name in folders)


@pytest.mark.parametrize(("provider", "model", "retired", "replacement"), OLD_MODELS)
def test_old_model_says_when_it_went_and_what_replaces_it(
    provider: str, model: str, retired: date, replacement: str
) -> None:
    rooms = load_rooms(provider)
    with pytest.warns(RetiredModelWarning, match=f"was retired on {retired}; use {replacement}"):
        resolve_metadata(provider, model, rooms)
    assert replacement in rooms
    assert rooms[replacement].load()[0].RETIRED is None


@EVERY_PROVIDER
def test_provider_has_a_page_in_the_navigation_and_an_example(provider: str) -> None:
    assert (ROOT / "docs" / "providers" / f"{provider}.md").is_file()
    assert f"      - providers/{provider}.md\n" in (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    example = (ROOT / "examples" / f"call_{provider}.py").read_text(encoding="utf-8")
    assert f"create_{provider}_llm(" in example
    assert (ROOT / "tests" / "examples" / "expected" / f"call_{provider}.txt").is_file()


@EVERY_PROVIDER
def test_provider_has_unit_tests_of_its_own(provider: str) -> None:
    assert list((ROOT / "tests" / "unit" / "providers" / provider).glob("test_*.py"))
