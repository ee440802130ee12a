"""What a budget can be, and the time it holds for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.llms import Budget, ConfigurationError
from core.llms.runtime.budgets.accounts import Rule
from core.llms.runtime.budgets.windows import STEPS, find_period

WRONG: list[tuple[dict[str, Any], str]] = [
    ({}, "needs a limit"),
    ({"usd": 0.5}, "a float is not exact money"),
    ({"usd": "five"}, "must be an amount such as '5'"),
    ({"usd": "NaN"}, "from 0 to 8,000,000"),
    ({"usd": "-1"}, "from 0 to 8,000,000"),
    ({"usd": "0.0000000000001"}, "at most 12 decimal places"),
    ({"tokens": -1}, "`tokens` must be from 0"),
    ({"usd": 1, "per": "person"}, "`per` takes all, ctx, user"),
    ({"usd": 1, "per": ("user", "user")}, "several of them once each"),
    ({"usd": 1, "per": ("all", "user")}, "'all' counts nothing apart"),
    ({"usd": 1, "window": "week"}, "`window` must be 'day'"),
    ({"usd": 1, "window": timedelta(seconds=1)}, "at least a minute"),
    ({"usd": 1, "time_zone": "Mars/Olympus"}, "no time zone 'Mars/Olympus' is known"),
    ({"usd": 1, "warn_at": 80}, "above 0 and up to 1, not 80"),
    ({"usd": 1, "only": "u1"}, "`only` is a collection of strings"),
]


@pytest.mark.parametrize(("facts", "problem"), WRONG)
def test_budget_that_cannot_be_held_is_refused(facts: dict[str, Any], problem: str) -> None:
    with pytest.raises(ConfigurationError, match=problem):
        Budget(**facts)


@pytest.mark.parametrize(
    ("budget", "name", "words"),
    [
        (Budget(usd="5", per="user", window="day"), "user:day:usd", "$5 per user a day"),
        (Budget(tokens=1_000_000, per="alias"), "alias:forever:tokens", "1,000,000 tokens per alias"),
        (Budget(usd=2, tokens=9, window=timedelta(hours=5)), "all:18000s:usd+tokens", "$2 and 9 tokens in 5:00:00"),
        (
            Budget(usd=2, per=("user", "model"), window="month", time_zone="Europe/Berlin"),
            "user+model:month:Europe/Berlin:usd",
            "$2 per user and model a month",
        ),
        (Budget(usd=1, name="mine"), "mine", "$1"),
    ],
)
def test_budget_has_a_name_and_words(budget: Budget, name: str, words: str) -> None:
    assert (budget.name, str(budget)) == (name, words)


def test_accounts_of_any_subjects_are_apart_and_can_be_kept() -> None:
    rule = Rule(Budget(usd=1, per=("user", "model"), name="x"))
    subjects: list[tuple[str, str]] = [
        ("a/b", "c"), ("a", "b/c"), ("a\0", "b"), ("\ud800", "b"), ("é" * 500, "b"), ("é" * 500 + "x", "b"),
        ("", "b"), ("x" * 300, ""), ("%", "%25"),
    ]  # fmt: skip
    keys = [
        entry.account.key
        for user, model in subjects
        for entry in rule.find_entries({"user": (user,), "model": (model,)}, 0.0)
    ]
    assert len(set(keys)) == len(subjects)
    assert all(len(key) <= 300 and key.isprintable() for key in keys)


def moment(zone: str, *when: int) -> float:
    return datetime(*when, tzinfo=ZoneInfo(zone)).timestamp()  # type: ignore[misc, arg-type]


BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("window", "zone", "now", "begin", "end"),
    [
        ("day", "UTC", (2026, 11, 28, 23, 59, 59), (2026, 11, 28), (2026, 11, 29)),
        ("month", "UTC", (2026, 12, 31, 5), (2026, 12, 1), (2027, 1, 1)),
        ("month", "UTC", (2028, 2, 29), (2028, 2, 1), (2028, 3, 1)),
        # The days on which clocks change have 23 hours and 25.
        ("day", BERLIN, (2026, 3, 29, 12), (2026, 3, 29), (2026, 3, 30)),
        ("day", BERLIN, (2026, 10, 25, 0), (2026, 10, 25), (2026, 10, 26)),
        # Midnight itself is left out there when summer begins.
        ("day", "America/Santiago", (2026, 9, 6, 12), (2026, 9, 6), (2026, 9, 7)),
    ],
)
def test_calendar_follows_the_time_zone(
    window: Any, zone: str, now: tuple[int, ...], begin: tuple[int, ...], end: tuple[int, ...]
) -> None:
    found, period = find_period(window, ZoneInfo(zone), moment(zone, *now))
    assert found == moment(zone, *begin)
    assert period.until == period.ends_at == moment(zone, *end)


@given(
    now=st.floats(0, 4e9),
    length=st.integers(60, 10**7).map(lambda seconds: timedelta(seconds=seconds)),
    age=st.floats(0, 2),
)
def test_rolling_window_never_forgets_early_and_at_most_a_step_late(now: float, length: timedelta, age: float) -> None:
    seconds = length.total_seconds()
    spent_at = now - age * seconds
    _, period = find_period(length, UTC, now)
    slot = find_period(length, UTC, spent_at)[1].slot
    counts = slot >= period.first_slot
    slack = 1e-6 * seconds + 1e-6
    if spent_at > now - seconds + slack:
        assert counts
    if spent_at < now - seconds - seconds / STEPS - slack:
        assert not counts


def test_calendar_moves_on_and_back_with_the_clock() -> None:
    calendar = Budget(usd=1, window="day").calendar()
    days = [calendar.at(float(hour * 3600)).slot for hour in (0, 23, 24, 25, 3, 49)]
    assert [day - days[0] for day in days] == [0, 0, 1, 1, 0, 2]


def test_limit_is_exact() -> None:
    assert Budget(usd="0.000000000001").usd_limit == Decimal("1e-12")
