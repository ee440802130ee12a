"""xAI tells modalities and prices of its language models, in a list beside the one that has the names of all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar, Final

from core.llms.context import LLMContext
from core.llms.errors import NotFoundError
from core.llms.providers.base.implementation import BaseLLM
from core.llms.providers.xai import XaiBaseLLM
from core.llms.registry.detection.base.detector import CapabilityDetector
from core.llms.registry.detection.base.reading import day, has, prices_by_factor, purpose, stated, text, words
from core.llms.registry.detection.base.results import ListedModel
from core.llms.types.prices import Prices

# From US cents for a hundred million tokens to USD for a million.
_USD_PER_MILLION: Final = Decimal("0.0001")
_PRICES: Final = {
    "input": "prompt_text_token_price",
    "output": "completion_text_token_price",
    "cache_read": "cached_prompt_text_token_price",
    "image_input": "prompt_image_token_price",
}


class XaiDetector(CapabilityDetector):
    """Reads `/v1/language-models` (xAI's OpenAPI description and xai-sdk 1.21.0, `models_pb2.pyi`, read 2026-11-28).

    A model that is not in that list is not for language; a server without the list tells names alone. Nothing there
    tells limits, tools or reasoning.
    """

    PROVIDER: ClassVar[str] = "xai"

    def read_entry(self, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        into, out = words(entry.get("input_modalities")), words(entry.get("output_modalities"))
        aliases = entry.get("aliases")
        return {
            **purpose(has(out, "text"), has(out, "embedding", "embeddings")),
            "aliases": tuple(filter(text, aliases)) if isinstance(aliases, list) else None,
            "released": day(entry.get("created")),
            "supports_vision": has(into, "image"),
            "prices": _read_prices(entry),
        }

    async def read_list(self, llm: BaseLLM, context: LLMContext) -> list[ListedModel]:
        assert isinstance(llm, XaiBaseLLM)
        names = await llm.list_models(context)
        try:
            told = {each.id: each.raw for each in await llm.list_language_models(context)}
        except NotFoundError:
            return [ListedModel(each.id, {}) for each in names]
        known = {alias for entry in told.values() for alias in entry.get("aliases") or ()}
        silent = [each.id for each in names if each.id not in told and each.id not in known]
        return [
            *(ListedModel(id, stated(self.read_entry(entry))) for id, entry in told.items()),
            *(ListedModel(id, stated(purpose(False, None))) for id in silent),
        ]


def _read_prices(entry: Mapping[str, Any]) -> Prices | None:
    """Read prices; zero is written for what has none, and images at the price of text are no price of their own."""
    prices = prices_by_factor({name: amount for name, amount in entry.items() if amount}, _USD_PER_MILLION, **_PRICES)
    return replace(prices, image_input=None) if prices is not None and prices.image_input == prices.input else prices
