"""The judge: Groq's own SDK works against the simulated Groq."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import groq
import pytest
from pydantic import BaseModel

from core.llms.simulator import Fault, Simulator
from tests.unit.simulator.test_openai_sdk import ALICE, CHAT_TOOLS, ask

MODEL = "openai/gpt-oss-120b"
PLAIN = "llama-3.3-70b-versatile"


class Person(BaseModel):
    name: str
    age: int
    city: str


@pytest.fixture(scope="module")
def shared() -> Iterator[Simulator]:
    with Simulator.in_thread() as sim:
        yield sim


@pytest.fixture
def client(shared: Simulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[groq.Groq]:
    for name, value in shared.environment().items():
        monkeypatch.setenv(name, value)
    with groq.Groq(max_retries=0) as made:
        yield made
    shared.reset()


def test_answer_has_its_reasoning_apart_and_its_times(client: groq.Groq) -> None:
    completion = client.chat.completions.create(model=MODEL, messages=ask("Say: hi"))
    message = completion.choices[0].message
    assert (message.content, completion.choices[0].finish_reason) == ("hi", "stop")
    assert message.reasoning and message.reasoning.startswith("**Considering")
    usage = completion.usage
    assert usage is not None and usage.completion_tokens_details is not None
    assert 0 < usage.completion_tokens_details.reasoning_tokens < usage.completion_tokens
    assert usage.total_time is not None and completion.x_groq is not None


@pytest.mark.parametrize(
    ("options", "content", "shown"),
    [
        ({"reasoning_format": "hidden"}, "hi", None),
        ({"include_reasoning": False}, "hi", None),
        ({"reasoning_format": "raw"}, "<think>", None),
        ({"reasoning_format": "parsed"}, "hi", "**"),
        ({}, "<think>", None),
        ({"reasoning_effort": "none"}, "hi", None),
    ],
)
def test_reasoning_comes_in_the_format_that_was_asked_for(
    client: groq.Groq, options: dict[str, Any], content: str, shown: str | None
) -> None:
    completion = client.chat.completions.create(model="qwen/qwen3.8-27b", messages=ask("Say: hi"), **options)
    message = completion.choices[0].message
    assert message.content is not None and message.content.startswith(content) and message.content.endswith("hi")
    assert (message.reasoning or "")[:2] == (shown or "")


@pytest.mark.parametrize("asked", [True, False])
def test_stream_has_usage_in_its_own_envelope_and_besides_when_asked(client: groq.Groq, asked: bool) -> None:
    chunks = list(
        client.chat.completions.create(
            model=MODEL,
            messages=ask("Say: a b c"),
            stream=True,
            extra_body={"stream_options": {"include_usage": asked}},
        )
    )
    texts = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    assert "".join(texts) == "a b c"
    assert "".join(chunk.choices[0].delta.reasoning or "" for chunk in chunks if chunk.choices)
    end = next(chunk for chunk in chunks if chunk.choices and chunk.choices[0].finish_reason)
    assert end.x_groq is not None and end.x_groq.usage is not None
    assert (end.usage is not None, chunks[-1].choices == []) == (asked, asked)


@pytest.mark.parametrize("stream", [False, True])
def test_tools_are_called_and_their_results_read(client: groq.Groq, stream: bool) -> None:
    messages = ask("What is the weather in Paris and London?")
    if stream:
        chunks = client.chat.completions.create(model=PLAIN, messages=messages, tools=CHAT_TOOLS, stream=True)
        calls: list[Any] = [call for chunk in chunks for call in chunk.choices[0].delta.tool_calls or []]
    else:
        completion = client.chat.completions.create(model=PLAIN, messages=messages, tools=CHAT_TOOLS)
        assert completion.choices[0].finish_reason == "tool_calls"
        calls = list(completion.choices[0].message.tool_calls or [])
    assert [call.function.arguments for call in calls] == ['{"city":"Paris"}', '{"city":"London"}']
    named = [{"id": call.id, "type": "function", "function": call.function.model_dump()} for call in calls]
    messages.append({"role": "assistant", "tool_calls": named})
    messages += [{"role": "tool", "tool_call_id": call.id, "content": "18 degrees"} for call in calls]
    second = client.chat.completions.create(model=PLAIN, messages=messages, tools=CHAT_TOOLS)
    assert second.choices[0].message.content == "\n".join(['get_weather returned: "18 degrees"'] * 2)


def test_schema_is_filled_where_the_model_has_schemas(client: groq.Groq) -> None:
    schema = Person.model_json_schema() | {"additionalProperties": False}
    form: Any = {"type": "json_schema", "json_schema": {"name": "person", "schema": schema, "strict": True}}
    completion = client.chat.completions.create(model=MODEL, messages=ask(ALICE), response_format=form)
    filled = Person.model_validate_json(completion.choices[0].message.content or "")
    assert filled == Person(name="Alice", age=30, city="Paris")
    with pytest.raises(groq.BadRequestError, match="does not support response format `json_schema`"):
        client.chat.completions.create(model=PLAIN, messages=ask(ALICE), response_format=form)


@pytest.mark.parametrize(
    ("model", "spoiled", "words"),
    [
        (MODEL, {"extra_body": {"store": True}}, "property 'store' is unsupported"),
        (MODEL, {"n": 2}, "number must be at most 1"),
        (MODEL, {"logprobs": True}, "`logprobs` is not supported with this model"),
        (MODEL, {"reasoning_effort": "none"}, "`reasoning_effort` must be one of `low`, `medium`, `high`"),
        (PLAIN, {"reasoning_format": "parsed"}, "`reasoning_format` is not supported"),
        (
            MODEL,
            {"reasoning_format": "parsed", "include_reasoning": True},
            "cannot specify both `include_reasoning` and `reasoning_format`",
        ),
        ("mixtral-8x7b-32768", {}, "has been decommissioned"),
        (PLAIN, {"messages": ask("word " * 140_000)}, "reduce the length of the messages"),
    ],
)
def test_mistakes_are_bad_requests_in_groqs_words(
    client: groq.Groq, model: str, spoiled: dict[str, Any], words: str
) -> None:
    with pytest.raises(groq.BadRequestError, match=words):
        client.chat.completions.create(**{"model": model, "messages": ask("Hello!"), **spoiled})


def test_reasoning_goes_back_in_groqs_own_field_alone(client: groq.Groq) -> None:
    def again(field: str) -> list[Any]:
        return [*ask("Hi"), {"role": "assistant", "content": "Hello.", field: "I greet."}, *ask("Say: hi")]

    completion = client.chat.completions.create(model=MODEL, messages=again("reasoning"))
    assert completion.choices[0].message.content == "hi"
    with pytest.raises(groq.BadRequestError, match=r"'messages\.1' : property 'reasoning_content' is unsupported"):
        client.chat.completions.create(model=MODEL, messages=again("reasoning_content"))


def test_refusals_have_their_classes_and_headers(client: groq.Groq, shared: Simulator) -> None:
    with pytest.raises(groq.NotFoundError) as missing:
        client.chat.completions.create(model="no-such-model", messages=ask("Hello!"))
    assert missing.value.body == {
        "error": {
            "message": "The model `no-such-model` does not exist or you do not have access to it.",
            "type": "invalid_request_error",
            "code": "model_not_found",
        }
    }
    with pytest.raises(groq.AuthenticationError, match="Invalid API Key"):
        client.with_options(api_key="invalid-key").models.list()
    shared.rate_limit(requests_per_minute=1)
    client.chat.completions.create(model=PLAIN, messages=ask("Hello!"))
    with pytest.raises(groq.RateLimitError) as limited:
        client.chat.completions.create(model=PLAIN, messages=ask("Hello!"))
    assert int(limited.value.response.headers["retry-after"]) > 0
    assert limited.value.response.headers["x-request-id"].startswith("req_")


def test_stream_reports_its_failure_in_an_event_of_that_name(client: groq.Groq, shared: Simulator) -> None:
    shared.script(Fault(error_after_events=3))
    with pytest.raises(groq.APIError, match="Internal Server Error"):
        list(client.chat.completions.create(model=PLAIN, messages=ask("Say: a b c d"), stream=True))


def test_models_are_listed_with_their_windows(client: groq.Groq) -> None:
    models = {model.id: model for model in client.models.list().data}
    assert models[MODEL].context_window == 131_072  # type: ignore[attr-defined]
    assert client.models.retrieve(PLAIN).id == PLAIN
