"""Tables for people: which facts are in them, and what Rich is asked to draw. Finding the facts is not done here."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from core.llms.cli.terminal import shows_colour

if TYPE_CHECKING:
    from rich.table import Table

    from core.llms.providers.base.metadata import BaseMetadata
    from core.llms.registry.models import LLMProfile
    from core.llms.types.prices import Prices

_UNCUT_WIDTH: Final = 100_000
_ANSWERS: Final = {True: "yes", False: "no", None: "?"}
_UNKNOWN: Final = "?"
_ALWAYS_SHOWN: Final = ("context_window_tokens", "max_output_tokens", "usd_per_million_tokens", "parameters")
_SHOWN_CAPABILITIES: Final = ("vision", "tools", "reasoning")
_MODEL_COLUMNS: Final = ("model", "context", "output", "in $/M", "out $/M", "vision", "tools", "reasoning", "retired")


def print_models(models: Iterable[type[BaseMetadata] | LLMProfile]) -> None:
    """Draw the table of models, a line each."""
    table = _table(_MODEL_COLUMNS, right=range(1, 5))
    for model in models:
        table.add_row(*(_class_cells(model) if isinstance(model, type) else _profile_cells(model)))
    _print(table)


def _class_cells(metadata: type[BaseMetadata]) -> tuple[str, ...]:
    limits = metadata.CONTEXT_WINDOW, metadata.MAX_TOKENS
    able = (metadata.supports(capability) for capability in _SHOWN_CAPABILITIES)
    return _cells(f"{metadata.PROVIDER}/{metadata.MODEL_ID}", limits, metadata.PRICES, able, metadata.RETIRED)


def _profile_cells(profile: LLMProfile) -> tuple[str, ...]:
    limits = profile.capabilities.context_window, profile.capabilities.max_output_tokens
    able = (profile.capabilities.supports(capability) for capability in _SHOWN_CAPABILITIES)
    return _cells(f"{profile.provider}/{profile.model_id}", limits, profile.prices, able, profile.retired)


def _cells(
    name: str, limits: Iterable[int | None], prices: Prices | None, able: Iterable[bool | None], retired: date | None
) -> tuple[str, ...]:
    today = None if prices is None else prices.on(date.today())
    amounts = (_UNKNOWN, _UNKNOWN) if today is None else (f"{today.input:f}", f"{today.output:f}")
    return name, *map(_number, limits), *amounts, *(_ANSWERS[answer] for answer in able), describe_retirement(retired)


def print_remote(rows: Iterable[Sequence[str]]) -> None:
    """Draw the table of what vendors offer: model, owner, since when, whether it is listed here."""
    print_table(("model", "owner", "created", "listed"), rows)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[int] = ()) -> None:
    """Draw a table of texts; columns of figures stand to the right."""
    table = _table(columns, right)
    for row in rows:
        table.add_row(*row)
    _print(table)


def print_facts(facts: Mapping[str, Any]) -> None:
    """Draw one model's facts, a line each."""
    from rich.table import Table

    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in facts.items():
        for label, line in _lines(name, value):
            table.add_row(label.replace("_", " "), line)
    _print(table)


def _lines(name: str, value: Any, indent: str = "") -> list[tuple[str, str]]:
    label = f"{indent}{name}"
    match value:
        case dict() if name == "capabilities":
            return [(label, ", ".join(f"{key} {_ANSWERS[answer]}" for key, answer in value.items()))]
        case dict():
            nested = [line for key, entry in value.items() for line in _lines(key, entry, f"{indent}  ")]
            return [(label, ""), *nested]
        case [{"read_on": _}, *_]:
            rows = [f"{source['name']}, read {source['read_on']}" for source in value]
            return [(label if index == 0 else "", row) for index, row in enumerate(rows)]
        case list():
            return [(label, ", ".join(map(str, value)))] if value else []
        case None:
            return [(label, "unknown")] if name in _ALWAYS_SHOWN else []
        case int():
            return [(label, f"{value:,}")]
    return [(label, str(value))]


def describe_retirement(day: date | None) -> str:
    """Say since when, or from when on, a model is retired; nothing where no day is known."""
    if day is None:
        return ""
    return f"since {day}" if day <= date.today() else f"from {day}"


def _number(value: int | None) -> str:
    return _UNKNOWN if value is None else f"{value:,}"


def _table(columns: Sequence[str], right: Iterable[int] = ()) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD if sys.stdout.isatty() else None, pad_edge=False, show_edge=False)
    to_the_right = set(right)
    for index, name in enumerate(columns):
        table.add_column(name, justify="right" if index in to_the_right else "left", no_wrap=index == 0)
    return table


def _print(table: Table) -> None:
    from rich.console import Console

    if sys.stdout.isatty():
        plain = not shows_colour(sys.stdout)
        Console(highlight=False, markup=False, color_system=None if plain else "auto").print(table)
        return
    # A pipe has no width: nothing is cut or folded for it, and no line is padded.
    console = Console(highlight=False, markup=False, width=_UNCUT_WIDTH)
    with console.capture() as capture:
        console.print(table)
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in capture.get().splitlines()))
    sys.stdout.flush()
