"""`CapabilityDetector`: reads what a vendor's list tells, asks the models the rest. A provider's own is one class."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from contextlib import AsyncExitStack
from decimal import Decimal
from importlib import import_module
from typing import Any, ClassVar, Final

from core.llms.context import LLMContext
from core.llms.create import create_llm, list_providers
from core.llms.ledger import MoneyBudget
from core.llms.providers.base.implementation import BaseLLM
from core.llms.providers.base.metadata import BaseMetadata
from core.llms.providers.base.rooms import find_listed
from core.llms.registry.detection.base.probes import Probe, choose_probes
from core.llms.registry.detection.base.probing import Prober, plan_probe, unassuming
from core.llms.registry.detection.base.profiles import build_detected
from core.llms.registry.detection.base.reading import stated
from core.llms.registry.detection.base.results import (
    DetectedModel,
    DetectionReport,
    ListedModel,
    PlannedProbe,
    ProbePlan,
)
from core.llms.registry.detection.base.waiting import gather_or_cancel
from core.llms.registry.families import ModelFamily, find_family
from core.llms.registry.llm_registry import LLMRegistry
from core.llms.registry.models import LLMProfile
from core.llms.runtime.retry import NO_RETRY

_AT_ONCE: Final = 4
_LIST_SECONDS: Final = 60.0


class _AnyModel(BaseMetadata):
    """Stands where a factory wants a model, though the list is the account's."""

    NAME = "any"


