"""The judge: the vendor's own SDK works against the simulator, on every wire, from synchronous code."""

from __future__ import annotations

import base64
import struct
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from pydantic import BaseModel

from core.llms.simulator import Simulator
from tests.unit.simulator.pictures import data_url, picture

MODEL = "gpt-4.1-mini"
REASONER = "gpt-5-mini"
DATED = "2024-10-21"
WEATHER = {
    "type": "object",
    "properties": {"city": {"type": "string", "description": "The city"}},
    "required": ["city"],
    "additionalProperties": False,
}
CHAT_TOOLS: list[Any] = [
    {"type": "function", "function": {"name": "get_weather", "description": "Weather of a city", "parameters": WEATHER}}
]
RESPONSE_TOOLS: list[Any] = [{"type": "function", "strict": True, **CHAT_TOOLS[0]["function"]}]


class Person(BaseModel):
    name: str
    age: int
    city: str


ALICE = "Alice is 30 years old and lives in Paris."


def ask(text: str) -> list[Any]:
    return [{"role": "user", "content": text}]


@pytest.fixture(scope="module")
def shared() -> Iterator[Simulator]:
    with Simulator.in_thread() as sim:
        yield sim


@pytest.fixture(params=["openai", "azure-dated", "azure-v1"])
def client(request: pytest.FixtureRequest, shared: Simulator) -> Iterator[openai.OpenAI]:
    options: dict[str, Any] = {"api_key": "sk-test", "max_retries": 0}
    made: openai.OpenAI
    if request.param == "openai":
        made = openai.OpenAI(base_url=shared.openai_base_url, **options)
    elif request.param == "azure-v1":
        made = openai.OpenAI(base_url=f"{shared.azure_endpoint}/openai/v1/", **options)
    else:
        made = openai.AzureOpenAI(azure_endpoint=shared.azure_endpoint, api_version=DATED, **options)
    with made:
        yield made


def test_chat_answers_and_counts(client: openai.OpenAI) -> None:
    completion = client.chat.completions.create(model=MODEL, messages=ask("Hello!"))
    assert completion.choices[0].message.content == 'You said: "Hello!" This conversation has 1 message.'
    assert completion.choices[0].finish_reason == "stop"
    assert completion.usage is not None
    assert completion.usage.prompt_tokens == 9
    assert completion.model == "gpt-4.1-mini-2025-04-14"


def test_chat_streams_the_same_text_and_usage(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model=MODEL, messages=ask("Hello!"))
    chunks = list(
        client.chat.completions.create(
            model=MODEL, messages=ask("Hello!"), stream=True, stream_options={"include_usage": True}
        )
    )
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == whole.choices[0].message.content
    assert chunks[-1].usage is not None
    assert whole.usage is not None
    assert chunks[-1].usage.total_tokens == whole.usage.total_tokens
    assert len(chunks) > 5


def test_chat_stream_helper_assembles_the_completion(client: openai.OpenAI) -> None:
    with client.chat.completions.stream(model=MODEL, messages=ask("Say: hi")) as stream:
        kinds = {event.type for event in stream}
        final = stream.get_final_completion()
    assert final.choices[0].message.content == "hi"
    assert {"chunk", "content.delta", "content.done"} <= kinds


def test_chat_calls_tools_and_reads_results(client: openai.OpenAI) -> None:
    messages = ask("What is the weather in Paris and London?")
    first = client.chat.completions.create(model=MODEL, messages=messages, tools=CHAT_TOOLS)
    calls = first.choices[0].message.tool_calls or []
    assert first.choices[0].finish_reason == "tool_calls"
    assert [call.function.arguments for call in calls if call.type == "function"] == [
        '{"city":"Paris"}',
        '{"city":"London"}',
    ]
    messages.append(first.choices[0].message)
    messages += [{"role": "tool", "tool_call_id": call.id, "content": "18 degrees"} for call in calls]
    second = client.chat.completions.create(model=MODEL, messages=messages, tools=CHAT_TOOLS)
    assert second.choices[0].message.content == "\n".join(['get_weather returned: "18 degrees"'] * 2)


def test_chat_streams_tool_calls(client: openai.OpenAI) -> None:
    with client.chat.completions.stream(
        model=MODEL, messages=ask("Weather in Rome?"), tools=[openai.pydantic_function_tool(Person, name="person")]
    ) as stream:
        stream.until_done()
    chunks = client.chat.completions.create(
        model=MODEL, messages=ask("Weather in Rome?"), tools=CHAT_TOOLS, stream=True
    )
    arguments = ""
    for chunk in chunks:
        for choice in chunk.choices:
            for call in choice.delta.tool_calls or []:
                assert call.function is not None
                arguments += call.function.arguments or ""
    assert arguments == '{"city":"Rome"}'


def test_chat_parses_a_pydantic_model(client: openai.OpenAI) -> None:
    completion = client.chat.completions.parse(model=MODEL, messages=ask(ALICE), response_format=Person)
    assert completion.choices[0].message.parsed == Person(name="Alice", age=30, city="Paris")


def test_chat_parse_reports_a_refusal(client: openai.OpenAI) -> None:
    completion = client.chat.completions.parse(model=MODEL, messages=ask("[[refuse]]"), response_format=Person)
    assert completion.choices[0].message.parsed is None
    assert completion.choices[0].message.refusal == "I'm sorry, but I can't help with that."


def test_chat_sees_an_image(client: openai.OpenAI) -> None:
    content = [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": data_url(picture(64, 48, "red"))}},
    ]
    completion = client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": content}])  # type: ignore[misc,list-item]  # plain dicts, as users write them
    assert completion.choices[0].message.content == "Image 1 is a PNG of 64×48 pixels, mainly red."


