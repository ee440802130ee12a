"""What the simulated Cohere answers, and what surrounds it: ends, usage, the cache, vectors, lists, limits, faults."""

from __future__ import annotations

import base64
import struct
from typing import Any

import pytest

from core.llms.simulator import Reply, ScriptedToolCall, Simulator
from tests.unit.simulator.calls import get
from tests.unit.simulator.cohere_calls import (
    EMBED,
    EMBED_REQUEST,
    FORMED_REQUEST,
    KEY,
    MODEL,
    MODELS,
    RERANK,
    RERANK_REQUEST,
    THINKER,
    TOKENIZE,
    WEATHER,
    ask,
    assistant,
    called,
    chat_body,
    events,
    returned,
    talk,
    user,
)


def text_of(received: Any) -> str:
    content: list[dict[str, str]] = received.json["message"]["content"]
    return next(block["text"] for block in content if block["type"] == "text")


@pytest.mark.parametrize(
    ("fields", "text", "reason"),
    [
        ({}, "1, 2, 3, 4, 5", "COMPLETE"),
        ({"max_tokens": 4}, "1, 2", "MAX_TOKENS"),
        ({"stop_sequences": ["x", ", 4"]}, "1, 2, 3", "STOP_SEQUENCE"),
    ],
)
async def test_answers_end_for_a_reason(sim: Simulator, fields: dict[str, Any], text: str, reason: str) -> None:
    received = await ask(sim, chat_body("Count to 5.", **fields))
    assert (text_of(received).strip(), received.json["finish_reason"]) == (text, reason)


async def test_script_says_the_words_and_the_reason(sim: Simulator) -> None:
    sim.script(Reply("cut", finish_reason="TIMEOUT"), Reply(refusal="No."))
    sim.script(Reply(tool_calls=(ScriptedToolCall("look", "{broken", id="own_1"),)))
    cut, refused, calling = [await ask(sim, chat_body()) for _ in range(3)]
    assert (text_of(cut), cut.json["finish_reason"]) == ("cut", "TIMEOUT")
    assert (text_of(refused), refused.json["finish_reason"]) == ("No.", "COMPLETE")
    assert calling.json["message"]["tool_calls"] == [called("own_1", "look", "{broken")]
    assert "content" not in calling.json["message"]


async def test_thinking_has_a_budget_and_can_be_turned_off(sim: Simulator) -> None:
    usual = (await ask(sim, chat_body(model=THINKER))).json
    tight = (await ask(sim, chat_body(model=THINKER, thinking={"type": "enabled", "token_budget": 3}))).json
    off = (await ask(sim, chat_body(model=THINKER, thinking={"type": "disabled"}))).json
    assert [block["type"] for block in usual["message"]["content"]] == ["thinking", "text"]
    assert [len(reply["message"]["content"]) for reply in (tight, off)] == [2, 1]
    thought = [reply["usage"]["tokens"]["reasoning_tokens"] for reply in (usual, tight, off)]
    assert thought[0] > 3
    assert thought[1:] == [3, 0]
    assert usual["message"]["content"][0]["thinking"].startswith(tight["message"]["content"][0]["thinking"])


async def test_usage_bills_the_prompt_without_the_vendors_own_words(sim: Simulator) -> None:
    first, second = [(await ask(sim, chat_body("Say: yes."))).json["usage"] for _ in range(2)]
    assert first["billed_units"] == {"input_tokens": 4, "output_tokens": 2}
    assert first["tokens"] == {"input_tokens": 500, "output_tokens": 3}
    assert (first["cached_tokens"], second["cached_tokens"]) == (0, 496)
    other = await ask(sim, chat_body("Say: yes."), headers={"Authorization": "Bearer co-other"})
    assert other.json["usage"]["cached_tokens"] == 0
    tools = (await ask(sim, chat_body("Say: yes.", tools=[WEATHER]))).json["usage"]["billed_units"]
    documents = (await ask(sim, chat_body("Say: yes.", documents=["red apples"]))).json["usage"]["billed_units"]
    assert tools["input_tokens"] > documents["input_tokens"] == 6


async def test_stream_tells_the_same_as_the_whole(sim: Simulator) -> None:
    body = chat_body("What is our capital?", documents=[{"data": "Our capital is Oslo."}], model=THINKER)
    whole = (await ask(sim, body)).json
    told = events(await ask(sim, body | {"stream": True}))
    content: dict[int, str] = {}
    for event in told:
        if event["type"] == "content-delta":
            piece = event["delta"]["message"]["content"]
            content[event["index"]] = content.get(event["index"], "") + (piece.get("text") or piece["thinking"])
    assert list(content.values()) == [block.get("text") or block["thinking"] for block in whole["message"]["content"]]
    cited = [event["delta"]["message"]["citations"] for event in told if event["type"] == "citation-start"]
    assert cited == whole["message"]["citations"]
    assert cited[0]["content_index"] == 1
    assert cited[0]["sources"][0]["document"] == {"id": "doc:0", "text": "Our capital is Oslo."}
    usage = told[-1]["delta"]["usage"]
    assert usage["billed_units"] == whole["usage"]["billed_units"]


