"""Which arguments of a provider's factory are a credential together, and what is wrong with given ones. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from core.llms.types.secrets import Secret

# Says what is wrong with one argument and what would be right, without repeating it; None where nothing is.
Check: TypeAlias = Callable[[Secret], str | None]


@dataclass(frozen=True, slots=True)
class CredentialForm:
    """One way to prove who one is: all of `names`, which go together, and what of `optional` there is.

    `checks` look at the arguments one by one, by their names.
    """

    names: tuple[str, ...]
    optional: tuple[str, ...] = ()
    checks: Mapping[str, Check] | None = None

    @property
    def arguments(self) -> tuple[str, ...]:
        """Everything that may belong to it."""
        return self.names + self.optional

    def find_problems(self, given: Mapping[str, Secret]) -> dict[str, str]:
        """Return what is wrong with each argument, by its name."""
        own = join_names(self.names)
        problems = {name: f"`{name}`: it is missing; {own} go together" for name in self.names if name not in given}
        for name, secret in given.items():
            if name not in self.arguments:
                problems[name] = f"`{name}`: it is another credential than {own}; give one of them"
            elif problem := (self.checks or {}).get(name, _accept)(secret):
                problems[name] = f"`{name}`: {problem}"
        return problems


def choose_form(forms: Sequence[CredentialForm], given: Mapping[str, Secret]) -> CredentialForm:
    """Return the form that most of what is given belongs to, the first of equals."""
    return max(forms, key=lambda form: len(given.keys() & {*form.arguments}))


def join_names(names: Sequence[str], conjunction: str = "and") -> str:
    """Return names as a sentence has them."""
    *first, last = [f"`{name}`" for name in names]
    return f"{', '.join(first)} {conjunction} {last}" if first else last


def _accept(secret: Secret) -> None:
    return None
