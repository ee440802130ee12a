"""Usage is what the vendor would count: text, images, tools, the cache, reasoning, limits."""

from __future__ import annotations

import itertools
from typing import Any, cast

import pytest

from core.llms.runtime.tokens.images import count_image_tokens
from core.llms.simulator import Simulator
from core.llms.simulator.generation import generate_text
from core.llms.simulator.openai.image_tokens import image_tokens
from core.llms.simulator.openai.models import MODELS
from core.llms.simulator.tokens import load_tokenizer
from core.llms.types.content import ImageDetail
from core.llms.types.media import ImageSize
from tests.unit.simulator.calls import CHAT, MODEL, RESPONSES, chat_body, content, messages, post, response_body
from tests.unit.simulator.pictures import data_url, picture

# Prompts of recorded exchanges and the prompt tokens the vendor counted for them.
RECORDED: list[tuple[str, list[dict[str, Any]], int]] = [
    ("gpt-4o-mini", [{"role": "user", "content": "Hello!"}], 9),
    (
        "gpt-4o-mini",
        [
            {"role": "system", "content": "Translate the following from English into Italian"},
            {"role": "user", "content": "hi!"},
        ],
        20,
    ),
    (
        "gpt-4.1-mini",
        [{"role": "user", "content": "Work out 17 + 25 carefully, then answer with only the number."}],
        23,
    ),
    (
        "gpt-5-mini",
        [
            {"role": "system", "content": "You are a helpful assistant"},
            {"role": "user", "content": "Say hi in Portuguese"},
        ],
        19,
    ),
]


@pytest.mark.parametrize(("model", "prompt", "tokens"), RECORDED)
async def test_prompts_cost_what_the_vendor_counted(
    sim: Simulator, model: str, prompt: list[dict[str, Any]], tokens: int
) -> None:
    received = await post(sim, CHAT, {"model": model, "messages": prompt})
    assert received.json["usage"]["prompt_tokens"] == tokens


async def test_a_name_costs_a_token_more_than_itself(sim: Simulator) -> None:
    named = messages({"role": "user", "content": "Hello!", "name": "ada"})
    plain = (await post(sim, CHAT, chat_body())).json["usage"]["prompt_tokens"]
    assert (await post(sim, CHAT, chat_body() | named)).json["usage"]["prompt_tokens"] == plain + 1 + len(
        load_tokenizer("o200k_base").encode("ada")
    )


@pytest.mark.parametrize(
    ("model", "width", "height", "detail", "tokens"),
    [
        ("gpt-4o", 1024, 1024, "high", 765),
        ("gpt-4o", 1024, 1024, "low", 85),
        ("gpt-4o", 2048, 4096, "high", 1105),
        ("gpt-4o", 4096, 8192, "low", 85),
        ("gpt-4o-mini", 512, 512, "high", 8500),
        ("o1", 512, 512, "high", 225),
        ("gpt-5", 512, 512, "high", 210),
        ("gpt-4.1-mini", 1024, 1024, "high", 1659),
        ("gpt-4.1-nano", 1024, 1024, "high", 2520),
        ("o4-mini", 1024, 1024, "high", 1762),
        ("gpt-4.1-mini", 1, 1, "high", 2),
        ("gpt-4.1-mini", 1800, 2400, "high", 4977),
        ("gpt-5-mini", 1024, 1024, "low", 1229),
        ("gpt-5-nano", 1024, 1024, "high", 1536),
        ("gpt-5.2", 1024, 1024, "auto", 1229),
        ("gpt-5.4", 4000, 3000, "auto", 2942),
        ("gpt-5.4-mini", 4000, 3000, "original", 11868),
        ("gpt-5.5", 4000, 3000, "auto", 11868),
        ("gpt-5.5", 4000, 3000, "low", 231),
        ("gpt-5.6-sol", 5000, 4000, "original", 23550),
        ("gpt-6-astra", 5000, 4000, "high", 2904),
        ("gpt-6.1-terra", 5000, 4000, "auto", 23550),
    ],
)
def test_images_cost_what_the_published_rules_say(
    model: str, width: int, height: int, detail: str, tokens: int
) -> None:
    rule = MODELS[model].images
    assert rule is not None
    assert image_tokens(rule, width, height, detail) == tokens


