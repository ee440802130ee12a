from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.catalog.lists import assemble, genai, models_dev, pi_ai

LITELLM_M = {
    "groq/m": {
        "litellm_provider": "groq",
        "mode": "chat",
        "max_input_tokens": 900,
        "max_output_tokens": 90,
        "input_cost_per_token": 3e-07,
        "output_cost_per_token": 1.4999999999999999e-06,
        "input_cost_per_token_batches": 1.5e-07,
        "output_cost_per_token_batches": 7.5e-07,
        "deprecation_date": "2026-05-01",
        "supports_function_calling": True,
    }
}


def prices(**amounts: Any) -> dict[str, Any]:
    return {"id": "m", "match": {"equals": "m"}, "prices": amounts}


def row(folder: Path, id: str = "m", **lists: Any) -> dict[str, Any]:
    return dict(assemble(folder, **lists).rows["groq"][id])


def test_each_fact_is_of_the_list_that_is_believed_for_it(tmp_path: Path) -> None:
    listed = models_dev({"m": {"limit": {"context": 1000, "output": 100}, "cost": {"input": 9, "output": 9}}})
    found = row(
        tmp_path,
        genai_prices=genai(prices(input_mtok=0.3, output_mtok=1.5)),
        litellm=LITELLM_M,
        listed=listed,
        compatible=pi_ai({"m": {"contextWindow": 7, "maxTokens": 7}}),
    )
    assert (found["context"], found["max_output"], found["retired"]) == (1000, 100, "2026-05-01")
    assert (found["prices"]["input"], found["prices"]["output"]) == ("0.3", "1.5")
    origin = found["from"]
    assert (origin["context"], origin["prices"], origin["retired"]) == ("m", "g", "l")


def test_rooms_go_before_every_list(tmp_path: Path) -> None:
    rooms = {"groq": {"m": {"context": 5, "can.tools": False, "aliases": ["m-latest"]}}}
    listed = models_dev({"m": {"limit": {"context": 1000}}, "m-latest": {"limit": {"context": 1000}}})
    catalog = assemble(tmp_path, listed=listed, rooms=rooms)
    assert set(catalog.rows["groq"]) == {"m"}
    assert (catalog.rows["groq"]["m"]["context"], catalog.rows["groq"]["m"]["can.tools"]) == (5, False)


def test_amounts_are_exact_and_without_the_noise_of_binary_fractions(tmp_path: Path) -> None:
    assert row(tmp_path, litellm=LITELLM_M)["prices"] == {
        "input": "0.3",
        "output": "1.5",
        "service_tiers": {"batch": {"input": "0.15", "output": "0.75"}},
    }


