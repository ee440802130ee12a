"""The 52 faults of the matrix: each ends in the right error or the right answer, in time, and leaves nothing behind."""

from __future__ import annotations

import pytest

from tests.faults.harness import SEEDS, cases, check
from tests.faults.matrix.fault import Fault
from tests.faults.matrix.table import FAULTS, MATRIX, STREAMS_ALONE


@pytest.mark.parametrize(("fault", "streamed", "seed"), cases(*FAULTS))
async def test_fault_ends_as_it_must(fault: Fault, streamed: bool, seed: int | None) -> None:
    await check(fault, streamed, seed)


def test_every_fault_of_the_matrix_is_tested_for_calls_and_streams_at_once_and_in_pieces() -> None:
    tested = {(case.values[0].number, case.values[1], case.values[2]) for case in cases(*FAULTS)}
    expected = {
        (number, streamed, seed)
        for number in range(1, 53)
        for streamed in ((True,) if number in STREAMS_ALONE else (False, True))
        for seed in (SEEDS["at once"], SEEDS["fresh"])
    }

    assert list(MATRIX) == list(range(1, 53))
    assert expected <= tested
    assert {number for number, _, _ in tested} == set(MATRIX)


def test_no_two_faults_go_by_one_name() -> None:
    names = [str(case.id) for case in cases(*FAULTS)]

    assert len(set(names)) == len(names)
