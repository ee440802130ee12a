from __future__ import annotations

from datetime import date
from decimal import Decimal

from core.llms.catalog.classes import catalogued_metadata, override_class
from core.llms.providers.base.metadata import BaseMetadata, Capability
from core.llms.types.prices import Prices


class KnownMetadata(BaseMetadata):
    """A model that is known."""

    NAME = "x-m"
    MODEL_ID = "m"
    PROVIDER = "x"
    CONTEXT_WINDOW = 1000
    MAX_TOKENS = 100
    PRICES = Prices.of("1", "2")
    CAPABILITIES = {Capability.TOOLS: True, Capability.VISION: False}


def test_model_without_a_room_has_the_facts_of_its_row() -> None:
    metadata = catalogued_metadata("openai", "gpt-3.5-turbo-16k")
    assert metadata is not None
    assert (metadata.NAME, metadata.MODEL_ID, metadata.PROVIDER) == (
        "openai-gpt-3.5-turbo-16k",
        "gpt-3.5-turbo-16k",
        "openai",
    )
    assert (Decimal("0.003"), Decimal("0.004")) == (metadata.COST_PER_1K_INPUT, metadata.COST_PER_1K_OUTPUT)
    assert metadata.SOURCES
    assert all("(" in source.name and source.read_on.year == 2026 for source in metadata.SOURCES)


def test_class_is_made_once_for_all_names_of_a_model() -> None:
    assert catalogued_metadata("openai", "gpt-3.5-turbo-16k") is catalogued_metadata("openai", "gpt-3.5-turbo-16k")
    assert catalogued_metadata("openai", "no-such-model") is None


def test_override_changes_what_it_states_and_nothing_of_the_class_that_was_there() -> None:
    facts = {"context": 7, "can": {"vision": True}, "prices": {"input": "5", "output": "6"}, "retired": "2026-01-01"}
    changed = override_class(KnownMetadata, facts)
    assert (7, 100, date(2026, 1, 1)) == (changed.CONTEXT_WINDOW, changed.MAX_TOKENS, changed.RETIRED)
    assert (changed.supports("tools"), changed.supports("vision")) == (True, True)
    assert (Prices.of("5", "6"), Decimal("0.005")) == (changed.PRICES, changed.COST_PER_1K_INPUT)
    assert (KnownMetadata.CONTEXT_WINDOW, KnownMetadata.supports("vision")) == (1000, False)
    assert Decimal("0.001") == KnownMetadata.COST_PER_1K_INPUT
