"""Newer facts over the packaged ones: which of the two a row has, fact by fact.

What a room says stays. A list's newer word goes before its older one and before lists that are believed less; where it
denies what another list of the package says, or what the package left open, nobody is believed: a wrong no would refuse
calls.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from core.llms.catalog.assembly.facts import ABILITY, Facts, order_row
from core.llms.catalog.assembly.merge import ROOMS, add_tiers, rank_list
from core.llms.providers.base.metadata import Source

Rows = Mapping[str, Mapping[str, Any]]
Sources = Mapping[str, Source]

# A list's key in rows that were refreshed ends so; its facts are of another day than the packaged ones.
REFRESHED = "+"


def overlay_rows(packaged: Rows, refreshed: Rows, sources: Sources) -> dict[str, Mapping[str, Any]]:
    """Return all rows by id; `sources` has those of both. What a room names as another name of its model is none."""
    named = {alias for row in packaged.values() if "aliases" in row["from"].get(ROOMS, ()) for alias in row["aliases"]}
    rows = dict(packaged)
    for id, row in refreshed.items():
        if id not in named:
            rows[id] = row if id not in packaged else _overlay(packaged[id], row, sources)
    return rows


def _overlay(packaged: Mapping[str, Any], refreshed: Mapping[str, Any], sources: Sources) -> Facts:
    facts, origin = unfold_row(packaged)
    newer, newer_origin = unfold_row(refreshed)
    for field in newer.keys() & newer_origin.keys():
        value, key, own = newer[field], newer_origin[field], origin.get(field)
        if _is_disputed(field, value, own, key, facts):
            facts.pop(field, None)
            origin.pop(field, None)
        elif own is None or _goes_before(key, own, field, sources):
            facts[field], origin[field] = value, key
            if field == "prices":
                _carry_tiers(facts, origin, packaged.get("prices"), newer_origin.get("service_tiers"))
    return order_row(facts | {"from": origin})


def _carry_tiers(facts: Facts, origin: dict[str, str], packaged: Facts | None, tiers_from: str | None) -> None:
    """Keep the tiers of the package that the newer prices leave out, where the plain prices are the same."""
    own = origin.pop("service_tiers", None)
    added = add_tiers(facts["prices"], packaged)
    if added is not facts["prices"] and own is not None:
        facts["prices"], origin["service_tiers"] = added, own
    if tiers_from is not None:
        origin["service_tiers"] = tiers_from


def _is_disputed(field: str, value: Any, own: str | None, key: str, facts: Facts) -> bool:
    if not field.startswith(ABILITY) and field != "sampling":
        return False
    if own is None:
        return value in (False, "never")
    return own != ROOMS and own != _bare(key) and facts[field] != value


def _goes_before(key: str, own: str, field: str, sources: Sources) -> bool:
    bare = _bare(key)
    if bare == own:
        return _day(key, sources) >= _day(own, sources)
    return rank_list(bare, field) < rank_list(own, field)


def _day(key: str, sources: Sources) -> date:
    return sources[key].read_on if key in sources else date.min


def _bare(key: str) -> str:
    return key.removesuffix(REFRESHED)


def unfold_row(row: Mapping[str, Any]) -> tuple[Facts, dict[str, str]]:
    """Return a row's facts, abilities as fields of their own, and the list that each is from."""
    able = {f"{ABILITY}{name}": value for name, value in row.get("can", {}).items()}
    facts = {name: value for name, value in row.items() if name not in ("can", "from")} | able
    return facts, {field: key for key, fields in row["from"].items() for field in fields}
