"""OpenAI's rooms: key figures typed by hand from the sources, names, error texts, and calls of every model."""

from __future__ import annotations

import warnings
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import pytest

from core.llms.errors import UnsupportedParameterError
from core.llms.providers.base.metadata import BaseMetadata, Capability
from core.llms.providers.base.rooms import resolve_metadata
from core.llms.providers.openai import OpenAIBaseLLM, create_openai_llm
from core.llms.providers.openai.models import ROOMS
from core.llms.simulator import Simulator
from core.llms.types.costs import compute_cost
from core.llms.types.usage import Usage

CHAT_NAMES = [name for name in ROOMS if not name.startswith("text-embedding")]
SIMULATED_NAMES = [name for name in CHAT_NAMES if name != "gpt-3.5-turbo-1106"]
REASONING_NAMES = [name for name in CHAT_NAMES if ROOMS[name].load()[0].REASONING_EFFORTS]


class Figures(NamedTuple):
    """USD per million tokens, and tokens."""

    name: str
    input: str
    output: str
    cache_read: str | None
    context: int
    output_limit: int


# genai-prices 0.2.3 and models.dev (opencode 1.18.34), typed by hand on 2026-11-21.
GOLDEN = [
    Figures("gpt-3.5-turbo-1106", "1", "2", None, 16_385, 4_096),
    Figures("gpt-4", "30", "60", None, 8_192, 8_192),
    Figures("gpt-4o-2024-05-13", "5", "15", None, 128_000, 4_096),
    Figures("gpt-4o", "2.5", "10", "1.25", 128_000, 16_384),
    Figures("gpt-4.1-mini", "0.4", "1.6", "0.1", 1_047_576, 32_768),
    Figures("o3", "2", "8", "0.5", 200_000, 100_000),
    Figures("o4-mini", "1.1", "4.4", "0.275", 200_000, 100_000),
    Figures("gpt-5", "1.25", "10", "0.125", 400_000, 128_000),
    Figures("gpt-5.4", "2.5", "15", "0.25", 1_050_000, 128_000),
    Figures("gpt-5.5", "5", "30", "0.5", 1_050_000, 128_000),
    Figures("gpt-5.6", "4", "20", "0.4", 1_050_000, 128_000),
    Figures("gpt-6-astra", "10", "50", "1", 1_050_000, 128_000),
    Figures("gpt-6-luna", "0.1", "0.5", "0.01", 1_050_000, 128_000),
    Figures("gpt-6.1-sol", "2", "10", "0.1", 1_050_000, 128_000),
    Figures("gpt-6.1-terra", "1", "5", "0.05", 1_050_000, 128_000),
]


def _metadata(name: str) -> type[BaseMetadata]:
    return ROOMS[name].load()[0]


def _cost(name: str, **usage: int | str) -> Decimal | None:
    return compute_cost(Usage(**usage), _metadata(name).PRICES)[0]  # type: ignore[arg-type]  # counts and one tier


@pytest.mark.parametrize("figures", GOLDEN, ids=lambda figures: figures.name)
def test_figures_are_those_of_the_sources(figures: Figures) -> None:
    metadata = _metadata(figures.name)
    assert metadata.PRICES is not None
    assert metadata.PRICES.input == Decimal(figures.input)
    assert metadata.PRICES.output == Decimal(figures.output)
    assert metadata.PRICES.cache_read == (None if figures.cache_read is None else Decimal(figures.cache_read))
    assert (figures.context, figures.output_limit) == (metadata.CONTEXT_WINDOW, metadata.MAX_TOKENS)


