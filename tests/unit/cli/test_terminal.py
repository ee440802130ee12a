from __future__ import annotations

import os
import pty
import subprocess
from decimal import Decimal

import pytest

from core.llms.cli.ask_report import render_money, render_statistics
from core.llms.cli.terminal import hide_credentials, one_line
from core.llms.simulator import Simulator
from core.llms.types.messages import AssistantMessage
from core.llms.types.response import Attempt, Choice, FinishReason, LLMResponse
from core.llms.types.usage import Usage
from tests.unit.cli.command import COMMAND, MODEL, Command

NAMED = '{"type": "object", "properties": {"name": {"type": "string"}}}'


def _read_all(descriptor: int) -> bytes:
    chunks: list[bytes] = []
    while True:
        try:
            chunk = os.read(descriptor, 65536)
        except OSError:
            # Linux says EIO once the other side of a terminal is closed.
            return b"".join(chunks)
        if not chunk:
            return b"".join(chunks)
        chunks.append(chunk)


def _on_a_terminal(command: Command, *arguments: str, **changes: str) -> str:
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [COMMAND, *arguments], stdin=follower, stdout=follower, stderr=follower,
        env=command.environment(TERM="xterm", COLUMNS="200", **changes),
    ) as process:  # fmt: skip
        os.close(follower)
        shown = _read_all(leader)
    os.close(leader)
    assert process.returncode == 0, shown
    return shown.decode().replace("\r\n", "\n")


def test_a_terminal_shows_colours_but_no_control_characters_of_the_answer(
    command: Command, simulator: Simulator
) -> None:
    simulator.script("a\x1b]0;title\x07b\tc\nd\x9b31m")
    shown = _on_a_terminal(command, "ask", "Hello!", "-m", MODEL)
    answer, figures = shown.split("\x1b[2m")
    assert answer == "a]0;titleb\tc\nd31m\n"
    assert figures.startswith("openai/gpt-4.1-mini") and figures.endswith(" · stop\x1b[0m\n")


def test_no_color_is_respected(command: Command) -> None:
    assert "\x1b" not in _on_a_terminal(command, "ask", "Hello!", "-m", MODEL, NO_COLOR="1")
    assert "\x1b" not in _on_a_terminal(command, "models", "azure", NO_COLOR="1")


def test_a_schema_is_answered_with_indented_json_on_a_terminal(command: Command, simulator: Simulator) -> None:
    simulator.script('{"name": "Ann"}')
    shown = _on_a_terminal(command, "ask", "Who?", "-m", MODEL, "--json-schema", NAMED)
    assert shown.startswith('{\n  "name": "Ann"\n}\n')


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0.0000592", "0.0000592"),
        ("5.92E-7", "0.000000592"),
        ("1", "1.00"),
        ("0.5", "0.50"),
        ("1.230", "1.23"),
        ("0", "0.00"),
    ],
)
def test_money_is_written_exactly(amount: str, text: str) -> None:
    assert render_money(Decimal(amount)) == text


def _response(**facts: object) -> LLMResponse:
    choice = Choice(AssistantMessage("Hi."), FinishReason("stop", "stop"))
    usage = Usage(12_000, 340, cache_read_tokens=4_000, reasoning_tokens=100)
    return LLMResponse((choice,), usage, model="m", provider="p", **facts)  # type: ignore[arg-type]  # facts of the case


def test_figures_name_what_is_cached_and_what_was_reasoned() -> None:
    line = render_statistics(_response(cost=Decimal("0.0123")), 1.234, 0.5)
    assert line == (
        "p/m · 12,000 in (4,000 cached), 340 out (100 reasoning) tokens · $0.0123 · first text 0.50 s, total 1.23 s · "
        "stop"
    )


def test_figures_say_that_a_cost_is_unknown_and_how_often_was_tried() -> None:
    attempts = (Attempt("p", "m", "ServerError", 0.1, 500), Attempt("p", "m", "ok", 0.1, 200))
    line = render_statistics(_response(cost_unknown_reason="no price", attempts=attempts), 1.0, None)
    assert line.endswith(" · cost unknown (no price) · total 1.00 s · 2 attempts · stop")


def test_one_line_keeps_words_and_drops_what_moves_the_cursor() -> None:
    assert one_line(" a\r\n\tb\x1b[2J\x07 c\udcff ") == "a b[2J c?"


def test_credentials_of_the_environment_are_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_API_KEY", "canary-12345")
    monkeypatch.setenv("SHORT_KEY", "the")
    assert hide_credentials("the canary-12345 sings") == "the ********** sings"
