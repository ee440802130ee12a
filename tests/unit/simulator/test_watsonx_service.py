"""What surrounds the simulated watsonx.ai's answers: keys and tokens, addresses, rules, lists, limits, faults."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from core.llms.simulator import Simulator
from tests.unit.simulator.calls import Received, get, post
from tests.unit.simulator.watsonx_calls import (
    EMBEDDINGS,
    GENERATION,
    GRANT,
    MODEL,
    OSS,
    PROJECT,
    TOKEN_PATH,
    ask,
    ask_token,
    authorization,
    chat,
    deployed,
    path,
)
from tests.unit.simulator.watsonx_mistakes import REFUSED

SPECS = "/watsonx/ml/v1/foundation_model_specs"


def code(received: Received) -> tuple[int, str]:
    return received.status, received.json["errors"][0]["code"]


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"grant_type": GRANT, "apikey": "invalid-key"}, 400, ("BXNIM0415E", "Provided API key could not be found.")),
        ({"apikey": "k"}, 400, ("BXNIM0109E", "Property missing or empty.")),
        ({"grant_type": GRANT, "apikey": ""}, 400, ("BXNIM0109E", "Property missing or empty.")),
        ({"grant_type": "password", "apikey": "k"}, 400, ("BXNIM0103E", "Unsupported grant type.")),
    ],
)
async def test_iam_refuses_in_its_own_words(
    sim: Simulator, form: dict[str, str], status: int, error: tuple[str, str]
) -> None:
    received = await ask_token(sim, form)
    assert received.status == status
    assert (received.json["errorCode"], received.json["errorMessage"]) == error


async def test_iam_takes_forms_that_are_posted(sim: Simulator) -> None:
    as_json = await post(sim, TOKEN_PATH, {"grant_type": GRANT, "apikey": "k"})
    assert (as_json.status, as_json.json["errorDetails"]) == (415, "HTTP 415 Unsupported Media Type")
    got = await get(sim, TOKEN_PATH)
    assert (got.status, got.json["errorDetails"]) == (405, "HTTP 405 Method Not Allowed")


async def test_keys_that_are_given_are_the_only_ones() -> None:
    async with Simulator(api_key="right") as sim:
        assert (await ask_token(sim, {"grant_type": GRANT, "apikey": "wrong"})).status == 400
        assert (await ask_token(sim, {"grant_type": GRANT, "apikey": "right"})).status == 200
        assert sim.environment()["WATSONX_APIKEY"] == "right"


async def test_token_says_when_it_ends() -> None:
    async with Simulator(token_seconds=900) as sim:
        answer = (await ask_token(sim, {"grant_type": GRANT, "apikey": "k"})).json
    claims = json.loads(base64.urlsafe_b64decode(answer["access_token"].split(".")[1] + "=="))
    assert (answer["expires_in"], answer["token_type"], answer["expiration"]) == (900, "Bearer", claims["exp"])
    assert claims["exp"] - claims["iat"] == 900


async def test_tokens_end_by_themselves_and_on_demand(sim: Simulator) -> None:
    async with Simulator(token_seconds=0) as hasty:
        assert code(await ask(hasty, chat("Hi"))) == (401, "authentication_token_expired")
    old = await authorization(sim)
    assert (await post(sim, path(), chat("Hi"), headers=old)).status == 200
    sim.expire_tokens()
    assert code(await post(sim, path(), chat("Hi"), headers=old)) == (401, "authentication_token_expired")
    assert (await ask(sim, chat("Hi"))).status == 200


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, "authentication_token_not_found"),
        ("Basic abc", "authentication_token_not_found"),
        ("Bearer a.b.c", "authentication_token_not_valid"),
        ("Bearer watsonx-simulator", "authentication_token_not_valid"),
    ],
)
async def test_tokens_that_iam_did_not_give_are_refused(sim: Simulator, header: str | None, expected: str) -> None:
    headers = {} if header is None else {"Authorization": header}
    received = await post(sim, path(), chat("Hi"), headers=headers)
    assert code(received) == (401, expected)
    assert received.json["errors"][0]["more_info"] == "https://cloud.ibm.com/apidocs/watsonx-ai#text-chat"


async def test_a_token_of_another_simulator_is_refused(sim: Simulator) -> None:
    async with Simulator() as other:
        foreign = await authorization(other)
    assert code(await post(sim, path(), chat("Hi"), headers=foreign)) == (401, "authentication_token_not_valid")


async def test_the_exchange_of_a_key_spends_no_step_of_a_script(sim: Simulator) -> None:
    sim.script("Only one.")
    received = await ask(sim, chat("Hi"))
    assert received.json["choices"][0]["message"]["content"] == "Only one."


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/watsonx/ml/v1/text/chat", (400, "missing_query_parameter")),
        ("/watsonx/ml/v1/text/chat?version=today", (400, "invalid_query_parameter")),
        ("/watsonx/ml/v1/text/nothing?version=2026-10-14", (404, "not_found")),
        ("/watsonx/ml/v4/text/chat?version=2026-10-14", (404, "not_found")),
        (f"{SPECS}?version=2026-10-14", (405, "method_not_allowed")),
        (deployed("No Such Name"), (404, "deployment_not_found")),
    ],
)
async def test_addresses_are_checked(sim: Simulator, address: str, expected: tuple[int, str]) -> None:
    assert code(await post(sim, address, chat("Hi"), headers=await authorization(sim))) == expected
    if expected[1] == "not_found":
        assert code(await get(sim, address)) == expected


@pytest.mark.parametrize(("body", "error"), REFUSED)
async def test_mistakes_are_refused_in_these_words(sim: Simulator, body: Any, error: tuple[str, str]) -> None:
    received = await ask(sim, body)
    assert received.status == 400
    (given,) = received.json["errors"]
    assert (given["code"], given["message"]) == error


@pytest.mark.parametrize(
    ("name", "operation", "expected"),
    [
        ("no/model", "chat", "model_not_supported"),
        ("google/flan-ul2", "generation", "model_not_supported"),
        (OSS, "generation", "model_no_support_for_function"),
        (MODEL, "embeddings", "model_no_support_for_function"),
    ],
)
async def test_models_do_what_they_are_made_for(sim: Simulator, name: str, operation: str, expected: str) -> None:
    body = {"chat": chat("Hi"), "generation": GENERATION, "embeddings": EMBEDDINGS}[operation]
    assert code(await ask(sim, body | {"model_id": name}, operation)) == (404, expected)


@pytest.mark.parametrize("body", [b"{", b"", b'{"a": NaN}', b"[1]", b"3"])
async def test_bodies_that_are_no_object_are_refused(sim: Simulator, body: bytes) -> None:
    assert (await ask(sim, body)).status == 400


async def test_unknown_fields_are_passed_over_as_the_vendor_does(sim: Simulator) -> None:
    assert (await ask(sim, chat("Hi", tool_choice_options="none", parameters={"a": 1}))).status == 200


async def test_deployments_have_their_model_already(sim: Simulator) -> None:
    headers = await authorization(sim)
    body = {"messages": [{"role": "user", "content": "Say: hi"}]}
    received = await post(sim, deployed(), body, headers=headers)
    assert received.json["choices"][0]["message"]["content"] == "hi"
    named = await post(sim, deployed(), body | {"model_id": MODEL}, headers=headers)
    message = "Json document validation error: 'model_id' or 'model' cannot be specified in the request body"
    assert named.json["errors"][0]["message"] == message
    assert named.json["errors"][0]["more_info"].endswith("#deployments-text-chat")
    assert (await post(sim, deployed("gpt_oss_120b"), body, headers=headers)).json["model_id"] == OSS


async def test_a_limit_cuts_and_is_told_of_where_none_is_given(sim: Simulator) -> None:
    cut = (await ask(sim, chat("Say: one two three four", max_tokens=2))).json
    assert (cut["choices"][0]["message"]["content"], cut["choices"][0]["finish_reason"]) == ("one two", "length")
    assert [warning["id"] for warning in cut["system"]["warnings"]] == ["disclaimer_warning"]
    whole = (await ask(sim, chat("Say: one two", model_id="ibm/granite-4-h-small"))).json
    (warning,) = whole["system"]["warnings"]
    assert warning["additional_properties"]["new_value"] == 1024


async def test_effort_and_limit_decide_how_long_is_reasoned(sim: Simulator) -> None:
    lengths = []
    for effort in ("low", "medium", "high"):
        reply = (await ask(sim, chat("Say: hi", model_id=OSS, reasoning_effort=effort))).json
        lengths.append(reply["usage"]["completion_tokens"])
    assert lengths == sorted(set(lengths))
    cut = (await ask(sim, chat("Say: hi", model_id=OSS, max_completion_tokens=5))).json
    assert (cut["choices"][0]["message"]["content"], cut["choices"][0]["finish_reason"]) == ("", "length")
    assert cut["usage"]["completion_tokens"] == 5


async def test_guides_decide_the_form(sim: Simulator) -> None:
    async def said(**fields: Any) -> str:
        text: str = (await ask(sim, chat("Is it blue?", **fields))).json["choices"][0]["message"]["content"]
        return text

    assert await said(guided_choice=["red", "blue"]) == "blue"
    assert await said(guided_regex="[a]{3}") == "aaa"
    assert json.loads(await said(guided_json={"type": "object", "properties": {"a": {"type": "integer"}}})) == {"a": 1}


async def test_models_are_listed_in_pages_and_by_filters(sim: Simulator) -> None:
    first = (await get(sim, f"{SPECS}?version=2026-10-14&limit=5", headers={})).json
    assert (len(first["resources"]), first["total_count"]) == (5, 14)
    second = (await get(sim, first["next"]["href"], headers={})).json
    assert not {entry["model_id"] for entry in second["resources"]} & {e["model_id"] for e in first["resources"]}

    async def names(filters: str) -> list[str]:
        listed = (await get(sim, f"{SPECS}?version=2026-10-14&filters={filters}", headers={})).json
        return [entry["model_id"] for entry in listed["resources"]]

    assert len(await names("function_embedding")) == 3
    assert await names("lifecycle_withdrawn") == ["google/flan-ul2"]
    assert await names(f"modelid_{OSS}") == [OSS]
    assert "google/flan-ul2" not in await names("function_text_generation,!lifecycle_withdrawn:and")
    for wrong in ("filters=colour_red", "limit=0", "start=x"):
        assert (await get(sim, f"{SPECS}?version=2026-10-14&{wrong}")).status == 400


async def test_vectors_say_what_they_are_of(sim: Simulator) -> None:
    reply = (await ask(sim, EMBEDDINGS, "embeddings")).json
    assert [entry["input"]["text"] for entry in reply["results"]] == ["hello", "world"]
    long = EMBEDDINGS | {"inputs": ["word " * 600], "parameters": {}}
    refused = (await ask(sim, long, "embeddings")).json["errors"][0]["message"]
    assert "the number of input tokens 601 cannot exceed the total tokens limit 512" in refused
    assert (await ask(sim, long | {"parameters": {"truncate_input_tokens": 512}}, "embeddings")).status == 200


async def test_limits_are_told_and_kept(sim: Simulator) -> None:
    sim.rate_limit(requests_per_minute=1)
    headers = await authorization(sim)
    first = await post(sim, path(), chat("Hi"), headers=headers)
    assert (first.headers["x-requests-limit-rate"], first.headers["x-requests-limit-remaining"]) == ("1", "0")
    # A new token is of the same account.
    assert code(await ask(sim, chat("Hi"))) == (429, "rate_limit_reached_requests")
    assert (await post(sim, path(), chat("Hi"), headers=await authorization(sim, "another"))).status == 200


@pytest.mark.parametrize(
    ("status", "expected"), [(429, "rate_limit_reached_requests"), (503, "downstream_request_failed")]
)
async def test_faults_have_the_vendors_code(sim: Simulator, status: int, expected: str) -> None:
    assert code(await ask(sim, chat("Hi"), fault={"status": status})) == (status, expected)
    assert code(await ask(sim, chat("Hi"), fault={"status": status, "code": "own"})) == (status, "own")


async def test_faults_of_iam_have_its_form(sim: Simulator) -> None:
    form = {"grant_type": GRANT, "apikey": "k"}
    received = await ask_token(sim, form, **{"x-simulator-fault": '{"status": 503}'})
    assert (received.status, set(received.json)) == (503, {"errorCode", "errorMessage", "context"})


async def test_error_inside_a_stream_is_an_event_of_its_own(sim: Simulator) -> None:
    received = await ask(sim, chat("Say: one two three"), "chat_stream", fault={"error_after_events": 1})
    events = received.content.decode().split("\n\n")
    assert events[0].startswith("id: 1\nevent: message\ndata: ")
    assert events[1].startswith("id: 2\nevent: error\ndata: ")
    assert json.loads(events[1].partition("data: ")[2])["status_code"] == 500


async def test_logprobs_are_of_what_each_event_says(sim: Simulator) -> None:
    body = chat("Say: one two three four", logprobs=True, top_logprobs=3)
    whole = (await ask(sim, body)).json["choices"][0]["logprobs"]["content"]
    streamed = await ask(sim, body, "chat_stream")
    entries = [
        entry
        for event in streamed.events
        for choice in event["choices"]
        for entry in choice.get("logprobs", {}).get("content", ())
    ]
    assert entries == whole
    assert {len(entry["top_logprobs"]) for entry in entries} == {3}


async def test_environment_points_at_the_simulator(sim: Simulator) -> None:
    variables = sim.environment()
    assert variables["WATSONX_URL"] == sim.base_url("watsonx")
    body = chat("Hi") | {"project_id": variables["WATSONX_PROJECT_ID"]}
    assert variables["WATSONX_PROJECT_ID"] != PROJECT
    assert (await ask(sim, body)).status == 200
    assert "Bearer" not in str(sim.requests[-1])