def test_responses_answer_and_continue(client: openai.OpenAI) -> None:
    first = client.responses.create(model=MODEL, input="My name is Ada.", instructions="Be brief.")
    assert first.status == "completed"
    second = client.responses.create(model=MODEL, input="What is my name?", previous_response_id=first.id)
    assert second.output_text == "Your name is Ada."
    assert client.responses.retrieve(second.id).output_text == second.output_text


def test_responses_stream_every_event_in_order(client: openai.OpenAI) -> None:
    with client.responses.stream(model=REASONER, input="Say: hi", reasoning={"summary": "auto"}) as stream:
        events = list(stream)
        final = stream.get_final_response()
    assert final.output_text == "hi"
    assert [event.sequence_number for event in events] == list(range(len(events)))
    assert [item.type for item in final.output] == ["reasoning", "message"]
    assert final.usage is not None
    assert final.usage.output_tokens_details.reasoning_tokens == 192


def test_responses_call_tools_and_read_results(client: openai.OpenAI) -> None:
    inputs: list[Any] = ask("What is the weather in Paris?")
    first = client.responses.create(
        model=REASONER, input=inputs, tools=RESPONSE_TOOLS, include=["reasoning.encrypted_content"], store=False
    )
    call = first.output[-1]
    assert call.type == "function_call"
    assert call.arguments == '{"city":"Paris"}'
    inputs += [item.model_dump(exclude_none=True) for item in first.output]
    inputs.append({"type": "function_call_output", "call_id": call.call_id, "output": "18 degrees"})
    second = client.responses.create(model=REASONER, input=inputs, tools=RESPONSE_TOOLS, store=False)
    assert second.output_text == 'get_weather returned: "18 degrees"'


def test_responses_parse_a_pydantic_model(client: openai.OpenAI) -> None:
    response = client.responses.parse(model=MODEL, input=ALICE, text_format=Person)
    assert response.output_parsed == Person(name="Alice", age=30, city="Paris")


def test_responses_see_an_image_and_a_file(client: openai.OpenAI) -> None:
    content = [
        {"type": "input_image", "image_url": data_url(picture(10, 20, "blue")), "detail": "auto"},
        {"type": "input_file", "filename": "a.pdf", "file_data": data_url(b"%PDF-1.4 abc", "application/pdf")},
    ]
    response = client.responses.create(model=MODEL, input=[{"role": "user", "content": content}])  # type: ignore[misc,list-item]  # plain dicts, as users write them
    assert response.output_text == "Image 1 is a PNG of 10×20 pixels, mainly blue.\nFile 2 is 'a.pdf' of 12 bytes."


def test_responses_search_the_web_with_a_citation(client: openai.OpenAI) -> None:
    response = client.responses.create(model=MODEL, input="Who won?", tools=[{"type": "web_search"}])
    assert [item.type for item in response.output] == ["web_search_call", "message"]
    message = response.output[1]
    assert message.type == "message"
    part = message.content[0]
    assert part.type == "output_text"
    citation = part.annotations[0]
    assert citation.type == "url_citation"
    assert part.text[citation.start_index : citation.end_index] == f"([example.com]({citation.url}))"


def test_responses_count_their_input(client: openai.OpenAI) -> None:
    counted = client.responses.input_tokens.count(model=MODEL, input="Hello!")
    used = client.responses.create(model=MODEL, input="Hello!").usage
    assert used is not None
    assert counted.input_tokens == used.input_tokens == 9


def test_embeddings_are_the_same_in_both_encodings(client: openai.OpenAI) -> None:
    model = "text-embedding-3-small"
    floats = client.embeddings.create(model=model, input=["hello world"], dimensions=64, encoding_format="float")
    packed = client.embeddings.create(model=model, input=["hello world"], dimensions=64)
    assert len(floats.data[0].embedding) == 64
    assert packed.data[0].embedding == pytest.approx(floats.data[0].embedding)
    assert floats.usage.prompt_tokens == 2


def test_embeddings_of_raw_base64_are_little_endian_floats(shared: Simulator) -> None:
    with openai.OpenAI(base_url=shared.openai_base_url, api_key="sk-test") as client:
        raw = client.embeddings.with_raw_response.create(
            model="text-embedding-3-small", input="hello", dimensions=4, encoding_format="base64"
        )
        encoded = raw.http_response.json()["data"][0]["embedding"]
    values = struct.unpack("<4f", base64.b64decode(encoded))
    assert sum(value * value for value in values) == pytest.approx(1, abs=1e-6)


def test_models_are_listed_and_found(client: openai.OpenAI) -> None:
    names = [model.id for model in client.models.list()]
    assert {"gpt-4o", "gpt-6-astra", "text-embedding-3-large"} <= set(names)
    assert client.models.retrieve("gpt-4o").id == "gpt-4o"


def test_unknown_models_are_the_vendors_not_found(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as failure:
        client.chat.completions.create(model="no-such-model", messages=ask("Hello!"))
    expected = "DeploymentNotFound" if "azure" in str(client.base_url) else "model_not_found"
    assert failure.value.code == expected
    assert failure.value.request_id


def test_mistakes_are_bad_requests(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="decimal above maximum value"):
        client.chat.completions.create(model=MODEL, messages=ask("Hello!"), temperature=3)
    with pytest.raises(openai.BadRequestError, match="integer below minimum value"):
        client.responses.create(model=MODEL, input="Hello!", max_output_tokens=1)


def test_invalid_keys_are_refused(shared: Simulator) -> None:
    with (
        openai.OpenAI(base_url=shared.openai_base_url, api_key="invalid-key", max_retries=0) as client,
        pytest.raises(openai.AuthenticationError) as failure,
    ):
        client.chat.completions.create(model=MODEL, messages=ask("Hello!"))
    assert failure.value.code == "invalid_api_key"
