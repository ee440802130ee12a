"""The events of the Responses wire: which, and in which order."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from core.llms.simulator import Reply, ScriptedToolCall, Simulator
from tests.unit.simulator.calls import RESPONSES, Received, post, response_body

OPENING = ["created", "in_progress"]
MESSAGE = [
    "output_item.added",
    "content_part.added",
    "output_text.delta",
    "output_text.done",
    "content_part.done",
    "output_item.done",
]
CALL = ["output_item.added", "function_call_arguments.delta", "function_call_arguments.done", "output_item.done"]
THOUGHT = ["output_item.added", "output_item.done"]


def kinds(received: Received) -> list[str]:
    """The types of the events, repetitions counted once."""
    names = [event["type"].removeprefix("response.") for event in received.events]
    return [name for name, _ in groupby(names)]


async def stream(sim: Simulator, text: str = "Say: one two", **fields: Any) -> Received:
    return await post(sim, RESPONSES, response_body(text, stream=True, **fields))


async def test_text_streams_in_the_vendors_order(sim: Simulator) -> None:
    received = await stream(sim)
    assert kinds(received) == [*OPENING, *MESSAGE, "completed"]
    deltas = [event for event in received.events if event["type"] == "response.output_text.delta"]
    assert "".join(delta["delta"] for delta in deltas) == "one two"
    assert set(deltas[0]) == {
        "type",
        "content_index",
        "delta",
        "item_id",
        "logprobs",
        "obfuscation",
        "output_index",
        "sequence_number",
    }


async def test_events_are_named_after_their_type(sim: Simulator) -> None:
    received = await stream(sim)
    names = [line[7:] for line in received.content.decode().split("\n") if line.startswith("event: ")]
    assert names == [event["type"] for event in received.events]
    assert b"[DONE]" not in received.content


async def test_obfuscation_can_be_turned_off(sim: Simulator) -> None:
    received = await stream(sim, stream_options={"include_obfuscation": False})
    assert not any("obfuscation" in event for event in received.events)


async def test_reasoning_comes_before_the_message(sim: Simulator) -> None:
    received = await stream(sim, model="gpt-5")
    assert kinds(received) == [*OPENING, *THOUGHT, *MESSAGE, "completed"]


async def test_summaries_stream_when_asked_for(sim: Simulator) -> None:
    received = await stream(sim, model="gpt-5", reasoning={"summary": "auto"})
    assert kinds(received) == [
        *OPENING,
        "output_item.added",
        "reasoning_summary_part.added",
        "reasoning_summary_text.delta",
        "reasoning_summary_text.done",
        "reasoning_summary_part.done",
        "output_item.done",
        *MESSAGE,
        "completed",
    ]


async def test_function_calls_stream_one_after_the_other(sim: Simulator) -> None:
    sim.script(Reply(tool_calls=(ScriptedToolCall("f", {"a": 1}), ScriptedToolCall("g", {"b": 2}))))
    received = await stream(sim)
    assert kinds(received) == [*OPENING, *CALL, *CALL, "completed"]
    done = [event["arguments"] for event in received.events if event["type"].endswith("arguments.done")]
    assert done == ['{"a":1}', '{"b":2}']


async def test_refusals_stream_as_refusals(sim: Simulator) -> None:
    received = await stream(sim, "[[refuse]]")
    assert kinds(received) == [
        *OPENING,
        "output_item.added",
        "content_part.added",
        "refusal.delta",
        "refusal.done",
        "content_part.done",
        "output_item.done",
        "completed",
    ]


async def test_web_searches_stream_before_the_message_and_annotate_it(sim: Simulator) -> None:
    received = await stream(sim, tools=[{"type": "web_search"}])
    assert kinds(received) == [
        *OPENING,
        "output_item.added",
        "web_search_call.in_progress",
        "web_search_call.searching",
        "web_search_call.completed",
        "output_item.done",
        *MESSAGE[:3],
        "output_text.annotation.added",
        *MESSAGE[3:],
        "completed",
    ]


async def test_the_final_event_carries_the_unstreamed_body(sim: Simulator) -> None:
    streamed = (await stream(sim)).events[-1]["response"]
    whole = (await post(sim, RESPONSES, response_body("Say: one two"))).json
    for body in (streamed, whole):
        for name in ("id", "created_at", "completed_at"):
            del body[name]
        del body["output"][0]["id"]
    assert streamed == whole


async def test_logprobs_accompany_the_deltas_when_included(sim: Simulator) -> None:
    received = await stream(sim, include=["message.output_text.logprobs"], top_logprobs=3)
    deltas = [event for event in received.events if event["type"] == "response.output_text.delta"]
    assert [delta["logprobs"][0]["token"] for delta in deltas] == [delta["delta"] for delta in deltas]
    assert all(len(delta["logprobs"][0]["top_logprobs"]) == 3 for delta in deltas)


async def test_late_models_mark_the_final_answer_and_keep_reasoning(sim: Simulator) -> None:
    late = (await post(sim, RESPONSES, response_body(model="gpt-6-sol"))).json
    early = (await post(sim, RESPONSES, response_body(model="gpt-5"))).json
    assert late["output"][-1]["phase"] == "final_answer"
    assert "phase" not in early["output"][-1]
    assert (late["reasoning"]["context"], early["reasoning"]["context"]) == ("all_turns", "current_turn")