class CapabilityDetector:
    """Detects what the models of one provider can do. Nothing is sent before it is asked, probes only if asked for.

    A detector of a provider whose list tells facts sets `PROVIDER` and overrides `read_entry`; where the facts are not
    in the list itself, `read_list`. `options` are arguments of the provider's factory: a credential, an address.
    `registry` says what is known of the models before, their prices above all.
    """

    PROVIDER: ClassVar[str] = ""
    LISTS_WHAT_IS_CALLED: ClassVar[bool] = True
    """Whether a model of the list can be called by its name there, and one that it does not have cannot."""

    def __init__(self, *, provider: str = "", registry: LLMRegistry | None = None, **options: Any) -> None:
        self.provider: str = provider or self.PROVIDER
        self.registry = registry or LLMRegistry()
        self.options = options

    def read_entry(self, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what an entry of the vendor's list tells, by the fields of `LLMProfile` and `LLMCapabilities`.

        None is what it does not tell.
        """
        return {}

    def names_of(self, model: str) -> frozenset[str]:
        """Return all names by which the provider knows a model of its list."""
        return frozenset({model})

    async def read_list(self, llm: BaseLLM, context: LLMContext) -> list[ListedModel]:
        """Return the vendor's list, with the facts of each model."""
        return [ListedModel(each.id, stated(self.read_entry(each.raw))) for each in await llm.list_models(context)]

    def create_llm(self, model: str, **options: Any) -> BaseLLM:
        """Make the LLM of a model with the detector's credential and address."""
        return create_llm(f"{self.provider}/{model}", **{**self.options, **options})

    async def list_models(self) -> list[ListedModel]:
        """Ask the vendor for its list, which costs nothing. Raises as `BaseLLM.list_models`."""
        async with self.create_llm(_AnyModel.NAME, metadata=_AnyModel) as llm:
            return await self.read_list(llm, LLMContext(timeout_seconds=_LIST_SECONDS))

    async def plan_probes(
        self, models: str | Sequence[str] | None = None, probes: bool | str | Collection[str] = True
    ) -> ProbePlan:
        """Say which probes would be sent, to all models of the list or to those named, and what they may cost at most.

        The vendor is asked for its list, no model for anything. Raises `ConfigurationError` for an unknown probe.
        """
        chosen = choose_probes(probes)
        targets = _choose(await self.list_models(), models, self._known)
        async with AsyncExitStack() as stack:
            plans = [await self._plan(name, listed, chosen, stack) for name, listed in targets.items()]
        return ProbePlan(tuple(each for plan in plans for each in plan))

    async def _plan(
        self, name: str, listed: ListedModel | None, probes: Sequence[Probe], stack: AsyncExitStack
    ) -> list[PlannedProbe]:
        facts = {} if listed is None else listed.facts
        llm = await stack.enter_async_context(self._create_probed(name, facts))
        reason = _unfit(name, facts, self._known(name))
        if reason is None:
            return [plan_probe(llm, probe) for probe in probes]
        return [PlannedProbe(provider=self.provider, model=name, probe=each.name, skipped=reason) for each in probes]

    async def detect(
        self,
        models: str | Sequence[str] | None = None,
        *,
        probes: bool | str | Collection[str] = False,
        max_usd: Decimal | int | str | None = "1",
        budget: MoneyBudget | None = None,
    ) -> DetectionReport:
        """Detect what all models of the list, or those named, can do.

        `probes`: True for the usual ones, or some by name. Together they cost at most `max_usd`, or what a shared
        `budget` has left; a model without a known price is then not probed. None sets no limit. A probe that
        fails leaves its fact unknown. Raises what the vendor's list raises, `ConfigurationError` for an unknown probe.
        """
        chosen = choose_probes(probes)
        targets = _choose(await self.list_models(), models, self._known)
        if budget is None and max_usd is not None:
            budget = MoneyBudget(max_usd)
        prober = Prober(budget, asyncio.Semaphore(_AT_ONCE))
        found = await gather_or_cancel(self._detect(name, targets[name], chosen, prober) for name in targets)
        return DetectionReport(
            tuple(model for model, _ in found), plan=ProbePlan(tuple(each for _, plan in found for each in plan))
        )

    async def _detect(
        self, name: str, listed: ListedModel | None, probes: Sequence[Probe], prober: Prober
    ) -> tuple[DetectedModel, list[PlannedProbe]]:
        known = self._known(name)
        told = None if listed is None else listed.facts
        if not probes:
            return build_detected(self.provider, name, known, told), []
        async with AsyncExitStack() as stack:
            plan = await self._plan(name, listed, probes, stack)
            llm = await stack.enter_async_context(self._create_probed(name, told or {}))
            sent = {each.probe for each in plan if each.skipped is None}
            results = await gather_or_cancel(prober.send(llm, probe) for probe in probes if probe.name in sent)
        return build_detected(self.provider, name, known, told, results), plan

    def _create_probed(self, name: str, facts: Mapping[str, Any]) -> BaseLLM:
        """Make an LLM that refuses nothing itself: what is to be found out must not be known before."""
        metadata = unassuming(self.find_class(name), self.provider, name)
        known = self._known(name)
        prices = (known.prices if known is not None else None) or facts.get("prices") or metadata.PRICES
        return self.create_llm(name, metadata=metadata, prices=prices, retry=NO_RETRY)

    def find_class(self, name: str) -> type[BaseMetadata] | None:
        """Return what the package knows of a model, for the form of the requests to it."""
        if self.provider not in list_providers():
            return None
        rooms = import_module(f"core.llms.providers.{self.provider}.models").ROOMS
        return find_listed(self.provider, name, rooms)[0]

    def _known(self, name: str) -> LLMProfile | None:
        return self.registry.find(name, self.provider)


def _choose(
    listed: Sequence[ListedModel], names: str | Sequence[str] | None, known: Any
) -> dict[str, ListedModel | None]:
    """Return the models to detect by the names they are called with; one that is named and not listed has no entry.

    Of several names of one model the list's first is taken, or that by which it is registered.
    """
    by_id = {each.id: each for each in listed}
    by_model: dict[str, ListedModel] = {}
    for each in listed:
        profile = known(each.id)
        model = profile.model_id if profile is not None else each.id
        if model not in by_model or each.id == model:
            by_model[model] = each
    if names is None:
        return {each.id: each for each in by_model.values()}
    chosen: dict[str, ListedModel | None] = {}
    for name in (names,) if isinstance(names, str) else names:
        profile = known(name)
        found = by_id.get(name) or by_model.get(profile.model_id if profile is not None else name)
        chosen[found.id if found is not None else name] = found
    return chosen


def _unfit(name: str, facts: Mapping[str, Any], known: LLMProfile | None) -> str | None:
    """Say why a model is not asked anything: it does not chat, by the list, by what is known of it, or by its name."""
    embeds = facts.get("supports_embeddings", known is not None and known.capabilities.supports_embeddings)
    if facts.get("supports_streaming") is False or embeds is True or find_family(name) is ModelFamily.EMBEDDING:
        return "the model does not chat"
    return None
