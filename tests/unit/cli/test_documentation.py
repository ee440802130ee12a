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
CONFIGURATION_PAGE = ROOT / "docs" / "provider-configuration.md"
_END = "--- end of a command ---"
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
# What differs from run to run, and from one day to the next.
_VARYING = (
    (re.compile(r"\d+\.\d\d s\b"), "0.00 s"),
    (re.compile(r'("seconds": )[\d.]+'), r"\g<1>0"),
    (re.compile(r"\b(req_|chatcmpl-)\w+"), r"\1"),
    (re.compile(r"\b(since|from) (\d{4}-\d\d-\d\d)"), r"\2"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"), "now"),
    (re.compile(r"\bcli:[\w.-]+"), "cli:ann"),
    # Hashes and fingerprints.
    (re.compile(r"\b([0-9a-f]{64}|[0-9a-f]{16})\b"), "0"),
    (re.compile(r" +"), " "),
)


@dataclass(frozen=True)
class Example:
    command: str
    output: str


def read_examples(page: Path) -> list[Example]:
    examples = []
    for block in _BLOCK.findall(page.read_text()):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            examples.append(Example(command, output))
    return examples


def run_example(example: Example, environment: dict[str, str]) -> str:
    done = subprocess.run(
        ["bash", "-c", f"{{ {example.command}; }} 2>&1"], stdin=subprocess.DEVNULL, capture_output=True,
        env=environment, cwd=ROOT, timeout=240, check=False,
    )  # fmt: skip
    return done.stdout.decode()


def _settled(text: str) -> list[str]:
    for pattern, replacement in _VARYING:
        text = pattern.sub(replacement, text)
    return [line.strip() for line in text.splitlines()]


@pytest.mark.parametrize("example", read_examples(PAGE), ids=lambda example: example.command[:60])
def test_documented_commands_do_what_the_page_shows(command: Command, simulator: Simulator, example: Example) -> None:
    path = f"{command.program.parent}:{COMMAND.parent}:{command.environment()['PATH']}"
    assert _settled(run_example(example, command.environment(PATH=path))) == _settled(example.output)


def test_commands_of_provider_configuration_do_one_after_the_other_what_the_page_shows(
    command: Command, tmp_path: Path
) -> None:
    examples = read_examples(CONFIGURATION_PAGE)
    script = "\n".join(f"{{ {example.command}; }} 2>&1; echo '{_END}'" for example in examples)
    path = f"{command.program.parent}:{COMMAND.parent}:{command.environment()['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script], stdin=subprocess.DEVNULL, capture_output=True, text=True,
        env=command.environment(PATH=path), cwd=tmp_path, timeout=120, check=False,
    )  # fmt: skip
    outputs = done.stdout.split(f"{_END}\n")[:-1]
    assert len(examples) > 3
    assert [_settled(output) for output in outputs] == [_settled(example.output) for example in examples]


def test_the_page_names_every_exit_code_with_its_meaning() -> None:
    from core.llms.cli.exit_codes import ExitCode

    table = dict(re.findall(r"^\| (\d+) \| ([^|]+?) \|", PAGE.read_text(), re.MULTILINE))
    assert sorted(map(int, table)) == sorted(ExitCode)
