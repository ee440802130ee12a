"""What a user does with a model of Cohere, against the simulator, which is as strict as the vendor."""

from __future__ import annotations

from typing import Any

import pytest

from core.llms import (
    APIError,
    AuthenticationError,
    BadRequestError,
    Capability,
    ContentFilterError,
    FilePart,
    ImagePart,
    NotFoundError,
    OverloadedError,
    PermissionDeniedError,
    ProtocolError,
    RateLimitError,
    ReasoningDelta,
    ReasoningPart,
    ServerError,
    StreamFinished,
    StreamInterruptedError,
    StreamStarted,
    SystemMessage,
    TextDelta,
    TextPart,
    ToolCallFinished,
    ToolMessage,
    UserMessage,
)
from core.llms.providers.cohere import CohereBaseLLM, create_cohere_llm
from core.llms.providers.cohere.models import ROOMS
from core.llms.runtime.retry import RetryPolicy
from core.llms.simulator import Fault, Simulator
from core.llms.types.messages import Message
from tests.integration.models import Person, get_weather
from tests.unit.simulator.pictures import picture

MODEL = "command-a-plus-05-2026"
PLAIN = "command-a-03-2025"
CHAT = sorted(name for name in ROOMS if name.startswith("command"))
EMBEDDERS = sorted(name for name in ROOMS if name.startswith("embed"))
ONCE = RetryPolicy(max_attempts=1)
FACTS = FilePart(data=b"Our capital is Oslo.", filename="facts.txt", media_type="text/plain", citations=True)


def llm_at(sim: Simulator, model: str = MODEL, **options: Any) -> CohereBaseLLM:
    return create_cohere_llm(model, api_key="co-test", base_url=sim.cohere_base_url, **options)


def notes_of(message: Message) -> list[Any]:
    return [note for part in message.parts if isinstance(part, TextPart) for note in part.annotations]


@pytest.mark.parametrize("model", CHAT)
async def test_every_model_answers_whole_and_streamed_at_the_cost_of_what_is_counted(
    sim: Simulator, model: str
) -> None:
    messages: list[Message] = [SystemMessage("Be brief."), UserMessage("Say: hello.")]
    async with llm_at(sim, model) as llm:
        whole = await llm.get_answer(messages)
        streamed = await llm.stream_answer(messages).get_response()
        count = await llm.count_tokens(messages, exact=True)
    assert count.exact
    for response in (whole, streamed):
        assert (response.text, response.finish_reason.raw) == ("hello.", "COMPLETE")
        assert response.usage.input_tokens == count.tokens
        assert response.cost is not None and response.cost > 0
        assert (response.provider, response.warnings) == ("cohere", ())


@pytest.mark.parametrize("model", [name for name in CHAT if ROOMS[name].load()[0].REASONING_EFFORTS])
async def test_every_effort_of_a_model_is_taken(sim: Simulator, model: str) -> None:
    async with llm_at(sim, model) as llm:
        for effort in llm.metadata.REASONING_EFFORTS:
            response = await llm.get_answer("Say: done.", reasoning_effort=effort)
            assert (response.text, response.warnings) == ("done.", ())
            assert (response.usage.reasoning_tokens > 0) is (effort != "none")


async def test_every_parameter_is_taken(sim: Simulator) -> None:
    async with llm_at(sim, PLAIN) as llm:
        response = await llm.get_answer(
            "Say: hello there.",
            max_tokens=100,
            temperature=0.5,
            top_p=0.9,
            top_k=40,
            frequency_penalty=0.1,
            presence_penalty=0.1,
            seed=7,
            stop=[" there"],
            logprobs=True,
            provider_options={"safety_mode": "STRICT", "priority": 1},
        )
    assert (response.text, response.finish_reason.raw, response.warnings) == ("hello", "STOP_SEQUENCE", ())
    logprobs = response.choices[0].logprobs
    assert logprobs is not None
    assert [item["text"] for item in logprobs["content"]] == ["hello"]


