"""What the simulated Google answers: parts, streams, usage, thoughts, searches."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from core.llms.simulator import Reply, ScriptedToolCall, Simulator
from tests.unit.simulator.calls import post
from tests.unit.simulator.google_calls import (
    LOOK,
    MODEL,
    OLD,
    TOKEN,
    WEATHER,
    ask,
    blob,
    body,
    chunks,
    gemini,
    returned,
    user,
    vertex,
)
from tests.unit.simulator.pictures import picture

STREAM = f"{gemini(method='streamGenerateContent')}?alt=sse"
TOOLS = [{"functionDeclarations": [WEATHER]}]
SHOWN = {"thinkingConfig": {"includeThoughts": True}}


async def test_body_has_the_recorded_fields(sim: Simulator) -> None:
    received = (await ask(sim, body("Say: hi"), path=gemini("gemini-2.5-flash-lite"))).json
    assert list(received) == ["candidates", "usageMetadata", "modelVersion", "responseId"]
    assert received["candidates"] == [
        {"content": {"parts": [{"text": "hi"}], "role": "model"}, "finishReason": "STOP", "index": 0}
    ]
    assert received["usageMetadata"] == {
        "promptTokenCount": 3,
        "candidatesTokenCount": 1,
        "totalTokenCount": 4,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 3}],
        "serviceTier": "standard",
    }


async def test_vertex_counts_and_dates_its_own_way(sim: Simulator) -> None:
    received = (await post(sim, vertex("gemini-2.5-flash-lite"), body("Say: hi"), headers=TOKEN)).json
    assert "index" not in received["candidates"][0]
    assert received["createTime"].endswith("Z")
    assert received["usageMetadata"]["trafficType"] == "ON_DEMAND"
    assert received["usageMetadata"]["candidatesTokensDetails"] == [{"modality": "TEXT", "tokenCount": 1}]


async def test_stream_ends_with_the_signature_and_the_reason(sim: Simulator) -> None:
    received = await ask(sim, body("Say: one two three four five", generationConfig=SHOWN), path=STREAM)
    assert received.headers["content-type"] == "text/event-stream"
    found = chunks(received)
    parts = [chunk["candidates"][0]["content"]["parts"][0] for chunk in found]
    assert parts[0]["thought"] is True
    assert [part["text"] for part in parts[1:]] == ["one two three four", " five", ""]
    assert "thoughtSignature" in parts[-1]
    reasons = [chunk["candidates"][0].get("finishReason") for chunk in found]
    assert reasons == [None, None, None, "STOP"]
    assert found[-1]["usageMetadata"]["thoughtsTokenCount"] == 64


async def test_stream_without_events_is_a_list(sim: Simulator) -> None:
    received = await ask(sim, body("Say: hi"), path=gemini(OLD, "streamGenerateContent"))
    assert received.headers["content-type"] == "application/json; charset=UTF-8"
    assert [chunk["candidates"][0]["content"]["parts"] for chunk in received.json] == [[{"text": "hi"}]]


async def test_calls_and_signatures_go_round(sim: Simulator) -> None:
    request = body("Weather in Paris and London?", tools=TOOLS)
    first = (await ask(sim, request)).json["candidates"][0]
    parts = first["content"]["parts"]
    assert [part["functionCall"]["args"] for part in parts] == [{"city": "Paris"}, {"city": "London"}]
    assert ["thoughtSignature" in part for part in parts] == [True, False]
    assert len({part["functionCall"]["id"] for part in parts}) == 2
    assert first["finishMessage"] == "Model generated function call(s)."
    request["contents"] += [first["content"], user(returned("get_weather", "rain"), returned("get_weather", "sun"))]
    second = (await ask(sim, request)).json["candidates"][0]["content"]["parts"][0]["text"]
    assert second == 'get_weather returned: "rain"\nget_weather returned: "sun"'
    tampered = base64.b64decode(parts[0]["thoughtSignature"])[:-1] + b"!"
    parts[0]["thoughtSignature"] = base64.b64encode(tampered).decode()
    assert (await ask(sim, request)).error["message"] == "Corrupted thought signature."


async def test_choice_forces_and_forbids_calls(sim: Simulator) -> None:
    for mode, kind in [("ANY", "functionCall"), ("NONE", "text")]:
        config = {"functionCallingConfig": {"mode": mode}}
        request = body("Hello! look", tools=[{"functionDeclarations": [LOOK]}], toolConfig=config)
        assert kind in (await ask(sim, request)).json["candidates"][0]["content"]["parts"][0]


@pytest.mark.parametrize(
    ("model", "config", "thought"),
    [
        (MODEL, None, 64),
        (MODEL, {"thinkingLevel": "minimal"}, 0),
        (MODEL, {"thinkingLevel": "HIGH"}, 128),
        ("gemini-4-argon", None, 64),
        (OLD, None, 128),
        (OLD, {"thinkingBudget": 0}, 0),
        (OLD, {"thinkingBudget": -1}, 128),
        ("gemini-2.5-flash-lite", None, 0),
        ("gemini-2.5-pro", {"thinkingBudget": 128}, 128),
    ],
)
async def test_thinking_is_spent_as_asked(
    sim: Simulator, model: str, config: dict[str, Any] | None, thought: int
) -> None:
    fields = {} if config is None else {"generationConfig": {"thinkingConfig": config}}
    usage = (await ask(sim, body("Say: hi", **fields), path=gemini(model))).json["usageMetadata"]
    assert usage.get("thoughtsTokenCount", 0) == thought
    assert usage["totalTokenCount"] == usage["promptTokenCount"] + usage["candidatesTokenCount"] + thought


async def test_limits_and_stop_sequences_end_the_answer(sim: Simulator) -> None:
    path = gemini("gemini-2.5-flash-lite")
    cut = (await ask(sim, body("Count to 50", generationConfig={"maxOutputTokens": 4}), path=path)).json
    assert cut["candidates"][0]["content"]["parts"] == [{"text": "1, 2"}]
    assert cut["candidates"][0]["finishReason"] == "MAX_TOKENS"
    config = {"stopSequences": [", 4"]}
    stopped = (await ask(sim, body("Count to 9", generationConfig=config), path=path)).json["candidates"][0]
    assert (stopped["content"]["parts"], stopped["finishReason"]) == ([{"text": "1, 2, 3"}], "STOP")


async def test_structured_answers_fit_either_form_of_schema(sim: Simulator) -> None:
    own = {"type": "OBJECT", "properties": {"name": {"type": "STRING"}}, "required": ["name"]}
    plain = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
    for name, schema in [("responseSchema", own), ("responseJsonSchema", plain)]:
        config = {"responseMimeType": "application/json", name: schema}
        received = await ask(sim, body("My name is Ada.", generationConfig=config))
        text = received.json["candidates"][0]["content"]["parts"][0]["text"]
        assert json.loads(text) == {"name": "Ada"}
    chosen = {"responseMimeType": "text/x.enum", "responseSchema": {"type": "STRING", "enum": ["red", "blue"]}}
    received = await ask(sim, body("The sea is blue.", generationConfig=chosen))
    assert received.json["candidates"][0]["content"]["parts"][0]["text"] == "blue"


async def test_refusals_and_blocked_prompts_have_no_content(sim: Simulator) -> None:
    refused = (await ask(sim, body("[[refuse]]"))).json["candidates"][0]
    assert (refused["content"], refused["finishReason"]) == ({"role": "model"}, "SAFETY")
    assert refused["safetyRatings"][0]["blocked"] is True
    blocked = (await ask(sim, body("[[content_filter]]"))).json
    assert "candidates" not in blocked
    assert blocked["promptFeedback"] == {"blockReason": "PROHIBITED_CONTENT"}
    streamed = chunks(await ask(sim, body("[[content_filter]]"), path=STREAM))
    assert [chunk["promptFeedback"]["blockReason"] for chunk in streamed] == ["PROHIBITED_CONTENT"]


@pytest.mark.parametrize(
    ("model", "size", "tokens"),
    [(OLD, (384, 384), 258), (OLD, (769, 10), 516), (MODEL, (10, 10), 1120)],
)
async def test_images_are_seen_and_counted(sim: Simulator, model: str, size: tuple[int, int], tokens: int) -> None:
    received = (await ask(sim, body(user(blob(picture(*size)))), path=gemini(model))).json
    text = received["candidates"][0]["content"]["parts"][0]["text"]
    assert text == f"Image 1 is a PNG of {size[0]}×{size[1]} pixels, mainly red."
    assert received["usageMetadata"]["promptTokensDetails"] == [{"modality": "IMAGE", "tokenCount": tokens}]


async def test_files_sound_and_addresses_are_described(sim: Simulator) -> None:
    pdf = blob(b"%PDF-1.4 /Type /Page /Type /Page", "application/pdf")
    link = {"fileData": {"fileUri": "https://youtu.be/x", "mimeType": "video/mp4"}}
    received = (await ask(sim, body(user(pdf, blob(b"ID3", "audio/mp3"), link)), path=gemini(OLD))).json
    lines = received["candidates"][0]["content"]["parts"][0]["text"].split("\n")
    assert lines == [
        "File 1 is 'application/pdf' of 32 bytes.",
        "Audio 2 is MP3 of 3 bytes.",
        "File 3 is 'https://youtu.be/x', given by reference only.",
    ]
    details = {entry["modality"]: entry["tokenCount"] for entry in received["usageMetadata"]["promptTokensDetails"]}
    assert details["DOCUMENT"] == 516


async def test_search_grounds_the_answer(sim: Simulator) -> None:
    received = (await ask(sim, body("News?", tools=[{"googleSearch": {}}]))).json
    grounding = received["candidates"][0]["groundingMetadata"]
    text = received["candidates"][0]["content"]["parts"][0]["text"]
    segment = grounding["groundingSupports"][0]["segment"]
    assert text.encode()[segment["startIndex"] : segment["endIndex"]].decode() == segment["text"]
    assert received["usageMetadata"]["toolUsePromptTokenCount"] == 64


async def test_candidates_and_logprobs_are_given_as_asked(sim: Simulator) -> None:
    config = {"candidateCount": 2, "responseLogprobs": True, "logprobs": 2}
    received = (await ask(sim, body("Hello!", generationConfig=config))).json
    first, second = received["candidates"]
    assert first["content"] != second["content"]
    assert second["index"] == 1
    chosen = first["logprobsResult"]["chosenCandidates"]
    assert "".join(entry["token"] for entry in chosen) == first["content"]["parts"][0]["text"]
    assert all(len(entry["candidates"]) == 2 for entry in first["logprobsResult"]["topCandidates"])


async def test_scripted_replies_keep_their_reason_and_arguments(sim: Simulator) -> None:
    sim.script(Reply("stop", finish_reason="RECITATION"))
    sim.script(Reply(tool_calls=(ScriptedToolCall("look", "{broken"),)))
    sim.script(Reply(tool_calls=(ScriptedToolCall("look", {"a": 1}, "mine"),)))
    reasons = [(await ask(sim, body("Hi"))).json["candidates"][0] for _ in range(3)]
    assert [entry["finishReason"] for entry in reasons] == ["RECITATION", "MALFORMED_FUNCTION_CALL", "STOP"]
    assert reasons[2]["content"]["parts"][0]["functionCall"] == {"name": "look", "args": {"a": 1}, "id": "mine"}
