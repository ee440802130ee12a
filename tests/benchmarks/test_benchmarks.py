"""The benchmark runs, reads every answer right and fills every row. What the figures are is not tested here."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import main
from tests.benchmarks.handlers import BARE, EVERYTHING, Cost, render_handlers
from tests.benchmarks.micro import GOALS
from tests.benchmarks.peers import FIELDS, FULL
from tests.benchmarks.table import Ratio, compare, render_steps, render_table

ROWS = (
    "call, 16 at once (µs of CPU)",
    "event, streams of 2,000 (µs of CPU)",
    "event, streams of 100 (µs of CPU)",
    "event, one each 4 ms, streams of 100 (µs of CPU)",
    "import (s of CPU)",
    "resident after import (MiB)",
    "resident after a call (MiB)",
)
HELD_ROWS = (
    "50 streams at once: memory each (KiB)",
    "50 streams at once: thousand events/s",
)
STEPS = (
    *GOALS,
    "look a model up that has a room",
    "check 3 parameters against the metadata",
    "read and check messages and parameters",
    "render the request",
    "write its JSON",
    "read the answer's JSON",
    "parse the answer",
    *(
        f"decode an event of {vendor}, {how}"
        for vendor in ("OpenAI", "Anthropic", "Gemini", "Bedrock", "Cohere", "Ollama")
        for how in ("alone", "64 in one read")
    ),
)


@pytest.mark.timeout(300)
def test_benchmarks_fill_every_row_with_right_answers_in_quick_mode(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "figures.json"
    assert main(["--quick", "--json", str(path)]) == 0
    result, printed = json.loads(path.read_text()), capsys.readouterr().out
    assert list(result["vendors"]) == [clients.vendor for clients in FIELDS] == ["OpenAI", "Anthropic", "Gemini"]
    for clients in FIELDS:
        table = result["vendors"][clients.vendor]
        titles = [peer.title for peer in clients.installed]
        assert titles[:3] == ["aiohttp by hand", "core-llms", clients.peers[2].title]
        assert set(table["rows"]) == {*ROWS, *(HELD_ROWS if clients.holds_streams else ())}
        assert all(list(row["figures"]) == list(row["ratios"]) == titles for row in table["rows"].values())
        assert table["wrong_answers"] == dict.fromkeys(titles, 0)
        assert all(name in printed for name in (*table["rows"], *titles))
    assert set(STEPS) < set(result["steps"])
    assert {BARE, EVERYTHING} < set(result["handlers"])
    assert all(cost["cpu"] > 0 and cost["waited"] > 0 for cost in result["handlers"].values())
    assert all(figure > 0 for figure in result["steps"].values())
    assert all(name in printed for name in STEPS)


def test_row_compares_round_by_round_and_tells_the_spread() -> None:
    row = compare(
        "call", {"by hand": [100, 200, 100], "ours": [120, 250, 130], "slow": [1000]}, ["by hand", "ours", "slow"]
    )
    assert row.figures == {"by hand": 100, "ours": 130, "slow": 1000}
    assert row.ratios["ours"] == Ratio(1.25, 1.225, 1.275)
    assert row.ratios["slow"] == Ratio(10, 10, 10)


def test_steps_stand_beside_their_goals() -> None:
    assert render_steps({"look up": 1.5, "price": 12.0, "parse": 7.0}, {"look up": 5, "price": 10}).splitlines()[
        1:
    ] == [
        "look up     1.50  (goal: under 5)",
        "price      12.00  (goal: under 10; missed)",
        "parse       7.00",
    ]


def test_table_says_which_client_is_not_installed() -> None:
    row = compare("call", {"by hand": [100.0], "ours": [120.0]}, ["by hand", "ours", "other"])
    assert render_table("OpenAI", [row]).splitlines() == [
        "OpenAI  by hand         ours          other",
        "call        100  120 (1.20×)  not installed",
    ]


def test_clients_take_turns_and_the_slow_ones_fewer() -> None:
    hand, ours, slow = FIELDS[1].peers
    sizes = replace(FULL, slow_rounds=1)
    assert sizes.turns(FIELDS[1].peers, 3) == [[hand, ours, slow], [ours, hand], [hand, ours]]


def test_handlers_stand_beside_a_bare_call_and_their_goal() -> None:
    assert render_handlers({BARE: Cost(100.0, 300.0), EVERYTHING: Cost(250.0, 450.0)}).splitlines() == [
        "core-llms, handlers: µs of CPU a call, 16 at once; µs until its answer, one after the other",
        "a bare call                    100.0   1.00×    300.0   1.00×",
        "a handler with all of these    250.0   2.50×    450.0   1.50×",
        "(goal of all: 2×; missed in CPU)",
    ]