async def test_citations_can_be_turned_off(sim: Simulator) -> None:
    body = chat_body("What is our capital?", documents=["Our capital is Oslo."])
    assert "citations" in (await ask(sim, body)).json["message"]
    for mode in ("OFF", "DISABLED"):
        assert "citations" not in (await ask(sim, body | {"citation_options": {"mode": mode}})).json["message"]


async def test_documents_of_a_result_are_cited_by_their_ids(sim: Simulator) -> None:
    content = [
        {"type": "document", "document": {"id": "door", "data": {"text": "It is Ada."}}},
        {"type": "text", "text": '{"seen": "a red hat"}'},
    ]
    received = await ask(sim, talk(user("Look."), assistant(tool_calls=[called()]), returned(content=content)))
    sources = [citation["sources"][0] for citation in received.json["message"]["citations"]]
    assert sources == [
        {"type": "tool", "id": "door", "tool_output": {"text": "It is Ada."}},
        {"type": "tool", "id": "look_1:1", "tool_output": {"seen": "a red hat"}},
    ]


async def test_log_probabilities_are_of_the_texts_tokens(sim: Simulator) -> None:
    received = await ask(sim, chat_body("Say: one two", logprobs=True))
    assert [item["text"] for item in received.json["logprobs"]] == ["one", " two"]
    assert all(len(item["token_ids"]) == len(item["logprobs"]) for item in received.json["logprobs"])
    assert "logprobs" not in (await ask(sim, chat_body("Say: one two"))).json


async def test_older_name_of_the_schema_is_taken(sim: Simulator) -> None:
    schema = FORMED_REQUEST["response_format"]["json_schema"]
    received = await ask(sim, FORMED_REQUEST | {"response_format": {"type": "json_object", "schema": schema}})
    assert text_of(received) == '{"name":"Ada","age":36}'


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"input_type": None}, "invalid request: valid input_type must be provided with the provided model"),
        ({"input_type": "query"}, "invalid request: valid input_type must be provided with the provided model"),
        ({"texts": ["a"]}, "invalid request: exactly one of texts, images or inputs must be provided."),
        ({"inputs": None}, "invalid request: exactly one of texts, images or inputs must be provided."),
        (
            {"inputs": None, "images": ["https://example.com/a.png"]},
            "invalid request: images must be data URIs.",
        ),
        (
            {"inputs": None, "texts": ["a"] * 97},
            "invalid request: total number of texts must be at most 96 - received 97",
        ),
        (
            {"inputs": None, "texts": ["a", ""]},
            "invalid request: inputs contains an element that is the empty string at index 1",
        ),
        ({"output_dimension": 100}, "invalid request: output_dimension must be one of 256, 512, 1024, 1536."),
        (
            {"model": "embed-english-v3.0"},
            "invalid request: output_dimension is not supported by the provided model: embed-english-v3.0.",
        ),
        ({"max_tokens": 0}, "invalid request: max_tokens must be greater than or equal to 1."),
        ({"priority": -1}, "invalid request: priority must be greater than or equal to 0."),
        ({"model": MODEL}, f"invalid request: model '{MODEL}' is not supported by the embed API"),
        (
            {"inputs": None, "texts": ["one two three"], "max_tokens": 2, "truncate": "NONE"},
            "too many tokens: size limit exceeded by 1 tokens. Try using shorter or fewer inputs.",
        ),
    ],
)
async def test_mistakes_in_vectors_are_refused(sim: Simulator, fields: dict[str, Any], message: str) -> None:
    received = await ask(sim, EMBED_REQUEST | fields, path=EMBED)
    assert (received.status, received.json["message"]) == (400, message)


async def test_images_are_embedded_as_images(sim: Simulator) -> None:
    url = EMBED_REQUEST["inputs"][0]["content"][1]["image_url"]["url"]
    body = {"model": "embed-v4.0", "images": [url], "input_type": "search_query"}
    refused = await ask(sim, body, path=EMBED)
    assert refused.json["message"] == "invalid request: images must be used with input_type=image"
    received = (await ask(sim, body | {"input_type": "image"}, path=EMBED)).json
    assert received["images"] == [{"width": 2, "height": 2, "format": "png", "bit_depth": 24}]
    assert received["meta"]["billed_units"] == {"input_tokens": 0, "images": 1, "image_tokens": 259}
    assert len(received["embeddings"]["float"][0]) == 1536


