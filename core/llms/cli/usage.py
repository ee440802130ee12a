"""`core-llms usage`: what calls consumed, from the database that processes share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from core.llms.cli.event_loop import run
from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.failures import guard
from core.llms.cli.options import DebugOption, JsonOption
from core.llms.cli.tables import print_table
from core.llms.cli.terminal import Terminal

if TYPE_CHECKING:
    from core.llms.types.usage_totals import UsageTotals

# What is typed, and the groups of the store that it is made of.
_GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "provider": ("provider",),
    "model": ("provider", "model"),
    "operation": ("operation",),
    "alias": ("alias",),
    "user": ("user_id",),
    "tag": ("tag",),
    "hour": ("hour",),
    "day": ("day",),
    "month": ("month",),
}
_COLUMNS: Final = ("calls", "failed", "input", "output", "cost $", "maybe $", "saved $", "unpriced", "mean s")


def _check_groups(values: list[str]) -> list[str]:
    for value in values:
        if value not in _GROUPS:
            raise typer.BadParameter(f"one of {', '.join(_GROUPS)}, not {value!r}")
    return values


def usage(
    by: Annotated[
        list[str], typer.Option("--by", callback=_check_groups, help=f"Group by {', '.join(_GROUPS)}; repeat for more.")
    ] = ["model"],  # noqa: B006 - Typer's way of a default
    since: Annotated[datetime | None, typer.Option(help="From this moment on, in UTC; 7 days ago by default.")] = None,
    until: Annotated[datetime | None, typer.Option(help="Before this moment, in UTC.")] = None,
    provider: Annotated[str | None, typer.Option(help="Of one provider.")] = None,
    model: Annotated[str | None, typer.Option(help="Of one model.")] = None,
    alias: Annotated[str | None, typer.Option(help="Of one alias.")] = None,
    user: Annotated[str | None, typer.Option(help="Of one user.")] = None,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Show what calls consumed and cost, in whole hours of UTC, from the database of CORE_LLMS_DATABASE_URL.

    A call with several tags counts with each of them.
    """
    terminal = Terminal(as_json=json, debug=debug)
    names = {"provider": provider, "model": model, "alias": alias, "user_id": user}
    begin = _utc(since) or datetime.now(UTC) - timedelta(days=7)

    async def show() -> ExitCode:
        groups = await _read(by, begin, _utc(until), {name: value for name, value in names.items() if value})
        if json:
            terminal.write_json([{**dict(zip(by, group, strict=True)), **_facts(sums)} for group, sums in groups])
        elif groups:
            print_table((*by, *_COLUMNS), [(*group, *_cells(sums)) for group, sums in groups], _figures(len(by)))
        else:
            terminal.warn("no usage is recorded of these")
        return ExitCode.OK

    return guard(lambda: run(show()), terminal)


async def _read(
    by: list[str], since: datetime, until: datetime | None, names: Mapping[str, str]
) -> list[tuple[tuple[str, ...], UsageTotals]]:
    from core.llms.storage.database import Database
    from core.llms.storage.usage_store import DatabaseUsageStore
    from core.llms.storage.usage_sums import UsageQuery

    group_by = tuple(dict.fromkeys(group for name in by for group in _GROUPS[name]))
    query = UsageQuery(group_by=group_by, since=since, until=until, names=names)
    async with Database() as database:
        found = await DatabaseUsageStore(database).summarize(query)
    # What differs in the database may be the same in a table: nothing, and a name that is `-`.
    shown: dict[tuple[str, ...], UsageTotals] = {}
    for group, sums in found:
        texts = _texts(by, dict(zip(group_by, group, strict=True)))
        shown[texts] = shown[texts] + sums if texts in shown else sums
    return sorted(shown.items())


def _texts(by: list[str], group: Mapping[str, str]) -> tuple[str, ...]:
    return tuple("/".join(group[name] for name in _GROUPS[typed]) or "-" for typed in by)


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)


def _facts(sums: UsageTotals) -> dict[str, Any]:
    return {name: _money(value) if isinstance(value, Decimal) else value for name, value in asdict(sums).items()}


def _money(amount: Decimal) -> str:
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _cells(sums: UsageTotals) -> tuple[str, ...]:
    counts = (sums.calls, sums.failed, sums.input_tokens, sums.output_tokens)
    money = (sums.cost, sums.maybe_charged_cost, sums.saved_cost)
    mean = f"{sums.seconds / sums.calls:.2f}" if sums.calls else "-"
    return *(f"{count:,}" for count in counts), *map(_money, money), f"{sums.unpriced:,}", mean


def _figures(names: int) -> range:
    return range(names, names + len(_COLUMNS))
