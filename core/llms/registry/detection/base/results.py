"""What detection plans, asks and finds, as values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core.llms.errors import LLMError
from core.llms.registry.models import LLMProfile

if TYPE_CHECKING:
    from core.llms.registry.llm_registry import LLMRegistry


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A model as its vendor's list has it: its id there, and the facts told, by the fields of a profile."""

    id: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedProbe:
    """One request that would be sent, and what it may cost at most in USD; None where no price is known.

    `skipped` is the reason why it is not sent at all.
    """

    provider: str
    model: str
    probe: str
    highest_cost: Decimal | None = None
    skipped: str | None = None


@dataclass(frozen=True, slots=True)
class ProbePlan:
    """The probes of a detection, before any is sent."""

    probes: tuple[PlannedProbe, ...] = ()

    @property
    def sent(self) -> tuple[PlannedProbe, ...]:
        """Those that would be sent: a request each, never repeated."""
        return tuple(probe for probe in self.probes if probe.skipped is None)

    @property
    def highest_cost(self) -> Decimal:
        """What all of them may cost at most in USD, those of models without a known price left out."""
        return sum((probe.highest_cost for probe in self.sent if probe.highest_cost is not None), Decimal(0))

    @property
    def unpriced(self) -> tuple[str, ...]:
        """The models, as `provider/model`, whose price is not known."""
        return tuple(dict.fromkeys(f"{each.provider}/{each.model}" for each in self.sent if each.highest_cost is None))

    def __add__(self, other: ProbePlan) -> ProbePlan:
        """Join two plans."""
        return ProbePlan((*self.probes, *other.probes))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeResult:
    """What one probe found.

    `answer` is yes, no, a number of tokens, or None for not known; `evidence` says in words why. `outcome` is `ok`,
    `not sent` or the error's class name. `cost` is in USD; None where something was sent at an unknown price.
    """

    probe: str
    answer: bool | int | None
    evidence: str
    outcome: str
    at: datetime
    status: int | None = None
    seconds: float = 0.0
    cost: Decimal | None = Decimal(0)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A fact that the vendor's list tells otherwise than the model itself; the model's word holds."""

    fact: str
    listed: Any
    probed: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectedModel:
    """All that was found of one model.

    `profile` states what was found, and only that; None where neither the list nor an answer shows that there is such
    a model. `listed` are the facts that the vendor's list tells; None where the list does not have it.
    """

    provider: str
    model: str
    profile: LLMProfile | None
    listed: Mapping[str, Any] | None
    probes: tuple[ProbeResult, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()


@dataclass(frozen=True, slots=True)
class DetectionReport:
    """What a detection found and cost; `failures` are the errors of providers, by name, that told nothing."""

    models: tuple[DetectedModel, ...] = ()
    failures: Mapping[str, LLMError] = field(default_factory=dict)
    plan: ProbePlan = ProbePlan()

    @property
    def cost(self) -> Decimal:
        """What the probes cost in USD, as far as it is known: see `cost_is_complete`."""
        return sum((each.cost for each in self._results() if each.cost is not None), Decimal(0))

    @property
    def cost_is_complete(self) -> bool:
        """Whether the price of every probe is known."""
        return all(each.cost is not None for each in self._results())

    @property
    def probe_count(self) -> int:
        """How many probes were sent."""
        return sum(each.outcome != "not sent" for each in self._results())

    def _results(self) -> Iterable[ProbeResult]:
        return (result for model in self.models for result in model.probes)

    def register(self, registry: LLMRegistry) -> list[LLMProfile]:
        """Put what was found over the registry's catalogue, and return what is known of each model now."""
        profiles = (model.profile for model in self.models)
        return [registry.register(profile, replace=True) for profile in profiles if profile is not None]
