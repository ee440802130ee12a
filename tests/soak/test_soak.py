"""A short run of every figure of the soak, and of the table that shows them."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from core.llms.storage.database import Database
from tests.soak import amplification, leaks, limits, recovery, secrets, truncation
from tests.soak.__main__ import FIGURES
from tests.soak.figure import Figure, render_table
from tests.soak.recovery import Observation
from tests.support.limit_processes import LEASE_SECONDS, PLACES, Plan, run
from tests.support.marked_pages import write_marked


async def test_total_outage_is_not_multiplied() -> None:
    (figure,) = await amplification.measure(0.02)
    assert figure.held, figure
    assert figure.measured.startswith("210 requests for 200 calls")


async def test_calls_after_an_outage_succeed_and_retries_stay_few() -> None:
    observation = await recovery.observe(0.5, 1.0, ())
    assert len(observation.calls) == 300
    # Where the machine holds the loop up, calls begin late: those that begin after the recovery succeed all the same.
    assert all(succeeded for _, succeeded in observation.afterwards)
    assert len(observation.retries) <= 10 * recovery.ACCOUNTS


async def test_cut_streams_are_never_whole() -> None:
    (figure,) = await truncation.measure(0.03)
    assert figure.held, figure
    assert figure.measured.startswith("0 of 300")


@pytest.mark.timeout(120)
async def test_cancelled_streams_leave_nothing() -> None:
    (figure,) = await leaks.measure(0.005)
    assert figure.measured.startswith("0 connections, 0 files, 0 tasks, $0"), figure


async def test_key_shows_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    (figure,) = await secrets.measure(0.2)
    assert figure.held, figure


@pytest.mark.timeout(120)
@pytest.mark.parametrize("kind", ["postgresql", "redis"])
async def test_processes_keep_to_one_limit_when_one_of_them_is_killed(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    place: str = request.getfixturevalue(f"{kind}_url")
    if kind == "postgresql":
        async with Database(place) as database:
            await database.upgrade()
    plan = Plan(place, str(tmp_path), rate=40, seconds=3.0, processes=4)
    log, begin, _ = await run(plan)
    assert log.highest_excess(plan, begin) <= 0
    assert log.most_at_once() <= PLACES
    # The places of the one that was killed came back: the others went on after its leases ended.
    assert any(entered > begin + plan.seconds / 2 + LEASE_SECONDS for entered, _ in log.spans)


def test_tenants_share_equally() -> None:
    figure = limits.share_between_tenants(20.0)
    assert figure.held, figure


def test_every_figure_has_a_module_and_no_other() -> None:
    folder = Path(__file__).parent
    known = {"__main__", "figure", "test_soak"}
    assert {path.stem for path in folder.glob("*.py")} - known == set(FIGURES)
    assert all(callable(import_module(f"tests.soak.{name}").measure) for name in FIGURES)


def test_recovery_is_judged_by_the_calls_after_it() -> None:
    late = Observation([(-1.0, False), (0.1, False), (3.0, True), (4.0, True)], [0.0, 0.05, 0.06, 0.07, 0.95])
    assert late.seconds_until_enough() == 3.0
    assert late.highest_bin() == pytest.approx(4 / (5 / 10))
    assert not recovery.judge("late", late, counts_retries=True).held
    assert recovery.judge("late", late, counts_retries=False).held
    never = Observation([(0.1, True), (9.0, False)])
    assert recovery.judge("never", never, counts_retries=False).measured == "never"


def test_table_shows_what_was_not_held(tmp_path: Path) -> None:
    table = render_table([Figure("a", "b", "c", True), Figure("d", "e", "f", False)])
    assert table.splitlines()[2:] == ["| a | b | c | yes |", "| d | e | f | **no** |"]
    page = tmp_path / "page.md"
    for old in ("", "old\n"):
        page.write_text(f"# P\n\n<!-- soak -->\n{old}<!-- end -->\nafter\n<!-- more -->\n<!-- end -->\n")
        write_marked(page, "soak", table)
        made = f"# P\n\n<!-- soak -->\n\n{table}\n\n<!-- end -->\nafter\n<!-- more -->\n<!-- end -->\n"
        assert page.read_text() == made
    with pytest.raises(ValueError, match="has 0 places"):
        write_marked(page, "other", table)
