"""Which accounts a call counts in: those of every rule, for whom it is made and where it goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import product
from typing import Final, TypeAlias
from urllib.parse import quote

from core.llms.context import LLMContext
from core.llms.runtime.budgets.rules import Budget, Per
from core.llms.runtime.budgets.windows import Calendar
from core.llms.runtime.target import Target
from core.llms.types.spending import Account

# The values of each dimension that a call has: one, or any number of tags.
Subjects: TypeAlias = Mapping[Per, Sequence[str]]

_LONGEST_KEY: Final = 250
_CTX_SECONDS: Final = 7 * 86_400.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One account of one rule; `subject` is whom it is for, "" where the rule holds for all together."""

    rule: Rule
    subject: str
    account: Account


class Rule:
    """A budget with its calendar."""

    __slots__ = ("budget", "calendar")

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.calendar: Calendar = budget.calendar()

    def find_entries(self, subjects: Subjects, now: float) -> Iterator[Entry]:
        """Find the accounts that a call with these values counts in."""
        budget = self.budget
        period = self.calendar.at(now)
        ends_at = period.ends_at
        if ends_at is None and "ctx" in budget.dimensions:
            # Nobody comes back to a context for ever.
            ends_at = now + _CTX_SECONDS
        for values in product(*(subjects[dimension] for dimension in budget.dimensions)):
            subject = "/".join(values)
            if budget.holds_for(subject):
                account = Account(_make_key(budget.name, values), period.slot, period.first_slot, ends_at)
                yield Entry(self, subject, account)


def find_subjects(ctx: LLMContext, target: Target) -> Subjects:
    """Say for whom a call is made, and where it goes."""
    model = f"{target.provider}/{target.model}"
    return {
        "all": ("",),
        "ctx": (ctx.request_id,),
        "user": (ctx.user_id or "",),
        "tag": tuple(dict.fromkeys(ctx.tags)),
        "alias": (target.alias or model,),
        "provider": (target.provider,),
        "model": (model,),
        "key": (f"{target.provider}/{target.account}",),
    }


@lru_cache(4096)
def _make_key(name: str, values: tuple[str, ...]) -> str:
    # Any text becomes one that every store holds, and no two become the same.
    key = "/".join(quote(value, safe=":@+", errors="backslashreplace") for value in (name, *values))
    return key if len(key) <= _LONGEST_KEY else f"{key[:100]}…{sha256(key.encode()).hexdigest()}"
