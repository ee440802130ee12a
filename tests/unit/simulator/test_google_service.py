"""What surrounds the simulated Google's answers: the cache, counts, embeddings, lists, limits, faults."""

from __future__ import annotations

import json

import pytest

from core.llms.simulator import Simulator
from tests.unit.simulator.calls import get, post
from tests.unit.simulator.google_calls import KEY, OLD, PLACE, TOKEN, WEATHER, ask, body, gemini, said, vertex

STREAM = f"{gemini(method='streamGenerateContent')}?alt=sse"
TOOLS = [{"functionDeclarations": [WEATHER]}]


async def test_repeated_prompts_are_read_from_the_cache(sim: Simulator) -> None:
    request = body("word " * 3000)
    usages = [(await ask(sim, request)).json["usageMetadata"] for _ in range(2)]
    assert "cachedContentTokenCount" not in usages[0]
    assert usages[1]["cachedContentTokenCount"] == usages[1]["promptTokenCount"] == 3001
    other = (await ask(sim, request, headers={"x-goog-api-key": "other"})).json["usageMetadata"]
    assert "cachedContentTokenCount" not in other


async def test_count_is_of_the_same_prompt(sim: Simulator) -> None:
    request = body("How many?", tools=TOOLS, systemInstruction={"parts": [{"text": "Be brief."}]})
    counted = await ask(sim, {"generateContentRequest": request}, path=gemini(method="countTokens"))
    answered = await ask(sim, request)
    assert counted.json["totalTokens"] == answered.json["usageMetadata"]["promptTokenCount"]
    published = await post(sim, vertex(method="countTokens"), request, headers=TOKEN)
    assert published.json["totalTokens"] == counted.json["totalTokens"]
    assert published.json["totalBillableCharacters"] == 16


async def test_embeddings_come_in_each_form(sim: Simulator) -> None:
    model = "gemini-embedding-001"
    entry = {"model": f"models/{model}", "content": {"parts": [{"text": "hello"}]}, "outputDimensionality": 4}
    batch = (await ask(sim, {"requests": [entry, entry]}, path=gemini(model, "batchEmbedContents"))).json
    single = (await ask(sim, entry, path=gemini(model, "embedContent"))).json
    assert batch["embeddings"] == [single["embedding"]] * 2
    request = {"instances": [{"content": "hello"}], "parameters": {"outputDimensionality": 4}}
    predicted = (await post(sim, vertex("text-embedding-005", "predict"), request, headers=TOKEN)).json
    assert predicted["predictions"][0]["embeddings"]["values"] == single["embedding"]["values"]
    wrong = {"requests": [entry | {"model": "models/other"}]}
    assert (await ask(sim, wrong, path=gemini(model, "batchEmbedContents"))).status == 400


async def test_models_are_listed_in_pages(sim: Simulator) -> None:
    names: list[str] = []
    token = ""
    while True:
        page = (await get(sim, f"/google/v1beta/models?pageSize=5&pageToken={token}", headers=KEY)).json
        names += [model["name"] for model in page["models"]]
        token = page.get("nextPageToken", "")
        if not token:
            break
    assert len(names) == len(set(names)) == 17
    card = (await get(sim, "/google/v1beta/models/gemini-4-argon", headers=KEY)).json
    assert (card["inputTokenLimit"], card["thinking"]) == (1_048_576, True)
    assert len((await get(sim, "/google/v1/models", headers=KEY)).json["models"]) < 17
    assert (await get(sim, "/google/v1/models?pageToken=bad", headers=KEY)).status == 400
    published = await get(sim, "/vertex/v1beta1/publishers/google/models", headers=TOKEN)
    assert published.json["publisherModels"][0]["name"] == "publishers/google/models/gemini-4-argon"


@pytest.mark.parametrize(
    ("code", "status"),
    [(400, "INVALID_ARGUMENT"), (403, "PERMISSION_DENIED"), (500, "INTERNAL"), (503, "UNAVAILABLE")],
)
async def test_faults_have_the_vendors_status(sim: Simulator, code: int, status: str) -> None:
    received = await ask(sim, body("Hi"), fault={"status": code})
    assert (received.status, received.error["status"]) == (code, status)


async def test_delay_of_a_fault_is_in_its_details(sim: Simulator) -> None:
    error = (await ask(sim, body("Hi"), fault={"status": 429, "retry_after": "34"})).error
    assert (error["status"], error["details"][0]["retryDelay"]) == ("RESOURCE_EXHAUSTED", "34s")


async def test_error_inside_a_stream_is_json_over_several_lines(sim: Simulator) -> None:
    request = body("Say: one two three four five")
    received = await ask(sim, request, path=STREAM, fault={"error_after_events": 1})
    event, error = received.content.decode().split("\r\n\r\n")[:2]
    assert event.startswith("data: ")
    assert json.loads(error)["error"]["status"] == "UNAVAILABLE"
    assert error.count("\r\n") > 3
    listed = await ask(sim, request, path=gemini(method="streamGenerateContent"), fault={"error_after_events": 1})
    assert listed.json[1]["error"]["code"] == 503


async def test_line_ends_can_be_changed(sim: Simulator) -> None:
    for ending in ("\n", "\r", "\r\n"):
        received = await ask(sim, body("Say: hi"), path=STREAM, fault={"line_ending": ending})
        expected = "\r\n" if ending == "\n" else ending
        assert received.content.decode().endswith(f"}}{expected}{expected}")


async def test_quotas_refuse_with_the_recorded_words(sim: Simulator) -> None:
    sim.rate_limit(requests_per_minute=1)
    assert (await ask(sim, body("Hi"), path=gemini(OLD))).status == 200
    received = await ask(sim, body("Hi"), path=gemini(OLD))
    error = received.error
    assert (received.status, error["status"]) == (429, "RESOURCE_EXHAUSTED")
    assert error["message"].startswith("You exceeded your current quota, please check your plan and billing details.")
    assert [detail["@type"].rsplit(".", 1)[1] for detail in error["details"]] == ["Help", "QuotaFailure", "RetryInfo"]
    sim.rate_limit(requests_per_minute=1)
    both = [await post(sim, vertex(), body("Hi"), headers=TOKEN) for _ in range(2)]
    message = "Resource has been exhausted (e.g. check quota)."
    assert both[1].error == {"code": 429, "message": message, "status": "RESOURCE_EXHAUSTED"}


async def test_environment_points_at_the_simulator(sim: Simulator) -> None:
    variables = sim.environment()
    assert variables["GOOGLE_GEMINI_BASE_URL"] == sim.google_base_url
    assert variables["GOOGLE_VERTEX_BASE_URL"] == sim.vertex_base_url
    headers = {"x-goog-api-key": variables["GOOGLE_API_KEY"]}
    assert (await ask(sim, body("Hi", said("Ho"), "Say: hi"), headers=headers)).status == 200
    assert sim.requests[-1].headers["x-goog-api-key"] == "[redacted]"
    assert PLACE.startswith("/vertex/")
