"""How the streams of the vendors of OpenAI's chat wire differ: the end mark, where usage is, what is null, comments."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest

from core.llms.simulator import Simulator
from tests.unit.simulator.calls import Received, post
from tests.unit.simulator.compatible_requests import RICH
from tests.unit.simulator.test_compatible_sdk import MODELS


@dataclass(frozen=True)
class Stream:
    """Where usage is unasked and asked for: nowhere, with the chunk that ends the choice, behind it, or in all."""

    unasked: str
    asked: str
    done: bool = True
    nulls: bool = True
    roles: str = "own"


STREAMS = {
    "cerebras": Stream("end", "end", nulls=False),
    "deepseek": Stream("none", "end"),
    "fireworks": Stream("end", "end"),
    "groq": Stream("none", "end and behind"),
    "huggingface": Stream("none", "behind"),
    "mistral": Stream("end", "refused"),
    "nvidia": Stream("none", "behind"),
    "openai_compatible": Stream("none", "behind"),
    "openrouter": Stream("behind", "behind", roles="every"),
    "perplexity": Stream("every", "every", done=False, nulls=False, roles="first"),
    "together": Stream("end", "end", roles="every"),
    "xai": Stream("none", "behind", nulls=False, roles="first"),
}


def place_of_usage(events: list[Any]) -> str:
    told = [bool(event.get("usage")) for event in events]
    end = next(
        index for index, event in enumerate(events) if event["choices"] and event["choices"][0].get("finish_reason")
    )
    if all(told):
        return "every"
    places = ["end"] if told[end] else []
    places += ["behind"] if any(told[end + 1 :]) else []
    assert not any(told[:end])
    return " and ".join(places) or "none"


async def stream_of(sim: Simulator, vendor: str, **options: Any) -> Received:
    body = {"model": MODELS[vendor][0], "messages": [{"role": "user", "content": "Say: a b."}], "stream": True}
    return await post(sim, RICH[vendor].path, body | options)


@pytest.mark.parametrize(("vendor", "expected"), STREAMS.items(), ids=STREAMS)
async def test_stream_is_the_vendors(sim: Simulator, vendor: str, expected: Stream) -> None:
    received = await stream_of(sim, vendor)
    choices = [event["choices"][0] for event in received.events if event["choices"]]
    assert received.content.rstrip().endswith(b"data: [DONE]") is expected.done
    assert place_of_usage(received.events) == expected.unasked
    assert ("finish_reason" in choices[0]) is expected.nulls
    roles = ["role" in choice["delta"] for choice in choices]
    assert (roles[0], any(roles[1:-1])) == (True, expected.roles == "every")
    assert (choices[0]["delta"].get("content") == "") is (expected.roles == "own")
    assert received.content.startswith(b": OPENROUTER PROCESSING") is (vendor == "openrouter")


@pytest.mark.parametrize(("vendor", "expected"), STREAMS.items(), ids=STREAMS)
async def test_usage_that_is_asked_for_has_the_vendors_place(sim: Simulator, vendor: str, expected: Stream) -> None:
    received = await stream_of(sim, vendor, stream_options={"include_usage": True})
    if expected.asked == "refused":
        assert received.status == 422
    else:
        assert place_of_usage(received.events) == expected.asked


async def test_deepseek_says_that_there_is_no_usage_yet(sim: Simulator) -> None:
    received = await stream_of(sim, "deepseek", stream_options={"include_usage": True})
    assert [event["usage"] is None for event in received.events][-2:] == [True, False]


async def test_perplexity_repeats_what_it_said_and_its_sources_and_prices_the_last_chunk_alone(sim: Simulator) -> None:
    events = (await stream_of(sim, "perplexity")).events
    said = [event["choices"][0]["message"]["content"] for event in events]
    assert all(later.startswith(earlier) for earlier, later in pairwise(said))
    assert said[-1].startswith("a b.")
    assert {event["citations"][0] for event in events} == {"https://example.com/simulated-source"}
    costs = [event["usage"]["cost"]["total_cost"] for event in events]
    assert set(costs[:-1]) == {0} and costs[-1] > 0.005


async def test_together_says_the_text_twice_and_numbers_its_seed(sim: Simulator) -> None:
    events = (await stream_of(sim, "together")).events
    assert "".join(event["choices"][0]["text"] for event in events) == "a b."
    assert all("seed" in event["choices"][0] for event in events)


async def test_groq_has_usage_in_an_envelope_of_its_own(sim: Simulator) -> None:
    events = (await stream_of(sim, "groq")).events
    assert events[0]["x_groq"]["id"] == events[-1]["x_groq"]["id"]
    assert events[-1]["x_groq"]["usage"]["total_tokens"] > 5