async def test_vectors_are_cut_at_either_end_and_agree_in_every_form(sim: Simulator) -> None:
    body = {"model": "embed-v4.0", "input_type": "search_document", "output_dimension": 256}
    whole = {"texts": ["one", " three"]}
    cut = {"texts": ["one two three"], "max_tokens": 1}
    kinds = ["float", "int8", "uint8", "binary", "ubinary", "base64"]
    plain = (await ask(sim, body | whole, path=EMBED)).json["embeddings"]["float"]
    end = (await ask(sim, body | cut | {"embedding_types": kinds}, path=EMBED)).json["embeddings"]
    start = (await ask(sim, body | cut | {"truncate": "START"}, path=EMBED)).json["embeddings"]
    assert [end["float"][0], start["float"][0]] == plain
    assert list(struct.unpack("<256f", base64.b64decode(end["base64"][0]))) == end["float"][0]
    assert [value >> 7 for value in end["ubinary"][0]] == [int(value > 0) for value in end["float"][0][::8]]
    assert [value + 128 for value in end["binary"][0]] == end["ubinary"][0]
    for number, small, unsigned in zip(end["float"][0], end["int8"][0], end["uint8"][0], strict=True):
        assert abs(small / 127 - number) < 0.01
        assert abs(unsigned / 127.5 - 1 - number) < 0.01


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"query": "  "}, "invalid request: query must not be empty or be only whitespace"),
        ({"documents": []}, "invalid request: list of documents must not be empty"),
        ({"documents": ["a", ""]}, "invalid request: document at index 1 cannot be empty"),
        ({"top_n": 0}, "invalid request: top_n is invalid, value must be at least 1"),
        ({"priority": -1}, "invalid request: priority must be greater than or equal to 0."),
        (
            {"model": "rerank-v3.5"},
            "invalid request: relevant_spans is not supported by the provided model: rerank-v3.5.",
        ),
        ({"model": "embed-v4.0"}, "invalid request: model 'embed-v4.0' is not supported by the rerank API"),
    ],
)
async def test_mistakes_in_rankings_are_refused(sim: Simulator, fields: dict[str, Any], message: str) -> None:
    received = await ask(sim, RERANK_REQUEST | fields, path=RERANK)
    assert (received.status, received.json["message"]) == (400, message)


async def test_ranking_shows_the_sentences_that_matter(sim: Simulator) -> None:
    best, worst = (await ask(sim, RERANK_REQUEST, path=RERANK)).json["results"]
    assert (best["index"], worst["index"]) == (1, 0)
    assert best["relevance_score"] > worst["relevance_score"]
    assert [(span["start"], span["end"]) for span in best["relevant_spans"]] == [(0, 15)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "invalid request: required 'text' param is missing or empty."),
        ("a" * 65_537, "invalid request: text must be shorter than 65536 characters"),
    ],
)
async def test_texts_that_are_not_tokenized(sim: Simulator, text: str, message: str) -> None:
    received = await ask(sim, {"model": MODEL, "text": text}, path=TOKENIZE)
    assert (received.status, received.json["message"]) == (400, message)


@pytest.mark.parametrize(
    "query",
    ["page_size=0", "page_size=many", "page_token=bad", "endpoint=fly", "default_only=true", "limit=3"],
)
async def test_lists_refuse_what_they_do_not_know(sim: Simulator, query: str) -> None:
    assert (await get(sim, f"{MODELS}?{query}", headers=KEY)).status == 400


async def test_models_are_found_by_name(sim: Simulator) -> None:
    card = (await get(sim, f"{MODELS}/{THINKER}", headers=KEY)).json
    assert card["features"][-2:] == ["reasoning", "vision"]
    assert (await get(sim, f"{MODELS}/command-x", headers=KEY)).status == 404


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 422, 429, 498, 499, 500, 501, 503, 504, 599])
async def test_faults_have_the_vendors_body(sim: Simulator, status: int) -> None:
    received = await ask(sim, chat_body(), fault={"status": status, "retry_after": "7"})
    assert (received.status, set(received.json), received.headers["retry-after"]) == (status, {"id", "message"}, "7")
    own = await ask(sim, chat_body(), fault={"status": status, "message": "own words"})
    assert own.json["message"] == "own words"
    raw = await ask(sim, chat_body(), fault={"status": status, "body": "not JSON"})
    assert raw.content == b"not JSON"


async def test_limits_count_down_and_refuse(sim: Simulator) -> None:
    sim.rate_limit(requests_per_minute=1)
    first, second = await ask(sim, chat_body()), await ask(sim, chat_body())
    assert first.headers["x-trial-endpoint-call-limit"] == "1"
    assert first.headers["x-trial-endpoint-call-remaining"] == "0"
    assert (second.status, "x-trial-endpoint-call-limit" in second.headers) == (429, False)
    assert second.json["message"].startswith("You are using a Trial key, which is limited to 1 API calls / minute.")
    sim.rate_limit(tokens_per_minute=5)
    vectors = await ask(sim, EMBED_REQUEST, path=EMBED)
    assert (vectors.status, vectors.json["message"]) == (
        429,
        "trial token rate limit exceeded, limit is 5 tokens per minute",
    )
    ranking = await ask(sim, RERANK_REQUEST, path=RERANK)
    assert ranking.status == 200


async def test_environment_points_at_the_simulator(sim: Simulator) -> None:
    variables = sim.environment()
    assert variables["CO_API_URL"] == sim.cohere_base_url == sim.base_url("cohere")
    headers = {"Authorization": f"Bearer {variables['CO_API_KEY']}"}
    assert (await ask(sim, chat_body(), headers=headers)).status == 200
    assert sim.requests[-1].headers["authorization"] == "[redacted]"
