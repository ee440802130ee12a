"""The comparison of libraries: it judges by one rule, misses no fault, and meets one of each kind of ending here."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from tests.faults.compare.__main__ import answer_of, answer_well, chosen, run, start
from tests.faults.compare.judging import CUT, RIGHT, TIMEOUT, VENDOR, Right, Seen, judge
from tests.faults.compare.table import Run, render
from tests.faults.matrix.places import AUTHORITY
from tests.faults.matrix.table import MATRIX, STREAMS_ALONE
from tests.support.raw_server import raw_server

ANSWERED = {"texts": ["Hello"], "seconds": 0.1, "grown_mebibytes": 1.0}
WAIT = Right("w", answer=True, requests=2, least_wait_seconds=0.5, most_grown_mebibytes=10)


def failed(*classes: str, own: bool = True, seconds: float = 0.1) -> dict[str, Any]:
    return {"classes": classes, "own": own, "name": classes[0], "seconds": seconds, "grown_mebibytes": 1.0}


def seen(ending: dict[str, Any], *, requests: int = 2, waited: float = 0.6, elsewhere: bool = False) -> Seen:
    return Seen(ending, "Hello", requests, waited, elsewhere, 2.0)


@pytest.mark.parametrize(
    ("right", "what", "verdict"),
    [
        (WAIT, seen(ANSWERED), "right"),
        (WAIT, seen({**ANSWERED, "texts": ["Hell"]}), "wrong answer"),
        (WAIT, seen(ANSWERED, requests=3), "asked 3 times"),
        (WAIT, seen(ANSWERED, waited=0.1), "did not wait"),
        (WAIT, seen({**ANSWERED, "grown_mebibytes": 99.0}), "took 99 MiB"),
        (WAIT, seen({**ANSWERED, "seconds": 3.5}), "late (3.5 s)"),
        (WAIT, seen({"hung": True}), "hang"),
        (WAIT, seen({"crashed": True}), "crash"),
        (RIGHT[32], seen(failed("APIConnectionError"), elsewhere=True), "followed"),
        (RIGHT[32], seen({**ANSWERED, "texts": ["Elsewhere"]}, elsewhere=True), "followed"),
        (CUT, seen(ANSWERED), "wrong answer"),
        (CUT, seen(failed("StreamInterruptedError")), "right"),
        (CUT, seen(failed("json.JSONDecodeError", own=False)), "foreign error (json.JSONDecodeError)"),
        (TIMEOUT, seen(failed("APITimeoutError", "APIConnectionError", "APIError")), "right"),
        (TIMEOUT, seen(failed("APIConnectionError", "APIError")), "wrong: APIConnectionError"),
        (VENDOR, seen(failed("InternalServerError", "APIStatusError", "APIError")), "right"),
        (VENDOR, seen(failed("APIConnectionError", "APIError")), "wrong: APIConnectionError"),
    ],
)
def test_ending_is_judged_by_the_answer_the_error_and_the_time(right: Right, what: Seen, verdict: str) -> None:
    assert judge(right, what) == verdict


def test_every_fault_is_compared_in_every_way_that_makes_sense() -> None:
    compared = {(number, streamed) for number in MATRIX for streamed in (False, True) if chosen(number, streamed)}

    assert compared == {(n, s) for n in MATRIX for s in (False, True) if s or n not in STREAMS_ALONE}
    assert set(RIGHT) == set(MATRIX)
    fault = chosen(47, False)
    assert fault is not None
    assert answer_of(fault, False) == "50000000 characters"


async def test_libraries_meet_a_fault_in_processes_of_their_own(tmp_path: Path) -> None:
    verdicts = {}
    AUTHORITY.cert_pem.write_to_path(str(tmp_path / "authorities.pem"))
    async with raw_server(answer_well) as healthy:
        for name in ("core-llms", "openai"):
            library = await start(name, sys.executable, tmp_path / "authorities.pem", healthy.url)
            for number in (3, 15):
                await run(library, number, True)
            library.process.terminate()
            await library.process.wait()
            assert library.version
            verdicts[name] = [one.verdict for one in library.runs]
    assert verdicts == {"core-llms": ["right", "right"], "openai": ["right", "wrong answer"]}


def test_table_tells_calls_and_streams_apart_where_they_differ() -> None:
    runs = {"a": [Run(3, False, "right"), Run(3, True, "hang")], "b": [Run(3, False, "right"), Run(3, True, "right")]}

    assert render(runs, [3]).splitlines()[2:] == [
        "| 3 connection refused | a connection error | call: right; streamed: hang | right |",
        "| **right, of 1** | | 0 | 1 |",
    ]
