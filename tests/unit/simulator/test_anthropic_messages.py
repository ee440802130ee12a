"""What the simulated Anthropic answers: blocks, streams, usage."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.llms.simulator import Reply, ScriptedToolCall, Simulator
from tests.unit.simulator.anthropic_calls import (
    OLD,
    PERSON,
    THINKER,
    ask,
    assistant,
    called,
    events,
    image,
    message_body,
    returned,
    text,
    user,
)
from tests.unit.simulator.pictures import picture

WEATHER = {
    "name": "get_weather",
    "description": "Weather of a city",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}
MAGIC = (
    "ANTHROPIC_MAGIC_STRING_TRIGGER_REDACTED_THINKING_46C9A13E193C177646C7398A98432ECCCE4C1253D5E2D82641AC0E52CC2876CB"
)
SUMMARIZED = {"type": "adaptive", "display": "summarized"}


async def test_body_has_the_recorded_fields(sim: Simulator) -> None:
    received = await ask(sim, message_body("Say: hi"))
    assert list(received.json) == [
        "model",
        "id",
        "type",
        "role",
        "content",
        "stop_reason",
        "stop_sequence",
        "stop_details",
        "usage",
    ]
    assert received.json["content"] == [{"type": "text", "text": "hi"}]
    assert received.json["usage"] == {
        "input_tokens": 10,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 0,
        "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0},
        "service_tier": "standard",
        "inference_geo": "global",
        "output_tokens": 1,
    }
    assert received.headers["request-id"].startswith("req_")
    assert received.headers["anthropic-ratelimit-requests-limit"] == "20000"


async def test_stream_has_the_recorded_events(sim: Simulator) -> None:
    body = message_body("Say: hi", model=THINKER, thinking=SUMMARIZED, stream=True)
    received = await ask(sim, body)
    assert received.headers["content-type"] == "text/event-stream; charset=utf-8"
    found = events(received)
    names = [name for name, _ in found]
    assert names[:3] == ["message_start", "content_block_start", "ping"]
    assert names[-2:] == ["message_delta", "message_stop"]
    blocks = [data for name, data in found if name not in ("message_start", "ping", "message_delta", "message_stop")]
    assert blocks[0]["content_block"] == {"type": "thinking", "thinking": "", "signature": ""}
    kinds = [event["delta"]["type"] for event in blocks if event["type"] == "content_block_delta"]
    assert kinds == ["thinking_delta"] * (len(kinds) - 2) + ["signature_delta", "text_delta"]
    assert found[-2][1]["delta"] == {"stop_reason": "end_turn", "stop_sequence": None, "stop_details": None}
    assert found[-2][1]["usage"]["output_tokens_details"] == {"thinking_tokens": 96}
    start = found[0][1]["message"]
    assert (start["content"], start["stop_reason"], start["usage"]["output_tokens"]) == ([], None, 1)


async def test_tool_input_streams_in_fragments_after_an_empty_one(sim: Simulator) -> None:
    found = events(await ask(sim, message_body("Weather in Rome?", tools=[WEATHER], stream=True)))
    pieces = [data["delta"]["partial_json"] for name, data in found if name == "content_block_delta"]
    assert pieces[0] == ""
    assert json.loads("".join(pieces)) == {"city": "Rome"}
    block = found[1][1]["content_block"]
    assert (block["input"], block["caller"]) == ({}, {"type": "direct"})
    assert block["id"].startswith("toolu_01")


async def test_thinking_goes_back_and_forth_and_tools_are_answered(sim: Simulator) -> None:
    body = message_body("Weather in Paris and London?", model=THINKER, tools=[WEATHER], thinking=SUMMARIZED)
    first = (await ask(sim, body)).json
    assert [block["type"] for block in first["content"]] == ["thinking", "tool_use", "tool_use"]
    assert first["stop_reason"] == "tool_use"
    results = [returned(block["id"], f"rain {index}") for index, block in enumerate(first["content"][1:])]
    body["messages"] += [assistant(*first["content"]), user(*results)]
    second = (await ask(sim, body)).json
    assert second["content"][-1]["text"] == 'get_weather returned: "rain 0"\nget_weather returned: "rain 1"'
    body["messages"][1]["content"][0]["thinking"] += "!"
    assert "Invalid `signature`" in (await ask(sim, body)).error["message"]


async def test_omitted_and_redacted_thinking_can_be_sent_back(sim: Simulator) -> None:
    omitted = (await ask(sim, message_body(model=THINKER, thinking={"type": "adaptive"}))).json["content"][0]
    assert (omitted["type"], omitted["thinking"]) == ("thinking", "")
    redacted = (await ask(sim, message_body(MAGIC, model=THINKER, thinking=SUMMARIZED))).json["content"][0]
    assert set(redacted) == {"type", "data"}
    body = message_body(messages=[user("a"), assistant(omitted, redacted, text("b")), user("Say: c")])
    assert (await ask(sim, body)).json["content"] == [{"type": "text", "text": "c"}]


@pytest.mark.parametrize(
    ("fields", "thought"),
    [
        ({"model": THINKER}, 0),
        ({"model": THINKER, "thinking": {"type": "adaptive"}}, 96),
        ({"model": THINKER, "thinking": {"type": "adaptive"}, "output_config": {"effort": "max"}}, 512),
        ({"model": "claude-opus-5-5"}, 48),
        ({"model": "claude-sonnet-5-5", "thinking": {"type": "between_tools"}}, 0),
        ({"model": "claude-sonnet-5", "thinking": {"type": "disabled"}}, 0),
        ({"thinking": {"type": "enabled", "budget_tokens": 1024}, "max_tokens": 2000}, 448),
    ],
)
async def test_thinking_is_spent_as_asked(sim: Simulator, fields: dict[str, Any], thought: int) -> None:
    usage = (await ask(sim, message_body("Say: hi", **fields))).json["usage"]
    assert usage.get("output_tokens_details", {"thinking_tokens": 0}) == {"thinking_tokens": thought}
    assert usage["output_tokens"] == thought + 1


async def test_limits_and_stop_sequences_end_the_answer(sim: Simulator) -> None:
    cut = (await ask(sim, message_body("Count to 50", max_tokens=4))).json
    assert (cut["content"][0]["text"], cut["stop_reason"], cut["usage"]["output_tokens"]) == ("1, 2", "max_tokens", 4)
    stopped = (await ask(sim, message_body("Count to 9", stop_sequences=["7", ", 4"]))).json
    assert stopped["content"][0]["text"] == "1, 2, 3"
    assert (stopped["stop_reason"], stopped["stop_sequence"]) == ("stop_sequence", ", 4")
    nothing = (await ask(sim, message_body(max_tokens=0))).json
    assert (nothing["content"], nothing["stop_reason"]) == ([], "max_tokens")
    call = (await ask(sim, message_body("Weather in Rome?", tools=[WEATHER], max_tokens=16))).json
    assert (call["stop_reason"], call["usage"]["output_tokens"]) == ("max_tokens", 16)


async def test_window_that_is_full_ends_the_answer(sim: Simulator) -> None:
    received = await ask(sim, message_body("word " * 199_980 + "100 words", max_tokens=64_000))
    assert received.json["stop_reason"] == "model_context_window_exceeded"
    usage = received.json["usage"]
    assert usage["input_tokens"] + usage["output_tokens"] == 200_000


async def test_refusals_have_details_and_no_content(sim: Simulator) -> None:
    refused = (await ask(sim, message_body("[[refuse]]"))).json
    assert (refused["content"], refused["stop_reason"]) == ([], "refusal")
    assert refused["stop_details"]["category"] == "general_harms"


async def test_structured_answers_fit_the_schema(sim: Simulator) -> None:
    form = {"format": {"type": "json_schema", "schema": PERSON}}
    received = await ask(sim, message_body("My name is Ada.", output_config=form))
    assert json.loads(received.json["content"][0]["text"]) == {"name": "Ada"}


async def test_images_and_documents_are_seen_and_cited(sim: Simulator) -> None:
    document = {
        "type": "document",
        "title": "a.txt",
        "source": {"type": "text", "media_type": "text/plain", "data": "It rains in Oslo."},
        "citations": {"enabled": True},
    }
    body = message_body(messages=[user(image(picture(750, 10)), document)])
    received = (await ask(sim, body)).json
    block = received["content"][0]
    assert block["text"] == "Image 1 is a PNG of 750×10 pixels, mainly red.\nFile 2 is 'a.txt' of 17 bytes."
    assert [citation["cited_text"] for citation in block["citations"]] == ["It rains in Oslo."]
    assert received["usage"]["input_tokens"] == 10 + 5 + 7
    found = events(await ask(sim, body | {"stream": True}))
    deltas = [data["delta"] for name, data in found if name == "content_block_delta"]
    assert deltas[-1] == {"type": "citations_delta", "citation": block["citations"][0]}


async def test_search_shows_its_steps_and_can_be_sent_back(sim: Simulator) -> None:
    search = {"type": "web_search_20260318", "name": "web_search"}
    body = message_body("News?", tools=[search])
    first = (await ask(sim, body)).json
    assert [block["type"] for block in first["content"]] == ["server_tool_use", "web_search_tool_result", "text"]
    assert first["usage"]["server_tool_use"] == {"web_search_requests": 1, "web_fetch_requests": 0}
    assert first["content"][2]["citations"][0]["type"] == "web_search_result_location"
    body["messages"] += [assistant(*first["content"]), user("Say: thanks")]
    assert (await ask(sim, body)).status == 200


async def test_system_messages_prefill_and_old_sampling_are_taken(sim: Simulator) -> None:
    body = message_body(model=THINKER, messages=[user("Hi"), {"role": "system", "content": "Be brief."}])
    assert '"Be brief."' in (await ask(sim, body)).json["content"][0]["text"]
    prefilled = message_body(messages=[user("Hi"), assistant("Well")], temperature=0.5)
    assert (await ask(sim, prefilled, headers=OLD)).status == 200


async def test_scripted_replies_keep_their_reason_and_arguments(sim: Simulator) -> None:
    sim.script(Reply("wait", finish_reason="pause_turn"))
    sim.script(Reply(tool_calls=(ScriptedToolCall("look", "{broken"),)))
    assert (await ask(sim, message_body())).json["stop_reason"] == "pause_turn"
    content = (await ask(sim, message_body())).json["content"]
    assert content[0]["input"] == {"INVALID_JSON": "{broken"}


async def test_unanswered_calls_of_earlier_turns_are_known(sim: Simulator) -> None:
    messages = [user("Weather in Rome?"), assistant(called(name="get_weather", city="Rome")), user(returned())]
    answer = (await ask(sim, message_body(messages=messages, tools=[WEATHER]))).json
    assert answer["content"] == [{"type": "text", "text": 'get_weather returned: "seen"'}]
