"""The measurements themselves: rounds in which the clients take turns, and the median of each client's figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from tests.benchmarks.payloads import HELD_EVENTS
from tests.benchmarks.peers import Peer, Sizes
from tests.benchmarks.processes import WorkerProcess, measure_import_seconds, start_server, start_worker
from tests.benchmarks.table import Row

AT_ONCE = 16
_LONG, _SHORT = 2000, 100


@dataclass(slots=True)
class Findings:
    """Samples by row and client, and how many answers of each client were wrong."""

    samples: dict[str, dict[str, list[float]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    wrong: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, peer: Peer, result: dict[str, Any], **figures: float) -> None:
        """Take the figures of one result in."""
        self.wrong[peer.title] += result["wrong"]
        for row, figure in figures.items():
            self.samples[row][peer.title].append(figure)


def measure(peers: Sequence[Peer], sizes: Sizes, say: Callable[[str], None]) -> tuple[list[Row], dict[str, int]]:
    """Measure all and return the rows of the table, and the count of wrong answers by client."""
    findings = Findings()
    say("imports")
    for peer in peers:
        measure_import_seconds(peer.statement)
    for peer, _ in _turns(peers, sizes.imports):
        findings.samples["import"][peer.title].append(measure_import_seconds(peer.statement))
    with start_server() as address:
        for peer, index in _turns(peers, sizes.held_rounds):
            say(f"memory and {sizes.held_streams} streams at once: {peer.title}, round {index + 1}")
            with start_worker(peer.module, address) as worker:
                _measure_memory(findings, peer, worker, sizes)
        with ExitStack() as stack:
            workers = {peer: stack.enter_context(start_worker(peer.module, address)) for peer in peers}
            for peer, index in _turns(peers, sizes.rounds):
                say(f"calls and streams: {peer.title}, round {index + 1}")
                _measure_calls(findings, peer, workers[peer], sizes)
    return _rows(findings, peers, sizes), dict(findings.wrong)


def _turns(peers: Sequence[Peer], rounds: int) -> Iterable[tuple[Peer, int]]:
    return ((peer, index) for index in range(rounds) for peer in peers)


def _measure_memory(findings: Findings, peer: Peer, worker: WorkerProcess, sizes: Sizes) -> None:
    memory = worker.do("memory")
    findings.add(peer, memory, imported=memory["imported_mib"], called=memory["called_mib"])
    count = sizes.held_streams
    held = worker.do({"kind": f"held-{count}", "count": count, "at_once": count})
    findings.add(
        peer,
        held,
        held_kib=held["grown_mib"] * 1024 / count,
        held_rate=count * HELD_EVENTS / held["wall_seconds"] / 1000,
    )


def _measure_calls(findings: Findings, peer: Peer, worker: WorkerProcess, sizes: Sizes) -> None:
    for row, kind, count, events in (
        ("call", "plain-0", sizes.calls, 1),
        ("long", f"burst-{_LONG}", sizes.long_streams, _LONG),
        ("short", f"burst-{_SHORT}", sizes.short_streams, _SHORT),
        ("paced", f"paced-{_SHORT}", sizes.paced_streams, _SHORT),
    ):
        result = worker.do({"kind": kind, "count": count, "at_once": AT_ONCE})
        findings.add(peer, result, **{row: result["cpu_seconds"] / count / events * 1e6})


def _rows(findings: Findings, peers: Sequence[Peer], sizes: Sizes) -> list[Row]:
    held = f"{sizes.held_streams:,} streams at once"
    names = {
        "call": f"call, {AT_ONCE} at once (µs of CPU)",
        "long": f"event, streams of {_LONG:,} (µs of CPU)",
        "short": f"event, streams of {_SHORT} (µs of CPU)",
        "paced": f"event, one each 4 ms, streams of {_SHORT} (µs of CPU)",
        "import": "import (s of CPU)",
        "imported": "resident after import (MiB)",
        "called": "resident after a call (MiB)",
        "held_kib": f"{held}: memory each (KiB)",
        "held_rate": f"{held}: thousand events/s",
    }
    return [
        Row(
            name,
            {peer.title: median(findings.samples[key][peer.title]) for peer in peers},
            larger_is_better=key == "held_rate",
        )
        for key, name in names.items()
    ]
