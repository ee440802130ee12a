"""Every Python block of the README and of the site runs, and prints what the page says it prints."""

from __future__ import annotations

import asyncio
import io
import os
import shutil
import subprocess
import sys
import wave
from pathlib import Path

import pytest
from PIL import Image

from core.llms.registry import current
from core.llms.registry.detection.base import finding
from core.llms.simulator import Simulator
from tests.docs.code_blocks import PAGES, ROOT, Block, page_module, read_blocks, run_block

# Blocks that cannot run here, each with the reason.
FRAGMENTS: dict[str, str] = {
    "docs/budgets.md: from core.llms import RedisBudgetStore": "a Redis and a PostgreSQL that are not there",
    "docs/adding-a-model.md: ROOMS = {": "two rows of a table, as they would stand in the package",
    "docs/providers/azure.md: from core.llms.providers.azure import create_entra_token_provider": (
        "DefaultAzureCredential looks for an identity of Azure's, which no test machine has"
    ),
    'docs/providers/azure.md: llm = create_azure_llm("gpt-4.1-mini", tenant_id="contoso.onmicrosoft.com", '
    'client_id="…", client_secret="…")': "an application in Entra ID, which no test machine has",
    "docs/providers/bedrock.md: from core.llms.providers.bedrock import create_bedrock_llm": (
        "a call to Bedrock, which the simulator does not speak"
    ),
    'docs/providers/google.md: async with create_google_llm("gemini-3.8-flash", project="my-project"'
    ', location="europe-west4") as llm:': "Google Cloud's credentials, which no test machine has",
}

NOT_RUN_HERE = frozenset({"fragment", "pytest"})
PYTHON_PAGES = [page for page in PAGES if any(block.language == "python" for block in read_blocks(page))]


def all_blocks() -> list[Block]:
    return [block for page in PAGES for block in read_blocks(page)]


def write_wav(path: Path) -> None:
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(16_000))


@pytest.fixture
def reader(llm_simulator: Simulator, own_aliases: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a reader would be: a folder with a few files, and credentials in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(current, "_models", None)
    monkeypatch.setattr(current, "_providers", None)
    monkeypatch.setattr(finding, "_registered", {})
    # A page may set it: so it is as it was afterwards.
    monkeypatch.setenv("CORE_LLMS_ENCRYPTION_KEYS", "")
    for name in set(os.environ) - set(llm_simulator.environment()):
        if name.startswith(("OPENAI_", "AZURE_")):
            monkeypatch.delenv(name)
    shutil.copy(ROOT / "examples" / "images" / "shapes.png", tmp_path / "chart.png")
    shutil.copy(ROOT / "examples" / "files" / "invoice.pdf", tmp_path / "invoice.pdf")
    photo = io.BytesIO()
    Image.new("RGB", (64, 48), (0, 150, 30)).save(photo, "JPEG")
    (tmp_path / "photo.jpg").write_bytes(photo.getvalue())
    write_wav(tmp_path / "question.wav")
    return tmp_path


@pytest.mark.parametrize("page", PYTHON_PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_blocks_of_page_run_in_order(page: Path, reader: Path) -> None:
    printed: str | None = None
    with page_module("page_of_documentation") as module, asyncio.Runner() as runner:
        for block in read_blocks(page):
            if block.language == "python" and not block.marks & NOT_RUN_HERE:
                printed = run_block(block, module, runner)
            elif block.language == "text" and "output" in block.marks:
                assert printed == block.code, f"{block.page}:{block.line} does not say what the block before it prints"


@pytest.mark.parametrize("block", [b for b in all_blocks() if "pytest" in b.marks], ids=lambda block: block.title)
def test_test_blocks_pass_as_a_file(block: Block, tmp_path: Path) -> None:
    path = tmp_path / "test_of_a_reader.py"
    path.write_text(block.code, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "asyncio_mode=auto", str(path)]
    finished = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=60, check=False)

    assert finished.returncode == 0, finished.stdout


def test_fragments_are_those_listed_with_a_reason() -> None:
    assert {block.title for block in all_blocks() if "fragment" in block.marks} == set(FRAGMENTS)


def test_marks_are_known() -> None:
    known = {"python": {*NOT_RUN_HERE, "module"}, "text": {"output"}}
    for block in all_blocks():
        assert block.marks <= known.get(block.language, set()), block.title
        assert block.language, f"{block.page}:{block.line}: say which language the block is in"
