"""Detecting at several providers and registering what was found: what the factory's names do."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, Final, TypeAlias

from core.llms.errors import LLMError, UnknownModelError
from core.llms.ledger import MoneyBudget
from core.llms.notices import DetectionWarning, RetiredModelWarning, warn_caller
from core.llms.registry.detection.base.detector import CapabilityDetector
from core.llms.registry.detection.base.finding import find_detector
from core.llms.registry.detection.base.results import DetectionReport, ProbePlan
from core.llms.registry.detection.base.waiting import gather_or_cancel
from core.llms.registry.llm_registry import LLMRegistry, default_registry
from core.llms.registry.models import LLMProfile

Probes: TypeAlias = bool | str | Collection[str]
Money: TypeAlias = Decimal | int | str
_PROVIDERS_AT_ONCE: Final = 4


def create_detector(provider: str, registry: LLMRegistry | None = None, **options: Any) -> CapabilityDetector:
    """Make the detector of a provider; `options` are arguments of its factory.

    Raises `ConfigurationError` for a name that is no provider's.
    """
    return find_detector(provider)(provider=provider, registry=registry or default_registry(), **options)


async def detect_models(
    providers: Mapping[str, Mapping[str, Any]],
    *,
    models: str | Sequence[str] | None = None,
    probes: Probes = False,
    max_usd: Money | None = "1",
    registry: LLMRegistry | None = None,
) -> DetectionReport:
    """Detect at several providers at once, each with the arguments of its factory.

    The error of one is in the report's `failures`; where all fail, the first one is raised. `max_usd` is for all of
    them together.
    """
    detectors = [create_detector(name, registry, **options) for name, options in providers.items()]
    budget = MoneyBudget(max_usd) if max_usd is not None else None
    gate = asyncio.Semaphore(_PROVIDERS_AT_ONCE)

    async def detect(detector: CapabilityDetector) -> DetectionReport:
        async with gate:
            try:
                return await detector.detect(models, probes=probes, max_usd=None, budget=budget)
            except LLMError as error:
                return DetectionReport(failures={detector.provider: error})

    reports = await gather_or_cancel(detect(detector) for detector in detectors)
    failures = {name: error for report in reports for name, error in report.failures.items()}
    if failures and len(failures) == len(detectors):
        _raise_first(failures)
    return DetectionReport(
        tuple(model for report in reports for model in report.models),
        failures,
        sum((report.plan for report in reports), ProbePlan()),
    )


def _raise_first(failures: Mapping[str, LLMError]) -> None:
    first, *others = failures.values()
    for error in others:
        first.add_note(f"and {error}")
    raise first


async def register_all(
    providers: Mapping[str, Mapping[str, Any]], *, probes: Probes, max_usd: Money | None, registry: LLMRegistry | None
) -> LLMRegistry:
    """Detect all models of these providers and register them; a provider that fails is a `DetectionWarning`."""
    target = registry or default_registry()
    report = await detect_models(providers, probes=probes, max_usd=max_usd, registry=target)
    report.register(target)
    for provider, error in report.failures.items():
        warn_caller(f"nothing was detected of {provider}: {error}", DetectionWarning)
    return target


async def register_one(
    provider: str,
    model: str,
    *,
    probes: Probes,
    max_usd: Money | None,
    registry: LLMRegistry | None,
    options: Mapping[str, Any],
) -> LLMProfile:
    """Detect one model and register it; return what is known of it then.

    A model that is retired says so by a `RetiredModelWarning`. One that is known and that the vendor does not list
    stays as it is, with a `DetectionWarning`. Raises `UnknownModelError` for one that nobody knows.
    """
    target = registry or default_registry()
    detector = create_detector(provider, target, **options)
    report = await detector.detect(model, probes=probes, max_usd=max_usd)
    registered = report.register(target)
    profile = registered[0] if registered else target.find(model, provider)
    if profile is None:
        raise UnknownModelError(await _describe_missing(detector, model), provider=provider)
    if profile.is_retired_on(datetime.now(UTC).date()):
        instead = f"; use {profile.replacement}" if profile.replacement else ""
        warn_caller(f"{provider}/{model} was retired on {profile.retired}{instead}", RetiredModelWarning)
    elif not registered:
        warn_caller(
            f"{provider} does not list {model!r} for this credential: nothing was detected of it", DetectionWarning
        )
    return profile


async def _describe_missing(detector: CapabilityDetector, model: str) -> str:
    listed = [each.id for each in await detector.list_models()]
    close = get_close_matches(model, listed, 3)
    hint = f"; did you mean {' or '.join(map(repr, close))}?" if close else ""
    return f"neither the vendor's list nor the catalogue has a model {model!r}{hint}"
