"""From what the list tells and what the probes found to a profile that says who says so and since when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from math import inf
from typing import Any

from core.llms.registry.detection.base.probes import PROBES
from core.llms.registry.detection.base.results import DetectedModel, Disagreement, ProbeResult
from core.llms.registry.models import LLMCapabilities, LLMProfile
from core.llms.types.parameters import PARAM_TEMPERATURE


def build_detected(
    provider: str,
    model: str,
    known: LLMProfile | None,
    listed: Mapping[str, Any] | None,
    results: Sequence[ProbeResult] = (),
) -> DetectedModel:
    """Join the facts of one model; where list and probe disagree, the probe holds.

    A model that the list does not have, and that answered no probe, has no profile.
    """
    found = {
        fact: result.answer
        for result in results
        if result.answer is not None and (fact := PROBES[result.probe].fact) is not None
    }
    told = listed or {}
    there = listed is not None or any(result.outcome == "ok" for result in results)
    facts = {**told, **found, **_sampling_facts(results, known)}
    if facts.get("max_output_tokens", 0) > facts.get("context_window", inf):
        # One of the two is counted otherwise than here: the list's is left to the catalogue.
        del facts["context_window" if "max_output_tokens" in found else "max_output_tokens"]
    return DetectedModel(
        provider=provider,
        model=model,
        profile=_build_profile(provider, model, known, facts, _provenance(listed, results)) if there else None,
        listed=listed,
        probes=tuple(results),
        disagreements=tuple(
            Disagreement(fact, told[fact], answer)
            for fact, answer in found.items()
            if fact in told and told[fact] != answer
        ),
    )


def _build_profile(
    provider: str, model: str, known: LLMProfile | None, facts: Mapping[str, Any], provenance: Mapping[str, Any]
) -> LLMProfile:
    able = {name: value for name, value in facts.items() if name in LLMCapabilities.model_fields}
    stated = {name: value for name, value in facts.items() if name in LLMProfile.model_fields and name != "aliases"}
    if known is not None and known.prices is not None:
        # A list tells less of a price than the catalogue: no tiers, no days from which it holds.
        stated.pop("prices", None)
    if known is not None and known.capabilities.reasoning_efforts:
        # Nor does it tell what the SDK's own words for levels come to.
        able.pop("reasoning_efforts", None)
    model_id = known.model_id if known is not None else model
    aliases = _aliases(model, model_id, known, facts.get("aliases", ()))
    if aliases is not None:
        stated["aliases"] = aliases
    return LLMProfile(
        provider=provider, model_id=model_id, capabilities=LLMCapabilities(**able), **stated, **provenance
    )


def _aliases(model: str, model_id: str, known: LLMProfile | None, listed: Sequence[str]) -> tuple[str, ...] | None:
    """Return all names of the model but its id; None where the list tells none that is new."""
    before = () if known is None else known.aliases
    names = dict.fromkeys(name for name in (*before, model, *listed) if name != model_id)
    return tuple(names) if len(names) > len(before) else None


def _sampling_facts(results: Sequence[ProbeResult], known: LLMProfile | None) -> dict[str, Any]:
    """Say when the model takes sampling parameters, where that is not what is known of it."""
    taken = next((result.answer for result in results if result.probe == PARAM_TEMPERATURE), None)
    able = LLMCapabilities() if known is None else known.capabilities
    if taken is True and able.sampling == "never":
        return {"sampling": "always"}
    if taken is False and able.sampling in (None, "always"):
        return {"sampling": "unless_reasoning" if "none" in able.reasoning_efforts else "never"}
    return {}


def _provenance(listed: Mapping[str, Any] | None, results: Sequence[ProbeResult]) -> dict[str, Any]:
    settled = [result.probe for result in results if result.answer is not None]
    ways = ["list"] if listed is not None else []
    if settled or not ways:
        ways.append(f"probe: {', '.join(settled)}" if settled else "probe")
    return {"origin": "detected", "detected_at": datetime.now(UTC), "detected_by": "; ".join(ways)}
