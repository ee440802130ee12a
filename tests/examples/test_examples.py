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
VENDORS = ("OPENAI_", "AZURE_", "ANTHROPIC_", "GOOGLE_", "GEMINI_")
HELPERS = {"_environment", "test_support_bot"}

# Patterns of lines that must appear, in this order.
EXPECTED: dict[str, tuple[str, ...]] = {
    "quickstart": (
        r"A simulator at http://127\.0\.0\.1:\d+, on this machine, answers",
        r"1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15",
        r"\[finish reason: stop\]",
        r"Image 1 is a PNG of 384×256 pixels, mainly blue\.",
        r'get_weather returned: "Paris: 18 °C, light rain"',
        r'get_weather returned: "Oslo: 18 °C, light rain"',
        r"Person\(name='Ada Lovelace', age=36, city='London'\)",
        r"│ streamed answer │ +1 │ +15 │ +43 │ +0\.000075 │ +\d\.\d{3} │",
        r"│ image +│ +1 │ +169 │",
        r"│ tool +│ +2 │",
        r"│ typed answer +│ +1 │",
    ),
    "streaming": (
        r"1, 2, 3, 4, 5, 6, 7, 8, 9, 10",
        r"\[28 tokens, stop\]",
        r"StreamStarted",
        r"TextDelta '1'",
        r"UsageUpdated",
        r"StreamFinished, \$0\.\d+",
        r"Left after 'the': the connection is closed",
    ),
    "vision": (
        r"Image 1 is a PNG of 384×256 pixels, mainly blue\.",
        r"169 tokens of input",
        r"Image 2 is a PNG of 384×256 pixels, mainly blue\.",
        r"Refused before anything was sent: .*vision\.py",
    ),
    "tools": (
        r"  get_weather\('Paris', unit='celsius'\) called for user u1",
        r'get_weather returned: "\{"city":"Oslo","temperature":18,"unit":"celsius"\}"',
        r"\[2 rounds, \d+ tokens, \$0\.\d+\]",
        r'  asked for get_weather\(\{"city":"Lima"\}\)',
        r'get_weather returned: "22 degrees and sunny"',
    ),
    "structured_output": (
        r"Person\(name='Ada Lovelace', age=36, email='ada@example\.com'\)",
        r"\['Paris', 'London', 'Rome'\]",
        r"OutputValidationError: .*does not fit",
        r"The last answer was \{",
    ),
    "conversation": (
        r"  391",
        r"  \d+ tokens of reasoning",
        r"  Your name is Ada\.",
        r"2 blocks of encrypted reasoning went back with the conversation\.",
    ),
    "files": (r"File 1 is 'invoice\.pdf' of 627 bytes\.", r"\d+ tokens of input", r"File 1 is 'invoice\.pdf'"),
    "embeddings": (
        r"0\.\d{3}  The train from Paris to Lyon takes two hours\.",
        r"\d\.\d{3}  A budget holds the cost of all calls together\.",
        r"\d+ tokens, 256 dimensions",
    ),
    "budget": (
        r"[1-9]\d* answered, [1-9]\d* refused before they were sent",
        r"the first refusal: openai/gpt-4.1-mini: the call may cost up to \$0\.000\d+, and of the budget of \$0\.002",
        r"spent \$0\.00[01]\d+ of \$0\.002; complete: True",
        r"the slowest of [1-9]\d* requests took",
    ),
    "errors": (
        r"tried again: \['OverloadedError', 'ok'\]",
        r"too long to wait: status 429, again in 3600 s",
        r"cut: '1, ' had arrived, at a cost of \$0\.\d+",
        r"UnsupportedParameterError, nothing sent: openai/gpt-4\.1-mini: `reasoning_effort` is not supported",
        r"DeadlineExceededError: openai/gpt-4\.1-mini: the deadline passed",
        r"ServerError after 1 attempt",
    ),
    "azure": (
        r"http://127\.0\.0\.1:\d+/azure/openai/v1: v1\.",
        r"  content filter: \['hate', .*'violence'\]",
        r"http://127\.0\.0\.1:\d+/azure/openai: dated\.",
        r"TokenAuth\(\): Entra\.",
    ),
    "claude": (
        r"For a real model set ANTHROPIC_API_KEY\.",
        r"\*\*Considering the request\*\*",
        r"\[\d+ of \d+ tokens of thinking\]",
        r".* \[1 citations\]",
        r"written to the cache: \d{3,}, read from it: 0",
        r"written to the cache: 0, read from it: \d{3,}",
        r"warm\. \[temperature 0\.9, API version 2023-06-01\]",
    ),
    "gemini": (
        r"For a real model set GOOGLE_API_KEY\.",
        r".*391",
        r"  \d+ tokens of thoughts, \$0\.\d+",
        r"and back\.",
        r'get_weather returned: "18 degrees and light rain in Oslo"',
        r"  2 rounds",
        r"Person\(name='Ada Lovelace', age=36\)",
        r"Image 1 is a PNG of 384×256 pixels, mainly blue\.",
        r"  the vendor counted \d+ tokens, at http://127\.0\.0\.1:\d+/google",
        r"1, 2, 3, 4, 5",
        r"  \d+ tokens, stop",
        r"blocked: PROHIBITED_CONTENT",
    ),
    "openai_compatible": (
        r"A simulator at http://127\.0\.0\.1:\d+, on this machine, answers",
        r"1, 2, 3, 4, 5  \[28 tokens, cost: no price is known for this model\]",
        r"streamed\.",
        r"learned\. \['`reasoning_effort` was left out",
        r"BadRequestError: .*no_such_parameter",
    ),
    "middleware": (r"<address>", r"  \[\d+ events in \d\.\d{3} s\]", r"<address>"),
    "count_tokens": (
        r"text: 15 tokens, exact: True",
        r"  the vendor counted 15",
        r"image: 169 tokens, 156 of them for the image",
        r"tools: \d+ tokens, exact: False",
        r"  asked of the vendor: \d+ tokens, exact: True",
    ),
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