async def test_stream_shows_thoughts_before_text_and_ends_whole(sim: Simulator) -> None:
    async with llm_at(sim) as llm, llm.stream_answer("Say: a b c.") as stream:
        events = [event async for event in stream]
    kinds = [type(event) for event in events]
    assert (kinds[0], kinds[-1]) == (StreamStarted, StreamFinished)
    assert kinds.index(ReasoningDelta) < kinds.index(TextDelta)
    assert [type(part) for part in stream.response.message.parts] == [ReasoningPart, TextPart]
    assert stream.response.text == "a b c."


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("model", [MODEL, PLAIN])
async def test_thoughts_plans_and_calls_go_back_with_their_results(sim: Simulator, model: str, streamed: bool) -> None:
    question = UserMessage("What is the weather in Paris and London?")
    async with llm_at(sim, model) as llm:
        if streamed:
            async with llm.stream_answer([question], tools=[get_weather]) as stream:
                finished = [event async for event in stream if isinstance(event, ToolCallFinished)]
            first = stream.response
            assert [event.tool_call for event in finished] == list(first.tool_calls)
        else:
            first = await llm.get_answer([question], tools=[get_weather])
        results = [ToolMessage(get_weather(**call.arguments), call.id) for call in first.tool_calls]
        second = await llm.get_answer([question, first.message, *results], tools=[get_weather])
    assert [call.arguments for call in first.tool_calls] == [{"city": "Paris"}, {"city": "London"}]
    assert first.finish_reason.unified == "tool_calls"
    assert "18 degrees" in second.text
    assert second.warnings == ()
    sent = next(body for body in sim.requests[-1].body["messages"] if body["role"] == "assistant")
    if model == MODEL:
        assert sent["content"][0]["type"] == "thinking"
    else:
        assert sent["tool_plan"] == "I will use the get_weather tool to answer."
    cited = notes_of(second.message)
    assert [note["sources"][0]["id"] for note in cited] == [f"{call.id}:0" for call in first.tool_calls]


async def test_run_tools_and_typed_answers_go_together(sim: Simulator) -> None:
    async with llm_at(sim) as llm:
        run = await llm.run_tools("What is the weather in Paris?", tools=[get_weather])
        person = (await llm.get_answer("Ada is 36 years old and lives in London.", response_model=Person)).parsed
        named = await llm.get_answer("Hello!", tools=[get_weather], tool_choice="get_weather")
    assert run.rounds == 2
    assert "18 degrees" in run.response.text
    assert person == Person(name="Ada", age=36, city="London")
    assert [call.name for call in named.tool_calls] == ["get_weather"]


async def test_documents_are_cited_and_the_citations_go_back(sim: Simulator) -> None:
    question = UserMessage([FACTS, TextPart("What is our capital?")])
    async with llm_at(sim) as llm:
        whole = await llm.get_answer([question])
        streamed = await llm.stream_answer([question]).get_response()
        again = await llm.get_answer([question, whole.message, UserMessage("Say: thanks.")])
    (note,) = notes_of(whole.message)
    assert note["text"] == "capital is Oslo."
    assert note["sources"][0]["document"] == {"id": "doc:0", "title": "facts.txt", "text": "Our capital is Oslo."}
    assert notes_of(streamed.message) == [note]
    assert sim.requests[-1].body["messages"][1]["citations"] == [note]
    assert again.warnings == ()


@pytest.mark.parametrize("model", [name for name in CHAT if ROOMS[name].load()[0].supports(Capability.VISION)])
async def test_images_are_seen(sim: Simulator, model: str) -> None:
    async with llm_at(sim, model) as llm:
        message = UserMessage([TextPart("What is this?"), ImagePart(data=picture(64, 48, "red"))])
        response = await llm.get_answer([message])
    assert "64×48 pixels, mainly red" in response.text
    assert response.usage.input_tokens > 259


async def test_later_instructions_move_to_the_top(sim: Simulator) -> None:
    messages: list[Message] = [UserMessage("Hello!"), SystemMessage("In French."), UserMessage("Say: oui.")]
    async with llm_at(sim) as llm:
        response = await llm.get_answer(messages)
    assert response.text == "oui."
    assert response.warnings == ("messages[1]: the system message moved to the top: it cannot stand here",)


