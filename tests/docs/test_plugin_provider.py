"""The provider of the page `Adding a provider`, installed as a package of its own, is found by `create_llm`."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.llms import ConfigurationError, create_llm
from core.llms.simulator import Simulator
from tests.docs.code_blocks import ROOT, Block, read_blocks

PAGE = ROOT / "docs" / "adding-a-provider.md"


def only(blocks: list[Block]) -> Block:
    (block,) = blocks
    return block


@pytest.fixture
def installed_lumen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    blocks = read_blocks(PAGE)
    (tmp_path / "lumen.py").write_text(only([block for block in blocks if "module" in block.marks]).code)
    table = only([block for block in blocks if block.language == "toml"]).code
    name, _, target = table.splitlines()[1].partition(" = ")
    information = tmp_path / "lumen-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: lumen\nVersion: 1.0\n")
    entry_points = f"[core_llms.providers]\n{name} = {ast.literal_eval(target)}\n"
    (information / "entry_points.txt").write_text(entry_points)
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    sys.modules.pop("lumen", None)


@pytest.fixture
def llm_simulator_options() -> dict[str, object]:
    return {"deployments": {"lumen-1": "gpt-4.1-mini"}}


async def test_provider_of_another_package_is_found(
    installed_lumen: Path, llm_simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LUMEN_API_KEY", "any")
    monkeypatch.setenv("LUMEN_BASE_URL", f"{llm_simulator.azure_endpoint}/openai/v1")

    async with create_llm("lumen/lumen-1") as llm:
        response = await llm.get_answer("Say: hello.", max_tokens=20)
        streamed = await llm.stream_answer("Say: hello.").get_response()

    assert (response.text, response.provider, streamed.text) == ("hello.", "lumen", "hello.")
    assert llm_simulator.requests[0].body["max_tokens"] == 20


def test_unknown_provider_is_told_of_the_plugin(installed_lumen: Path) -> None:
    with pytest.raises(ConfigurationError, match="did you mean 'lumen'"):
        create_llm("lumn/lumen-1")


def test_provider_of_the_page_is_as_small_as_promised() -> None:
    code = only([block for block in read_blocks(PAGE) if "module" in block.marks]).code

    assert 30 <= len(code.splitlines()) <= 80
