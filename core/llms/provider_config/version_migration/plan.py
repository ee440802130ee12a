"""A plan of migration: values alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Fate: TypeAlias = Literal["kept", "renamed", "clamped", "dropped", "decided", "undecided"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterStep:
    """What becomes of one parameter; `name` is neutral, `field` the stored name.

    `renamed` is the same value under another name on the wire. `decided` is what a decision said, `undecided` waits for
    one: `choices` has decisions that would do. `after` is None where it has no value any more.
    """

    name: str
    field: str
    fate: Fate
    before: Any
    after: Any
    reason: str
    choices: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationPlan:
    """What a migration does to a configuration at its version `config_version`. `notes` say what else will differ."""

    provider: str
    from_model: str
    to_model: str
    from_version: str | None
    to_version: str | None
    config_version: int
    steps: tuple[ParameterStep, ...]
    notes: tuple[str, ...]

    @property
    def undecided(self) -> tuple[ParameterStep, ...]:
        """The parameters that need a decision before it can be done."""
        return tuple(step for step in self.steps if step.fate == "undecided")

    @property
    def changes(self) -> dict[str, Any]:
        """The stored values that change, by neutral names; None is taken away."""
        return {step.name: step.after for step in self.steps if step.after != step.before}
