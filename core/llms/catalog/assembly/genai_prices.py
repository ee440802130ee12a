"""Reads genai-prices' list: prices with their dates, hours, sizes of prompt and variants; and which ids each is for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import time, timedelta
from typing import Any, Final, TypeAlias

from core.llms.catalog.assembly.facts import Facts, money, positive, stated
from core.llms.catalog.assembly.names import GENAI_PRICES, PEAK_WEEKDAYS, wire_id

Row: TypeAlias = Mapping[str, Any]

# Price of a million of these tokens there: its name here.
_PARTS: Final = {
    "input_mtok": "input",
    "output_mtok": "output",
    "cache_read_mtok": "cache_read",
    "cache_write_mtok": "cache_write",
    "cache_write_1h_mtok": "cache_write_1h",
    "output_reasoning_mtok": "reasoning",
    "input_audio_mtok": "audio_input",
    "output_audio_mtok": "audio_output",
    "input_image_mtok": "image_input",
    "output_image_mtok": "image_output",
}
_FEES: Final = {"web_searches_kcount": "server_tools", "requests_kcount": "requests"}
# What a model neither answers nor embeds with; the list does not tell the kind of a model.
_OTHER_KIND: Final = re.compile(r"tts|image|transcribe|realtime|whisper|live|ocr|rerank|speech|moderation|native-audio")
_MINUTES_A_DAY: Final = 24 * 60


def read_prices(raw: Iterable[Mapping[str, Any]], ids: Mapping[str, Set[str]]) -> dict[str, dict[str, Facts]]:
    """Read the facts of every id that the list has a price for: the list's own ids, and `ids`, other lists'."""
    by_name = {provider["id"]: provider["models"] for provider in raw}
    read: dict[str, dict[str, Facts]] = {}
    for provider, names in GENAI_PRICES.items():
        models = [model for name in names for model in by_name.get(name, ())]
        read[provider] = _read_provider(provider, models, ids.get(provider, frozenset()))
    return read


def _read_provider(provider: str, models: list[Mapping[str, Any]], known: Set[str]) -> dict[str, Facts]:
    """Read a provider's facts: of other lists' ids that a model matches; of its own ids where it matches none of them.

    Where it does, its own ids are other names of the first of those.
    """
    found: dict[str, Facts] = {}
    for model in models:
        facts = _read_model(provider, model)
        if "prices" in facts:
            own = _own_ids(provider, model)
            matched = [id for id in (*own, *sorted(known - set(own))) if id in known and _matches(model["match"], id)]
            others = [id for id in own if id not in known and not _OTHER_KIND.search(id)]
            names = stated(aliases=others) if matched else {}
            for index, id in enumerate(matched or others):
                found.setdefault(id, facts | (names if index == 0 else {}))
    return found


def _own_ids(provider: str, model: Mapping[str, Any]) -> list[str]:
    names = dict.fromkeys([model["id"], *_equals(model["match"])])
    spelled = (wire_id(provider, name) for name in names if _is_for(model["match"], name))
    return [id for id in spelled if id is not None]


def _matches(clause: Mapping[str, Any], id: str) -> bool:
    return _is_for(clause, id) or _is_for(clause, id.lower())


def _is_for(clause: Mapping[str, Any], id: str) -> bool:
    ((kind, value),) = clause.items()
    match kind:
        case "equals":
            return bool(id == value)
        case "starts_with":
            return id.startswith(value)
        case "ends_with":
            return id.endswith(value)
        case "contains":
            return value in id
        case "regex":
            return re.search(value, id) is not None
        case "or" | "or_":
            return any(_is_for(part, id) for part in value)
        case "and" | "and_":
            return all(_is_for(part, id) for part in value)
    raise ValueError(f"genai-prices matches in a way that is not known: {kind!r}")


def _equals(clause: Mapping[str, Any]) -> Iterator[str]:
    ((kind, value),) = clause.items()
    if kind == "equals":
        yield value
    elif kind in ("or", "or_"):
        for part in value:
            yield from _equals(part)


def _read_model(provider: str, model: Mapping[str, Any]) -> Facts:
    prices = model["prices"]
    rows = prices if isinstance(prices, list) else [{"prices": prices}]
    return stated(
        name=model.get("name"),
        context=positive(model.get("context_window")),
        status="deprecated" if model.get("deprecated") else None,
        prices=_read_rows(rows, model.get("price_variants") or (), PEAK_WEEKDAYS.get(provider)),
    )


def _read_rows(rows: list[Row], variants: Iterable[Row], weekdays: list[int] | None) -> Facts | None:
    """Read a list of prices of which the last one that holds wins: first the plain, then by date, then by hour.

    The list cannot say since when hours have prices of their own: they are taken to hold since its last change.
    """
    first, *rest = rows
    base = _read_sizes(first["prices"])
    if base is None or first.get("constraint"):
        return None
    dated = [first, *sorted(_constrained(rest, "start_date"), key=_start)]
    changes = [{"from": _start(row), **sizes} for row in dated[1:] if (sizes := _read_sizes(row["prices"]))]
    hours = [_read_window(row, weekdays) for row in _constrained(rest, "start_time")]
    if hours:
        (changes or [base])[-1]["windows"] = hours
    return base | stated(changes=changes, service_tiers=_read_tiers(variants, dated))


def _constrained(rows: Iterable[Row], kind: str) -> list[Row]:
    return [row for row in rows if kind in (row.get("constraint") or {}) and "input_mtok" in row["prices"]]


def _start(row: Row) -> str:
    return str((row.get("constraint") or {}).get("start_date", ""))


def _read_window(row: Row, weekdays: list[int] | None) -> Facts:
    return _hours(row["constraint"]) | stated(weekdays=weekdays) | {"prices": _read_sizes(row["prices"])}


def _read_tiers(variants: Iterable[Row], standard: list[Row]) -> Facts:
    """Read the prices of other tiers; of one with several dates the first holds from the beginning."""
    by_tier: dict[str, list[Row]] = {}
    for variant in variants:
        tier = _tier(variant)
        if tier is not None:
            by_tier.setdefault(tier, []).append(variant)
    read = {tier: _read_tier(sorted(dated, key=_start), standard) for tier, dated in by_tier.items()}
    return {tier: prices for tier, prices in read.items() if prices is not None}


def _read_tier(dated: list[Row], standard: list[Row]) -> Facts | None:
    """Read a tier: what its variant does not price costs as in the standard tier of the day. Fees are of the call."""
    first, *rest = dated

    def at(day: str) -> Facts | None:
        plain = [row for row in standard if _start(row) <= day][-1]["prices"]
        variant = [first, *(row for row in rest if _start(row) <= day)][-1]["prices"]
        return _read_sizes({name: value for name, value in {**plain, **variant}.items() if name not in _FEES})

    base = previous = at("")
    if base is None:
        return None
    changes = []
    for day in sorted({_start(row) for row in (*standard[1:], *rest)}):
        sizes = at(day)
        if sizes is not None and sizes != previous:
            changes.append({"from": day, **sizes})
            previous = sizes
    return base | stated(changes=changes)


def _hours(constraint: Mapping[str, str]) -> Facts:
    return {"begin": _minute(constraint["start_time"]), "end": _minute(constraint["end_time"])}


def _minute(text: str) -> int:
    """Read a time of day, UTC where it says no other, as minutes since midnight UTC."""
    try:
        moment = time.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"genai-prices has a time that is not known: {text!r}") from error
    offset = (moment.utcoffset() or timedelta()) // timedelta(minutes=1)
    return (moment.hour * 60 + moment.minute - offset) % _MINUTES_A_DAY


def _tier(variant: Mapping[str, Any]) -> str | None:
    """Name a variant as usage names its tier; None for one that usage does not tell."""
    ((kind, value),) = variant["when"].items()
    if kind not in ("processing", "service_tier", "speed") or value == "default":
        return None
    return str(value)


def _read_sizes(prices: Mapping[str, Any]) -> Facts | None:
    """Read prices that may rise with the size of the prompt; None for what is not billed by tokens of text."""
    if "input_mtok" not in prices:
        return None
    starts = sorted({tier["start"] for value in prices.values() if isinstance(value, dict) for tier in value["tiers"]})
    tiers = [{"above": int(start), **_read_parts(prices, start)} for start in starts]
    return _read_parts(prices, None) | stated(tiers=tiers)


def _read_parts(prices: Mapping[str, Any], start: Any) -> Facts:
    parts = {here: _amount(prices[there], start) for there, here in (_PARTS | _FEES).items() if there in prices}
    return {"output": "0"} | parts if start is None else parts


def _amount(value: Any, start: Any) -> str:
    if not isinstance(value, dict):
        return money(value)
    reached = [tier for tier in value["tiers"] if start is not None and tier["start"] <= start]
    return money(reached[-1]["price"] if reached else value["base"])
