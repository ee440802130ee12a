"""What is shown of a discovery, to people and to programs. No I/O."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from core.llms.provider_config.discovery.findings import DiscoveredModel, DiscoveredProvider, DiscoveryReport
    from core.llms.registry.models import LLMProfile

COLUMNS: Final = ("model", "alias", "context", "vision", "tools", "reasoning", "found by")
FIGURES: Final = (2,)
_CAPABILITIES: Final = ("vision", "tools", "reasoning")
_ANSWERS: Final = {True: "yes", False: "no", None: "?"}


def report_facts(report: DiscoveryReport) -> dict[str, Any]:
    """Return all that was found, as JSON has it."""
    return {
        "providers": [_provider_facts(provider) for provider in report.providers],
        "problems": [
            {
                "kind": each.kind,
                "reason": each.reason,
                "provider": each.provider,
                "address": each.address,
                "variables": list(each.variables),
            }
            for each in report.problems
        ],
    }


def _provider_facts(provider: DiscoveredProvider) -> dict[str, Any]:
    return {
        "provider": provider.provider,
        "address": provider.address,
        "server": provider.server,
        "variables": list(provider.variables),
        "models": [_model_facts(model) for model in provider.models],
        "vanished": [config.model_id for config in provider.vanished],
    }


def _model_facts(model: DiscoveredModel) -> dict[str, Any]:
    able = model.profile.capabilities
    return {
        "model": model.model,
        "context_window_tokens": able.context_window,
        "max_output_tokens": able.max_output_tokens,
        "capabilities": {
            name.removeprefix("supports_"): getattr(able, name)
            for name in type(able).model_fields
            if name.startswith("supports_")
        },
        "configured_as": model.config and (model.config.alias or f"{model.provider}/{model.config.model_id}"),
        "proposal": model.proposal and model.proposal.model_dump(mode="json", exclude_none=True),
        "reason": model.reason,
    }


def report_rows(report: DiscoveryReport, show_all: bool) -> list[Sequence[str]]:
    """Return the lines of the table: what is proposed and what is configured, or everything."""
    return [
        _row(provider, model)
        for provider in report.providers
        for model in provider.models
        if show_all or model.proposal is not None or model.config is not None
    ]


def _row(provider: DiscoveredProvider, model: DiscoveredModel) -> Sequence[str]:
    shown = "-" if model.proposal is None else str(model.proposal.alias)
    if model.reason is not None:
        shown = f"({model.reason})" if model.config is None else f"{model.config.alias or '-'} ({model.reason})"
    found_by = (provider.server and f"{provider.server} at {provider.address}") or ", ".join(provider.variables)
    return f"{provider.provider}/{model.model}", shown, *_abilities(model.profile), found_by


def _abilities(profile: LLMProfile) -> Iterator[str]:
    window = profile.capabilities.context_window
    yield "?" if window is None else f"{window:,}"
    yield from (_ANSWERS[profile.capabilities.supports(name)] for name in _CAPABILITIES)


def report_notes(report: DiscoveryReport, show_all: bool) -> list[str]:
    """Return what is said besides the table."""
    notes = [
        f"{config.provider_name}/{config.model_id} is configured, and not listed any more at {provider.address}"
        for provider in report.providers
        for config in provider.vanished
    ]
    models = [model for provider in report.providers for model in provider.models]
    hidden = sum(model.proposal is None and model.config is None for model in models)
    if hidden and not show_all:
        notes.append(f"{hidden} more {'model is' if hidden == 1 else 'models are'} not proposed: --all says why")
    if report.proposals:
        notes.append("register them by --register ALIAS, or --register ALL")
    return notes
