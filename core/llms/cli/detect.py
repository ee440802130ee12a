"""`core-llms models detect`: what a provider's models can do, by the vendor's list and by probes that are allowed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from core.llms.cli.detect_tables import found_rows, report_facts
from core.llms.cli.event_loop import run
from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.failures import guard
from core.llms.cli.options import BaseUrlOption, DebugOption, JsonOption
from core.llms.cli.tables import print_table
from core.llms.cli.terminal import Terminal

if TYPE_CHECKING:
    from core.llms.registry.capability_detector import CapabilityDetector, DetectionReport, ProbePlan

_ALL: Final = "all"
_COLUMNS: Final = ("model", "fact", "catalogue", "found", "how")


def _check_amount(value: str | None) -> str | None:
    try:
        fits = value is None or (Decimal(value).is_finite() and Decimal(value) >= 0)
    except ArithmeticError:
        fits = False
    if not fits:
        raise typer.BadParameter(f"an amount of USD, as in 0.05, not {value!r}")
    return value


def detect_models(
    provider: Annotated[str, typer.Argument(help="Whose models.")],
    models: Annotated[list[str] | None, typer.Argument(help="These alone; else all that the vendor lists.")] = None,
    probe: Annotated[
        list[str] | None, typer.Option(help="Ask the models: a probe by name, or all of the usual ones; repeatable.")
    ] = None,
    max_usd: Annotated[
        str | None, typer.Option(callback=_check_amount, help="What all probes together may cost, in USD.")
    ] = None,
    save: Annotated[Path | None, typer.Option(help="Add what was found to a file, .json or .yaml.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Send probes without asking.")] = False,
    base_url: BaseUrlOption = None,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Find out what models can do: read what the vendor's list tells, and with --probe ask the models themselves, after
    showing what that may cost at most.
    """
    terminal = Terminal(as_json=json, debug=debug)
    options = {} if base_url is None else {"base_url": base_url}
    probes = True if _ALL in (probe or ()) else tuple(probe or ())
    return guard(lambda: _detect(provider, models, probes, max_usd, save, yes, options, terminal), terminal)


def _detect(
    provider: str,
    models: Sequence[str] | None,
    probes: bool | Sequence[str],
    max_usd: str | None,
    save: Path | None,
    yes: bool,
    options: dict[str, Any],
    terminal: Terminal,
) -> ExitCode:
    from core.llms.registry.capability_detector import ModelCapabilityDetectorFactory

    detector = ModelCapabilityDetectorFactory.create_detector(provider, **options)
    if probes and not _is_allowed(run(detector.plan_probes(models or None, probes)), max_usd, yes, terminal):
        terminal.note("nothing was sent")
        return ExitCode.OK
    report = run(detector.detect(models or None, probes=probes, max_usd=max_usd))
    if save is not None:
        _save(report, save)
    _show(report, detector, bool(models), terminal)
    return ExitCode.OK


def _is_allowed(plan: ProbePlan, max_usd: str | None, yes: bool, terminal: Terminal) -> bool:
    """Show the highest cost, and ask unless that was allowed before. Raises `typer.BadParameter` if nobody answers."""
    for skipped in plan.probes:
        if skipped.skipped is not None:
            terminal.note(f"{skipped.provider}/{skipped.model}: {skipped.probe} is left out: {skipped.skipped}")
    terminal.note(f"{_count(len(plan.sent), 'probe')}, {_describe_bill(plan, max_usd)}")
    if yes or not plan.sent:
        return True
    terminal.note("send them? [y/N]")
    answer = sys.stdin.readline()
    if not answer:
        raise typer.BadParameter("probes are not sent unasked, and nobody answers: say --yes", param_hint="--probe")
    return answer.strip().lower() in ("y", "yes")


def _describe_bill(plan: ProbePlan, max_usd: str | None) -> str:
    bill = f"at most ${plan.highest_cost.normalize():f}"
    if max_usd is not None and plan.highest_cost > Decimal(max_usd):
        bill += f", of which no more than ${max_usd} is spent"
    if plan.unpriced:
        fate = "left out, for --max-usd cannot hold for it" if max_usd is not None else "not in that"
        bill += f"; {_count(len(plan.unpriced), 'model')} whose price is not known: {fate}"
    return bill


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _save(report: DetectionReport, path: Path) -> None:
    from core.llms.registry.llm_registry import LLMRegistry

    registry = LLMRegistry()
    report.register(registry)
    registry.save(path)


def _show(report: DetectionReport, detector: CapabilityDetector, named: bool, terminal: Terminal) -> None:
    if terminal.as_json:
        terminal.write_json(report_facts(report))
    else:
        rows = found_rows(report, detector.registry)
        shown = rows if named else [row for row in rows if row.is_news]
        if shown:
            print_table(_COLUMNS, [row.cells for row in shown])
        hidden = len(rows) - len(shown)
        same = f", {_count(hidden, 'fact')} as in the catalogue" if hidden else ""
        terminal.note(_count(len(report.models), "model") + same)
    if report.probe_count:
        cost = f"${report.cost.normalize():f}" + ("" if report.cost_is_complete else " and what is not known")
        terminal.note(f"{_count(report.probe_count, 'probe')} sent: {cost}")
