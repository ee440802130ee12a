from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from core.llms.registry.families import find_family
from core.llms.registry.models import LLMCapabilities, LLMProfile, MediaType, Modality, ModelFamily, parse_capability
from core.llms.types.capabilities import Capability
from core.llms.types.prices import PriceChange, Prices


@pytest.mark.parametrize(
    ("model_id", "family"),
    [
        ("gpt-4.1-mini", ModelFamily.GPT),
        ("openai/gpt-oss-120b", ModelFamily.GPT_OSS),
        ("o3-mini", ModelFamily.O_SERIES),
        ("us.anthropic.claude-sonnet-5-5-v1:0", ModelFamily.CLAUDE),
        ("deepseek-r1-distill-llama-70b", ModelFamily.DEEPSEEK),
        ("nvidia/llama-3.3-nemotron-super-49b-v1", ModelFamily.NEMOTRON),
        ("mixtral-8x7b-32768", ModelFamily.MISTRAL),
        ("text-embedding-3-small", ModelFamily.EMBEDDING),
        ("ibm/granite-4-h-small", ModelFamily.GRANITE),
        ("command-a-plus-05-2026", ModelFamily.COMMAND),
        ("solar-pro", ModelFamily.OTHER),
    ],
)
def test_family_is_found_in_an_id_of_any_provider(model_id: str, family: ModelFamily) -> None:
    assert find_family(model_id) is family
    assert LLMProfile(provider="x", model_id=model_id).family is family


@pytest.mark.parametrize("name", ["supports_vision", "vision", Capability.VISION])
def test_capability_goes_by_either_name(name: str) -> None:
    able = LLMCapabilities(supports_vision=True)
    assert able.supports(name) is True
    assert able.supports("tools") is None


def test_unknown_capability_gets_a_suggestion() -> None:
    with pytest.raises(ValueError, match="no capability is called 'supports_visoin'; did you mean 'supports_vision'"):
        parse_capability("supports_visoin")


@pytest.mark.parametrize(
    ("facts", "place", "problem"),
    [
        ({"capabilities": {"context_window": 0}}, ("capabilities", "context_window"), "greater than 0"),
        ({"capabilities": {"supports_visoin": True}}, ("capabilities", "supports_visoin"), "not permitted"),
        ({"capabilities": {"context_window": 5, "max_output_tokens": 6}}, ("capabilities",), "more than the context"),
        ({"prices": {"input": "1"}}, ("prices",), "they look like"),
        ({"prices": {"input": "-1", "output": "2"}}, ("prices",), "'input' must be 0 or more"),
        ({"prices": {"input": "NaN", "output": "2"}}, ("prices",), "must be 0 or more"),
        ({"prices": {"input": "1", "output": "2", "cached": "1"}}, ("prices",), "unknown part 'cached'"),
        ({"model_id": ""}, ("model_id",), "at least 1"),
    ],
)
def test_wrong_fact_is_refused_by_its_place(facts: dict[str, object], place: tuple[str, ...], problem: str) -> None:
    with pytest.raises(ValidationError) as caught:
        LLMProfile.model_validate({"provider": "x", "model_id": "m", **facts})
    (error,) = caught.value.errors()
    assert error["loc"] == place
    assert problem in error["msg"]


def test_cost_per_thousand_is_that_of_today() -> None:
    prices = Prices.of("1", "2", changes=(PriceChange(date(2020, 1, 1), Prices.of("3", "6")),))
    profile = LLMProfile(provider="x", model_id="m", prices=prices)
    assert (profile.cost_per_1k_input, profile.cost_per_1k_output) == (Decimal("0.003"), Decimal("0.006"))
    assert LLMProfile(provider="x", model_id="m").cost_per_1k_input is None


def test_retirement_and_deprecation_begin_on_their_days() -> None:
    profile = LLMProfile(provider="x", model_id="m", deprecated=date(2026, 1, 1), retired=date(2026, 6, 1))
    assert [profile.is_deprecated_on(date(2025, 12, 31)), profile.is_deprecated_on(date(2026, 1, 1))] == [False, True]
    assert [profile.is_retired_on(date(2026, 5, 31)), profile.is_retired_on(date(2026, 6, 1))] == [False, True]


def test_media_type_knows_its_modality_and_extension() -> None:
    assert MediaType.from_path(Path("photos/a.JPEG")) is MediaType.JPEG
    assert [MediaType.JPEG.modality, MediaType.PDF.modality, MediaType.WAV.modality] == [
        Modality.IMAGE,
        Modality.PDF,
        Modality.AUDIO,
    ]
    with pytest.raises(ValueError, match=r"no media type is known for 'a\.xyz'; known extensions: txt, jpg"):
        MediaType.from_path("a.xyz")
