"""The benchmark runs, reads every answer right and fills every row. What the figures are is not tested here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import main
from tests.benchmarks.peers import installed_peers

ROWS = (
    "call, 16 at once (µs of CPU)",
    "event, streams of 2,000 (µs of CPU)",
    "event, streams of 100 (µs of CPU)",
    "event, one each 4 ms, streams of 100 (µs of CPU)",
    "import (s of CPU)",
    "resident after import (MiB)",
    "resident after a call (MiB)",
    "50 streams at once: memory each (KiB)",
    "50 streams at once: thousand events/s",
)
STEPS = (
    "check 3 parameters against the metadata",
    "price an answer",
    "read and check messages and parameters",
    "render the request",
    "write its JSON",
    "read the answer's JSON",
    "parse the answer",
    "decode a streamed event, alone",
    "decode a streamed event, 64 in one read",
)


@pytest.mark.timeout(300)
def test_benchmarks_fill_every_row_with_right_answers_in_quick_mode(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "figures.json"
    assert main(["--quick", "--json", str(path)]) == 0
    result = json.loads(path.read_text())
    titles = [peer.title for peer in installed_peers()]
    assert titles[:3] == ["aiohttp by hand", "core-llms", "openai"]
    assert tuple(result["rows"]) == ROWS
    assert all(list(row["figures"]) == titles and list(row["ratios"]) == titles for row in result["rows"].values())
    assert tuple(result["steps"]) == STEPS
    assert all(figure > 0 for figure in result["steps"].values())
    assert result["wrong_answers"] == dict.fromkeys(titles, 0)
    printed = capsys.readouterr().out
    assert all(name in printed for name in (*ROWS, *STEPS, *titles))
