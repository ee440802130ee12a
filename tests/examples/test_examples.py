"""Every example runs without credentials, against the simulator that it starts, and prints what it promises.

Most run in this process, which is fast; the quickstart, and what depends on credentials, run as a reader runs them.
"""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from core.llms.simulator import Simulator

EXAMPLES = Path(__file__).parents[2] / "examples"
# How the names of variables with a developer's own credentials and addresses begin.
VENDORS = (
    "OPENAI_", "AZURE_", "ANTHROPIC_", "GOOGLE_", "GEMINI_", "AWS_", "CO_", "COHERE_", "OLLAMA_", "WATSONX_", "GROQ_",
    "MISTRAL_", "DEEPSEEK_", "XAI_", "OPENROUTER_", "TOGETHER_", "FIREWORKS_", "PERPLEXITY_", "CEREBRAS_", "HF_",
    "HUGGING", "NVIDIA_",
)  # fmt: skip
HELPERS = {"_environment", "test_support_bot"}

# A file for each example: patterns of lines that it must print, in this order.
EXPECTED = {
    path.stem: tuple(path.read_text(encoding="utf-8").splitlines())
    for path in sorted((Path(__file__).parent / "expected").glob("*.txt"))
}


def assert_lines(output: str, patterns: tuple[str, ...]) -> None:
    lines = iter(output.splitlines())
    for pattern in patterns:
        assert any(re.match(pattern, line) for line in lines), f"no line {pattern!r} in:\n{output}"


def run_as_a_reader(name: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", str(EXAMPLES / f"{name}.py")],
        env={**environment, "PYTHONIOENCODING": "utf-8", "COLUMNS": "100"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


@pytest.fixture
def clean_environment() -> Iterator[dict[str, str]]:
    before = dict(os.environ)
    for name in before:
        if name.startswith(VENDORS):
            del os.environ[name]
    yield dict(os.environ)
    os.environ.clear()
    os.environ.update(before)


@pytest.mark.parametrize("name", [name for name in EXPECTED if name != "quickstart"])
def test_example_prints_what_it_promises(
    name: str,
    clean_environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.syspath_prepend(EXAMPLES)

    runpy.run_path(str(EXAMPLES / f"{name}.py"), run_name="__main__")

    assert_lines(capsys.readouterr().out, EXPECTED[name])


def test_quickstart_runs_in_a_bare_process(clean_environment: dict[str, str]) -> None:
    finished = run_as_a_reader("quickstart", clean_environment)

    assert (finished.returncode, finished.stderr) == (0, "")
    assert_lines(finished.stdout, EXPECTED["quickstart"])


def test_pytest_example_passes() -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(EXAMPLES / "test_support_bot.py")]
    finished = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=False)

    assert finished.returncode == 0, finished.stdout
    assert "3 passed" in finished.stdout


@pytest.mark.parametrize(
    ("variables", "greeting"),
    [
        (("OPENAI_API_KEY", "OPENAI_BASE_URL"), "openai/gpt-4.1-mini answers, at 127.0.0.1:"),
        (("AZURE_OPENAI_KEY", "AZURE_OPENAI_ENDPOINT"), "azure/gpt-4.1-mini answers, at 127.0.0.1:"),
    ],
)
def test_example_uses_credentials_that_are_set(
    variables: tuple[str, ...], greeting: str, clean_environment: dict[str, str], llm_simulator: Simulator
) -> None:
    known = llm_simulator.environment()
    finished = run_as_a_reader("tools", {**clean_environment, **{name: known[name] for name in variables}})

    assert finished.stdout.startswith(greeting)
    assert "billed to your account: less than $0.01" in finished.stdout
    assert len(llm_simulator.requests) == 4


def test_quickstart_says_in_one_line_why_a_call_failed(
    clean_environment: dict[str, str], llm_simulator: Simulator
) -> None:
    settings = {"OPENAI_API_KEY": "invalid-key", "OPENAI_BASE_URL": llm_simulator.openai_base_url}
    finished = run_as_a_reader("quickstart", {**clean_environment, **settings})

    assert finished.returncode == 1
    assert finished.stderr.startswith("AuthenticationError: openai/gpt-4.1-mini: Incorrect API key provided")
    assert len(finished.stderr.splitlines()) == 1


def test_every_example_is_short_and_tested() -> None:
    lengths = {path.stem: len(path.read_text().splitlines()) for path in EXAMPLES.glob("*.py")}

    assert set(lengths) == set(EXPECTED) | HELPERS
    assert lengths.pop("quickstart") < 150
    assert max(lengths.values()) <= 60
