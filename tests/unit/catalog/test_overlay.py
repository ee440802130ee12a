"""Which of two facts a row has, where one is packaged and the other was refreshed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.llms.catalog.overlay import overlay_rows
from core.llms.providers.base.metadata import Source

OLD, NEW = date(2026, 1, 1), date(2026, 2, 1)
SOURCES = {key: Source(key, OLD) for key in "gmlp"} | {f"{key}+": Source(key, NEW) for key in "gml"}
CHEAP, DEAR = {"input": "1", "output": "2"}, {"input": "3", "output": "6"}
BATCH = {"batch": {"input": "0.5", "output": "1"}}


def row(said: dict[str, list[str]], **facts: Any) -> dict[str, Any]:
    return {"id": "m", **facts, "from": said}


def overlaid(packaged: dict[str, Any], refreshed: dict[str, Any], sources: Any = SOURCES) -> dict[str, Any]:
    return dict(overlay_rows({"m": packaged}, {"m": refreshed}, sources)["m"])


@pytest.mark.parametrize(
    ("packaged_from", "refreshed_from", "price"),
    [
        ("r", "g+", "1"),  # a class stays
        ("g", "g+", "3"),  # a list's newer word
        ("l", "g+", "3"),  # a list that is believed more
        ("g", "l+", "1"),  # one that is believed less
        ("p", "m+", "3"),
    ],
)
def test_price_is_of_the_list_that_is_believed(packaged_from: str, refreshed_from: str, price: str) -> None:
    found = overlaid(row({packaged_from: ["prices"]}, prices=CHEAP), row({refreshed_from: ["prices"]}, prices=DEAR))
    assert found["prices"]["input"] == price
    assert found["from"] == {packaged_from if price == "1" else refreshed_from: ["prices"]}


def test_package_that_is_newer_than_what_was_refreshed_goes_first() -> None:
    newer_package = SOURCES | {"g": Source("g", date(2026, 3, 1))}
    found = overlaid(row({"g": ["prices"]}, prices=CHEAP), row({"g+": ["prices"]}, prices=DEAR), newer_package)
    assert found["prices"] == CHEAP


def test_facts_that_only_one_has_are_all_there() -> None:
    found = overlaid(
        row({"m": ["context"]}, context=5), row({"l+": ["max_output", "retired"]}, max_output=7, retired="2026-05-01")
    )
    assert (found["context"], found["max_output"], found["retired"]) == (5, 7, "2026-05-01")
    assert found["from"] == {"l+": ["max_output", "retired"], "m": ["context"]}


def test_model_that_is_new_is_added_and_another_name_of_a_class_is_none() -> None:
    packaged = {"m": row({"r": ["aliases"]}, aliases=["m-latest"])}
    refreshed = {"m-latest": row({"g+": []}), "m-2": row({"g+": ["prices"]}, prices=DEAR)}
    assert set(overlay_rows(packaged, refreshed, SOURCES)) == {"m", "m-2"}


@pytest.mark.parametrize(
    ("packaged", "refreshed", "found"),
    [
        ({"m": True}, {"m+": False}, False),  # the list changed its mind
        ({"p": True}, {"m+": False}, None),  # lists disagree
        ({}, {"m+": False}, None),  # what was left open may have been in dispute
        ({}, {"m+": True}, True),
        ({"r": True}, {"m+": False}, True),
    ],
)
def test_ability_is_denied_by_nobody_alone(
    packaged: dict[str, bool], refreshed: dict[str, bool], found: bool | None
) -> None:
    def able(said: dict[str, bool]) -> dict[str, Any]:
        return row(
            {key: ["can.tools"] for key in said}, **({"can": {"tools": next(iter(said.values()))}} if said else {})
        )

    assert overlaid(able(packaged), able(refreshed)).get("can", {}).get("tools") is found


def test_packaged_tiers_stay_where_the_plain_prices_are_the_same() -> None:
    packaged = row({"g": ["prices"], "l": ["service_tiers"]}, prices=CHEAP | {"service_tiers": BATCH})
    same = overlaid(packaged, row({"g+": ["prices"]}, prices=CHEAP | {"cache_read": "0.1"}))
    assert same["prices"] == CHEAP | {"cache_read": "0.1", "service_tiers": BATCH}
    assert same["from"] == {"g+": ["prices"], "l": ["service_tiers"]}
    other = overlaid(packaged, row({"g+": ["prices"]}, prices=DEAR))
    assert (other["prices"], other["from"]) == (DEAR, {"g+": ["prices"]})
