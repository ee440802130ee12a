"""What the simulated Ollama says of mistakes, cuts without a word, keeps in memory, and how its streams go."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.llms.simulator import Reply, ScriptedToolCall, Simulator
from tests.unit.simulator.calls import get, post
from tests.unit.simulator.ollama_calls import (
    CHAT,
    EMBED,
    GENERATE,
    IMAGE,
    MODEL,
    OSS,
    SEER,
    THINKER,
    WEATHER,
    ask,
    chat,
    lines,
)

FIELD = "json: cannot unmarshal {} into Go struct field ChatRequest.{} of type {}"
CALLED = {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "look", "arguments": {"a": 1}}}]}
REFUSED: list[tuple[dict[str, Any], int, str]] = [
    (chat("Hi", model=""), 400, "model is required"),
    (chat("Hi", model="nothing"), 404, "model 'nothing' not found"),
    (chat("Hi", model=3), 400, FIELD.format("number", "model", "string")),  # type: ignore[arg-type]  # the mistake
    (
        chat({"role": "user", "content": [{"type": "text", "text": "Hi"}]}),
        400,
        FIELD.format("array", "messages.content", "string"),
    ),
    ({"model": MODEL, "messages": "Hi"}, 400, FIELD.format("string", "messages", "[]api.Message")),
    ({"model": MODEL, "messages": ["Hi"]}, 400, FIELD.format("string", "messages", "api.Message")),
    (
        chat(CALLED | {"tool_calls": [{"function": {"name": "look", "arguments": "{}"}}]}),
        400,
        FIELD.format("string", "messages.tool_calls.function.arguments", "api.ToolCallFunctionArguments"),
    ),
    (chat("Hi", stream="no"), 400, FIELD.format("string", "stream", "bool")),
    (chat("Hi", options=[]), 400, FIELD.format("array", "options", "map[string]interface {}")),
    (
        chat("Hi", tools=[{"function": {"parameters": {"properties": {"a": {"type": 3}}}}}]),
        400,
        FIELD.format("number", "tools.function.parameters.properties.a.type", "api.PropertyType"),
    ),
    (chat("Hi", options={"temperature": "hot"}), 500, 'option "temperature" must be of type float32'),
    (chat("Hi", options={"num_ctx": "8k"}), 500, 'option "num_ctx" must be of type integer'),
    (chat("Hi", options={"stop": [1]}), 500, 'option "stop" must be of an array of strings'),
    (chat("Hi", format="xml"), 500, 'invalid format: "\\"xml\\""; expected "json" or a valid JSON Schema object'),
    (
        chat("Hi", think="hard"),
        400,
        'invalid think value: "hard" (must be "high", "medium", "low", "max", true, or false)',
    ),
    (
        chat("Hi", think=3),
        400,
        'think must be a boolean or string ("high", "medium", "low", "max", true, or false)',
    ),
    (chat("Hi", think="low"), 400, f'"{MODEL}" does not support thinking'),
    (chat("Hi", keep_alive="soon"), 400, 'time: invalid duration "soon"'),
    (chat("Hi", keep_alive=True), 400, "Unsupported type: 'bool'"),
    (chat("Hi", top_logprobs=21), 400, "top_logprobs must be between 0 and 20"),
    (
        chat({"role": "user", "images": ["data:image/png;base64,AA=="]}, model=SEER),
        400,
        "illegal base64 data at input byte 4",
    ),
    (chat({"role": "user", "images": [IMAGE]}), 400, "this model is missing data required for image input"),
    (chat({"role": "user", "images": ["AAAA"]}, model=SEER), 400, "Failed to load image or audio file"),
    (chat("Hi " * 50, options={"num_ctx": 8}, truncate=False), 400, "the input length exceeds the context length"),
]


@pytest.mark.parametrize(("body", "status", "error"), REFUSED)
async def test_mistakes_are_refused_in_the_servers_words(
    sim: Simulator, body: dict[str, Any], status: int, error: str
) -> None:
    received = await ask(sim, body)
    assert (received.status, received.json) == (status, {"error": error})


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", "missing request body"),
        (b"{", "unexpected EOF"),
        (b"hello", "invalid character 'h' looking for beginning of value"),
        (b"[1]", "json: cannot unmarshal array into Go value of type api.ChatRequest"),
    ],
)
async def test_bodies_that_are_no_object_are_refused(sim: Simulator, body: bytes, error: str) -> None:
    received = await ask(sim, body)
    assert (received.status, received.json) == (400, {"error": error})


@pytest.mark.parametrize(
    ("path", "body", "status", "error"),
    [
        (GENERATE, {"prompt": "Hi"}, 404, "model '' not found"),
        (GENERATE, {"model": MODEL, "prompt": "Hi", "suffix": "x"}, 400, "does not support insert"),
        (GENERATE, {"model": MODEL, "prompt": "Hi", "raw": True, "system": "x"}, 400, "raw mode does not support"),
        (EMBED, {"model": "nothing", "input": "Hi"}, 404, 'model "nothing" not found, try pulling it first'),
        (EMBED, {"model": "all-minilm", "input": 3}, 400, "invalid input type"),
        ("/ollama/api/show", {}, 400, "model is required"),
    ],
)
async def test_other_routes_have_words_of_their_own(
    sim: Simulator, path: str, body: dict[str, Any], status: int, error: str
) -> None:
    received = await ask(sim, body, path)
    assert received.status == status
    assert error in received.json["error"]


async def test_names_are_read_as_the_server_reads_them(sim: Simulator) -> None:
    for name in ("LLAMA3.2:3b", "registry.ollama.ai/library/llama3.2", "library/llama3.2:latest"):
        assert (await ask(sim, chat("Say: hi", model=name))).json["model"] == name
    body = {"MODEL": MODEL, "Messages": [{"Role": "USER", "content": "Say: hi"}], "stream": False, "unknown": 1}
    assert (await ask(sim, body)).json["message"]["content"] == "hi"


async def test_addresses_and_methods_are_gins(sim: Simulator) -> None:
    missing = await get(sim, "/ollama/api/nothing", headers={})
    assert (missing.status, missing.content) == (404, b"404 page not found")
    wrong = await get(sim, CHAT, headers={})
    assert (wrong.status, wrong.content) == (405, b"405 method not allowed")
    assert (await get(sim, "/ollama", headers={})).content == b"Ollama is running"
    assert (await get(sim, "/ollama/api/version", headers={})).json == {"version": "0.35.1"}


async def test_streams_are_usual_and_one_object_a_line(sim: Simulator) -> None:
    body = chat("Say: one two", model=THINKER)
    del body["stream"]
    received = await ask(sim, body)
    assert received.headers["content-type"] == "application/x-ndjson"
    parts = lines(received)
    assert "".join(part["message"].get("thinking", "") for part in parts).startswith("**Considering")
    assert "".join(part["message"]["content"] for part in parts) == "one two"
    assert [part["done"] for part in parts] == [False] * (len(parts) - 1) + [True]
    assert "total_duration" not in parts[0]
    assert parts[-1]["done_reason"] == "stop"


async def test_error_inside_a_stream_is_a_line(sim: Simulator) -> None:
    received = await ask(sim, chat("Say: one two", stream=True), fault={"error_after_events": 1, "message": "gone"})
    assert lines(received)[1:] == [{"error": "gone"}]


async def test_levels_decide_how_long_is_thought(sim: Simulator) -> None:
    counts = [
        (await ask(sim, chat("Say: hi", model=OSS, think=level))).json["eval_count"]
        for level in ("low", "medium", "high")
    ]
    assert counts == sorted(set(counts))
    # Such a model cannot be told not to think.
    unasked = (await ask(sim, chat("Say: hi", model=OSS, think=False))).json
    assert unasked["eval_count"] == counts[1]
    assert "thinking" not in (await ask(sim, chat("Say: hi", model=THINKER, think=False))).json["message"]


async def test_a_limit_and_a_stop_end_the_answer(sim: Simulator) -> None:
    cut = (await ask(sim, chat("Say: one two three", options={"num_predict": 2}))).json
    assert (cut["message"]["content"], cut["done_reason"], cut["eval_count"]) == ("one two", "length", 2)
    uncalled = (await ask(sim, chat("Weather in Oslo?", tools=[WEATHER], options={"num_predict": 2}))).json
    assert (uncalled["message"], uncalled["done_reason"]) == ({"role": "assistant", "content": ""}, "length")
    stopped = (await ask(sim, chat("Say: one two three", options={"stop": [" three"]}))).json
    assert (stopped["message"]["content"], stopped["done_reason"]) == ("one two", "stop")


async def test_old_messages_are_cut_without_a_word(sim: Simulator) -> None:
    system = {"role": "system", "content": "Be brief."}
    told = "My name is Ada. " + "word " * 100
    question = chat(system, told, {"role": "assistant", "content": "Noted."}, "What is my name?")
    whole = (await ask(sim, question)).json
    assert "Ada" in whole["message"]["content"]
    cut = (await ask(sim, question | {"options": {"num_ctx": 64}})).json
    assert "Ada" not in cut["message"]["content"]
    assert cut["prompt_eval_count"] <= 64
    assert "error" not in cut


async def test_of_the_newest_message_its_beginning_is_cut(sim: Simulator) -> None:
    text = "Zebra " + "word " * 100 + "at the end"
    assert "Zebra" in (await ask(sim, chat(text))).json["message"]["content"]
    reply = (await ask(sim, chat(text, options={"num_ctx": 16}))).json
    assert reply["message"]["content"].startswith('You said: " word word')
    assert "at the end" in reply["message"]["content"]
    assert reply["prompt_eval_count"] == 16


async def test_results_are_never_cut_from_their_calls(sim: Simulator) -> None:
    result = {"role": "tool", "content": "seen " * 10}
    # There is room for the result, and none for its call beside it.
    reply = (await ask(sim, chat("word " * 100, CALLED, result, options={"num_ctx": 16}))).json
    assert "look returned" in reply["message"]["content"]


async def test_results_without_ids_belong_to_their_calls_by_name_or_order(sim: Simulator) -> None:
    calls: list[Any] = [{"function": {"name": name, "arguments": {}}} for name in ("first", "second", "third")]
    messages = [
        {"role": "assistant", "content": "", "tool_calls": calls},
        {"role": "tool", "content": "2", "tool_name": "second"},
        {"role": "tool", "content": "1"},
        {"role": "tool", "content": "3"},
    ]
    said = (await ask(sim, chat("Go.", *messages))).json["message"]["content"]
    assert said.split("\n") == ['second returned: "2"', 'first returned: "1"', 'third returned: "3"']


async def test_a_format_rules_calls_out_unless_there_is_thinking(sim: Simulator) -> None:
    fields: dict[str, Any] = {
        "tools": [WEATHER],
        "format": {"type": "object", "properties": {"city": {"type": "string"}}},
    }
    bound = (await ask(sim, chat("Weather in Oslo?", **fields))).json["message"]
    assert "tool_calls" not in bound
    assert json.loads(bound["content"]) == {"city": "Oslo"}
    free = (await ask(sim, chat("Weather in Oslo?", model=THINKER, **fields))).json["message"]
    assert [call["function"]["arguments"] for call in free["tool_calls"]] == [{"city": "Oslo"}]
    assert free["tool_calls"][0]["id"].startswith("call_")


async def test_calls_that_cannot_be_read_are_text(sim: Simulator) -> None:
    sim.script(Reply(tool_calls=(ScriptedToolCall("look", "{broken"),)))
    message = (await ask(sim, chat("Hi", tools=[WEATHER]))).json["message"]
    assert "tool_calls" not in message
    assert "{broken" in message["content"]


async def test_models_are_loaded_kept_and_sent_away(sim: Simulator) -> None:
    loaded = (await ask(sim, {"model": MODEL, "keep_alive": "-1m"})).json
    assert (loaded["done_reason"], loaded["message"]["content"]) == ("load", "")
    first, second = [(await ask(sim, chat("Hi", keep_alive=-1))).json for _ in range(2)]
    assert first["load_duration"] == second["load_duration"] < 10**8
    another = (await ask(sim, chat("Hi", options={"num_ctx": 1024}))).json
    assert another["load_duration"] > 10**9
    (running,) = (await get(sim, "/ollama/api/ps", headers={})).json["models"]
    assert running["context_length"] == 1024
    gone = (await ask(sim, {"model": MODEL, "keep_alive": 0})).json
    assert gone["done_reason"] == "unload"
    assert (await get(sim, "/ollama/api/ps", headers={})).json == {"models": []}
    assert (await ask(sim, chat("Hi", keep_alive=0))).status == 200
    assert (await get(sim, "/ollama/api/ps", headers={})).json == {"models": []}


async def test_times_add_up(sim: Simulator) -> None:
    reply = (await ask(sim, chat("Say: one two"))).json
    parts = [reply[f"{name}_duration"] for name in ("load", "prompt_eval", "eval")]
    assert 0 < sum(parts) <= reply["total_duration"]


async def test_texts_that_are_too_long_are_cut_unless_that_is_ruled_out(sim: Simulator) -> None:
    body = {"model": "all-minilm", "input": "word " * 300}
    assert (await ask(sim, body, EMBED)).json["prompt_eval_count"] == 256
    refused = await ask(sim, body | {"truncate": False}, EMBED)
    assert (refused.status, refused.json["error"]) == (400, "the input length exceeds the context length")
    assert (await ask(sim, body | {"input": ""}, EMBED)).json["embeddings"] == []


async def test_logprobs_are_of_what_each_line_says(sim: Simulator) -> None:
    fields: dict[str, Any] = {"logprobs": True, "top_logprobs": 2}
    whole = (await ask(sim, chat("Say: one two", **fields))).json["logprobs"]
    streamed = lines(await ask(sim, chat("Say: one two", stream=True, **fields)))
    assert [entry for line in streamed for entry in line.get("logprobs", ())] == whole
    assert [(entry["token"], len(entry["top_logprobs"])) for entry in whole] == [("one", 2), (" two", 2)]


@pytest.mark.parametrize("status", [404, 429, 500, 503])
async def test_faults_have_the_servers_form(sim: Simulator, status: int) -> None:
    received = await ask(sim, chat("Hi"), fault={"status": status})
    assert (received.status, list(received.json)) == (status, ["error"])


async def test_limits_refuse_as_a_proxy_would(sim: Simulator) -> None:
    sim.rate_limit(requests_per_minute=1)
    assert [(await ask(sim, chat("Hi"))).status for _ in range(2)] == [200, 429]


async def test_environment_points_at_the_simulator(sim: Simulator) -> None:
    address = sim.environment()["OLLAMA_HOST"]
    assert address == sim.base_url("ollama")
    received = await post(sim, f"{address.removeprefix(sim.url)}/api/chat", chat("Say: hi"), headers={})
    assert received.json["message"]["content"] == "hi"