@pytest.mark.parametrize("model", [name for name, model in MODELS.items() if model.images is not None])
def test_images_cost_what_the_client_counts(model: str) -> None:
    rule = MODELS[model].images
    assert rule is not None
    sides = (1, 31, 33, 511, 513, 800, 1025, 2049, 3333, 5000)
    for width, height, detail in itertools.product(sides, sides, ("low", "high", "original", "auto")):
        counted = count_image_tokens(model, ImageSize(width, height), cast("ImageDetail", detail)).tokens
        assert image_tokens(rule, width, height, detail) == counted, (width, height, detail)


async def test_images_of_too_many_patches_are_refused(sim: Simulator) -> None:
    part = {"type": "image_url", "image_url": {"url": data_url(picture(6000, 6000)), "detail": "original"}}
    received = await post(sim, CHAT, content(part) | {"model": "gpt-6-sol"})
    assert (received.status, received.error["code"]) == (400, "image_too_large")


async def test_images_count_in_usage(sim: Simulator) -> None:
    part = {"type": "image_url", "image_url": {"url": data_url(picture(512, 512)), "detail": "low"}}
    received = await post(sim, CHAT, content(part) | {"model": "gpt-4o"})
    assert received.json["usage"]["prompt_tokens"] == 85 + 3 + 1 + 3


async def test_long_prompts_are_cached_in_blocks(sim: Simulator) -> None:
    body = chat_body("hello " * 2_000)
    cached = [(await post(sim, CHAT, body)).json["usage"]["prompt_tokens_details"]["cached_tokens"] for _ in range(2)]
    longer = (await post(sim, CHAT, chat_body("hello " * 3_000))).json["usage"]["prompt_tokens_details"]
    other = (await post(sim, CHAT, body, headers={"Authorization": "Bearer other"})).json["usage"]
    assert cached == [0, 1920]
    assert longer["cached_tokens"] == 1920
    assert other["prompt_tokens_details"]["cached_tokens"] == 0


async def test_short_prompts_are_never_cached(sim: Simulator) -> None:
    body = response_body("hello " * 1_000)
    for _ in range(2):
        details = (await post(sim, RESPONSES, body)).json["usage"]["input_tokens_details"]
        assert details["cached_tokens"] == 0


async def test_late_models_report_what_they_write_to_the_cache(sim: Simulator) -> None:
    usage = (await post(sim, CHAT, chat_body("hello " * 2_000) | {"model": "gpt-6-sol"})).json["usage"]
    assert usage["prompt_tokens_details"]["cache_write_tokens"] == usage["prompt_tokens"]


@pytest.mark.parametrize(
    ("model", "effort", "thought"),
    [
        ("gpt-5", "minimal", 0),
        ("gpt-5", "low", 64),
        ("gpt-5", None, 192),
        ("gpt-5.4", None, 0),
        ("gpt-6.1-sol", "max", 1024),
    ],
)
async def test_reasoning_is_spent_by_effort(sim: Simulator, model: str, effort: str | None, thought: int) -> None:
    usage = (await post(sim, CHAT, chat_body("Say: hi", reasoning_effort=effort) | {"model": model})).json["usage"]
    assert usage["completion_tokens_details"]["reasoning_tokens"] == thought
    assert usage["completion_tokens"] == thought + 1
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]


async def test_limit_reached_while_thinking_leaves_an_empty_answer(sim: Simulator) -> None:
    body = chat_body(max_completion_tokens=100) | {"model": "gpt-5"}
    received = (await post(sim, CHAT, body)).json
    assert received["choices"][0]["finish_reason"] == "length"
    assert received["choices"][0]["message"]["content"] == ""
    assert received["usage"]["completion_tokens"] == 100


async def test_max_tokens_cuts_at_a_token(sim: Simulator) -> None:
    received = (await post(sim, CHAT, chat_body("Count to 50", max_tokens=4))).json
    assert received["choices"][0]["message"]["content"] == "1, 2"
    assert received["choices"][0]["finish_reason"] == "length"
    assert received["usage"]["completion_tokens"] == 4


