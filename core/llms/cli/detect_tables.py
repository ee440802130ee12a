"""What a detection found, beside what the catalogue says: as rows for a table, and as data for `--json`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.llms.registry.capability_detector import DetectedModel, DetectionReport
    from core.llms.registry.llm_registry import LLMRegistry
    from core.llms.registry.models import LLMProfile

_DATES = ("deprecated", "retired")


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A line of the table; `is_news` where the catalogue does not say the same."""

    cells: tuple[str, ...]
    is_news: bool


def found_rows(report: DetectionReport, registry: LLMRegistry) -> list[FoundRow]:
    """Return a line for each fact that was found, and for each probe that found none."""
    return [row for model in report.models for row in _rows(model, registry.find(model.model, model.provider))]


def _rows(model: DetectedModel, known: LLMProfile | None) -> list[FoundRow]:
    name = f"{model.provider}/{model.model}"
    if model.profile is None:
        return [FoundRow((name, "?", "", "?", "neither listed nor answering"), is_news=True)]
    evidence = {result.probe: result.evidence for result in model.probes}
    settled = _settled(model)
    rows = []
    for fact, found in _facts(model.profile).items():
        before = _facts(known).get(fact) if known is not None else None
        probe = settled.get(fact)
        how = "list" if probe is None else f"probe: {evidence[probe]}"
        rows.append(FoundRow((name, _label(fact), _text(before), _text(found), how), is_news=before != found))
    for result in model.probes:
        if result.probe not in settled.values():
            source = "probe" if result.answer is not None else result.outcome
            label, how = result.probe.replace("_", " "), f"{source}: {result.evidence}"
            cells = (name, label, "?", _text(result.answer), how)
            rows.append(FoundRow(cells, is_news=True))
    return rows


def _settled(model: DetectedModel) -> dict[str, str]:
    """Return the facts of the profile that a probe settled, each with the probe."""
    from core.llms.registry.detection.base.probes import PROBES

    return {
        fact: result.probe
        for result in model.probes
        if result.answer is not None and (fact := PROBES[result.probe].fact) is not None
    }


def _facts(profile: LLMProfile) -> dict[str, Any]:
    able = profile.capabilities
    facts = {name: getattr(able, name) for name in type(able).model_fields if name in able.model_fields_set}
    return facts | {name: value for name in _DATES if (value := getattr(profile, name)) is not None}


def _label(fact: str) -> str:
    return fact.removeprefix("supports_").replace("_", " ")


def _text(value: Any) -> str:
    match value:
        case None:
            return "?"
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case date():
            return value.isoformat()
        case tuple() | frozenset():
            return ", ".join(map(str, value)) or "none"
    return str(value)


def report_facts(report: DetectionReport) -> dict[str, Any]:
    """Return all of a report, as JSON has it; costs are text in USD."""
    return {
        "models": [_model_facts(model) for model in report.models],
        "probe_count": report.probe_count,
        "highest_cost": f"{report.plan.highest_cost:f}",
        "cost": f"{report.cost:f}",
        "cost_is_complete": report.cost_is_complete,
    }


def _model_facts(model: DetectedModel) -> dict[str, Any]:
    return {
        "model": f"{model.provider}/{model.model}",
        "listed": model.listed is not None,
        "profile": None if model.profile is None else model.profile.model_dump(mode="json", exclude_unset=True),
        "probes": [
            {
                "probe": result.probe,
                "answer": result.answer,
                "evidence": result.evidence,
                "outcome": result.outcome,
                "status": result.status,
                "at": result.at,
                "seconds": round(result.seconds, 4),
                "cost": None if result.cost is None else f"{result.cost:f}",
            }
            for result in model.probes
        ],
        "disagreements": [
            {"fact": each.fact, "listed": each.listed, "probed": each.probed} for each in model.disagreements
        ],
    }
