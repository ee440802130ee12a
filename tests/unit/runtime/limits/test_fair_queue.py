"""Who is next: by priority, by turns for equal shares of the tokens, and by who came first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from random import Random

import pytest

from core.llms.runtime.limits.fair_queue import FairQueue


@dataclass(eq=False)
class One:
    tenant: str
    tokens: int
    priority: int = 0
    number: int = 0


def serve(queue: FairQueue, tokens: int) -> list[One]:
    """Let go who is next, until so many tokens are taken."""
    served = []
    while tokens > 0:
        one = queue.peek()
        if one is None:
            break
        assert isinstance(one, One)
        queue.take(one)
        served.append(one)
        tokens -= one.tokens
    return served


def share(served: list[One]) -> Counter[str]:
    tokens: Counter[str] = Counter()
    for one in served:
        tokens[one.tenant] += one.tokens
    return tokens


def jain(shares: Counter[str], tenants: int) -> float:
    return sum(shares.values()) ** 2 / (tenants * sum(share**2 for share in shares.values()))


def test_one_tenant_is_served_in_order() -> None:
    queue = FairQueue()
    for number in range(5):
        queue.push(One("a", 100 * (5 - number), number=number))

    assert [one.number for one in serve(queue, 10_000)] == [0, 1, 2, 3, 4]
    assert (len(queue), queue.peek()) == (0, None)


def test_higher_priority_goes_first_whoever_was_next() -> None:
    queue = FairQueue()
    low, high = One("a", 10), One("b", 10_000, priority=5)
    queue.push(low)
    assert queue.peek() is low
    queue.push(high)

    assert serve(queue, 20_000) == [high, low]


@pytest.mark.parametrize("sizes", [(500, 500), (100, 10_000), (1, 3)])
def test_tenants_get_equal_tokens_however_much_they_ask_for(sizes: tuple[int, int]) -> None:
    random, queue = Random(7), FairQueue()
    tenants = [f"t{number}" for number in range(10)]
    for tenant in tenants:
        # The first asks a hundred times as often as each of the others.
        for _ in range(10_000 if tenant == "t0" else 100):
            queue.push(One(tenant, random.randint(*sizes)))
    contended = 10 * 90 * min(sizes)

    assert jain(share(serve(queue, max(contended, 20 * max(sizes)))), len(tenants)) >= 0.95


def test_tenant_with_large_requests_gets_no_less_than_one_with_small_ones() -> None:
    queue = FairQueue()
    for _ in range(1000):
        queue.push(One("small", 100))
        queue.push(One("large", 25_000))

    shares = share(serve(queue, 150_000))
    assert shares["small"] == pytest.approx(shares["large"], abs=26_000)


def test_who_gave_up_is_not_served_and_costs_nobody_a_turn() -> None:
    queue = FairQueue()
    ones = [One(tenant, 400, number=number) for number, tenant in enumerate("aabb")]
    for one in ones:
        queue.push(one)
    queue.discard(ones[0])
    queue.discard(ones[0])

    assert {one.number for one in serve(queue, 10_000)} == {1, 2, 3}


def test_tokens_that_were_not_used_are_credited_while_the_tenant_waits() -> None:
    queue = FairQueue()
    for _ in range(40):
        queue.push(One("thrifty", 1000))
        queue.push(One("lavish", 1000))
    served: Counter[str] = Counter()
    for _ in range(40):
        (one,) = serve(queue, 1)
        served[one.tenant] += 1
        if one.tenant == "thrifty":
            queue.correct("thrifty", 0, 500)

    # Half of what it asks for comes back: it may ask twice as often.
    assert served["thrifty"] == pytest.approx(2 * served["lavish"], abs=2)