async def test_max_tokens_cuts_tool_arguments_too(sim: Simulator) -> None:
    tool = {
        "name": "note",
        "parameters": {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]},
    }
    fields: dict[str, Any] = {"tools": [{"type": "function", "function": tool}], "tool_choice": "required"}
    whole = (await post(sim, CHAT, chat_body("note: a b c d e f g h", **fields))).json
    cost = whole["usage"]["completion_tokens"]
    cut = (await post(sim, CHAT, chat_body("note: a b c d e f g h", max_tokens=cost - 3, **fields))).json
    arguments = [body["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"] for body in (whole, cut)]
    assert arguments[0].startswith(arguments[1])
    assert len(arguments[1]) < len(arguments[0])
    assert (cut["choices"][0]["finish_reason"], cut["usage"]["completion_tokens"]) == ("length", cost - 3)


async def test_stop_sequences_end_the_text_before_them(sim: Simulator) -> None:
    received = (await post(sim, CHAT, chat_body("Count to 9", stop=["7", ", 4"]))).json
    assert received["choices"][0]["message"]["content"] == "1, 2, 3"
    assert received["choices"][0]["finish_reason"] == "stop"


async def test_several_choices_are_counted_together(sim: Simulator) -> None:
    received = (await post(sim, CHAT, chat_body(n=3))).json
    texts = [choice["message"]["content"] for choice in received["choices"]]
    tokenizer = load_tokenizer("o200k_base")
    assert [choice["index"] for choice in received["choices"]] == [0, 1, 2]
    assert len(set(texts)) == 3
    assert received["usage"]["completion_tokens"] == sum(tokenizer.count(text) for text in texts)


async def test_logprobs_are_of_the_true_tokens(sim: Simulator) -> None:
    received = (await post(sim, CHAT, chat_body("Say: naïve 🙂", logprobs=True, top_logprobs=2))).json
    entries = received["choices"][0]["logprobs"]["content"]
    assert "".join(entry["token"] for entry in entries) == "naïve 🙂"
    assert all(entry["bytes"] == list(entry["token"].encode()) for entry in entries)
    assert all(entry["top_logprobs"][0]["token"] == entry["token"] for entry in entries)
    assert all(entry["top_logprobs"][0]["logprob"] > entry["top_logprobs"][1]["logprob"] for entry in entries)


async def test_streams_put_each_token_in_a_chunk_of_its_own(sim: Simulator) -> None:
    chunks = (await post(sim, CHAT, chat_body("Say: naïve 🙂 text", stream=True))).events
    pieces = [chunk["choices"][0]["delta"].get("content") for chunk in chunks]
    assert pieces[0] == ""
    assert pieces[1:-1] == [piece.text for piece in load_tokenizer("o200k_base").split("naïve 🙂 text")]
    assert pieces[-1] is None


def test_cut_never_splits_a_character() -> None:
    tokenizer = load_tokenizer("o200k_base")
    text = "🧑‍🚀 naïve 日本語"
    for limit in range(tokenizer.count(text) + 1):
        generated = generate_text(tokenizer, text, limit)
        assert text.startswith(generated.text)
        assert generated.token_count == limit
        assert generated.ended == ("stop" if limit == tokenizer.count(text) else "length")


async def test_same_request_has_the_same_answer_and_another_id(sim: Simulator) -> None:
    first, second = [(await post(sim, CHAT, chat_body(seed=1))).json for _ in range(2)]
    assert first["choices"] == second["choices"]
    assert first["system_fingerprint"] == second["system_fingerprint"]
    assert first["id"] != second["id"]
    assert len(first["id"]) == len("chatcmpl-") + 29


async def test_service_tier_is_answered(sim: Simulator) -> None:
    tiers = [(await post(sim, CHAT, chat_body(service_tier=tier))).json["service_tier"] for tier in ("auto", "flex")]
    assert tiers == ["default", "flex"]
    assert (await post(sim, CHAT, chat_body() | {"model": MODEL})).json["service_tier"] == "default"
