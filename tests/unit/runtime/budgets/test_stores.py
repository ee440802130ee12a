"""Every store of budgets counts alike: exactly, all or nothing, whatever comes in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.llms.runtime.budgets.stores import BudgetStore
from core.llms.types.spending import NOTHING, Account, Amount, Balance, Charge, Reservation
from tests.support.budget_stores import STORES, opened_store, reservation

A, B = Account("a"), Account("b")
NOW = 50.0
ZERO = Decimal(0)


@pytest.fixture(params=STORES)
def place(request: pytest.FixtureRequest) -> str:
    """Each store in turn, empty."""
    if request.param == "memory":
        return "memory"
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def store(place: str) -> AsyncIterator[BudgetStore]:
    async with opened_store(place) as opened:
        yield opened


def usd(amount: str, tokens: int = 0) -> Amount:
    return Amount(Decimal(amount), tokens)


async def spent(store: BudgetStore, *accounts: Account, now: float = NOW) -> list[Decimal]:
    return [balance.spent.usd for balance in await store.read(accounts, now)]


async def reserved(store: BudgetStore, *accounts: Account, now: float = NOW) -> list[Decimal]:
    return [balance.reserved.usd for balance in await store.read(accounts, now)]


async def test_reservation_is_held_and_settled_to_what_was_spent(store: BudgetStore) -> None:
    held = reservation("1", A, B, usd="0.5", tokens=100)
    decision = await store.reserve(held, NOW)
    assert decision.refused is None
    assert decision.balances == (Balance(), Balance())
    assert await store.read([A], NOW) == (Balance(reserved=usd("0.5", 100)),)
    balances = await store.settle(held, [Amount(Decimal("0.2"), 30, 1), usd("0.3", 40)], NOW)
    assert balances[0] == Balance(Amount(Decimal("0.2"), 30, 1), NOTHING, 0, Amount(Decimal("0.2"), 30, 1))
    assert balances[1] == Balance(usd("0.3", 40), NOTHING, 0, usd("0.3", 40))
    assert await spent(store, A, B) == [Decimal("0.2"), Decimal("0.3")]


async def test_reservation_that_one_account_refuses_holds_nothing_anywhere(store: BudgetStore) -> None:
    charges = (Charge(A, usd("0.5"), Decimal(1)), Charge(B, usd("0.5"), Decimal("0.4")))
    decision = await store.reserve(Reservation("1", charges, 100.0), NOW)
    assert decision.refused == 1
    assert await reserved(store, A, B) == [0, 0]


async def test_limit_in_tokens_refuses_too_and_a_limit_can_be_reached(store: BudgetStore) -> None:
    for id, tokens, refused in (("1", 60, None), ("2", 41, 0), ("3", 40, None), ("4", 1, 0)):
        charge = Charge(A, Amount(tokens=tokens), None, 100)
        assert (await store.reserve(Reservation(id, (charge,), 100.0), NOW)).refused == refused


@pytest.mark.parametrize("step", ["0.000000000001", "0.100000000003", "1234.567890123457"])
async def test_money_is_exact_near_the_largest_limit(store: BudgetStore, step: str) -> None:
    """A number of 53 bits would lose its last places here."""
    limit = Decimal(8_000_000)
    first = reservation("1", A, usd=str(limit - Decimal(step)), limit=str(limit))
    assert (await store.reserve(first, NOW)).refused is None
    await store.settle(first, [first.charges[0].amount], NOW)
    too_much = reservation("2", A, usd=str(Decimal(step) + Decimal("0.000000000001")), limit=str(limit))
    assert (await store.reserve(too_much, NOW)).refused == 0
    assert (await store.reserve(reservation("3", A, usd=step, limit=str(limit)), NOW)).refused is None
    assert await spent(store, A) == [limit - Decimal(step)]
    assert await reserved(store, A) == [Decimal(step)]


async def test_expired_reservation_counts_as_spent_from_then_on(store: BudgetStore) -> None:
    await store.reserve(reservation("dead", A, usd="0.7", limit="1", expires_at=60.0), NOW)
    assert (await spent(store, A), await reserved(store, A)) == ([ZERO], [Decimal("0.7")])
    assert await spent(store, A, now=60.0) == [Decimal("0.7")]
    assert await reserved(store, A, now=60.0) == [0]
    decision = await store.reserve(reservation("next", A, usd="0.4", limit="1"), 61.0)
    assert decision.refused == 0
    assert decision.balances[0].booked in (usd("0.7"), NOTHING)
    assert (await store.reserve(reservation("last", A, usd="0.3", limit="1"), 61.0)).refused is None
    assert await spent(store, A, now=61.0) == [Decimal("0.7")]


async def test_call_that_settles_after_it_expired_takes_back_what_was_booked(store: BudgetStore) -> None:
    late = reservation("late", A, B, usd="0.7", tokens=70, expires_at=60.0)
    await store.reserve(late, NOW)
    await store.reserve(reservation("other", A, usd="0.1"), 61.0)
    await store.settle(late, [usd("0.2", 20), usd("0.9", 90)], 62.0)
    assert await spent(store, A, B, now=62.0) == [Decimal("0.2"), Decimal("0.9")]
    assert [balance.spent.tokens for balance in await store.read([A, B], 62.0)] == [20, 90]
    assert await reserved(store, A, B, now=62.0) == [Decimal("0.1"), 0]


async def test_reservation_grows_under_its_id_and_is_settled_whole(store: BudgetStore) -> None:
    await store.reserve(reservation("1", A, usd="0.4", limit="1"), NOW)
    assert (await store.reserve(reservation("1", A, usd="0.7", limit="1"), NOW)).refused == 0
    assert (await store.reserve(reservation("1", A, usd="0.6", limit="1"), NOW)).refused is None
    assert await reserved(store, A) == [1]
    await store.settle(reservation("1", A, usd="1"), [usd("0.25")], NOW)
    assert (await spent(store, A), await reserved(store, A)) == ([Decimal("0.25")], [ZERO])


async def test_growth_that_the_caller_does_not_know_of_is_given_back_too(store: BudgetStore) -> None:
    await store.reserve(reservation("1", A, usd="0.4"), NOW)
    await store.reserve(reservation("1", A, usd="0.5"), NOW)
    await store.settle(reservation("1", A, usd="0.4"), [usd("0.3")], NOW)
    assert (await spent(store, A), await reserved(store, A)) == ([Decimal("0.3")], [ZERO])


async def test_release_gives_back_once_and_books_nothing(store: BudgetStore) -> None:
    held = reservation("1", A, usd="0.4")
    await store.reserve(held, NOW)
    for _ in range(2):
        await store.release(held)
        assert (await spent(store, A), await reserved(store, A)) == ([ZERO], [ZERO])


async def test_slots_before_the_first_that_counts_are_forgotten(store: BudgetStore) -> None:
    for slot in (1, 2, 3):
        held = reservation(str(slot), Account("a", slot, slot - 1), usd="0.1")
        await store.reserve(held, NOW)
        await store.settle(held, [usd("0.1")], NOW)
    (balance,) = await store.read([Account("a", 3, 2)], NOW)
    assert (balance.spent.usd, balance.oldest_slot) == (Decimal("0.2"), 2)
    (later,) = await store.read([Account("a", 9, 8)], NOW)
    assert (later.spent, later.oldest_slot) == (NOTHING, None)


async def test_call_counts_in_the_slot_that_it_began_in(store: BudgetStore) -> None:
    yesterday, today = Account("a", 1, 1), Account("a", 2, 2)
    held = reservation("1", yesterday, usd="0.4")
    await store.reserve(held, NOW)
    assert await reserved(store, today) == [0]
    await store.reserve(reservation("2", today, usd="0.1"), NOW)
    await store.settle(held, [usd("0.3")], NOW)
    assert await spent(store, yesterday) == [Decimal("0.3")]
    assert await spent(store, today) == [0]


async def test_what_was_removed_while_a_call_went_on_does_not_become_negative(store: BudgetStore) -> None:
    await store.settle(reservation("late", A, usd="0.7", tokens=5), [usd("0.2", 1)], NOW)
    (balance,) = await store.read([A], NOW)
    assert balance.spent == NOTHING


async def test_calls_at_once_take_no_more_than_the_limit(store: BudgetStore) -> None:
    async def call(number: int) -> bool:
        held = reservation(str(number), A, Account(f"user{number % 3}"), usd="0.3", limit="1")
        if (await store.reserve(held, NOW)).refused is not None:
            return False
        await store.settle(held, [usd("0.1")] * 2, NOW)
        return True

    done = await asyncio.gather(*(call(number) for number in range(40)))
    (balance,) = await store.read([A], NOW)
    assert balance.spent.usd == Decimal("0.1") * sum(done)
    assert Decimal("0.3") <= balance.spent.usd <= 1
    assert balance.reserved == NOTHING


@dataclass
class Model:
    """What a store should say, kept the plain way."""

    limit: Decimal
    spent: dict[str, Decimal] = field(default_factory=lambda: {"a": Decimal(0), "b": Decimal(0)})
    held: dict[str, tuple[tuple[str, ...], Decimal, float]] = field(default_factory=dict)
    over: Decimal = Decimal(0)

    def expire(self, now: float) -> None:
        for id, (names, amount, expires_at) in list(self.held.items()):
            if expires_at <= now:
                del self.held[id]
                for name in names:
                    self.spent[name] += amount

    def reserved(self, name: str) -> Decimal:
        return sum((amount for names, amount, _ in self.held.values() if name in names), Decimal(0))


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["reserve", "reserve", "settle", "settle", "wait", "grow", "release"]),
        st.sampled_from([("a",), ("b",), ("a", "b")]),
        st.decimals("0", "0.6", places=12),
        st.integers(0, 5),
    ),
    max_size=30,
)


async def follow(store: BudgetStore, steps: list[tuple[str, tuple[str, ...], Decimal, int]]) -> None:
    """Take the steps, and hold after each that the store says what it should, and holds no more than it may."""
    run = uuid4().hex
    accounts = {name: Account(f"{run}-{name}") for name in ("a", "b")}
    model, now, open_calls = Model(Decimal(1)), 0.0, dict[str, Any]()
    for number, (kind, names, amount, pick) in enumerate(steps):
        ids = sorted(open_calls)
        id = ids[pick % len(ids)] if ids else ""
        if kind == "wait":
            now += pick
        elif kind == "reserve" or (kind == "grow" and id in model.held):
            id = id if kind == "grow" else f"{run}-{number}"
            names = open_calls[id][0] if kind == "grow" else names
            await reserve(store, model, accounts, open_calls, (id, names, amount, now))
        elif kind == "release" and id in model.held:
            names, amount = open_calls.pop(id)
            del model.held[id]
            await store.release(make(accounts, id, names, amount, now))
        elif kind == "settle" and id:
            await settle(store, model, accounts, (id, *open_calls.pop(id)), amount, now)
        model.expire(now)
        balances = await store.read(list(accounts.values()), now)
        assert [balance.spent.usd for balance in balances] == list(model.spent.values())
        assert [balance.reserved.usd for balance in balances] == [model.reserved(name) for name in accounts]
        assert all(balance.held.usd <= model.limit + model.over for balance in balances)


def make(accounts: dict[str, Account], id: str, names: tuple[str, ...], amount: Decimal, now: float) -> Reservation:
    charges = tuple(Charge(accounts[name], Amount(amount), Decimal(1)) for name in names)
    return Reservation(id, charges, now + 6)


async def reserve(
    store: BudgetStore,
    model: Model,
    accounts: dict[str, Account],
    open_calls: dict[str, Any],
    call: tuple[str, tuple[str, ...], Decimal, float],
) -> None:
    id, names, amount, now = call
    fits = all(model.spent[name] + model.reserved(name) + amount <= model.limit for name in names)
    decision = await store.reserve(make(accounts, id, names, amount, now), now)
    assert (decision.refused is None) == fits
    if fits:
        before = open_calls.get(id, (names, Decimal(0)))[1]
        open_calls[id] = names, before + amount
        model.held[id] = names, before + amount, now + 6


async def settle(
    store: BudgetStore,
    model: Model,
    accounts: dict[str, Account],
    call: tuple[str, tuple[str, ...], Decimal],
    actual: Decimal,
    now: float,
) -> None:
    id, names, amount = call
    expired = model.held.pop(id, None) is None
    for name in names:
        model.spent[name] += actual - (amount if expired else 0)
    model.over += max(Decimal(0), actual - amount)
    if expired:
        # Until then it was booked as spent, and others may have had what it now gives back, or not have had it.
        model.over += max(Decimal(0), actual - amount)
    await store.settle(make(accounts, id, names, amount, now), [Amount(actual)] * len(names), now)


@pytest.mark.parametrize("kind", STORES)
def test_store_is_consistent_after_any_steps(kind: str, request: pytest.FixtureRequest) -> None:
    place = kind if kind == "memory" else request.getfixturevalue(f"{kind}_url")

    @settings(max_examples=200 if kind == "memory" else 15, suppress_health_check=list(HealthCheck), database=None)
    @given(steps=STEPS)
    def check(steps: list[Any]) -> None:
        runner.run(follow(store, steps))

    with asyncio.Runner() as runner:
        opening = opened_store(place)
        store = runner.run(opening.__aenter__())
        try:
            check()
        finally:
            runner.run(opening.__aexit__(None, None, None))
