"""What xAI's list of language models tells."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from core.llms.errors import ProtocolError
from core.llms.registry.capability_detector import ModelCapabilityDetectorFactory
from core.llms.registry.llm_registry import LLMRegistry
from core.llms.registry.models import LLMProfile
from core.llms.simulator import Simulator
from core.llms.types.prices import Prices
from tests.support.raw_server import Exchange, raw_server

NAMES = {"object": "list", "data": [{"id": id, "object": "model"} for id in ("grok-9", "grok-8", "grok-imagine")]}
# The first entry is the example of xAI's description of its API, but for the names and the price of images.
LANGUAGE: dict[str, Any] = {
    "models": [
        {
            "id": "grok-9",
            "fingerprint": "fp_898ae9f31c",
            "created": 1743724800,
            "object": "model",
            "owned_by": "xai",
            "version": "1.0",
            "input_modalities": ["text", "image"],
            "output_modalities": ["text"],
            "prompt_text_token_price": 30000,
            "cached_prompt_text_token_price": 7500,
            "prompt_image_token_price": 40000,
            "completion_text_token_price": 150000,
            "search_price": 250000000,
            "aliases": ["grok-9-latest"],
        },
        {
            "id": "grok-8",
            "input_modalities": ["text"],
            "output_modalities": ["text"],
            "prompt_text_token_price": 2500,
            "cached_prompt_text_token_price": 0,
            "prompt_image_token_price": 2500,
            "completion_text_token_price": 5000,
        },
    ]
}


async def detect(language: Any, status: str = "200 OK") -> dict[str, LLMProfile]:
    async def handle(exchange: Exchange) -> None:
        if b"/language-models " in exchange.head:
            await exchange.answer(json.dumps(language).encode(), status=status)
        else:
            await exchange.answer(json.dumps(NAMES).encode())

    async with raw_server(handle) as server:
        report = await ModelCapabilityDetectorFactory.detect(
            "xai", registry=LLMRegistry(catalog=False), api_key="k", base_url=f"{server.url}/v1"
        )
    return {model.model: model.profile for model in report.models if model.profile is not None}


async def test_list_of_language_models_tells_modalities_and_prices() -> None:
    found = await detect(LANGUAGE)
    assert found.keys() == {"grok-9", "grok-8", "grok-imagine"}
    seeing, blind, drawing = found["grok-9"], found["grok-8"], found["grok-imagine"]
    assert seeing.prices == Prices.of("3", "15", cache_read="0.75", image_input="4")
    assert (seeing.aliases, seeing.released) == (("grok-9-latest",), date(2025, 4, 4))
    assert blind.prices == Prices.of("0.25", "0.5")
    assert (seeing.capabilities.supports_vision, blind.capabilities.supports_vision) == (True, False)
    assert seeing.capabilities.supports_tools is None
    assert (drawing.capabilities.supports_streaming, drawing.prices) == (False, None)


async def test_server_without_the_list_tells_names_alone() -> None:
    found = await detect({"code": "not found", "error": "Not Found"}, status="404 Not Found")
    assert found.keys() == {"grok-9", "grok-8", "grok-imagine"}
    assert {(each.prices, each.capabilities.supports_vision) for each in found.values()} == {(None, None)}


async def test_list_of_another_form_is_refused() -> None:
    with pytest.raises(ProtocolError, match="`models`"):
        await detect({"data": []})


async def test_simulated_list_has_the_prices_that_its_answers_cost(llm_simulator: Simulator) -> None:
    report = await ModelCapabilityDetectorFactory.detect("xai", "grok-4.3", registry=LLMRegistry(catalog=False))
    (model,) = report.models
    assert model.profile is not None
    assert model.profile.prices == Prices.of("1.25", "2.5", cache_read="0.2")
    assert "/xai/v1/language-models" in {request.path for request in llm_simulator.requests}
