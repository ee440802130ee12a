"""Chooses among the lists, fact by fact: by precedence, and where a wrong fact would refuse calls, by agreement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from core.llms.catalog.assembly.facts import ABILITY, Facts, Listing, money
from core.llms.catalog.assembly.maker_rules import add_maker_s_rules

# Lists by their keys, the first that states a fact is believed.
ROOMS: Final = "r"
GENAI_PRICES: Final = "g"
LITELLM: Final = "l"
MODELS_DEV: Final = "m"
PI_AI: Final = "p"
_DEFAULT: Final = (ROOMS, MODELS_DEV, LITELLM, PI_AI, GENAI_PRICES)
_PRECEDENCE: Final[Mapping[str, Sequence[str]]] = {
    "prices": (ROOMS, GENAI_PRICES, LITELLM, MODELS_DEV, PI_AI),
    "kind": (ROOMS, LITELLM, MODELS_DEV, PI_AI),
}


def merge_models(provider: str, listings: Iterable[Listing]) -> dict[str, tuple[Facts, Mapping[str, Facts]]]:
    """Return a provider's models by id: the row, and what each list says of it.

    What a room names as another name of its model is no model of its own.
    """
    lists = {listing.key: listing.models.get(provider, {}) for listing in listings}
    aliases = {alias for facts in lists.get(ROOMS, {}).values() for alias in facts.get("aliases", ())}
    ids = sorted({id for models in lists.values() for id in models} - aliases)
    said = {id: {key: models[id] for key, models in lists.items() if id in models} for id in ids}
    return {id: ({"id": id, **merge_facts(id, facts)}, facts) for id, facts in said.items()}


def merge_facts(id: str, said: Mapping[str, Facts]) -> Facts:
    """Merge what the lists say of one model; `from` has the list that each fact was taken from."""
    row: Facts = {}
    origin: dict[str, str] = {}
    for field in sorted({field for facts in said.values() for field in facts}):
        key = _chosen(field, said)
        if key is not None:
            row[field], origin[field] = said[key][field], key
    for key in (GENAI_PRICES, LITELLM):
        completed = add_tiers(row["prices"], said.get(key, {}).get("prices")) if "prices" in row else None
        if completed is not row.get("prices"):
            row["prices"], origin["service_tiers"] = completed, key
    if "prices" in row and origin["prices"] != ROOMS:
        row["prices"] = add_maker_s_rules(id, row["prices"])
    return row | {"from": origin}


def _chosen(field: str, said: Mapping[str, Facts]) -> str | None:
    """Name the list to believe; None for an ability in dispute, because a wrong no would refuse calls."""
    order = [key for key in _PRECEDENCE.get(field, _DEFAULT) if field in said.get(key, {})]
    disputed = any(said[key][field] != said[order[0]][field] for key in order)
    if disputed and ROOMS not in order and (field.startswith(ABILITY) or field == "sampling"):
        return None
    return order[0] if order else None


def rank_list(key: str, field: str) -> int:
    """Say how many lists go before a list for a fact; a smaller number is believed."""
    return _PRECEDENCE.get(field, _DEFAULT).index(key)


def add_tiers(prices: Facts, others: Facts | None) -> Facts:
    """Return prices with the tiers that only the other ones have; the same prices where there are none."""
    added = _added_tiers(prices, others)
    return prices | {"service_tiers": prices.get("service_tiers", {}) | added} if added else prices


def _added_tiers(prices: Facts, others: Facts | None) -> Facts:
    """Return the tiers that only the other list has, where both agree on the plain prices, of some day."""
    if others is None or not _agree(prices, others):
        return {}
    known = prices.get("service_tiers", {})
    return {
        name: _following(tier, prices) for name, tier in others.get("service_tiers", {}).items() if name not in known
    }


def _agree(prices: Facts, others: Facts) -> bool:
    return any(prices["input"] == each["input"] and prices["output"] == each["output"] for each in _on_all_days(others))


def _on_all_days(prices: Facts) -> list[Facts]:
    return [prices, *prices.get("changes", ())]


def _following(tier: Facts, prices: Facts) -> Facts:
    """Let a tier without dates of its own keep its proportion to the plain prices when these change."""
    if "changes" in tier or "changes" not in prices:
        return tier
    changes = [{"from": change["from"], **_in_proportion(tier, prices, change)} for change in prices["changes"]]
    return {**tier, "changes": changes}


def _in_proportion(tier: Facts, prices: Facts, change: Facts) -> Facts:
    parts = [part for part in tier if part in change and part != "tiers" and Decimal(prices.get(part, 0))]
    return {part: money(Decimal(tier[part]) / Decimal(prices[part]) * Decimal(change[part])) for part in parts}
