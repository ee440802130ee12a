"""Every store grants exactly what a bucket that fills by the second would, and keeps places as long as it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.llms.types.limits import Demand, LeaseDemand, Settlement, Spend
from tests.support.clocks import Clock
from tests.unit.runtime.limits.stores import KINDS, demand, opened

FIRST, SECOND = "requests_per_minute", "tokens_per_day"
BURSTS = {FIRST: 8.0, SECOND: 64.0}


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest) -> str:
    """`memory`, or where a server or a file is."""
    if request.param == "memory":
        return "memory"
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@dataclass
class Buckets:
    """The model: buckets that hold seconds, fill by a second a second and are never more than full."""

    levels: dict[str, float] = field(default_factory=lambda: dict(BURSTS))
    held: float = 0.0

    def pass_time(self, seconds: float) -> None:
        self.levels = {name: min(BURSTS[name], level + seconds) for name, level in self.levels.items()}
        self.held = max(0.0, self.held - seconds)

    def reserve(self, costs: dict[str, float]) -> float:
        """Take, and return 0, or return how long there is to wait."""
        wait = max(self.held, *(cost - self.levels[name] for name, cost in costs.items()), 0.0)
        if not wait:
            self.levels = {name: level - costs[name] for name, level in self.levels.items()}
        return wait

    def settle(self, shifts: dict[str, float], floors: dict[str, float], hold: float) -> None:
        for name, level in self.levels.items():
            shift = shifts.get(name, 0.0)
            shifted = min(BURSTS[name], level - min(0.0, shift)) - max(0.0, shift)
            self.levels[name] = min(shifted, BURSTS[name] - floors.get(name, 0.0))
        self.held = max(self.held, hold)


# Quarters of seconds are exact as floats, so that the model and the stores cannot differ by rounding.
seconds = st.integers(0, 64).map(lambda quarters: quarters / 4)
shifts = st.dictionaries(st.sampled_from((FIRST, SECOND)), st.integers(-32, 32).map(lambda quarters: quarters / 4))
floors = st.dictionaries(st.sampled_from((FIRST, SECOND)), st.integers(0, 32).map(lambda quarters: quarters / 4))
steps = st.lists(
    st.one_of(
        st.tuples(st.just("pass"), seconds),
        st.tuples(st.just("reserve"), st.integers(0, 32), st.integers(0, 256)),
        st.tuples(st.just("settle"), shifts, floors, st.sampled_from((0.0, 0.0, 0.0, 2.5))),
    ),
    max_size=10,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories=st.lists(steps, min_size=1, max_size=4))
def test_store_grants_what_a_bucket_would(place: str, histories: list[list[tuple[object, ...]]]) -> None:
    async def check() -> None:
        clock = Clock()
        async with opened(place, clock) as store:
            for history in histories:
                model, key = Buckets(), uuid4().hex
                for kind, *values in history:
                    if kind == "pass":
                        clock.now += values[0]  # type: ignore[operator]
                        model.pass_time(values[0])  # type: ignore[arg-type]
                    elif kind == "settle":
                        model.settle(*values)  # type: ignore[arg-type]
                        await store.settle(Settlement(key, *values))  # type: ignore[arg-type]
                    else:
                        costs = {FIRST: values[0] / 4, SECOND: values[1] / 4}  # type: ignore[operator]
                        spends = tuple(Spend(name, cost, BURSTS[name]) for name, cost in costs.items())
                        decision = await store.reserve(Demand(key, spends))
                        wait = model.reserve(costs)
                        assert decision.granted == (wait == 0)
                        assert decision.granted or decision.wait_seconds == pytest.approx(wait, abs=1e-6)
                        backlogs = {name: BURSTS[name] - level for name, level in model.levels.items()}
                        assert dict(decision.backlogs) == pytest.approx(backlogs, abs=1e-6)

    asyncio.run(check())


async def test_reservation_is_all_or_nothing(place: str) -> None:
    clock = Clock()
    async with opened(place, clock) as store:
        both = (Spend(FIRST, 1.0, 8.0), Spend(SECOND, 40.0, 64.0))
        lease = LeaseDemand("one", 1, 60.0)
        first = await store.reserve(Demand("k", both))
        refused = await store.reserve(Demand("k", both, lease))
        alone = await store.reserve(Demand("k", (Spend(FIRST, 7.0, 8.0),), LeaseDemand("two", 1, 60.0)))
        no_place = await store.reserve(Demand("k", (Spend(SECOND, 24.0, 64.0),), LeaseDemand("three", 1, 60.0)))
        rest = await store.reserve(Demand("k", (Spend(SECOND, 24.0, 64.0),)))

    assert [first.granted, refused.granted, alone.granted] == [True, False, True]
    assert refused.wait_seconds == pytest.approx(16.0)
    assert (no_place.granted, no_place.wait_seconds, rest.granted) == (False, None, True)


async def test_place_is_free_when_it_is_given_back_or_its_time_ran_out(place: str) -> None:
    clock = Clock()

    def ask(id: str, seconds: float = 30.0) -> Demand:
        return demand(cost=0.0, lease=LeaseDemand(id, 2, seconds))

    async with opened(place, clock) as store:
        taken = [(await store.reserve(ask(id))).granted for id in ("a", "b", "c")]
        await store.settle(Settlement("k", lease_id="a"))
        given_back = [(await store.reserve(ask(id))).granted for id in ("c", "d")]
        clock.now += 20.0
        await store.renew("k", ["b"], 30.0)
        clock.now += 11.0
        # c ran out, b was renewed.
        ran_out = [(await store.reserve(ask(id))).granted for id in ("d", "e")]
        # The place of one that was thought dead is taken again by its renewal.
        await store.settle(Settlement("k", lease_id="d"))
        await store.renew("k", ["c"], 30.0)
        revived = (await store.reserve(ask("f"))).granted

    assert taken == [True, True, False]
    assert given_back == [True, False]
    assert ran_out == [True, False]
    assert revived is False


async def test_keys_know_nothing_of_each_other(place: str) -> None:
    async with opened(place, Clock()) as store:
        keys = ("a", "a/b", "ключ", 'qu"ote', "{brace}", "x" * 5000)
        for key in keys:
            assert (await store.reserve(demand(key, 10.0))).granted
        assert not any([(await store.reserve(demand(key, 1.0))).granted for key in keys])


async def test_store_goes_by_its_own_clock_where_none_is_given(place: str) -> None:
    async with opened(place, None) as store:
        assert (await store.reserve(demand(cost=3600.0, burst=3600.0))).granted
        refused = await store.reserve(demand(cost=1.0, burst=3600.0))

    assert not refused.granted
    assert refused.wait_seconds is not None
    assert 0 < refused.wait_seconds <= 1.0


async def test_many_at_once_are_granted_what_there_is_and_no_more(place: str) -> None:
    async with opened(place, Clock()) as store:
        asking: list[Callable[[], object]] = [lambda: store.reserve(demand(cost=1.0, burst=10.0))] * 40
        decisions = await asyncio.gather(*(ask() for ask in asking))  # type: ignore[call-overload]

    assert sum(decision.granted for decision in decisions) == 10
