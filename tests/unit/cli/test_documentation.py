"""The page on the command shows what the command does: every `console` block is run, and its output compared."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.llms.simulator import Simulator
from tests.unit.cli.command import COMMAND, Command

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "cli.md"
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
# What differs from run to run, and from one day to the next.
_VARYING = (
    (re.compile(r"\d+\.\d\d s\b"), "0.00 s"),
    (re.compile(r'("seconds": )[\d.]+'), r"\g<1>0"),
    (re.compile(r"\b(req_|chatcmpl-)\w+"), r"\1"),
    (re.compile(r"\b(since|from) (\d{4}-\d\d-\d\d)"), r"\2"),
    (re.compile(r" +"), " "),
)


@dataclass(frozen=True)
class Example:
    command: str
    output: str


def read_examples() -> list[Example]:
    examples = []
    for block in _BLOCK.findall(PAGE.read_text()):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            examples.append(Example(command, output))
    return examples


def run_example(example: Example, environment: dict[str, str]) -> str:
    done = subprocess.run(
        ["bash", "-c", f"{{ {example.command}; }} 2>&1"], stdin=subprocess.DEVNULL, capture_output=True,
        env=environment, cwd=ROOT, timeout=60, check=False,
    )  # fmt: skip
    return done.stdout.decode()


def _settled(text: str) -> list[str]:
    for pattern, replacement in _VARYING:
        text = pattern.sub(replacement, text)
    return [line.strip() for line in text.splitlines()]


@pytest.mark.parametrize("example", read_examples(), ids=lambda example: example.command[:60])
def test_documented_commands_do_what_the_page_shows(command: Command, simulator: Simulator, example: Example) -> None:
    path = f"{COMMAND.parent}:{command.environment()['PATH']}"
    assert _settled(run_example(example, command.environment(PATH=path))) == _settled(example.output)


def test_the_page_names_every_exit_code_with_its_meaning() -> None:
    from core.llms.cli.exit_codes import ExitCode

    table = dict(re.findall(r"^\| (\d+) \| ([^|]+?) \|", PAGE.read_text(), re.MULTILINE))
    assert sorted(map(int, table)) == sorted(ExitCode)
