"""Models priced for one prompt: their order, as rows for a table, and as data for `--json`. Nothing is counted here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from core.llms.cli.ask_report import render_money

if TYPE_CHECKING:
    from core.llms.registry.models import LLMProfile
    from core.llms.runtime.tokens.cost_estimates import CostEstimate

_UNKNOWN: Final = "?"
# From this many USD on, this many decimals tell costs apart.
_DECIMALS: Final = ((Decimal(10), 2), (Decimal("0.1"), 4))
_MOST_DECIMALS: Final = 6


@dataclass(frozen=True, slots=True)
class PricedModel:
    """A model, what a call of it may cost, and how many such calls are meant."""

    profile: LLMProfile
    estimate: CostEstimate
    calls: int
    has_images: bool

    @property
    def name(self) -> str:
        """The model as `--model` takes it."""
        return f"{self.profile.provider}/{self.profile.model_id}"

    @property
    def fits(self) -> bool | None:
        """Whether the prompt, at its likely size, fits into the model; None where its limit is not known."""
        able = self.profile.capabilities
        limits = [limit for limit in (able.max_input_tokens, able.context_window) if limit is not None]
        return self.estimate.input_tokens.tokens <= min(limits) if limits else None

    def notes(self) -> list[str]:
        """Say what a reader of the figures must know besides."""
        notes = [] if self.estimate.unknown_reason is None else [self.estimate.unknown_reason]
        if self.fits is False:
            notes.append("the prompt is too long for it")
        if self.has_images and self.profile.capabilities.supports_vision is False:
            notes.append("it takes no images")
        return notes


def _cost_key(usd: Decimal | None) -> tuple[bool, Decimal]:
    return usd is None, usd or Decimal(0)


_KEYS: Final[Mapping[str, Callable[[PricedModel], tuple[Any, ...]]]] = {
    "likely": lambda each: _cost_key(each.estimate.expected),
    "least": lambda each: _cost_key(each.estimate.lowest),
    "most": lambda each: _cost_key(each.estimate.highest),
    "tokens": lambda each: (each.estimate.input_tokens.tokens,),
    "name": lambda each: (),
}
SORTS: Final = tuple(_KEYS)


def sort_priced(priced: Iterable[PricedModel], by: str) -> list[PricedModel]:
    """Sort: cheapest, or fewest tokens, first; what is not known comes last."""
    return sorted(priced, key=lambda each: (*_KEYS[by](each), each.name))


def cost_rows(priced: Sequence[PricedModel]) -> list[tuple[str, ...]]:
    """Return a line for each model; all costs have as many decimals as the least of the likely ones needs."""
    likely = [each.estimate.expected * each.calls for each in priced if each.estimate.expected]
    decimals = next((count for bound, count in _DECIMALS if min(likely, default=bound) >= bound), _MOST_DECIMALS)
    return [_row(each, decimals) for each in priced]


def _row(each: PricedModel, decimals: int) -> tuple[str, ...]:
    estimate = each.estimate
    costs = [_money(usd, each.calls, decimals) for usd in (estimate.lowest, estimate.expected, estimate.highest)]
    out = _UNKNOWN if estimate.expected_output_tokens is None else f"{estimate.expected_output_tokens:,}"
    return each.name, f"{estimate.input_tokens.tokens:,}", _error(estimate), out, *costs, "; ".join(each.notes())


def _error(estimate: CostEstimate) -> str:
    """Say how good the count of the prompt is, in few signs."""
    if estimate.input_tokens.exact:
        return "exact"
    return "not measured" if estimate.input_error_percent is None else f"±{estimate.input_error_percent}%"


def _money(usd: Decimal | None, calls: int, decimals: int) -> str:
    if usd is None:
        return "unknown"
    smallest = Decimal(1).scaleb(-decimals)
    amount = usd * calls
    return f"<${smallest:f}" if 0 < amount < smallest else f"${amount.quantize(smallest):,f}"


def cost_facts(each: PricedModel) -> dict[str, Any]:
    """Return all of it as JSON has it: costs are exact text in USD for all calls, None where they are not known."""
    estimate = each.estimate
    count = estimate.input_tokens
    costs = {"least": estimate.lowest, "likely": estimate.expected, "most": estimate.highest}
    return {
        "model": each.name,
        "provider": each.profile.provider,
        "model_id": each.profile.model_id,
        "calls": each.calls,
        "usd": {name: None if usd is None else render_money(usd * each.calls) for name, usd in costs.items()},
        "unknown_reason": estimate.unknown_reason,
        "input_tokens": count.tokens,
        "input_tokens_exact": count.exact,
        "input_tokens_error_percent": estimate.input_error_percent,
        "input_tokens_bounds": estimate.input_token_bounds,
        "input_tokens_note": count.note,
        "output_tokens_likely": estimate.expected_output_tokens,
        "output_tokens_most": estimate.highest_output_tokens,
        "fits": each.fits,
        "notes": each.notes(),
        "assumed": list(estimate.assumed),
    }
