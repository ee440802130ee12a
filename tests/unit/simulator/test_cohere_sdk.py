"""The judge: Cohere's own SDK works against the simulator, from synchronous and asynchronous code."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import cohere
import httpx
import pytest
from cohere.core.api_error import ApiError

from core.llms.simulator import Simulator
from tests.unit.simulator.cohere_calls import MODEL, PERSON, THINKER, WEATHER, image
from tests.unit.simulator.pictures import data_url, picture

ALICE = "Alice is 30 years old."
FACTS = {"id": "facts", "data": {"title": "facts.txt", "text": "Our capital is Oslo."}}


def ask(words: Any) -> list[Any]:
    return [{"role": "user", "content": words}]


@pytest.fixture(scope="module")
def shared() -> Iterator[Simulator]:
    with Simulator.in_thread() as sim:
        yield sim


@pytest.fixture
def client(shared: Simulator) -> Iterator[cohere.ClientV2]:
    with httpx.Client() as own:
        yield cohere.ClientV2(api_key="k", base_url=shared.cohere_base_url, max_retries=0, httpx_client=own)


@pytest.fixture
async def async_client() -> AsyncIterator[cohere.AsyncClientV2]:
    async with Simulator() as sim, httpx.AsyncClient() as own:
        yield cohere.AsyncClientV2(api_key="k", base_url=sim.cohere_base_url, max_retries=0, httpx_client=own)


def said(response: Any) -> str:
    return "".join(part.text for part in response.message.content if part.type == "text")


def streamed(events: list[Any]) -> str:
    deltas = [event.delta.message.content for event in events if event.type == "content-delta"]
    return "".join(delta.text for delta in deltas if delta.text is not None)


def test_chat_answers_and_bills_what_it_tokenizes(client: cohere.ClientV2) -> None:
    response = client.chat(model=MODEL, messages=ask("What is 17 + 25?"), max_tokens=50)
    assert (said(response), response.finish_reason) == ("42", "COMPLETE")
    counted = client.tokenize(model=MODEL, text="What is 17 + 25?", offline=False)
    assert response.usage is not None and response.usage.billed_units is not None
    assert response.usage.billed_units.input_tokens == len(counted.tokens) == 8.0
    assert client.detokenize(model=MODEL, tokens=counted.tokens, offline=False).text == "What is 17 + 25?"


def test_chat_streams_text_thoughts_and_log_probabilities(client: cohere.ClientV2) -> None:
    events = list(client.chat_stream(model=THINKER, messages=ask("Say: one two three"), logprobs=True))
    assert streamed(events) == "one two three"
    assert (events[0].type, events[-1].type) == ("message-start", "message-end")
    deltas: list[Any] = [event for event in events if event.type == "content-delta"]
    assert "".join(delta.delta.message.content.thinking or "" for delta in deltas).startswith("**Considering")
    assert [delta.logprobs.text for delta in deltas if delta.logprobs is not None] == ["one", " two", " three"]
    end: Any = events[-1]
    assert end.delta.finish_reason == "COMPLETE"
    assert end.delta.usage.billed_units.output_tokens > 3


def test_documents_are_cited_whole_and_streamed(client: cohere.ClientV2) -> None:
    asked: Any = {"model": MODEL, "messages": ask("What is our capital?"), "documents": [FACTS]}
    response = client.chat(**asked)
    assert said(response).startswith("Your capital is Oslo.")
    assert response.message.citations is not None
    (citation,) = response.message.citations
    assert citation.text == said(response)[citation.start : citation.end] == "capital is Oslo."
    assert citation.sources is not None
    assert citation.sources[0].id == "facts"
    events: list[Any] = list(client.chat_stream(**asked))
    places = [index for index, event in enumerate(events) if event.type == "citation-start"]
    assert [events[index].delta.message.citations for index in places] == [citation]
    assert streamed(events[: places[0]]).rstrip().endswith("capital is Oslo.")


def test_tools_go_round_with_a_plan_and_cite_the_results(client: cohere.ClientV2) -> None:
    asked = ask("Weather in Paris and London?")
    first = client.chat(model=MODEL, messages=asked, tools=[WEATHER], strict_tools=True)
    assert first.message.tool_plan == "I will use the get_weather tool to answer."
    calls = first.message.tool_calls or []
    arguments = [json.loads(call.function.arguments) for call in calls if call.function and call.function.arguments]
    assert arguments == [{"city": "Paris"}, {"city": "London"}]
    results = [{"role": "tool", "tool_call_id": call.id, "content": "rain"} for call in calls]
    history: list[Any] = [*asked, first.message, *results]
    second = client.chat(model=MODEL, messages=history, tools=[WEATHER])
    assert said(second) == 'get_weather returned: "rain"\nget_weather returned: "rain"'
    assert second.message.citations is not None
    assert [source.id for source in second.message.citations[0].sources or []] == [f"{call.id}:0" for call in calls]


def test_tool_calls_stream(client: cohere.ClientV2) -> None:
    events: list[Any] = list(
        client.chat_stream(model=THINKER, messages=ask("Weather in Oslo?"), tools=[WEATHER], tool_choice="REQUIRED")
    )
    start = next(event for event in events if event.type == "tool-call-start").delta.message.tool_calls
    pieces = [event.delta.message.tool_calls.function.arguments for event in events if event.type == "tool-call-delta"]
    assert (start.function.name, json.loads("".join(pieces))) == ("get_weather", {"city": "Oslo"})
    assert start.id.startswith("get_weather_")
    assert events[-1].delta.finish_reason == "TOOL_CALL"
    assert not any(event.type == "tool-plan-delta" for event in events)  # it thinks instead


def test_answers_take_the_form_that_is_asked_for(client: cohere.ClientV2) -> None:
    form: Any = {"type": "json_object", "json_schema": PERSON}
    response = client.chat(model=MODEL, messages=ask(ALICE), response_format=form)
    assert json.loads(said(response)) == {"name": "Alice", "age": 30}


def test_images_are_seen(client: cohere.ClientV2) -> None:
    content = [{"type": "text", "text": "Look."}, image(data_url(picture(64, 48, "red")), detail="low")]
    response = client.chat(model="command-a-vision-07-2025", messages=ask(content))
    assert said(response) == "Image 1 is a PNG of 64×48 pixels, mainly red."
    assert response.usage is not None and response.usage.billed_units is not None
    assert response.usage.billed_units.input_tokens == 261.0


def test_vectors_come_in_every_form(client: cohere.ClientV2) -> None:
    response = client.embed(
        model="embed-v4.0",
        input_type="search_query",
        texts=["red apple", "blue car"],
        output_dimension=256,
        embedding_types=["float", "int8", "uint8", "binary", "ubinary", "base64"],
    )
    vectors = response.embeddings
    assert vectors.float_ is not None and vectors.binary is not None and vectors.base64 is not None
    assert [len(vector) for vector in vectors.float_] == [256, 256]
    assert [len(vector) for vector in vectors.binary] == [32, 32]
    assert response.meta is not None and response.meta.billed_units is not None
    assert response.meta.billed_units.input_tokens == 4.0


def test_documents_are_ranked(client: cohere.ClientV2) -> None:
    response = client.rerank(model="rerank-v3.5", query="red apple", documents=["a blue car", "a red apple"], top_n=1)
    assert [result.index for result in response.results] == [1]


def test_models_are_listed_and_found(client: cohere.ClientV2) -> None:
    first = client.models.list(page_size=20)
    rest = client.models.list(page_size=20, page_token=first.next_page_token)
    assert len(first.models) + len(rest.models) == 26
    assert rest.next_page_token is None
    assert {model.name for model in client.models.list(endpoint="embed").models} > {"embed-v4.0", "embed-v5.0-pro"}
    model = client.models.get(MODEL)
    assert (model.context_length, model.endpoints) == (256_000.0, ["chat"])


@pytest.mark.parametrize(
    ("fields", "status", "error"),
    [
        ({"model": "command-x"}, 404, cohere.NotFoundError),
        ({"temperature": 2.0}, 400, cohere.BadRequestError),
        ({"request_options": {"additional_body_parameters": {"top_p": 1}}}, 422, cohere.UnprocessableEntityError),
        ({"request_options": {"additional_headers": {"Authorization": "x"}}}, 401, cohere.UnauthorizedError),
        (
            {"request_options": {"additional_headers": {"x-simulator-fault": '{"status": 429}'}}},
            429,
            cohere.TooManyRequestsError,
        ),
        (
            {"request_options": {"additional_headers": {"x-simulator-fault": '{"status": 503}'}}},
            503,
            cohere.ServiceUnavailableError,
        ),
    ],
)
def test_errors_are_the_sdks_own(
    client: cohere.ClientV2, fields: dict[str, Any], status: int, error: type[ApiError]
) -> None:
    options: dict[str, Any] = {"model": MODEL, "messages": ask("Hello!")} | fields
    with pytest.raises(error) as raised:
        client.chat(**options)
    assert raised.value.status_code == status
    assert set(raised.value.body) == {"id", "message"}


def test_error_inside_a_stream_is_the_end_of_the_message(client: cohere.ClientV2) -> None:
    fault: Any = {"additional_headers": {"x-simulator-fault": '{"error_after_events": 3}'}}
    events: list[Any] = list(client.chat_stream(model=MODEL, messages=ask("Count to 9."), request_options=fault))
    assert [event.type for event in events] == ["message-start", "content-start", "content-delta", "message-end"]
    assert events[-1].delta.finish_reason == "ERROR"
    assert events[-1].delta.error.startswith("internal server error")


async def test_answers_streams_and_errors_reach_an_async_client(async_client: cohere.AsyncClientV2) -> None:
    response = await async_client.chat(model=MODEL, messages=ask("What is 17 + 25?"))
    assert said(response) == "42"
    events = [event async for event in async_client.chat_stream(model=MODEL, messages=ask("Say: hi there"))]
    assert streamed(events) == "hi there"
    called = await async_client.chat(
        model=MODEL, messages=ask("weather in oslo?"), tools=[WEATHER], tool_choice="REQUIRED"
    )
    assert called.finish_reason == "TOOL_CALL"
    with pytest.raises(cohere.NotFoundError):
        await async_client.chat(model="command-x", messages=ask("Hello!"))
