"""A refresh of the catalogue, and what of it is here: as text for people, and as data for `--json`."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from core.llms.cli.failures import error_facts
from core.llms.cli.tables import print_table

if TYPE_CHECKING:
    from core.llms.catalog_refresh.reports import CatalogRefresh, ListOutcome
    from core.llms.catalog_refresh.status import CatalogStatus, KeptList
    from core.llms.cli.terminal import Terminal

_MOST_LINES: Final = 20


def print_refresh(report: CatalogRefresh, terminal: Terminal) -> None:
    """Say what became of each list, which models are new, and which prices are others; --json has all of them."""
    rows = [(each.name, each.status, f"{each.models:,}" if each.models else "", each.url) for each in report.lists]
    print_table(("list", "status", "models", "from"), rows, right=(2,))
    _print_some("added", list(report.added), terminal)
    prices = [f"{each.model} {each.part}: {_usd(each.before)} → {_usd(each.after)}" for each in report.price_changes]
    _print_some("price", prices, terminal)
    for outcome in report.lists:
        for problem in outcome.refused:
            terminal.warn(f"{outcome.name}: not believed: {problem}")
        if outcome.note is not None:
            terminal.warn(f"{outcome.name}: {outcome.note}")
    counts = (
        (len(report.added), "models added"),
        (len(report.price_changes), "prices changed"),
        (len(report.changed), "models with other facts"),
    )
    terminal.note(", ".join(f"{count:,} {what}" for count, what in counts))


def _print_some(label: str, lines: list[str], terminal: Terminal) -> None:
    for line in lines[:_MOST_LINES]:
        terminal.write(f"{label} {line}\n")
    if len(lines) > _MOST_LINES:
        terminal.write(f"{label} … {len(lines) - _MOST_LINES:,} more: --json has all\n")


def _usd(amount: Decimal | None) -> str:
    return "unknown" if amount is None else f"${amount:f}"


def refresh_facts(report: CatalogRefresh) -> dict[str, Any]:
    """Return all of a report, as JSON has it; prices are text in USD per million tokens."""
    return {
        "lists": [_outcome_facts(each) for each in report.lists],
        "added": list(report.added),
        "price_changes": [
            {"model": each.model, "part": each.part, "before": _text(each.before), "after": _text(each.after)}
            for each in report.price_changes
        ],
        "changed": list(report.changed),
        "path": str(report.path),
    }


def _outcome_facts(outcome: ListOutcome) -> dict[str, Any]:
    return {
        "name": outcome.name,
        "url": outcome.url,
        "status": outcome.status,
        "models": outcome.models,
        "refused": list(outcome.refused),
        "error": None if outcome.error is None else error_facts(outcome.error),
        "note": outcome.note,
    }


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"


def print_status(status: CatalogStatus, terminal: Terminal) -> None:
    """Draw the lists that facts are of, the package's and the refreshed ones."""
    rows = [("package", source.name, source.read_on.isoformat(), "", "") for source in status.packaged]
    rows += [("refreshed", *_kept_row(each)) for each in status.lists if each.copy is not None]
    print_table(("in", "list", "of", "models", "from"), rows, right=(3,))
    for kept in status.lists:
        if kept.problem is not None:
            terminal.warn(kept.problem)
    if status.problem is not None:
        terminal.warn(f"{status.problem}; the packaged catalogue is used")
    since = "nothing was refreshed" if status.refreshed is None else f"refreshed {status.refreshed}"
    terminal.note(f"{status.packaged_models:,} models in the package; {since}; kept in {status.path.parent}")


def _kept_row(kept: KeptList) -> tuple[str, str, str, str]:
    assert kept.copy is not None
    return kept.name, kept.copy.checked[:10], f"{kept.copy.models:,}", kept.copy.url


def status_facts(status: CatalogStatus) -> dict[str, Any]:
    """Return all of it, as JSON has it."""
    return {
        "packaged": {
            "models": status.packaged_models,
            "lists": [{"name": source.name, "date": source.read_on} for source in status.packaged],
        },
        "refreshed": {
            "at": status.refreshed,
            "models": status.refreshed_models,
            "path": str(status.path),
            "problem": status.problem,
            "lists": [_kept_facts(each) for each in status.lists],
        },
    }


def _kept_facts(kept: KeptList) -> dict[str, Any]:
    facts = ("url", "fetched", "checked", "etag", "last_modified", "models")
    return {"name": kept.name, "problem": kept.problem} | {name: getattr(kept.copy, name, None) for name in facts}
