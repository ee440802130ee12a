"""What becomes of facts that were found: names, sampling, prices, and figures that do not go together."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from core.llms.registry.capability_detector import ProbeResult
from core.llms.registry.detection.base.profiles import build_detected
from core.llms.registry.models import LLMProfile
from core.llms.types.prices import Prices


def known(**able: Any) -> LLMProfile:
    return LLMProfile(provider="house", model_id="m-1", aliases=("m",), capabilities=able, prices=Prices.of("1", "2"))  # type: ignore[arg-type]  # read as capabilities


def result(probe: str, answer: bool | int | None) -> ProbeResult:
    return ProbeResult(probe=probe, answer=answer, evidence="", outcome="ok", at=datetime.now(UTC))


def detect(before: LLMProfile | None, listed: dict[str, Any] | None, *results: ProbeResult) -> LLMProfile:
    profile = build_detected("house", "m-latest", before, listed, results).profile
    assert profile is not None
    return profile


@pytest.mark.parametrize(
    ("before", "taken", "sampling"),
    [
        ({}, False, "never"),
        ({"sampling": "always", "reasoning_efforts": ("none", "high")}, False, "unless_reasoning"),
        ({"sampling": "unless_reasoning"}, False, None),
        ({"sampling": "unless_reasoning"}, True, None),
        ({"sampling": "never"}, True, "always"),
        ({"sampling": "never"}, None, None),
    ],
)
def test_sampling_is_stated_where_the_model_does_otherwise(
    before: dict[str, Any], taken: bool | None, sampling: str | None
) -> None:
    assert detect(known(**before), {}, result("temperature", taken)).capabilities.sampling == sampling


def test_known_model_keeps_its_id_and_learns_its_names() -> None:
    profile = detect(known(), {"aliases": ("m-2026",)})
    assert (profile.model_id, profile.aliases) == ("m-1", ("m", "m-latest", "m-2026"))
    assert detect(None, {}).model_id == "m-latest"


def test_list_s_prices_and_efforts_fill_gaps_alone() -> None:
    listed = {"prices": Prices.of("5", "6"), "reasoning_efforts": ("low",)}
    fresh = detect(None, listed)
    assert (fresh.prices, fresh.capabilities.reasoning_efforts) == (Prices.of("5", "6"), ("low",))
    merged = detect(known(reasoning_efforts=("none", "low")), listed)
    assert "prices" not in merged.model_fields_set
    assert "reasoning_efforts" not in merged.capabilities.model_fields_set


@pytest.mark.parametrize(("probed", "stated"), [(None, (1_000, None)), (9_000, (None, 9_000))])
def test_of_figures_that_do_not_go_together_the_list_s_is_left_out(
    probed: int | None, stated: tuple[int | None, int | None]
) -> None:
    able = detect(
        None, {"context_window": 1_000, "max_output_tokens": 5_000}, result("max_output", probed)
    ).capabilities
    assert (able.context_window, able.max_output_tokens) == stated


def test_model_that_nobody_lists_and_that_never_answers_has_no_profile() -> None:
    refused = ProbeResult(probe="tools", answer=None, evidence="", outcome="NotFoundError", at=datetime.now(UTC))
    assert build_detected("house", "m", known(), None, [refused]).profile is None
