"""The judge: IBM's own SDK works against the simulator, from the exchange of its key to the last event of a stream.

The SDK takes only addresses at IBM, over TLS. It is given an HTTP client that sends what goes there to the simulator:
real requests over a real socket, with only their origin changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import pytest
from ibm_watsonx_ai import APIClient, Credentials
from ibm_watsonx_ai.foundation_models import Embeddings, ModelInference
from ibm_watsonx_ai.wml_client_error import ApiRequestFailure, InvalidCredentialsError, WMLClientError
from pydantic import BaseModel

from core.llms.simulator import Fault, Simulator
from tests.unit.simulator.pictures import data_url, picture

URL = "https://us-south.ml.cloud.ibm.com"
PROJECT = "12ac4cf1-252f-424b-b52d-5cdd9814987f"
GRANITE = "ibm/granite-4-h-small"
MAVERICK = "meta-llama/llama-4-maverick-17b-128e-instruct-fp8"
OSS = "openai/gpt-oss-120b"
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Weather of a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
# What a reply warns of, the SDK turns into warnings of Python.
pytestmark = [
    pytest.mark.filterwarnings("ignore:(?s).*was set to value"),
    pytest.mark.filterwarnings("ignore:(?s).*Non-IBM Product"),
]


class Person(BaseModel):
    name: str
    age: int
    city: str


class Rerouted(httpx.HTTPTransport):
    """Sends what is for IBM to a simulator."""

    def __init__(self, sim: Simulator) -> None:
        super().__init__()
        self._sim = sim

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        reroute(request, self._sim)
        return super().handle_request(request)


class AsyncRerouted(httpx.AsyncHTTPTransport):
    """The same, for async clients."""

    def __init__(self, sim: Simulator) -> None:
        super().__init__()
        self._sim = sim

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        reroute(request, self._sim)
        return await super().handle_async_request(request)


def reroute(request: httpx.Request, sim: Simulator) -> None:
    assert request.url.host in ("us-south.ml.cloud.ibm.com", "iam.cloud.ibm.com")
    path = f"{sim.base_url('watsonx').removeprefix(sim.url)}{request.url.raw_path.decode()}"
    request.url = httpx.URL(f"{sim.url}{path}")
    request.headers["host"] = request.url.netloc.decode()


@pytest.fixture
def shared() -> Iterator[Simulator]:
    with Simulator.in_thread() as sim:
        yield sim


@contextmanager
def connected(sim: Simulator, key: str = "k") -> Iterator[APIClient]:
    asynchronous = httpx.AsyncClient(transport=AsyncRerouted(sim))
    with httpx.Client(transport=Rerouted(sim)) as http, pytest.warns(UserWarning, match="scope_validation"):
        client = APIClient(
            Credentials(url=URL, api_key=key),
            httpx_client=http,
            async_httpx_client=asynchronous,
            scope_validation=False,
        )
        client.default_project_id = PROJECT
        yield client


@pytest.fixture
def client(shared: Simulator) -> Iterator[APIClient]:
    with connected(shared) as made:
        yield made


def model(client: APIClient, name: str = GRANITE, **params: Any) -> ModelInference:
    return ModelInference(model_id=name, api_client=client, params=params or None, max_retries=0)


def user(*content: Any) -> list[dict[str, Any]]:
    return [{"role": "user", "content": content[0] if len(content) == 1 else list(content)}]


def test_key_is_exchanged_once_and_chats_are_answered(shared: Simulator, client: APIClient) -> None:
    chatting = model(client)
    for _ in range(2):
        response = chatting.chat(messages=user("What is 17 + 25?"))
        assert response["choices"][0]["message"]["content"] == "42"
        assert response["choices"][0]["finish_reason"] == "stop"
    assert response["usage"]["total_tokens"] == response["usage"]["prompt_tokens"] + 1
    paths = [request.path for request in shared.requests]
    assert paths.count("/watsonx/identity/token") == 1


def test_chats_stream(client: APIClient) -> None:
    chunks = list(model(client).chat_stream(messages=user("Say: one two three four five six")))
    text = "".join(choice["delta"].get("content", "") for chunk in chunks for choice in chunk["choices"])
    assert text == "one two three four five six"
    assert chunks[-1]["usage"]["completion_tokens"] == 6
    assert chunks[-2]["choices"][0]["finish_reason"] == "stop"


def test_tools_are_called_and_their_results_quoted(client: APIClient) -> None:
    messages = user("Weather in Paris and London?")
    first = model(client).chat(messages=messages, tools=[WEATHER], tool_choice_option="auto")
    said = first["choices"][0]["message"]
    assert first["choices"][0]["finish_reason"] == "tool_calls"
    assert [json.loads(call["function"]["arguments"]) for call in said["tool_calls"]] == [
        {"city": "Paris"},
        {"city": "London"},
    ]
    results = [{"role": "tool", "tool_call_id": call["id"], "content": "rain"} for call in said["tool_calls"]]
    second = model(client).chat(messages=[*messages, said, *results], tools=[WEATHER])
    assert second["choices"][0]["message"]["content"] == 'get_weather returned: "rain"\nget_weather returned: "rain"'


def test_calls_stream_in_pieces(client: APIClient) -> None:
    chunks = model(client).chat_stream(
        messages=user("Weather in Paris and London?"),
        tools=[WEATHER],
        tool_choice={"type": "function", "function": {"name": "get_weather"}},
    )
    arguments = {0: "", 1: ""}
    for chunk in chunks:
        for choice in chunk["choices"]:
            for call in choice["delta"].get("tool_calls", ()):
                arguments[call["index"]] += call["function"]["arguments"]
    assert [json.loads(text) for text in arguments.values()] == [{"city": "Paris"}, {"city": "London"}]


def test_answers_fit_a_schema(client: APIClient) -> None:
    form = {"type": "json_schema", "json_schema": {"name": "person", "schema": Person.model_json_schema()}}
    response = model(client, response_format=form).chat(messages=user("Alice is 30 years old and lives in Paris."))
    parsed = Person.model_validate_json(response["choices"][0]["message"]["content"])
    assert parsed == Person(name="Alice", age=30, city="Paris")


def test_images_are_seen(client: APIClient) -> None:
    image = {"type": "image_url", "image_url": {"url": data_url(picture(64, 48, "red"))}}
    response = model(client, MAVERICK).chat(messages=user({"type": "text", "text": "What is it?"}, image))
    assert "PNG of 64×48 pixels, mainly red" in response["choices"][0]["message"]["content"]


def test_reasoning_comes_beside_the_answer(client: APIClient) -> None:
    message = model(client, OSS).chat(messages=user("Say: hi"))["choices"][0]["message"]
    assert (message["content"], bool(message["reasoning_content"])) == ("hi", True)
    silent = model(client, OSS, include_reasoning=False).chat(messages=user("Say: hi"))
    assert "reasoning_content" not in silent["choices"][0]["message"]


def test_texts_are_continued_embedded_and_counted(client: APIClient) -> None:
    generated: Any = model(client, max_new_tokens=3).generate("Say: one two three four")
    assert generated["results"][0]["generated_text"] == "one two three"
    assert generated["results"][0]["stop_reason"] == "max_tokens"
    assert "".join(model(client).generate_text_stream("Say: one two")) == "one two"
    assert model(client).tokenize("one two")["result"]["token_count"] == 2
    embeddings = Embeddings(model_id="ibm/slate-125m-english-rtrvr-v2", api_client=client)
    assert [len(vector) for vector in embeddings.embed_documents(["hello", "world"])] == [768, 768]


def test_models_are_listed_by_what_they_do(client: APIClient) -> None:
    specs: Any = client.foundation_models.get_chat_model_specs()
    names = [entry["model_id"] for entry in specs["resources"]]
    assert GRANITE in names
    assert "google/flan-ul2" not in names
    assert "ibm/slate-125m-english-rtrvr-v2" not in names


def test_bad_keys_are_refused_by_iam(shared: Simulator) -> None:
    with ExitStack() as stack, pytest.raises(InvalidCredentialsError, match="Provided API key could not be found"):
        stack.enter_context(connected(shared, "invalid"))


@pytest.mark.parametrize(
    ("params", "fault", "words"),
    [
        ({"temperature": 3}, {}, "temperature should not be greater than 2.0"),
        ({"max_tokens": 10**6}, {}, "is too large"),
        ({}, {"status": 404}, "model_not_supported"),
        ({}, {"status": 403}, "token_quota_reached"),
        ({}, {"status": 500}, "fatal_error"),
    ],
)
def test_errors_are_the_sdks_own(
    shared: Simulator, client: APIClient, params: dict[str, Any], fault: dict[str, Any], words: str
) -> None:
    chatting = model(client, **params)
    shared.script(Fault(**fault, repeat=2))
    with pytest.raises(ApiRequestFailure, match=words):
        chatting.chat(messages=user("Hello!"))
    with pytest.raises(WMLClientError, match=words):
        list(chatting.chat_stream(messages=user("Hello!")))


def test_limits_are_waited_for_by_the_sdk(shared: Simulator, client: APIClient) -> None:
    chatting = ModelInference(model_id=GRANITE, api_client=client, max_retries=1, delay_time=0.001)
    shared.script(Fault(status=429), "At last.")
    assert chatting.chat(messages=user("Hello!"))["choices"][0]["message"]["content"] == "At last."


def test_error_inside_a_stream_is_raised(shared: Simulator, client: APIClient) -> None:
    chatting = model(client)
    shared.script(Fault(error_after_events=2))
    with pytest.raises(WMLClientError, match="Error event occurred during chat stream") as raised:
        list(chatting.chat_stream(messages=user("Say: one two three four five")))
    assert "fatal_error" in str(raised.value.reason)


async def test_an_async_client_is_answered(client: APIClient) -> None:
    chatting = model(client)
    async with client.async_httpx_client:
        response = await chatting.achat(messages=user("What is 17 + 25?"))
        assert response["choices"][0]["message"]["content"] == "42"
        stream = await chatting.achat_stream(messages=user("Say: hi there"))
        chunks = [chunk async for chunk in stream]
    assert "".join(c["delta"].get("content", "") for chunk in chunks for c in chunk["choices"]) == "hi there"
