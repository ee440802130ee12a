"""The catalogue holds what the models' rooms say, and the source of everything else that it says."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic_core import to_json

from core.llms.catalog.assembly.facts import FIELDS
from core.llms.catalog.classes import catalogued_metadata
from core.llms.catalog.store import list_catalogued, load_provider
from core.llms.cli.catalog_build import read_rooms
from core.llms.types.capabilities import Capability
from core.llms.types.parameters import ALL_PARAMS
from core.llms.types.price_records import render_prices

ROOMS = read_rooms()
PROVIDERS = list_catalogued()


def nested(facts: dict[str, Any]) -> dict[str, Any]:
    plain = {name: value for name, value in facts.items() if not name.startswith("can.")}
    return plain | {"can": {name[4:]: value for name, value in facts.items() if name.startswith("can.")}}


@pytest.mark.parametrize(("provider", "id"), [(provider, id) for provider, models in ROOMS.items() for id in models])
def test_row_says_what_the_room_says(provider: str, id: str) -> None:
    row = load_provider(provider).rows.get(id)
    assert row is not None, "not in the catalogue: build it again"
    said = nested(ROOMS[provider][id])
    tiers = said.get("prices", {}).get("service_tiers", {})
    for field, value in said.items():
        listed = row.get(field)
        if field == "prices":
            assert listed is not None
            added = {name: tier for name, tier in listed.get("service_tiers", {}).items() if name not in tiers}
            assert listed == value | ({"service_tiers": tiers | added} if tiers or added else {})
        elif field == "aliases":
            assert listed == value
        elif field == "can":
            assert listed | value == listed
        else:
            assert listed == value, field


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_fact_has_the_source_and_the_date_of_its_list(provider: str) -> None:
    listed = load_provider(provider)
    for id, row in listed.rows.items():
        origins = {field for fields in row["from"].values() for field in fields}
        stated = {name for name in row if name not in ("id", "from", "can")}
        stated |= {f"can.{name}" for name in row.get("can", {})}
        assert stated <= origins, id
        assert set(row["from"]) <= {*listed.sources, "r"}, id
        assert ("r" not in row["from"]) or row["sources"], id


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_row_is_of_known_fields_and_makes_a_class(provider: str) -> None:
    for id, row in load_provider(provider).rows.items():
        assert row.keys() <= {*FIELDS, "from"}, id
        assert set(row.get("can", {})) <= {capability.value for capability in Capability}, id
        assert set(row.get("params", ())) <= ALL_PARAMS, id
        metadata = catalogued_metadata(provider, id)
        assert metadata is not None
        assert id == metadata.MODEL_ID
        if metadata.PRICES is not None:
            assert to_json(render_prices(metadata.PRICES), indent=0) and render_prices(metadata.PRICES) == row["prices"]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_limits_dates_and_prices_are_plausible(provider: str) -> None:
    for id, row in load_provider(provider).rows.items():
        for field in ("context", "max_input", "max_output", "dimensions"):
            assert row.get(field, 1) > 0, id
        for field in ("cutoff", "released", "deprecated", "retired"):
            assert date(2018, 1, 1) <= date.fromisoformat(row.get(field, "2026-01-01")) <= date(2031, 1, 1), (id, field)
        amounts = [row["prices"][part] for part in ("input", "output") if "prices" in row]
        assert all(0 <= float(amount) <= 1500 for amount in amounts), id


def test_aliases_name_one_model_each() -> None:
    for provider in PROVIDERS:
        listed = load_provider(provider)
        named = [alias for row in listed.rows.values() for alias in row.get("aliases", ())]
        assert len(named) == len(set(named)), provider
        assert not set(named) & set(listed.rows), provider
