"""The judge: Google's own SDK works against the simulator, for the Gemini API and for Vertex AI, sync and async."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from google import genai
from google.auth.credentials import Credentials
from google.genai import errors, types
from pydantic import BaseModel

from core.llms.simulator import Simulator
from tests.unit.simulator.pictures import picture

MODEL = "gemini-3.5-flash"
WEATHER = types.Tool(
    function_declarations=[
        types.FunctionDeclaration(
            name="get_weather",
            description="Weather of a city",
            parameters_json_schema={
                "type": "object",
                "properties": {"city": {"type": "string"}},
                "required": ["city"],
            },
        )
    ]
)
ALICE = "Alice is 30 years old and lives in Paris."


class Person(BaseModel):
    name: str
    age: int
    city: str


class Token(Credentials):
    """Credentials that need no network."""

    def refresh(self, request: Any) -> None:
        self.token = "ya29.simulated"


@pytest.fixture(scope="module")
def shared() -> Iterator[Simulator]:
    with Simulator.in_thread() as sim:
        yield sim


@pytest.fixture(params=["gemini", "gemini-beta", "vertex", "vertex-key"])
def client(request: pytest.FixtureRequest, shared: Simulator) -> Iterator[genai.Client]:
    options: dict[str, Any]
    match request.param:
        case "gemini":
            options = {"api_key": "k", "http_options": {"base_url": shared.google_base_url}}
        case "gemini-beta":
            options = {"api_key": "k", "http_options": {"base_url": shared.google_base_url, "api_version": "v1beta"}}
        case "vertex-key":
            options = {"vertexai": True, "api_key": "k", "http_options": {"base_url": shared.vertex_base_url}}
        case _:
            place = {"project": "p", "location": "us-central1"}
            http = {"base_url": shared.vertex_base_url}
            token = Token()  # type: ignore[no-untyped-call]  # google-auth gives its base class no types
            options = {"vertexai": True, "credentials": token, "http_options": http, **place}
    made = genai.Client(**options)
    yield made
    made.close()


def user(*parts: types.Part) -> types.Content:
    return types.Content(role="user", parts=list(parts))


def test_content_is_generated_and_counted(client: genai.Client) -> None:
    response = client.models.generate_content(model=MODEL, contents="What is 17 + 25?")
    assert response.text == "42"
    assert response.candidates is not None
    assert response.candidates[0].finish_reason == types.FinishReason.STOP
    counted = client.models.count_tokens(model=MODEL, contents="What is 17 + 25?")
    assert response.usage_metadata is not None
    assert response.usage_metadata.prompt_token_count == counted.total_tokens


def test_content_streams(client: genai.Client) -> None:
    chunks = list(client.models.generate_content_stream(model=MODEL, contents="Say: one two three four five six"))
    assert "".join(chunk.text or "" for chunk in chunks) == "one two three four five six"
    assert len(chunks) > 1
    last = chunks[-1].candidates
    assert last is not None
    assert last[0].finish_reason == types.FinishReason.STOP


def test_thoughts_and_calls_go_round(client: genai.Client) -> None:
    config = types.GenerateContentConfig(
        tools=[WEATHER],
        thinking_config=types.ThinkingConfig(include_thoughts=True, thinking_level=types.ThinkingLevel.LOW),
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
    )
    contents: list[Any] = [user(types.Part(text="Weather in Paris and London?"))]
    first = client.models.generate_content(model=MODEL, contents=contents, config=config)
    assert first.candidates is not None
    said = first.candidates[0].content
    assert said is not None
    assert said.parts is not None
    assert said.parts[0].thought
    calls = first.function_calls or []
    assert [call.args for call in calls] == [{"city": "Paris"}, {"city": "London"}]
    results = [
        types.Part(function_response=types.FunctionResponse(id=call.id, name=call.name, response={"result": "rain"}))
        for call in calls
    ]
    second = client.models.generate_content(model=MODEL, contents=[*contents, said, user(*results)], config=config)
    assert second.text == 'get_weather returned: "rain"\nget_weather returned: "rain"'


def test_calls_stream(client: genai.Client) -> None:
    config = types.GenerateContentConfig(
        tools=[WEATHER], automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True)
    )
    chunks = client.models.generate_content_stream(model=MODEL, contents="Weather in Rome?", config=config)
    assert [call.args for chunk in chunks for call in chunk.function_calls or []] == [{"city": "Rome"}]


def test_functions_are_called_automatically(client: genai.Client) -> None:
    def get_weather(city: str) -> str:
        """Weather of a city."""
        return f"rain in {city}"

    config = types.GenerateContentConfig(tools=[get_weather])
    response = client.models.generate_content(model=MODEL, contents="Weather in Rome?", config=config)
    assert response.text == 'get_weather returned: "rain in Rome"'


def test_content_fits_a_pydantic_model(client: genai.Client) -> None:
    config = types.GenerateContentConfig(response_mime_type="application/json", response_schema=Person)
    response = client.models.generate_content(model=MODEL, contents=ALICE, config=config)
    assert response.parsed == Person(name="Alice", age=30, city="Paris")


def test_images_and_documents_are_seen(client: genai.Client) -> None:
    contents: list[Any] = [
        types.Part.from_bytes(data=picture(64, 48, "red"), mime_type="image/png"),
        types.Part.from_bytes(data=b"%PDF-1.4", mime_type="application/pdf"),
    ]
    response = client.models.generate_content(model=MODEL, contents=contents)
    assert response.text == ("Image 1 is a PNG of 64×48 pixels, mainly red.\nFile 2 is 'application/pdf' of 8 bytes.")


def test_refusals_and_blocked_prompts_are_seen(client: genai.Client) -> None:
    refused = client.models.generate_content(model=MODEL, contents="[[refuse]]").candidates
    assert refused is not None
    assert refused[0].finish_reason == types.FinishReason.SAFETY
    blocked = client.models.generate_content(model=MODEL, contents="[[content_filter]]").prompt_feedback
    assert blocked is not None
    assert blocked.block_reason == types.BlockedReason.PROHIBITED_CONTENT


def test_texts_are_embedded(client: genai.Client) -> None:
    config = types.EmbedContentConfig(output_dimensionality=8)
    result = client.models.embed_content(model="gemini-embedding-001", contents="hello", config=config)
    assert [len(entry.values or []) for entry in result.embeddings or []] == [8]


def test_models_are_listed(client: genai.Client) -> None:
    names = [model.name or "" for model in client.models.list(config={"page_size": 5, "query_base": True})]
    assert len(names) > 10
    assert any(name.endswith("models/gemini-2.5-pro") for name in names)


@pytest.mark.parametrize(
    ("model", "config", "code"),
    [
        ("no-such-model", {}, 404),
        (MODEL, {"temperature": 3}, 400),
        (MODEL, {"http_options": {"headers": {"x-simulator-fault": '{"status": 429}'}}}, 429),
        (MODEL, {"http_options": {"headers": {"x-simulator-fault": '{"status": 503}'}}}, 503),
    ],
)
def test_errors_are_the_sdks_own(client: genai.Client, model: str, config: dict[str, Any], code: int) -> None:
    options: Any = config
    for generate in (client.models.generate_content, client.models.generate_content_stream):
        with pytest.raises(errors.APIError) as raised:
            list(generate(model=model, contents="Hello!", config=options))
        assert raised.value.code == code
        assert isinstance(raised.value, errors.ServerError if code >= 500 else errors.ClientError)


def test_error_inside_a_stream_is_raised(client: genai.Client) -> None:
    options: Any = {"http_options": {"headers": {"x-simulator-fault": '{"error_after_events": 1}'}}}
    stream = client.models.generate_content_stream(model=MODEL, contents="Say: one two three four five", config=options)
    with pytest.raises(errors.ServerError, match="overloaded"):
        list(stream)


# Google's SDK makes a subclass of aiohttp's session, which aiohttp advises against.
@pytest.mark.filterwarnings("ignore:Inheritance class AiohttpClientSession:DeprecationWarning")
async def test_an_async_client_is_answered(client: genai.Client) -> None:
    response = await client.aio.models.generate_content(model=MODEL, contents="What is 17 + 25?")
    assert response.text == "42"
    stream = await client.aio.models.generate_content_stream(model=MODEL, contents="Say: hi there")
    assert "".join([chunk.text or "" async for chunk in stream]) == "hi there"
    config = types.GenerateContentConfig(response_mime_type="application/json", response_schema=Person)
    parsed = await client.aio.models.generate_content(model=MODEL, contents=ALICE, config=config)
    assert parsed.parsed == Person(name="Alice", age=30, city="Paris")
    image = types.Part.from_bytes(data=picture(8, 8), mime_type="image/png")
    assert "8×8" in ((await client.aio.models.generate_content(model=MODEL, contents=image)).text or "")
    called = await client.aio.models.generate_content(
        model=MODEL,
        contents="Weather in Rome?",
        config=types.GenerateContentConfig(
            tools=[WEATHER], automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True)
        ),
    )
    assert [call.args for call in called.function_calls or []] == [{"city": "Rome"}]
    with pytest.raises(errors.ClientError):
        await client.aio.models.generate_content(model="no-such-model", contents="Hello!")
    await client.aio.aclose()