@pytest.mark.parametrize("model", EMBEDDERS)
async def test_vectors_have_input_types_and_dimensions(sim: Simulator, model: str) -> None:
    async with llm_at(sim, model) as llm:
        for kind in ("query", "document", "classification", "clustering"):
            response = await llm.embed(["a", "b"], dimensions=256, input_type=kind)
            assert [len(vector) for vector in response.vectors] == [256, 256]
        usual = await llm.embed(["a"], input_type="query")
        models = {found.id for found in await llm.list_models()}
    assert sim.requests[0].body["input_type"] == "search_query"
    assert len(usual.vectors[0]) == llm.metadata.EMBEDDING_DIMENSIONS
    assert usual.usage.input_tokens == 1
    assert usual.cost is not None and usual.cost > 0
    assert set(ROOMS) <= models


async def test_text_that_is_too_long_is_refused_unless_it_may_be_cut(sim: Simulator) -> None:
    async with llm_at(sim, "embed-v4.0") as llm:
        with pytest.raises(BadRequestError, match="too many tokens"):
            await llm.embed(["one two"], input_type="query", provider_options={"max_tokens": 1})
        cut = await llm.embed(["one two"], input_type="query", provider_options={"max_tokens": 1, "truncate": "END"})
    assert cut.usage.input_tokens == 1


async def test_counts_say_when_they_are_not_exact(sim: Simulator) -> None:
    async with llm_at(sim) as llm:
        long = await llm.count_tokens("word " * 20_000, exact=True)
        tools = await llm.count_tokens("Hello!", tools=[get_weather], exact=True)
    assert (long.exact, tools.exact) == (True, False)
    assert 20_000 <= long.tokens <= 20_010
    assert [request.path for request in sim.requests] == ["/cohere/v1/tokenize"] * 3


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BadRequestError),
        (401, AuthenticationError),
        (403, PermissionDeniedError),
        (404, NotFoundError),
        (422, BadRequestError),
        (429, RateLimitError),
        (498, ContentFilterError),
        (499, ServerError),
        (500, ServerError),
        (503, OverloadedError),
        (504, ServerError),
    ],
)
async def test_status_has_its_class(sim: Simulator, status: int, kind: type[APIError]) -> None:
    sim.faults.append(Fault(status=status))
    async with llm_at(sim, retry=ONCE) as llm:
        with pytest.raises(kind) as caught:
            await llm.get_answer("Hello!")
    assert (type(caught.value), caught.value.status) == (kind, status)
    assert caught.value.request_id is not None


async def test_what_the_vendor_refuses_has_its_class(sim: Simulator) -> None:
    async with llm_at(sim) as llm:
        with pytest.raises(ContentFilterError):
            await llm.get_answer("[[content_filter]]")
        with pytest.raises(BadRequestError, match="top_p"):
            await llm.get_answer("Hello!", provider_options={"top_p": 0.5})
    async with create_cohere_llm(MODEL, api_key="invalid-key", base_url=sim.cohere_base_url) as wrong:
        with pytest.raises(AuthenticationError):
            await wrong.get_answer("Hello!")
    with pytest.warns(UserWarning, match="not a listed model"):
        missing = llm_at(sim, "command-nonesuch")
    async with missing:
        with pytest.raises(NotFoundError):
            await missing.get_answer("Hello!")


async def test_busy_vendor_is_asked_again(sim: Simulator) -> None:
    sim.script(Fault(status=503, retry_after="0.01"), "Well.")
    async with llm_at(sim) as llm:
        response = await llm.get_answer("Hello!")
    assert response.text == "Well."
    assert len(sim.requests) == len(response.attempts) == 2


async def test_stream_that_fails_or_is_cut_is_no_short_answer(sim: Simulator) -> None:
    sim.script(Fault(error_after_events=6), Fault(cut_after_events=6))
    async with llm_at(sim, retry=ONCE) as llm:
        with pytest.raises((StreamInterruptedError, ServerError), match="internal server error"):
            await llm.stream_answer("Count to 20.").get_response()
        with pytest.raises((StreamInterruptedError, ProtocolError)):
            await llm.stream_answer("Count to 20.").get_response()
