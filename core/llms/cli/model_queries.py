"""The options of `core-llms models` that choose among all catalogued models, and the query they ask for."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeAlias, cast

import typer

from core.llms.types.capabilities import Capability

if TYPE_CHECKING:
    from core.llms.registry.models import LLMProfile
    from core.llms.registry.queries import SortKey

_SORTS: Final = ("price", "context", "released", "name")


def _check_sort(value: str) -> str:
    if value not in _SORTS:
        raise typer.BadParameter(f"one of {', '.join(_SORTS)}, not {value!r}")
    return value


def _check_price(value: str | None) -> str | None:
    try:
        amount = Decimal(value or 0)
    except ArithmeticError as error:
        raise typer.BadParameter(f"USD per million tokens, as in 2.5, not {value!r}") from error
    if not amount.is_finite() or amount < 0:
        raise typer.BadParameter(f"USD per million tokens, 0 or more, not {value!r}")
    return value


ProviderOption: TypeAlias = Annotated[
    list[str] | None, typer.Option("--provider", help="Of this provider; repeatable.", show_default=False)
]
FamilyOption: TypeAlias = Annotated[
    list[str] | None, typer.Option("--family", help="Of this family, as claude or llama; repeatable.")
]
CanOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--can", help=f"Able to do this; repeatable: {', '.join(each.value for each in Capability)}."),
]
VisionOption: TypeAlias = Annotated[bool, typer.Option("--vision", help="The same as --can vision.")]
ToolsOption: TypeAlias = Annotated[bool, typer.Option("--tools", help="The same as --can tools.")]
ReasoningOption: TypeAlias = Annotated[bool, typer.Option("--reasoning", help="The same as --can reasoning.")]
ContextOption: TypeAlias = Annotated[int | None, typer.Option("--min-context", min=1, help="Tokens of context.")]
OutputOption: TypeAlias = Annotated[int | None, typer.Option("--min-output", min=1, help="Tokens of an answer.")]
InputPriceOption: TypeAlias = Annotated[
    str | None, typer.Option("--max-input-price", callback=_check_price, help="USD per million tokens of a prompt.")
]
OutputPriceOption: TypeAlias = Annotated[
    str | None, typer.Option("--max-output-price", callback=_check_price, help="USD per million generated tokens.")
]
ReleasedOption: TypeAlias = Annotated[
    datetime | None, typer.Option("--released-after", formats=["%Y-%m-%d"], help="A day, as in 2026-01-31.")
]
DeprecatedOption: TypeAlias = Annotated[bool, typer.Option("--deprecated", help="Deprecated and retired ones, too.")]
SortOption: TypeAlias = Annotated[
    str, typer.Option("--sort", callback=_check_sort, help=f"By {', '.join(_SORTS)}.", show_default=True)
]
LimitOption: TypeAlias = Annotated[int | None, typer.Option("--limit", min=1, help="This many at most.")]
AllOption: TypeAlias = Annotated[bool, typer.Option("--all", help="All of the catalogue, not the current ones alone.")]


def gather_conditions(
    *, can: list[str] | None, vision: bool, tools: bool, reasoning: bool, **conditions: Any
) -> dict[str, Any]:
    """Return what was asked for as conditions of a query: `--vision` and its kind are abilities like those of --can."""
    named = {"vision": vision, "tools": tools, "reasoning": reasoning}
    able = [*(can or ()), *(name for name, wanted in named.items() if wanted)]
    return {"capabilities": able, **conditions}


def find_profiles(
    *, capabilities: list[str], sort: str, limit: int | None, deprecated: bool, **conditions: Any
) -> list[LLMProfile]:
    """Return the catalogued models that fulfil what was asked for. Raises `typer.BadParameter` for an unknown name."""
    from core.llms.registry.current import default_registry

    asked = {name: value for name, value in conditions.items() if value not in (None, [], ())}
    try:
        return default_registry().get_models_by_capability(
            capabilities,
            sort_by=cast("SortKey", sort),
            limit=limit,
            include_deprecated=deprecated,
            include_retired=deprecated,
            **asked,
        )
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