@pytest.mark.parametrize(
    ("usage", "usd"),
    [
        ({"input_tokens": 272_000}, "0.544"),
        ({"input_tokens": 272_001}, "1.088004"),
        ({"input_tokens": 300_000, "cache_read_tokens": 100_000, "output_tokens": 10_000}, "0.97"),
        ({"input_tokens": 10_000, "cache_write_tokens": 10_000}, "0.025"),
        ({"input_tokens": 1_000, "output_tokens": 1_000, "service_tier": "flex"}, "0.006"),
        ({"input_tokens": 1_000, "output_tokens": 1_000, "service_tier": "priority"}, "0.024"),
        ({"input_tokens": 1_000, "output_tokens": 1_000, "service_tier": "fast"}, "0.024"),
        ({"input_tokens": 1_000, "output_tokens": 1_000, "service_tier": "ultrafast"}, "0.072"),
        ({"input_tokens": 300_000, "output_tokens": 1_000, "service_tier": "flex"}, "0.6075"),
        ({"input_tokens": 300_000, "output_tokens": 1_000, "service_tier": "ultrafast"}, "7.29"),
        ({"server_tool_requests": 3}, "0.03"),
    ],
)
def test_cost_follows_prompt_size_cache_and_service_tier(usage: dict[str, int | str], usd: str) -> None:
    assert _cost("gpt-6.1-sol", **usage) == Decimal(usd)


def test_cost_of_a_tier_without_a_price_is_not_known() -> None:
    cost, reason = compute_cost(Usage(input_tokens=1, service_tier="flex"), _metadata("gpt-4o").PRICES)
    assert cost is None
    assert reason == "no price is known for service tier 'flex'"


@pytest.mark.parametrize(
    ("name", "efforts", "default"),
    [
        ("o3", "low medium high", "medium"),
        ("gpt-5-nano", "minimal low medium high", "medium"),
        ("gpt-5.4", "none low medium high xhigh", "none"),
        ("gpt-5.5", "none low medium high xhigh", "medium"),
        ("gpt-5.6-luna", "none low medium high xhigh max", "medium"),
        ("gpt-6-astra", "low medium high xhigh max", None),
        ("gpt-6.1-sol", "low medium high xhigh max", "medium"),
        ("gpt-6.1-terra", "none low medium high xhigh max", "medium"),
    ],
)
def test_efforts_are_the_models_own(name: str, efforts: str, default: str | None) -> None:
    metadata = _metadata(name)
    assert " ".join(metadata.REASONING_EFFORTS) == efforts
    assert default == metadata.DEFAULT_REASONING_EFFORT
    assert metadata.is_reasoning({}) is (default != "none")


def test_snapshot_with_another_price_has_facts_of_its_own() -> None:
    first, current = _metadata("gpt-4o-2024-05-13"), _metadata("gpt-4o-2024-08-06")
    assert current is _metadata("gpt-4o")
    assert issubclass(first, current)
    assert not first.supports(Capability.STRUCTURED_OUTPUT)
    assert date(2026, 10, 23) == first.RETIRED


@pytest.mark.parametrize("name", ["gpt-4", "openai-gpt-4", "gpt-4-0613"])
def test_retired_model_warns_once_and_names_its_replacement(name: str) -> None:
    with pytest.warns(UserWarning, match=r"openai-gpt-4 was retired on 2026-10-23; use gpt-5\.6-sol"):
        resolve_metadata("openai", name, ROOMS)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert resolve_metadata("openai", name, ROOMS)[0] is _metadata("gpt-4")


def test_unsupported_parameter_names_what_is_supported() -> None:
    with pytest.raises(UnsupportedParameterError) as caught:
        _metadata("gpt-4o").validate_params({"top_k": 3})
    text = str(caught.value)
    assert "`top_k` is not supported; supported: frequency_penalty, logit_bias, logprobs, max_tokens, metadata" in text
    assert text.count("did you mean") == 0
    assert "`provider_options`" in text
    assert (caught.value.provider, caught.value.model) == ("openai", "gpt-4o")


@pytest.mark.parametrize(
    ("name", "given", "meant"),
    [
        ("gpt-4o", "temprature", "temperature"),
        ("gpt-4o", "max_token", "max_tokens"),
        ("gpt-6-sol", "reasoning_efort", "reasoning_effort"),
    ],
)
def test_misspelt_parameter_is_answered_with_the_right_one(name: str, given: str, meant: str) -> None:
    with pytest.raises(UnsupportedParameterError, match=rf"`{given}` is not supported \(did you mean `{meant}`\?\)"):
        _metadata(name).validate_params({given: 1})


