"""What a user does with an OpenAI model, against the simulator: answers, streams, media, typed answers, counts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.llms import (
    AssistantMessage,
    AudioPart,
    BadRequestError,
    FilePart,
    LLMContext,
    OutputValidationError,
    ReasoningDelta,
    ReasoningPart,
    ServerTool,
    StreamFinished,
    StreamStarted,
    TextDelta,
    TextPart,
    UnsupportedCapabilityError,
    UserMessage,
)
from core.llms.providers.openai import OpenAIBaseLLM, create_openai_llm
from core.llms.simulator import Reply, Simulator
from core.llms.types.content import render_data_url
from tests.integration.models import (
    EMBEDDER,
    MODEL,
    REASONER,
    WIRES,
    HearingMetadata,
    Person,
    TextOnlyMetadata,
)
from tests.support.sounds import sound
from tests.unit.simulator.pictures import picture

ECHO = 'You said: "Hello!" This conversation has 1 message.'
ALICE = "Alice is 30 years old and lives in Paris."


def llm_at(sim: Simulator, model: str = MODEL, **options: Any) -> OpenAIBaseLLM:
    return create_openai_llm(model, api_key="sk-test", base_url=sim.openai_base_url, **options)


@pytest.mark.parametrize("wire", WIRES)
async def test_answer_has_text_usage_cost_and_the_vendors_names(sim: Simulator, wire: str) -> None:
    ctx = LLMContext()
    async with llm_at(sim, wire=wire) as llm:
        response = await llm.get_answer("Hello!", ctx)
    assert (response.text, response.finish_reason.unified) == (ECHO, "stop")
    assert (response.usage.input_tokens, response.provider) == (9, "openai")
    assert response.model == "gpt-4.1-mini-2025-04-14"
    assert response.request_id is not None
    assert response.request_id.startswith("req_")
    output = response.usage.output_tokens
    assert response.cost == ctx.cost == Decimal("0.40") * 9 / 10**6 + Decimal("1.60") * output / 10**6


@pytest.mark.parametrize("wire", WIRES)
async def test_stream_gives_the_same_answer_as_a_call(sim: Simulator, wire: str) -> None:
    async with llm_at(sim, wire=wire) as llm:
        whole = await llm.get_answer("Hello!")
        async with llm.stream_answer("Hello!") as stream:
            events = [event async for event in stream]
    assert isinstance(events[0], StreamStarted)
    assert isinstance(events[-1], StreamFinished)
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == ECHO
    assert sum(isinstance(event, TextDelta) for event in events) > 3
    streamed = stream.response
    assert (streamed.text, streamed.usage, streamed.cost) == (whole.text, whole.usage, whole.cost)
    assert [type(part) for part in streamed.message.parts] == [type(part) for part in whole.message.parts]


@pytest.mark.parametrize("wire", WIRES)
async def test_conversation_goes_on_from_the_answers_message(sim: Simulator, wire: str) -> None:
    messages: list[Any] = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "My name is Ada."}]
    async with llm_at(sim, wire=wire) as llm:
        first = await llm.get_answer(messages)
        messages += [first.message, {"role": "user", "content": "What is my name?"}]
        assert (await llm.get_answer(messages)).text == "Your name is Ada."


@pytest.mark.parametrize("wire", WIRES)
async def test_vision_takes_paths_bytes_and_data_urls(sim: Simulator, wire: str, tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(picture(8, 6, "blue", "JPEG"))
    images: list[Any] = [path, str(path), picture(4, 4), render_data_url("image/png", picture(3, 2, "lime"))]
    async with llm_at(sim, wire=wire) as llm:
        response = await llm.generate_with_vision("What do you see?", images, max_tokens=500, system="Look well.")
        single = await llm.generate_with_vision("What do you see?", picture(5, 5), detail="low")
    lines = response.text.splitlines()
    assert [line for line in lines if line.startswith("Image")] == [
        "Image 1 is a JPEG of 8×6 pixels, mainly blue.",
        "Image 2 is a JPEG of 8×6 pixels, mainly blue.",
        "Image 3 is a PNG of 4×4 pixels, mainly red.",
        "Image 4 is a PNG of 3×2 pixels, mainly green.",
    ]
    assert "Image 1 is a PNG of 5×5 pixels, mainly red." in single.text


async def test_vision_of_a_model_that_sees_nothing_is_refused_before_sending(sim: Simulator) -> None:
    async with llm_at(sim, metadata=TextOnlyMetadata) as llm:
        with pytest.raises(UnsupportedCapabilityError, match="does not take images"):
            await llm.generate_with_vision("What?", picture(4, 4))
    assert not sim.requests


@pytest.mark.parametrize("wire", WIRES)
async def test_pdf_reaches_the_model(sim: Simulator, wire: str) -> None:
    message = UserMessage([TextPart("Summarise."), FilePart(data=b"%PDF-1.4 abc", filename="a.pdf")])
    async with llm_at(sim, wire=wire) as llm:
        assert "File 1 is 'a.pdf' of 12 bytes." in (await llm.get_answer(message)).text


async def test_sound_reaches_a_model_that_hears_and_no_other(sim: Simulator, tmp_path: Path) -> None:
    recording = tmp_path / "a.wav"
    recording.write_bytes(sound(0.5))
    message = UserMessage([TextPart("What is said?"), AudioPart(path=recording)])
    async with llm_at(sim, HearingMetadata.MODEL_ID, metadata=HearingMetadata) as hearing, llm_at(sim) as deaf:
        assert "0.50 seconds long" in (await hearing.get_answer(message)).text
        with pytest.raises(UnsupportedCapabilityError, match="does not take audio"):
            await deaf.get_answer(message)
    assert len(sim.requests) == 1


@pytest.mark.parametrize("wire", WIRES)
async def test_response_model_is_filled_by_native_schema(sim: Simulator, wire: str) -> None:
    async with llm_at(sim, wire=wire) as llm:
        response = await llm.get_answer(ALICE, response_model=Person)
        async with llm.stream_answer(ALICE, response_model=Person) as stream:
            async for _ in stream:
                continue
    assert response.parsed == stream.response.parsed == Person(name="Alice", age=30, city="Paris")


async def test_response_model_is_filled_by_tool_where_there_are_no_schemas(sim: Simulator) -> None:
    async with llm_at(sim, metadata=TextOnlyMetadata) as llm:
        response = await llm.get_answer(ALICE, response_model=Person)
    assert response.parsed == Person(name="Alice", age=30, city="Paris")
    body = sim.requests[-1].body
    assert body["tool_choice"] == {"type": "function", "function": {"name": "Person"}}
    assert "response_format" not in body


@pytest.mark.parametrize("wire", WIRES)
async def test_wrong_answer_is_corrected_once_the_model_is_told(sim: Simulator, wire: str) -> None:
    ctx = LLMContext()
    sim.script('{"name": "Alice", "age": "old"}', '{"name": "Alice", "age": 30, "city": "Paris"}')
    async with llm_at(sim, wire=wire) as llm:
        response = await llm.get_answer(ALICE, ctx, response_model=Person)
    assert response.parsed == Person(name="Alice", age=30, city="Paris")
    assert (len(sim.requests), ctx.ledger.attempt_count) == (2, 2)
    told = str(sim.requests[-1].body)
    assert "does not fit the required form" in told
    assert "age" in told


async def test_answer_that_stays_wrong_is_an_error_with_the_last_answer(sim: Simulator) -> None:
    sim.script("no", "still no")
    async with llm_at(sim) as llm:
        with pytest.raises(OutputValidationError) as caught:
            await llm.get_answer(ALICE, response_model=Person)
    assert caught.value.response.text == "still no"


@pytest.mark.parametrize("wire", WIRES)
async def test_refusal_is_kept_apart_from_text_and_goes_back(sim: Simulator, wire: str) -> None:
    async with llm_at(sim, wire=wire) as llm:
        response = await llm.get_answer("[[refuse]]")
        assert (response.refusal, response.text) == ("I'm sorry, but I can't help with that.", "")
        history: list[Any] = [UserMessage("[[refuse]]"), response.message, UserMessage("Say: hi")]
        assert (await llm.get_answer(history)).text == "hi"


@pytest.mark.parametrize("store", [True, False])
async def test_reasoning_goes_back_in_the_next_turn(sim: Simulator, store: bool) -> None:
    sim.script(Reply("Eight.", reasoning_summary="I count."))
    async with llm_at(sim, REASONER) as llm:
        options: Any = {"reasoning_effort": "low", "reasoning_summary": "auto", "store": store}
        async with llm.stream_answer("How many planets?", **options) as stream:
            thoughts = [event.text async for event in stream if isinstance(event, ReasoningDelta)]
        first = stream.response
        history: list[Any] = [UserMessage("How many planets?"), first.message, UserMessage("Say: thanks")]
        second = await llm.get_answer(history, **options)
    assert "".join(thoughts) == first.reasoning == "I count."
    assert first.usage.reasoning_tokens > 0
    assert second.text == "thanks"
    sent = [item.get("type", "message") for item in sim.requests[-1].body["input"]]
    assert sent == ["message", "reasoning", "message", "message"]


async def test_reasoning_that_was_tampered_with_is_refused(sim: Simulator) -> None:
    async with llm_at(sim, REASONER) as llm:
        options: Any = {"reasoning_effort": "low", "store": False}
        first = await llm.get_answer("How many planets?", **options)
        thought, *rest = first.message.parts
        assert isinstance(thought, ReasoningPart)
        assert thought.raw is not None
        forged = replace(thought, raw={**thought.raw, "encrypted_content": "gAAAAABoAAAA"})
        history: list[Any] = [UserMessage("Hi"), AssistantMessage((forged, *rest)), UserMessage("Go on")]
        with pytest.raises(BadRequestError, match="could not be verified") as caught:
            await llm.get_answer(history, **options)
        with pytest.raises(BadRequestError, match="without its required 'reasoning' item"):
            stored = await llm.get_answer("How many planets?", reasoning_effort="low", store=True)
            torn = AssistantMessage(stored.message.parts[1:], id=stored.message.id)
            await llm.get_answer([UserMessage("Hi"), torn, UserMessage("Go on")], **options)
    assert caught.value.code == "invalid_encrypted_content"


async def test_answers_of_one_wire_go_back_over_the_other_with_a_warning(sim: Simulator) -> None:
    async with llm_at(sim, REASONER) as thinking, llm_at(sim, wire="chat") as plain:
        first = await thinking.get_answer("How many planets?", reasoning_effort="low")
        response = await plain.get_answer([UserMessage("Hi"), first.message, UserMessage("Say: hi")])
    assert response.text == "hi"
    assert ["reasoning of openai_responses was left out" in warning for warning in response.warnings].count(True) == 1


async def test_server_tool_answers_with_citations_that_go_back(sim: Simulator) -> None:
    search = ServerTool({"type": "web_search"})
    async with llm_at(sim, REASONER) as llm:
        first = await llm.get_answer("Who won?", tools=[search])
        second = await llm.get_answer([UserMessage("Who won?"), first.message, UserMessage("Say: hi")], tools=[search])
    assert next(part.annotations for part in first.message.parts if isinstance(part, TextPart))
    assert "hi" in second.text


@pytest.mark.parametrize("dimensions", [None, 64])
async def test_embeddings_come_in_order_with_usage_and_cost(sim: Simulator, dimensions: int | None) -> None:
    async with llm_at(sim, EMBEDDER) as llm:
        both = await llm.embed(["hello world", "goodbye"], dimensions=dimensions)
        one = await llm.embed("goodbye", dimensions=dimensions)
    assert [len(vector) for vector in both.vectors] == [dimensions or 1536] * 2
    assert both.vectors[1] == one.vectors[0] != both.vectors[0]
    assert (both.usage.input_tokens, both.provider) == (4, "openai")
    assert both.cost == Decimal("0.02") * 4 / 10**6


async def test_models_are_listed(sim: Simulator) -> None:
    async with llm_at(sim) as llm:
        models = await llm.list_models()
    assert {"gpt-4o", "gpt-6-astra", EMBEDDER} <= {model.id for model in models}


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize(
    "text", ["Hello!", "Zwölf Boxkämpfer jagen Viktor quer über den Sylter Deich. 🥊", "a\n" * 300]
)
async def test_tokens_counted_here_are_those_the_vendor_counts(sim: Simulator, wire: str, text: str) -> None:
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": text},
        {"role": "assistant", "content": "Yes."},
        {"role": "user", "content": text},
    ]
    async with llm_at(sim, wire=wire) as llm:
        local = await llm.count_tokens(messages)
        used = (await llm.get_answer(messages)).usage.input_tokens
        vendors = await llm.count_tokens(messages, exact=True)
    assert local.exact
    assert local.tokens == used == vendors.tokens
