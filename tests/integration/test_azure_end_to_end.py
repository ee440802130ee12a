"""What a user does with an Azure deployment, against the simulator: routes, credentials, deployments, its filter."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tenacity import wait_none

from core.llms import (
    AuthenticationError,
    BadRequestError,
    ConfigurationError,
    ContentFilterError,
    LLMContext,
    MissingCredentialError,
    NotFoundError,
    OverloadedError,
    PermissionDeniedError,
    ProtocolError,
    RateLimitError,
    RequestTooLargeError,
    RetryPolicy,
    ServerError,
    UnsupportedCapabilityError,
    create_llm,
)
from core.llms.providers.azure import AzureBaseLLM, AzureConfig, AzureConnector, create_azure_llm
from core.llms.simulator import Fault, Simulator
from tests.integration.models import MODEL, WIRES, Person, get_weather
from tests.support.clocks import stopwatch
from tests.unit.simulator.pictures import picture

ECHO = 'You said: "Hello!" This conversation has 1 message.'
DATED = "2024-10-21"
ROUTES = [pytest.param(None, id="v1"), pytest.param(DATED, id="dated")]
VARIABLES = (
    "AZURE_OPENAI_API_KEY",
    "AZURE_OPENAI_KEY",
    "AZURE_OPENAI_AD_TOKEN",
    "AZURE_OPENAI_ENDPOINT",
    "AZURE_OPENAI_DEPLOYMENT",
    "OPENAI_API_VERSION",
)


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def llm_at(sim: Simulator, **options: Any) -> AzureBaseLLM:
    settings = {"model_name": MODEL, "api_key": "azure-test", "endpoint": sim.azure_endpoint, **options}
    return create_azure_llm(**settings)


@pytest.fixture
async def named() -> AsyncIterator[Simulator]:
    async with Simulator(deployments={"my deployment.ä": MODEL, "seen": "gpt-4o"}) as running:
        yield running


@pytest.mark.parametrize("version", ROUTES)
@pytest.mark.parametrize("wire", WIRES)
async def test_deployment_answers_and_streams_on_every_route(sim: Simulator, wire: str, version: str | None) -> None:
    ctx = LLMContext(user_id="u1", timeout_seconds=30)
    async with llm_at(sim, api_version=version, wire=wire) as llm:
        whole = await llm.get_answer([{"role": "user", "content": "Hello!"}], ctx, max_tokens=100)
        async with llm.stream_answer("Hello!", ctx) as stream:
            text = "".join([piece async for piece in stream.text_deltas()])
    assert whole.text == text == stream.response.text == ECHO
    assert whole.usage == stream.response.usage
    assert whole.provider == "azure"
    assert whole.request_id is not None
    assert whole.cost is not None
    assert ctx.cost == whole.cost * 2
    base = "/azure/openai"
    expected = {
        (None, "chat"): f"{base}/v1/chat/completions",
        (None, "responses"): f"{base}/v1/responses",
        (DATED, "chat"): f"{base}/deployments/{MODEL}/chat/completions",
        (DATED, "responses"): f"{base}/responses",
    }
    assert {request.path for request in sim.requests} == {expected[version, wire]}
    assert {request.query.get("api-version") for request in sim.requests} == {version}


@pytest.mark.parametrize("version", ["v1", "latest", "preview"])
async def test_undated_versions_choose_the_v1_route(sim: Simulator, version: str) -> None:
    async with llm_at(sim, api_version=version) as llm:
        assert (await llm.get_answer("Say: hi")).text == "hi"
    assert sim.requests[-1].path == "/azure/openai/v1/chat/completions"


@pytest.mark.parametrize("version", ROUTES)
async def test_deployment_is_called_by_its_own_name(named: Simulator, version: str | None) -> None:
    async with (
        llm_at(named, deployment_name="my deployment.ä", api_version=version) as first,
        llm_at(named, deployment_name="seen", api_version=version) as second,
    ):
        assert first.connector is second.connector
        assert (await first.get_answer("Hi")).model == "gpt-4.1-mini-2025-04-14"
        assert (await second.get_answer("Hi")).model == "gpt-4o-2024-08-06"
        with pytest.raises(NotFoundError) as caught:
            async with llm_at(named, deployment_name="missing", api_version=version) as missing:
                await missing.get_answer("Hi")
    assert caught.value.code == "DeploymentNotFound"


@pytest.mark.parametrize("version", ROUTES)
async def test_tokens_come_from_functions_blocking_or_not(sim: Simulator, version: str | None) -> None:
    given: list[str] = []

    def blocking() -> str:
        given.append("blocking")
        return "token-1"

    async def awaited() -> str:
        given.append("awaited")
        await asyncio.sleep(0)
        return "token-2"

    for provider in (blocking, awaited):
        options = {"api_key": None, "token_provider": provider, "api_version": version}
        async with llm_at(sim, **options) as llm:
            assert (await llm.get_answer("Say: hi")).text == "hi"
            assert (await llm.stream_answer("Say: hi").get_response()).text == "hi"
    assert given == ["blocking"] * 2 + ["awaited"] * 2
    assert all("api-key" not in request.headers and "authorization" in request.headers for request in sim.requests)


async def test_wrong_tokens_and_keys_are_authentication_errors(sim: Simulator) -> None:
    async with llm_at(sim, api_key="invalid-key") as llm:
        with pytest.raises(AuthenticationError, match="invalid subscription key") as caught:
            await llm.get_answer("Hi")
    assert caught.value.code == "401"
    async with llm_at(sim, api_key=None, token_provider=lambda: "invalid-token") as llm:
        with pytest.raises(AuthenticationError):
            await llm.get_answer("Hi")
    sim.requests.clear()
    async with llm_at(sim, api_key=None, token_provider=lambda: "") as llm:
        with pytest.raises(AuthenticationError, match="gave no token"):
            await llm.get_answer("Hi")
    assert not sim.requests


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("wire", WIRES)
async def test_filtered_prompt_is_an_error_with_the_filters_findings(sim: Simulator, wire: str, streamed: bool) -> None:
    async with llm_at(sim, wire=wire) as llm:
        with pytest.raises(ContentFilterError) as caught:
            if streamed:
                await llm.stream_answer("please [[content_filter]]").get_response()
            else:
                await llm.get_answer("please [[content_filter]]")
    error = caught.value
    assert (error.status, error.code, error.param, len(sim.requests)) == (400, "content_filter", "prompt", 1)
    assert error.body is not None
    findings = error.body["error"]["innererror"]["content_filter_result"]
    assert findings["violence"] == {"filtered": True, "severity": "medium"}


async def test_findings_of_a_filter_that_let_pass_are_in_the_answer(sim: Simulator) -> None:
    async with llm_at(sim) as llm:
        whole = await llm.get_answer("Hello!")
        streamed = await llm.stream_answer("Hello!").get_response()
    for response in (whole, streamed):
        found = response.choices[0].content_filter
        assert found is not None
        assert found["hate"] == {"filtered": False, "severity": "safe"}
        assert response.raw["prompt_filter_results"]


@pytest.mark.parametrize(
    ("status", "kind", "attempts"),
    [
        (400, BadRequestError, 1),
        (401, AuthenticationError, 1),
        (403, PermissionDeniedError, 1),
        (404, NotFoundError, 1),
        (413, RequestTooLargeError, 1),
        (422, BadRequestError, 1),
        (429, RateLimitError, 3),
        (500, ServerError, 3),
        (503, OverloadedError, 3),
        (529, OverloadedError, 3),
    ],
)
@pytest.mark.parametrize("version", ROUTES)
async def test_status_has_its_class_in_azures_form(
    sim: Simulator, status: int, kind: type[Exception], attempts: int, version: str | None
) -> None:
    sim.script(Fault(status=status, repeat=3))
    async with llm_at(sim, api_version=version, retry=RetryPolicy(wait=wait_none())) as llm:
        with pytest.raises(kind) as caught:
            await llm.get_answer("Hi")
    assert type(caught.value) is kind
    assert len(sim.requests) == attempts


async def test_retry_after_is_waited_for(sim: Simulator) -> None:
    sim.script(Fault(status=429, retry_after_ms="150"))
    async with stopwatch() as watch, llm_at(sim, retry=RetryPolicy(wait=wait_none())) as llm:
        assert (await llm.get_answer("Say: hi")).text == "hi"
        assert watch.seconds >= 0.15
        assert watch.own_seconds < 1


@pytest.mark.parametrize("version", ROUTES)
async def test_everything_else_works_on_azure_too(sim: Simulator, version: str | None) -> None:
    alice = "Alice is 30 years old and lives in Paris."
    async with llm_at(sim, api_version=version) as llm:
        seen = await llm.generate_with_vision("What is it?", [picture(4, 4)], max_tokens=500)
        person = (await llm.get_answer(alice, response_model=Person)).parsed
        run = await llm.run_tools("What is the weather in Paris and London?", tools=[get_weather])
        models = await llm.list_models()
        counted = await llm.count_tokens("Hello!")
        used = (await llm.get_answer("Hello!")).usage.input_tokens
        with pytest.raises(UnsupportedCapabilityError, match="no endpoint that counts tokens"):
            await llm.count_tokens("Hello!", exact=True)
    assert "Image 1 is a PNG of 4×4 pixels" in seen.text
    assert person == Person(name="Alice", age=30, city="Paris")
    assert run.text == 'get_weather returned: "18 degrees"\nget_weather returned: "rain"'
    assert MODEL in {model.id for model in models}
    assert counted.exact
    assert counted.tokens == used


@pytest.mark.parametrize("version", ROUTES)
async def test_embeddings_on_every_route(sim: Simulator, version: str | None) -> None:
    async with llm_at(sim, model_name="text-embedding-3-small", api_version=version) as llm:
        response = await llm.embed(["hello", "world"], dimensions=16)
    assert [len(vector) for vector in response.vectors] == [16, 16]


async def test_environment_is_enough(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    variables = sim.environment()
    for name in ("AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_KEY", "AZURE_OPENAI_DEPLOYMENT"):
        monkeypatch.setenv(name, variables[name])
    async with create_llm(f"azure/{MODEL}") as named, create_azure_llm(f"azure-{MODEL}") as catalogued:
        assert (await named.get_answer("Say: hi")).text == (await catalogued.get_answer("Say: hi")).text == "hi"
    monkeypatch.setenv("OPENAI_API_VERSION", DATED)
    monkeypatch.setenv("AZURE_OPENAI_AD_TOKEN", "token-3")
    async with create_azure_llm(MODEL) as dated:
        assert (await dated.get_answer("Say: hi")).text == "hi"
    last = sim.requests[-1]
    assert last.query == {"api-version": DATED}
    assert "authorization" in last.headers
    assert "api-key" not in last.headers


def test_missing_credential_and_address_name_their_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError, match="AZURE_OPENAI_ENDPOINT"):
        create_azure_llm(MODEL, api_key="k")
    with pytest.raises(MissingCredentialError, match="AZURE_OPENAI_API_KEY or AZURE_OPENAI_KEY"):
        create_azure_llm(MODEL, endpoint="https://example.openai.azure.com")


async def test_connector_speaks_for_itself(sim: Simulator) -> None:
    data = {"model": MODEL, "messages": [{"role": "user", "content": "Say: hi"}]}
    for version in (None, DATED):
        config = AzureConfig(endpoint=sim.azure_endpoint, api_key="azure-test", api_version=version)
        connector = AzureConnector(config)
        raw = await connector.request("POST", "/chat/completions", data)
        assert (raw.status, raw.json()["choices"][0]["message"]["content"]) == (200, "hi")
        assert "apim-request-id" in raw.headers
        stream = await connector.stream("POST", "/chat/completions", {**data, "stream": True})
        received = b""
        while chunk := await stream.read():
            received += chunk
        await stream.aclose()
        assert received.endswith(b"data: [DONE]\n\n")
        await connector.aclose()
    with pytest.raises(ConfigurationError, match="did you mean 'endpoint'"):
        AzureConnector({"endpiont": "https://example.openai.azure.com", "api_key": "k"})


async def test_redirect_is_refused_and_the_key_stays_here(sim: Simulator) -> None:
    sim.script(Fault(status=307, body="", headers={"Location": f"{sim.url}/elsewhere"}))
    async with llm_at(sim) as llm:
        with pytest.raises(ProtocolError, match="redirect") as caught:
            await llm.get_answer("Hi")
    assert [attempt.maybe_charged for attempt in caught.value.attempts] == [False]
    assert [request.path for request in sim.requests] == ["/azure/openai/v1/chat/completions"]
