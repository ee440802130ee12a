"""The measurements themselves: rounds in which the clients take turns, compared round by round."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from tests.benchmarks.payloads import HELD_EVENTS
from tests.benchmarks.peers import Field, Peer, Sizes
from tests.benchmarks.processes import WorkerProcess, measure_import_seconds, start_worker
from tests.benchmarks.table import Row, compare

AT_ONCE = 16
_LONG, _SHORT = 2000, 100


@dataclass(slots=True)
class Findings:
    """Samples by row and client, one a round, and how many answers of each client were wrong."""

    samples: dict[str, dict[str, list[float]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    wrong: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, peer: Peer, result: dict[str, Any], **figures: float) -> None:
        """Take the figures of one result in."""
        self.wrong[peer.title] += result["wrong"]
        for row, figure in figures.items():
            self.samples[row][peer.title].append(figure)


def measure(clients: Field, address: str, sizes: Sizes, say: Callable[[str], None]) -> tuple[list[Row], dict[str, int]]:
    """Measure one vendor's clients; return the rows of their table, and the count of wrong answers by client."""
    findings, peers = Findings(), clients.installed
    say(f"{clients.vendor}: imports")
    for peer in peers if sizes.imports > 1 else ():
        measure_import_seconds(peer.statement)
    for peer in _each(sizes.turns(peers, sizes.imports)):
        findings.samples["import"][peer.title].append(measure_import_seconds(peer.statement))
    with ExitStack() as stack:
        workers = {peer: stack.enter_context(start_worker(peer.module, address)) for peer in peers}
        for peer, worker in workers.items():
            _measure_memory(findings, peer, worker)
        if clients.holds_streams:
            say(f"{clients.vendor}: {sizes.held_streams:,} streams at once")
            for peer in _each(sizes.turns(peers, sizes.held_rounds)):
                _measure_held(findings, peer, workers[peer], sizes.held_streams)
        for index, line in enumerate(sizes.turns(peers, sizes.rounds)):
            say(f"{clients.vendor}: calls and streams, round {index + 1} of {sizes.rounds}")
            _measure_calls(findings, line, workers, sizes)
    titles = [peer.title for peer in clients.peers]
    return [compare(_name(row, sizes), samples, titles) for row, samples in findings.samples.items()], findings.wrong


def _each(rounds: list[list[Peer]]) -> Iterable[Peer]:
    return (peer for line in rounds for peer in line)


def _measure_memory(findings: Findings, peer: Peer, worker: WorkerProcess) -> None:
    memory = worker.do("memory")
    findings.add(peer, memory, imported=memory["imported_mib"], called=memory["called_mib"])


def _measure_held(findings: Findings, peer: Peer, worker: WorkerProcess, count: int) -> None:
    held = worker.do({"kind": f"held-{count}", "count": count, "at_once": count})
    findings.add(peer, held, held_rate=count * HELD_EVENTS / held["wall_seconds"] / 1000)
    if not findings.samples["held_kib"][peer.title]:  # the next round finds the memory that this one took
        findings.add(peer, held, held_kib=held["grown_mib"] * 1024 / count)


def _measure_calls(findings: Findings, line: list[Peer], workers: dict[Peer, WorkerProcess], sizes: Sizes) -> None:
    # One kind after the other, each by all clients: what is compared is measured within a second or two.
    for row, kind, count, events in (
        ("call", "plain-0", sizes.calls, 1),
        ("long", f"burst-{_LONG}", sizes.long_streams, _LONG),
        ("short", f"burst-{_SHORT}", sizes.short_streams, _SHORT),
        ("paced", f"paced-{_SHORT}", sizes.paced_streams, _SHORT),
    ):
        for peer in line:
            result = workers[peer].do({"kind": kind, "count": count, "at_once": AT_ONCE})
            findings.add(peer, result, **{row: result["cpu_seconds"] / count / events * 1e6})


def _name(row: str, sizes: Sizes) -> str:
    held = f"{sizes.held_streams:,} streams at once"
    return {
        "call": f"call, {AT_ONCE} at once (µs of CPU)",
        "long": f"event, streams of {_LONG:,} (µs of CPU)",
        "short": f"event, streams of {_SHORT} (µs of CPU)",
        "paced": f"event, one each 4 ms, streams of {_SHORT} (µs of CPU)",
        "import": "import (s of CPU)",
        "imported": "resident after import (MiB)",
        "called": "resident after a call (MiB)",
        "held_kib": f"{held}: memory each (KiB)",
        "held_rate": f"{held}: thousand events/s",
    }[row]