def test_images_have_a_price_of_their_own_only_where_it_is_not_that_of_text(tmp_path: Path) -> None:
    plain = {"litellm_provider": "groq", "mode": "chat", "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06}
    drawing = {**plain, "input_cost_per_image_token": 1e-06, "output_cost_per_image_token": 3e-05}
    assert row(tmp_path, litellm={"groq/m": drawing})["prices"] == {"input": "1", "output": "2", "image_output": "30"}
    listed = genai(prices(input_mtok=0.3, output_mtok=2.5, input_image_mtok=0.6, output_image_mtok=30))
    found = row(tmp_path, genai_prices=listed, litellm={"groq/m": plain})["prices"]
    assert (found["image_input"], found["image_output"]) == ("0.6", "30")


def test_tiers_of_another_list_are_added_where_the_plain_prices_agree(tmp_path: Path) -> None:
    agreeing = row(tmp_path, genai_prices=genai(prices(input_mtok=0.3, output_mtok=1.5)), litellm=LITELLM_M)
    assert agreeing["prices"]["service_tiers"]["batch"] == {"input": "0.15", "output": "0.75"}
    assert agreeing["from"]["service_tiers"] == "l"
    other = row(tmp_path, genai_prices=genai(prices(input_mtok=0.4, output_mtok=1.5)), litellm=LITELLM_M)
    assert "service_tiers" not in other["prices"]


def test_ability_in_dispute_is_left_open_and_reported(tmp_path: Path) -> None:
    listed = models_dev({"m": {"tool_call": False, "limit": {"context": 900}}})
    catalog = assemble(tmp_path, litellm=LITELLM_M, listed=listed)
    assert "can.tools" not in catalog.rows["groq"]["m"]
    (told, denied) = [conflict for conflict in catalog.conflicts if conflict.field == "can.tools"]
    assert {(told.taken, told.other, told.other_from), (denied.taken, denied.other, denied.other_from)} == {
        ("unknown", "true", "l"),
        ("unknown", "false", "m"),
    }


def test_limit_of_the_prompt_alone_is_no_conflict_about_the_context(tmp_path: Path) -> None:
    listed = models_dev({"m": {"limit": {"context": 1000, "input": 900, "output": 90}}})
    assert "context" not in {
        conflict.field for conflict in assemble(tmp_path, litellm=LITELLM_M, listed=listed).conflicts
    }


@pytest.mark.parametrize(
    ("lists", "is_priced"),
    [
        ({"listed": models_dev({"m": {"cost": {"input": 0, "output": 0}}})}, False),
        ({"listed": models_dev({"m:free": {"cost": {"input": 0, "output": 0}}})}, True),
        ({"compatible": pi_ai({"m": {"cost": {"input": 0, "output": 0}}})}, False),
        (
            {"litellm": {"groq/m": {**LITELLM_M["groq/m"], "input_cost_per_token": 0, "output_cost_per_token": 0}}},
            False,
        ),
        ({"litellm": {"groq/m": LITELLM_M["groq/m"] | {"output_cost_per_token": 0.002}}}, False),
    ],
)
def test_zero_and_what_no_model_costs_are_no_prices(tmp_path: Path, lists: dict[str, Any], is_priced: bool) -> None:
    (found,) = assemble(tmp_path, **lists).rows["groq"].values()
    assert ("prices" in found) is is_priced


def test_prices_by_size_day_hour_and_tier_are_kept(tmp_path: Path) -> None:
    model = prices() | {
        "prices": [
            {"prices": {"input_mtok": {"base": 1, "tiers": [{"start": 200, "price": 2}]}, "output_mtok": 4}},
            {"constraint": {"start_date": "2026-06-01"}, "prices": {"input_mtok": 3, "output_mtok": 6}},
            {
                "constraint": {"start_time": "00:30:00+00:00", "end_time": "16:00:00+00:00"},
                "prices": {"input_mtok": 9, "output_mtok": 9},
            },
        ],
        "price_variants": [
            {
                "when": {"processing": "batch"},
                "constraint": {"start_date": "2026-06-01"},
                "prices": {"input_mtok": 2, "output_mtok": 2},
            },
            {
                "when": {"processing": "batch"},
                "constraint": {"start_date": "2026-01-01"},
                "prices": {"input_mtok": 1, "output_mtok": 1},
            },
            {"when": {"route": "eu"}, "prices": {"input_mtok": 7, "output_mtok": 7}},
        ],
    }
    assert row(tmp_path, genai_prices=genai(model))["prices"] == {
        "input": "1",
        "output": "4",
        "tiers": [{"above": 200, "input": "2", "output": "4"}],
        "changes": [
            {
                "from": "2026-06-01",
                "input": "3",
                "output": "6",
                "windows": [{"begin": 30, "end": 960, "prices": {"input": "9", "output": "9"}}],
            }
        ],
        "service_tiers": {
            "batch": {"input": "1", "output": "1", "changes": [{"from": "2026-06-01", "input": "2", "output": "2"}]}
        },
    }


def test_price_matches_other_lists_ids_by_its_rule(tmp_path: Path) -> None:
    model = prices(input_mtok=1, output_mtok=2) | {
        "id": "m",
        "match": {"or_": [{"equals": "m"}, {"equals": "m-dashed"}, {"regex": "^m-\\d+$"}]},
    }
    listed = models_dev({"m": {}, "m-1": {}, "m-x": {}})
    rows = assemble(tmp_path, genai_prices=genai(model), listed=listed).rows["groq"]
    assert {id for id, facts in rows.items() if "prices" in facts} == {"m", "m-1"}
    assert rows["m"]["aliases"] == ["m-dashed"]


@pytest.mark.parametrize("mode", ["image_generation", "rerank", "realtime", "audio_transcription"])
def test_models_of_other_kinds_are_left_out(tmp_path: Path, mode: str) -> None:
    catalog = assemble(tmp_path, litellm={"groq/m": {**LITELLM_M["groq/m"], "mode": mode}})
    assert catalog.rows["groq"] == {}


def test_month_of_knowledge_is_its_last_day(tmp_path: Path) -> None:
    facts = row(tmp_path, listed=models_dev({"m": {"knowledge": "2024-02", "release_date": "2025"}}))
    assert (facts["cutoff"], facts["released"]) == ("2024-02-29", "2025-12-31")


def test_list_of_another_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="genai-prices matches in a way that is not known: 'sounds_like'"):
        assemble(tmp_path, genai_prices=genai(prices(input_mtok=1) | {"match": {"sounds_like": "m"}}))


def test_family_that_only_embeds_is_told_by_its_name(tmp_path: Path) -> None:
    listed = models_dev({"m": {"family": "bge", "limit": {"context": 8192, "output": 1024}}})
    found = row(tmp_path, listed=listed)
    assert (found["kind"], found["context"], found["dimensions"]) == ("embedding", 8192, 1024)
    assert "max_output" not in found


