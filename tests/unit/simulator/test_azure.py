"""Azure's deviations: deployments, versions, keys, content filter, headers, order of chunks."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from core.llms.simulator import Simulator
from tests.unit.simulator.calls import chat_body, get, post, response_body

KEY = {"api-key": "azure-test"}
V1 = "/azure/openai/v1"
DATED = "?api-version=2024-10-21"
DEPLOYMENT = "/azure/openai/deployments/gpt-4.1-mini/chat/completions"
SAFE = {"filtered": False, "severity": "safe"}


async def test_completion_carries_the_findings_of_the_filter(sim: Simulator) -> None:
    body = (await post(sim, f"{DEPLOYMENT}{DATED}", chat_body(), headers=KEY)).json
    assert list(body) == sorted(body)
    assert body["prompt_filter_results"][0]["content_filter_results"]["hate"] == SAFE
    assert body["choices"][0]["content_filter_results"]["protected_material_code"] == {
        "detected": False,
        "filtered": False,
    }
    assert body["model"] == "gpt-4.1-mini-2025-04-14"


async def test_stream_opens_with_a_chunk_about_the_prompt(sim: Simulator) -> None:
    body = chat_body("Say: hi", stream=True, stream_options={"include_usage": True})
    first, second, *rest = (await post(sim, f"{V1}/chat/completions", body, headers=KEY)).events
    assert list(first) == ["choices", "created", "id", "model", "object", "prompt_filter_results"]
    assert (first["choices"], first["created"], first["id"], first["model"], first["object"]) == ([], 0, "", "", "")
    assert second["choices"][0]["delta"] == {"role": "assistant", "content": "", "refusal": None}
    assert second["choices"][0]["content_filter_results"] == {}
    assert rest[0]["choices"][0]["content_filter_results"]["violence"] == SAFE
    assert rest[-1]["choices"] == []
    assert rest[-1]["usage"]["completion_tokens"] == 1


async def test_headers_are_azures(sim: Simulator) -> None:
    headers = (await post(sim, f"{V1}/chat/completions", chat_body(), headers=KEY)).headers
    assert uuid.UUID(headers["apim-request-id"]).version == 4
    assert uuid.UUID(headers["x-request-id"]).version == 4
    assert headers["x-ms-region"] == "West Europe"
    assert headers["x-ratelimit-renewalperiod-requests"] == "60"
    assert headers["x-ratelimit-reset-tokens"].isdigit()


@pytest.mark.parametrize("path", [f"{DEPLOYMENT}{DATED}", f"{V1}/chat/completions", f"{V1}/responses"])
async def test_triggered_filter_blocks_the_prompt(sim: Simulator, path: str) -> None:
    make = response_body if path.endswith("responses") else chat_body
    received = await post(sim, path, make("please [[content_filter]]"), headers=KEY)
    assert received.status == 400
    assert (received.error["code"], received.error["param"]) == ("content_filter", "prompt")
    inner = received.error["innererror"]
    assert inner["code"] == "ResponsibleAIPolicyViolation"
    assert inner["content_filter_result"]["violence"] == {"filtered": True, "severity": "medium"}


async def test_unknown_deployments_are_not_found() -> None:
    async with Simulator(deployments={"mine": "gpt-4o"}) as sim:
        known = await post(sim, f"/azure/openai/deployments/mine/chat/completions{DATED}", chat_body(), headers=KEY)
        unknown = await post(sim, f"{DEPLOYMENT}{DATED}", chat_body(), headers=KEY)
        on_v1 = await post(sim, f"{V1}/chat/completions", chat_body() | {"model": "gpt-4o"}, headers=KEY)
        responses = await post(sim, f"{V1}/responses", response_body() | {"model": "mine"}, headers=KEY)
        variables = sim.environment()
    assert known.json["model"] == "gpt-4o-2024-08-06"
    assert responses.json["model"] == "mine"
    assert variables["AZURE_OPENAI_DEPLOYMENT"] == "mine"
    for received in (unknown, on_v1):
        assert received.status == 404
        assert received.error == {
            "type": "invalid_request_error",
            "code": "DeploymentNotFound",
            "message": "The API deployment for this resource does not exist. If you created the deployment within the "
            "last 5 minutes, please wait a moment and try again.",
        }


@pytest.mark.parametrize(
    "path",
    [
        DEPLOYMENT,
        f"{DEPLOYMENT}?api-version=yesterday",
        "/azure/openai/responses",
        f"/azure/openai/nothing{DATED}",
        "/azure/v1/chat/completions",
        f"/azure/openai/deployments/gpt-4o/responses{DATED}",
    ],
)
async def test_wrong_routes_and_versions_are_not_found(sim: Simulator, path: str) -> None:
    received = await post(sim, path, chat_body(), headers=KEY)
    assert received.status == 404
    assert received.json == {"error": {"code": "404", "message": "Resource not found"}}


async def test_dated_version_on_the_v1_route_is_refused(sim: Simulator) -> None:
    received = await post(sim, f"{V1}/chat/completions{DATED}", chat_body(), headers=KEY)
    assert (received.status, received.error["message"]) == (400, "API version not supported")
    for version in ("preview", "latest", "v1"):
        path = f"{V1}/chat/completions?api-version={version}"
        assert (await post(sim, path, chat_body(), headers=KEY)).status == 200


@pytest.mark.parametrize("headers", [{}, {"api-key": "invalid-key"}, {"api-key": ""}])
async def test_wrong_keys_are_refused_in_azures_form(sim: Simulator, headers: dict[str, str]) -> None:
    received = await post(sim, f"{V1}/chat/completions", chat_body(), headers=headers)
    assert received.status == 401
    assert received.error == {
        "code": "401",
        "message": "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid "
        "key for an active subscription and use a correct regional API endpoint for your resource.",
    }


async def test_bearer_tokens_open_and_wrong_ones_do_not(sim: Simulator) -> None:
    good = {"Authorization": "Bearer token"}
    bad = {"Authorization": "Bearer invalid-token"}
    assert (await post(sim, f"{V1}/chat/completions", chat_body(), headers=good)).status == 200
    refused = await post(sim, f"{V1}/chat/completions", chat_body(), headers=bad)
    assert (refused.status, refused.error["code"]) == (401, "Unauthorized")


async def test_responses_name_the_deployment_and_the_filter(sim: Simulator) -> None:
    for path in (f"{V1}/responses", f"/azure/openai/responses{DATED}"):
        body = (await post(sim, path, response_body(), headers=KEY)).json
        assert body["model"] == "gpt-4.1-mini"
        assert body["content_filters"][0]["blocked"] is False
        assert "billing" not in body
    streamed = (await post(sim, f"{V1}/responses", response_body(stream=True), headers=KEY)).events
    assert streamed[0]["response"]["content_filters"] is None
    assert streamed[-1]["response"]["content_filters"][0]["source_type"] == "completion"


async def test_models_are_listed_on_both_routes(sim: Simulator) -> None:
    for path in (f"{V1}/models", f"/azure/openai/models{DATED}"):
        listed = (await get(sim, path, headers=KEY)).json
        assert {"gpt-4o", "text-embedding-3-small"} <= {card["id"] for card in listed["data"]}
    assert (await get(sim, f"{V1}/models/nothing", headers=KEY)).status == 404


async def test_embeddings_on_the_dated_route(sim: Simulator) -> None:
    path = f"/azure/openai/deployments/text-embedding-3-small/embeddings{DATED}"
    received = await post(sim, path, {"input": "hello", "dimensions": 4}, headers=KEY)
    assert len(received.json["data"][0]["embedding"]) == 4
    assert "apim-request-id" in received.headers


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (429, {"code": "RateLimitReached"}),
        (500, {"code": "InternalServerError"}),
        (503, {"code": "ServiceUnavailable"}),
        (401, {"code": "401"}),
    ],
)
async def test_status_faults_have_azures_form(sim: Simulator, status: int, expected: dict[str, Any]) -> None:
    received = await post(sim, f"{V1}/chat/completions", chat_body(), headers=KEY, fault={"status": status})
    assert received.status == status
    assert expected.items() <= received.error.items()
    assert received.error["message"]


@pytest.mark.parametrize("status", [408, 413])
async def test_some_statuses_come_as_plain_text(sim: Simulator, status: int) -> None:
    received = await post(sim, f"{V1}/chat/completions", chat_body(), headers=KEY, fault={"status": status})
    assert received.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert received.content


async def test_filter_fault_needs_no_trigger_word(sim: Simulator) -> None:
    fault = {"status": 400, "code": "content_filter"}
    received = await post(sim, f"{V1}/chat/completions", chat_body(), headers=KEY, fault=fault)
    assert received.error["innererror"]["code"] == "ResponsibleAIPolicyViolation"


def test_deployments_of_unknown_models_are_refused_at_once() -> None:
    with pytest.raises(ValueError, match="unknown model 'gpt-9'"):
        Simulator(deployments={"mine": "gpt-9"})
