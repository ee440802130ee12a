"""Which accounts a call counts in: those of every rule, for whom it is made and where it goes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import product
from typing import Final, TypeAlias
from urllib.parse import quote

from core.llms.context import LLMContext
from core.llms.runtime.budgets.rules import Budget, Per
from core.llms.runtime.budgets.windows import Calendar, Period
from core.llms.runtime.target import Target
from core.llms.types.spending import Account

# The values of each dimension that a call has: one, or any number of tags.
Subjects: TypeAlias = Mapping[Per, Sequence[str]]

_LONGEST_KEY: Final = 250
_CTX_SECONDS: Final = 7 * 86_400.0
_MOST_SEEN: Final = 4096


@dataclass(frozen=True, slots=True)
class Entry:
    """One account of one rule; `subject` is whom it is for, "" where the rule holds for all together."""

    rule: Rule
    subject: str
    account: Account


class Rule:
    """A budget with its calendar. It remembers the accounts of the present period, for whom it has seen."""

    __slots__ = ("_seen", "budget", "calendar", "counts_money", "counts_tokens")

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.calendar: Calendar = budget.calendar()
        self.counts_money: bool = budget.usd is not None
        self.counts_tokens: bool = budget.tokens is not None
        self._seen: tuple[Period | None, dict[tuple[str, ...], Entry]] = (None, {})

    def find_entries(self, subjects: Subjects, now: float) -> list[Entry]:
        """Find the accounts that a call with these values counts in."""
        budget = self.budget
        period = self.calendar.at(now)
        seen_in, seen = self._seen
        if seen_in is not period or len(seen) >= _MOST_SEEN:
            seen = {}
            self._seen = (period, seen)
        found = []
        for values in product(*[subjects[dimension] for dimension in budget.dimensions]):
            entry = seen.get(values)
            if entry is None:
                entry = self._make_entry(values, period, now)
                if "ctx" not in budget.dimensions:
                    seen[values] = entry
            if budget.holds_for(entry.subject):
                found.append(entry)
        return found

    def _make_entry(self, values: tuple[str, ...], period: Period, now: float) -> Entry:
        ends_at = period.ends_at
        if ends_at is None and "ctx" in self.budget.dimensions:
            # Nobody comes back to a context for ever.
            ends_at = now + _CTX_SECONDS
        account = Account(_make_key(self.budget.name, values), period.slot, period.first_slot, ends_at)
        return Entry(self, "/".join(values), account)


_SUBJECTS: Mapping[Per, Callable[[LLMContext, Target], Sequence[str]]] = {
    "all": lambda ctx, target: ("",),
    "ctx": lambda ctx, target: (ctx.request_id,),
    "user": lambda ctx, target: (ctx.user_id or "",),
    "tag": lambda ctx, target: tuple(dict.fromkeys(ctx.tags)),
    "alias": lambda ctx, target: (target.alias or f"{target.provider}/{target.model}",),
    "provider": lambda ctx, target: (target.provider,),
    "model": lambda ctx, target: (f"{target.provider}/{target.model}",),
    "key": lambda ctx, target: (f"{target.provider}/{target.account}",),
}


def find_subjects(ctx: LLMContext, target: Target, dimensions: Iterable[Per]) -> Subjects:
    """Say for whom a call is made, and where it goes, in the dimensions that are asked for."""
    return {dimension: _SUBJECTS[dimension](ctx, target) for dimension in dimensions}


@lru_cache(4096)
def _make_key(name: str, values: tuple[str, ...]) -> str:
    # Any text becomes one that every store holds, and no two become the same.
    key = "/".join(quote(value, safe=":@+", errors="backslashreplace") for value in (name, *values))
    return key if len(key) <= _LONGEST_KEY else f"{key[:100]}…{sha256(key.encode()).hexdigest()}"