def test_tier_costs_as_the_plain_price_where_it_says_nothing_on_every_day(tmp_path: Path) -> None:
    model = {
        **prices(),
        "prices": [
            {"prices": {"input_mtok": 2, "output_mtok": 4, "cache_read_mtok": 1, "web_searches_kcount": 10}},
            {
                "constraint": {"start_date": "2026-06-01"},
                "prices": {"input_mtok": 4, "output_mtok": 8, "cache_read_mtok": 3, "web_searches_kcount": 10},
            },
        ],
        "price_variants": [{"when": {"processing": "batch"}, "prices": {"input_mtok": 1, "output_mtok": 2}}],
    }
    assert row(tmp_path, genai_prices=genai(model))["prices"]["service_tiers"]["batch"] == {
        "input": "1",
        "output": "2",
        "cache_read": "1",
        "changes": [{"from": "2026-06-01", "input": "1", "output": "2", "cache_read": "3"}],
    }


def test_tier_of_another_list_keeps_its_proportion_when_the_plain_price_changes(tmp_path: Path) -> None:
    model = {
        **prices(),
        "prices": [
            {"prices": {"input_mtok": 0.3, "output_mtok": 1.5}},
            {"constraint": {"start_date": "2027-01-01"}, "prices": {"input_mtok": 0.6, "output_mtok": 3}},
        ],
    }
    tiers = row(tmp_path, genai_prices=genai(model), litellm=LITELLM_M)["prices"]["service_tiers"]
    assert tiers["batch"]["changes"] == [{"from": "2027-01-01", "input": "0.3", "output": "1.5"}]


def test_tier_without_a_price_of_answers_is_no_tier(tmp_path: Path) -> None:
    model = {name: value for name, value in LITELLM_M["groq/m"].items() if name != "output_cost_per_token_batches"}
    assert "service_tiers" not in row(tmp_path, litellm={"groq/m": model})["prices"]


def test_rows_of_one_model_complete_each_other(tmp_path: Path) -> None:
    common = {"mode": "chat", "input_cost_per_token": 3e-06, "output_cost_per_token": 6e-06}
    listed = {
        "azure_ai/m": common | {"litellm_provider": "azure_ai", "max_output_tokens": 5, "max_input_tokens": 7},
        "azure/m": common | {"litellm_provider": "azure", "max_output_tokens": 6, "input_cost_per_token": 2e-06},
    }
    found = assemble(tmp_path, litellm=listed).rows["azure"]["m"]
    assert (found["prices"]["input"], found["max_output"], found["context"]) == ("2", 6, 7)


def test_hour_in_the_cache_costs_what_its_maker_says_at_every_host(tmp_path: Path) -> None:
    cost = {"input": 4, "output": 20, "cache_read": 0.4, "cache_write": 5}
    listed = models_dev({"claude-m": {"cost": cost}, "other-m": {"cost": cost}})
    rows = assemble(tmp_path, listed=listed).rows["groq"]
    assert rows["claude-m"]["prices"]["cache_write_1h"] == "8"
    assert "cache_write_1h" not in rows["other-m"]["prices"]


def test_peak_hours_hold_on_working_days_where_the_vendor_says_so(tmp_path: Path) -> None:
    peak = {"constraint": {"start_time": "01:00:00+00:00", "end_time": "04:00:00+00:00"}, "prices": {"input_mtok": 9}}
    model = {**prices(), "prices": [{"prices": {"input_mtok": 1}}, peak]}
    windows = {}
    for provider in ("groq", "deepseek"):
        rows = assemble(tmp_path, genai_prices=genai(model, provider=provider)).rows[provider]
        windows[provider] = rows["m"]["prices"]["windows"]
    assert windows["deepseek"] == [{**windows["groq"][0], "weekdays": [0, 1, 2, 3, 4]}]


@pytest.mark.parametrize("begin", ["00:30:00+00:00", "00:30:00Z", "02:30:00+02:00", "00:30:00", "23:30:00-01:00"])
def test_hours_are_read_in_every_spelling_of_their_zone(tmp_path: Path, begin: str) -> None:
    peak = {"constraint": {"start_time": begin, "end_time": "16:00:00Z"}, "prices": {"input_mtok": 9}}
    model = {**prices(), "match": {"or": [{"equals": "m"}]}, "prices": [{"prices": {"input_mtok": 1}}, peak]}
    (window,) = row(tmp_path, genai_prices=genai(model))["prices"]["windows"]
    assert (window["begin"], window["end"]) == (30, 960)


def test_older_word_for_a_large_prompt_is_understood(tmp_path: Path) -> None:
    cost = {"input": 3, "output": 15, "context_over_200k": {"input": 6, "output": 22.5}}
    found = row(tmp_path, listed=models_dev({"m": {"cost": cost}}))
    assert found["prices"]["tiers"] == [{"above": 200_000, "input": "6", "output": "22.5"}]