@pytest.mark.parametrize(
    ("name", "params", "text"),
    [
        ("gpt-6-sol", {"temperature": 0.2}, "not taken while the model reasons; set reasoning_effort='none' to use it"),
        ("gpt-6.1-sol", {"temperature": 0.2}, "`temperature` is not supported; supported: max_tokens"),
        ("gpt-6.1-sol", {"reasoning_effort": "none"}, "must be one of low, medium, high, xhigh, max, not 'none'"),
        ("gpt-5", {"reasoning_effort": "xhigh"}, "must be one of minimal, low, medium, high, not 'xhigh'"),
        ("gpt-4.1", {"reasoning_effort": "low"}, "`reasoning_effort` is not supported; supported:"),
        ("o3", {"stop": ["END"]}, "`stop` is not supported; supported:"),
        ("o3", {"parallel_tool_calls": False}, "`parallel_tool_calls` is not supported; supported:"),
        ("gpt-4o", {"max_tokens": 16_385}, "at most 16384, the model's largest answer, not 16385"),
    ],
)
def test_refusal_says_what_would_be_right(name: str, params: dict[str, object], text: str) -> None:
    with pytest.raises(UnsupportedParameterError) as caught:
        _metadata(name).validate_params(params)
    assert text in str(caught.value)


def _llm(simulator: Simulator, name: str, wire: str | None = None) -> OpenAIBaseLLM:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".* was retired on ")
        return create_openai_llm(name, api_key="test", base_url=simulator.openai_base_url, wire=wire)


@pytest.mark.parametrize("name", SIMULATED_NAMES)
async def test_every_model_answers_within_a_limit(llm_simulator: Simulator, name: str) -> None:
    async with _llm(llm_simulator, name) as llm:
        response = await llm.get_answer("Say: hello", max_tokens=500)
    sent = llm_simulator.requests[-1]
    field = "max_output_tokens" if _metadata(name).WIRE == "responses" else "max_completion_tokens"
    assert (sent.body["model"], sent.body[field]) == (name, 500)
    assert sent.path == ("/v1/responses" if _metadata(name).WIRE == "responses" else "/v1/chat/completions")
    assert "hello" in response.text
    assert response.cost is not None
    assert response.cost > 0


@pytest.mark.parametrize("wire", ["chat", "responses"])
@pytest.mark.parametrize("name", REASONING_NAMES)
async def test_every_effort_is_taken_on_both_wires(llm_simulator: Simulator, name: str, wire: str) -> None:
    async with _llm(llm_simulator, name, wire) as llm:
        for effort in _metadata(name).REASONING_EFFORTS:
            response = await llm.get_answer("Say: hello", reasoning_effort=effort)
            assert "hello" in response.text
            assert (response.usage.reasoning_tokens > 0) is (effort not in ("none", "minimal"))


@pytest.mark.parametrize("name", [name for name in REASONING_NAMES if "none" in _metadata(name).REASONING_EFFORTS])
async def test_sampling_is_taken_without_reasoning(llm_simulator: Simulator, name: str) -> None:
    async with _llm(llm_simulator, name) as llm:
        response = await llm.get_answer("Say: hello", reasoning_effort="none", temperature=0.3, top_p=0.9)
    assert llm_simulator.requests[-1].body["temperature"] == 0.3
    assert "hello" in response.text


@pytest.mark.parametrize("name", ["text-embedding-3-small", "text-embedding-3-large"])
async def test_embedding_models_give_their_dimensions(llm_simulator: Simulator, name: str) -> None:
    async with _llm(llm_simulator, name) as llm:
        response = await llm.embed("hello")
    assert len(response.vectors[0]) == _metadata(name).EMBEDDING_DIMENSIONS
    assert response.cost is not None
    assert response.cost > 0
