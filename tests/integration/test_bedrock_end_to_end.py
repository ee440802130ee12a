"""What a user does with a model of Bedrock, against the simulator, which is as strict as the vendor."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from core.llms import (
    APIError,
    AssistantMessage,
    AuthenticationError,
    BadRequestError,
    CachePoint,
    FilePart,
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
    ToolMessage,
    UserMessage,
    create_llm,
)
from core.llms.providers.bedrock import BedrockBaseLLM, create_bedrock_llm
from core.llms.providers.bedrock.models import ROOMS
from core.llms.providers.openai import create_openai_llm
from core.llms.runtime.retry import RetryPolicy
from core.llms.simulator import Fault, Reply, Simulator
from tests.integration.models import Person, get_weather
from tests.unit.simulator.pictures import picture

MODEL = "us.anthropic.claude-sonnet-4-6"
NOVA = "amazon.nova-lite-v1:0"
METADATA = {room.load()[0].MODEL_ID: room.load()[0] for room in ROOMS.values()}
CURRENT = sorted(name for name, metadata in METADATA.items() if metadata.MAX_TOKENS)
EMBEDDING = sorted(set(METADATA) - set(CURRENT))
ONCE = RetryPolicy(max_attempts=1)
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Page >>\nendobj\n%%EOF"


@pytest.fixture(autouse=True)
def aws_environment(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_BEARER_TOKEN_BEDROCK", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in sim.environment().items():
        monkeypatch.setenv(name, value)


def llm_of(model: str = MODEL, **options: Any) -> BedrockBaseLLM:
    return create_bedrock_llm(model, **options)


@pytest.mark.parametrize("model", CURRENT)
async def test_every_current_model_answers_whole_and_streamed_with_a_cost(model: str) -> None:
    async with llm_of(model) as llm:
        whole = await llm.get_answer("Say: hello.")
        streamed = await llm.stream_answer("Say: hello.").get_response()
    for response in (whole, streamed):
        assert (response.text, response.finish_reason.raw) == ("hello.", "end_turn")
        assert response.cost is not None and response.cost > 0
        assert (response.provider, response.warnings) == ("bedrock", ())
        assert response.request_id is not None
    assert streamed.usage == whole.usage


@pytest.mark.parametrize("model", CURRENT)
async def test_every_effort_of_a_current_model_is_taken(model: str) -> None:
    async with llm_of(model) as llm:
        for effort in llm.metadata.REASONING_EFFORTS:
            response = await llm.get_answer("Say: hello.", reasoning_effort=effort)
            assert (response.text, response.warnings) == ("hello.", ())
            reasoned = any(isinstance(part, ReasoningPart) for part in response.message.parts)
            assert reasoned is (effort != "none")


@pytest.mark.parametrize(
    "model",
    [
        MODEL,
        f"arn:aws:bedrock:us-east-1:123456789012:inference-profile/{MODEL}",
        f"arn:aws:bedrock:us-east-1::foundation-model/{NOVA}",
        NOVA,
    ],
)
async def test_signature_covers_every_form_of_a_model_s_name(model: str) -> None:
    async with llm_of(model) as signed, llm_of(model, api_key="bedrock-api-key-any", region="eu-west-1") as bearer:
        assert (await signed.get_answer("Say: hi.")).text == "hi."
        assert (await bearer.get_answer("Say: hi.")).text == "hi."


async def test_llm_is_found_by_its_provider_s_name() -> None:
    async with create_llm(f"bedrock/{MODEL}") as llm:
        assert (await llm.get_answer("Say: hi.")).text == "hi."


async def test_stream_shows_thinking_before_text_and_ends_whole() -> None:
    async with llm_of() as llm, llm.stream_answer("Say: a b c.", reasoning_effort="high") as stream:
        events = [event async for event in stream]
    kinds = [type(event) for event in events]
    assert (kinds[0], kinds[-1]) == (StreamStarted, StreamFinished)
    assert max(i for i, kind in enumerate(kinds) if kind is ReasoningDelta) < kinds.index(TextDelta)
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == stream.response.text == "a b c."


@pytest.mark.parametrize("model", [MODEL, "global.anthropic.claude-haiku-4-5-20251001-v1:0"])
async def test_thinking_with_tools_goes_back_and_is_refused_when_tampered_with(model: str) -> None:
    question = UserMessage("What is the weather in Oslo?")
    options: Any = {"tools": [get_weather], "reasoning_effort": "high"}
    async with llm_of(model) as llm:
        first = await llm.stream_answer([question], **options).get_response()
        (call,) = first.tool_calls
        result = ToolMessage("rain", call.id)
        second = await llm.get_answer([question, first.message, result], **options)
        assert second.warnings == () and second.text
        thought = next(part for part in first.message.parts if isinstance(part, ReasoningPart))
        tampered = replace(thought, signature="AAAA", raw=None)
        others = tuple(part for part in first.message.parts if not isinstance(part, ReasoningPart))
        with pytest.raises(BadRequestError, match="signature"):
            await llm.get_answer([question, AssistantMessage((tampered, *others)), result], **options)
        with pytest.raises(BadRequestError, match="must start with a thinking block"):
            plain = {"additionalModelRequestFields": {"thinking": {"type": "enabled", "budget_tokens": 1024}}}
            conversation = (question, AssistantMessage(others), result)
            await llm.get_answer(conversation, tools=[get_weather], max_tokens=2_000, provider_options=plain)


@pytest.mark.parametrize("model", [MODEL, NOVA, "openai.gpt-oss-120b-1:0"])
async def test_tools_run_until_the_model_answers(model: str) -> None:
    async with llm_of(model) as llm:
        run = await llm.run_tools("What is the weather in London and in Paris?", tools=[get_weather])
    assert [message.text for message in run.messages if isinstance(message, ToolMessage)] == ["rain", "18 degrees"]
    assert "18 degrees" in run.response.text


@pytest.mark.parametrize("model", [MODEL, NOVA, "openai.gpt-oss-20b-1:0"])
async def test_typed_answer_whole_and_streamed(model: str) -> None:
    async with llm_of(model) as llm:
        whole = await llm.get_answer("Ada is 36 and lives in London.", response_model=Person)
        streamed = await llm.stream_answer("Ada is 36 and lives in London.", response_model=Person).get_response()
    assert isinstance(whole.parsed, Person)
    assert isinstance(streamed.parsed, Person)


async def test_images_and_documents_are_seen_and_cited() -> None:
    async with llm_of() as llm:
        seen = await llm.generate_with_vision("What is it?", [picture(4, 4)])
        message = UserMessage([FilePart(data=PDF, filename="a.pdf", citations=True), TextPart("What is it?")])
        read = await llm.stream_answer([message]).get_response()
        (part,) = [part for part in read.message.parts if isinstance(part, TextPart) and part.annotations]
        again = await llm.get_answer([UserMessage("What is it?"), read.message, UserMessage("Say: back.")])
    assert "4×4" in seen.text
    assert part.annotations[0]["location"]["documentPage"]["documentIndex"] == 0
    assert (part.origin, again.text, again.warnings) == ("bedrock_converse", "back.", ())


async def test_guardrail_that_steps_in_is_a_content_filter() -> None:
    guardrail = {"guardrailIdentifier": "abc", "guardrailVersion": "1", "trace": "enabled"}
    options: Any = {"provider_options": {"guardrailConfig": guardrail}}
    async with llm_of(NOVA) as llm:
        passed = await llm.get_answer("Say: hello.", **options)
        whole = await llm.get_answer("Say: [[guardrail]]", **options)
        streamed = await llm.stream_answer("Say: [[guardrail]]", **options).get_response()
    assert passed.finish_reason.unified == "stop"
    for response in (whole, streamed):
        assert (response.finish_reason.unified, response.finish_reason.raw) == (
            "content_filter",
            "guardrail_intervened",
        )
        assert "guardrail" in (response.choices[0].content_filter or {})


async def test_cached_prompt_is_written_then_read_and_priced() -> None:
    system = SystemMessage([TextPart("You answer in one sentence. " * 400), CachePoint()])
    async with llm_of() as llm:
        first = await llm.get_answer([system, UserMessage("Say: a.")])
        second = await llm.get_answer([system, UserMessage("Say: b.")])
        plain = await llm.get_answer([SystemMessage(system.text), UserMessage("Say: b.")])
        hour = SystemMessage([TextPart("Be kind. " * 600), CachePoint("1h")])
        third = await llm.get_answer([hour, UserMessage("Say: c.")])
    written = first.usage.cache_write_tokens
    assert (written > 1_000, second.usage.cache_read_tokens) == (True, written)
    assert first.usage.input_tokens == second.usage.input_tokens == plain.usage.input_tokens
    assert third.usage.cache_write_1h_tokens == third.usage.cache_write_tokens > 0
    assert first.cost is not None and second.cost is not None and plain.cost is not None
    assert second.cost < plain.cost < first.cost
    assert isinstance(second.cost, Decimal)


@pytest.mark.parametrize("model", EMBEDDING)
async def test_texts_become_vectors_with_their_tokens_and_cost(model: str) -> None:
    async with llm_of(model) as llm:
        response = await llm.embed(["hello there", "goodbye"], dimensions=256)
    assert [len(vector) for vector in response.vectors] == [256, 256]
    assert response.usage.input_tokens == 4
    assert response.cost is not None and response.cost > 0


async def test_tokens_are_counted_by_the_vendor_for_claude_alone() -> None:
    async with llm_of() as claude, llm_of(NOVA) as nova:
        count = await claude.count_tokens("Say: hello.", exact=True)
        response = await claude.get_answer("Say: hello.")
        with pytest.raises(BadRequestError, match="doesn't support counting tokens"):
            await nova.count_tokens("Say: hello.", exact=True)
    assert (count.tokens, count.exact) == (response.usage.input_tokens, True)


async def test_models_and_profiles_are_listed_by_the_control_plane(sim: Simulator) -> None:
    async with llm_of() as llm:
        models = {model.id: model for model in await llm.list_models()}
    assert {MODEL, NOVA, "anthropic.claude-sonnet-4-6"} <= set(models)
    assert models[NOVA].raw["modelLifecycle"] == {"status": "ACTIVE"}
    assert [request.path for request in sim.requests] == ["/bedrock/foundation-models", "/bedrock/inference-profiles"]


async def test_addresses_can_be_given_too(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME")
    monkeypatch.delenv("AWS_ENDPOINT_URL_BEDROCK")
    address = sim.base_url("bedrock")
    async with llm_of(base_url=address, control_url=address) as llm:
        assert (await llm.get_answer("Say: hi.")).text == "hi."
        assert await llm.list_models()
    assert address == sim.bedrock_base_url


async def test_conversation_begun_with_openai_goes_on(sim: Simulator) -> None:
    question = UserMessage("What is the weather in Oslo?")
    async with create_openai_llm("gpt-5.4", api_key="sk-test", base_url=sim.openai_base_url) as llm:
        begun = await llm.get_answer([question], tools=[get_weather], reasoning_effort="high")
    result = ToolMessage("rain", begun.tool_calls[0].id)
    for model in (MODEL, NOVA):
        async with llm_of(model) as llm:
            response = await llm.get_answer((question, begun.message, result), tools=[get_weather])
        assert response.text
        assert all("was left out" in warning for warning in response.warnings)


async def test_refusal_ends_in_a_content_filter() -> None:
    async with llm_of() as llm:
        response = await llm.get_answer("[[refuse]]")
    assert (response.finish_reason.unified, response.finish_reason.raw) == ("content_filter", "content_filtered")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BadRequestError),
        (401, AuthenticationError),
        (403, PermissionDeniedError),
        (404, NotFoundError),
        (408, ServerError),
        (424, ServerError),
        (429, RateLimitError),
        (500, ServerError),
        (503, OverloadedError),
    ],
)
async def test_error_of_the_vendor_has_its_class(sim: Simulator, status: int, kind: type[APIError]) -> None:
    async with llm_of(retry=ONCE) as llm:
        for call in (llm.get_answer("Hi"), llm.stream_answer("Hi").get_response()):
            sim.script(Fault(status=status))
            with pytest.raises(APIError) as caught:
                await call
            assert type(caught.value) is kind
            assert (caught.value.status, caught.value.request_id is not None) == (status, True)


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        ({"secret_access_key": "wrong"}, AuthenticationError),
        ({"access_key_id": "invalid"}, AuthenticationError),
        ({"session_token": "expired-token"}, AuthenticationError),
    ],
)
async def test_bad_credentials_are_told(sim: Simulator, options: dict[str, str], kind: type[APIError]) -> None:
    environment = sim.environment()
    given = {
        "access_key_id": environment["AWS_ACCESS_KEY_ID"],
        "secret_access_key": environment["AWS_SECRET_ACCESS_KEY"],
        "session_token": "token",
    }
    async with llm_of(NOVA, **given) as llm:
        assert (await llm.get_answer("Say: hi.")).text == "hi."
    async with llm_of(NOVA, **given | options) as llm:
        with pytest.raises(kind):
            await llm.get_answer("Say: hi.")


async def test_throttling_and_a_model_not_ready_are_tried_again(sim: Simulator) -> None:
    for fault, name in (
        (Fault(status=429, retry_after="0"), "RateLimitError"),
        (Fault(status=429, code="ModelNotReadyException", retry_after="0"), "OverloadedError"),
        (Fault(status=503, retry_after="0"), "OverloadedError"),
    ):
        sim.script(fault)
        async with llm_of() as llm:
            response = await llm.get_answer("Say: hello.")
        assert [attempt.outcome for attempt in response.attempts] == [name, "ok"]


async def test_limit_of_the_account_throttles(sim: Simulator) -> None:
    sim.rate_limit(requests_per_minute=1)
    async with llm_of(retry=ONCE) as llm:
        await llm.get_answer("Say: hello.")
        with pytest.raises(RateLimitError, match="Too many requests"):
            await llm.get_answer("Say: hello.")


async def test_stream_that_breaks_or_fails_inside_gives_what_arrived(sim: Simulator) -> None:
    async with llm_of(NOVA) as llm:
        for fault in (
            Fault(cut_after_events=4),
            Fault(error_after_events=4, pacing=0.005),
            Fault(error_after_events=4, pacing=0.005, code="ThrottlingException"),
        ):
            sim.script(Reply("one two three four five", fault=fault))
            with pytest.raises(StreamInterruptedError) as caught:
                await llm.stream_answer("Hi").get_response()
            assert "one two three four five".startswith(caught.value.partial.text) and caught.value.partial.text
            assert isinstance(caught.value.__cause__, ProtocolError | OverloadedError | RateLimitError)


async def test_stream_arrives_whole_in_the_smallest_pieces(sim: Simulator) -> None:
    async with llm_of() as llm:
        sim.script(Reply("Zoë 🙂", fault=Fault(chunk_bytes=1)))
        response = await llm.stream_answer("Hi", tools=[get_weather]).get_response()
    assert response.text == "Zoë 🙂"


async def test_secrets_are_not_kept_of_a_request(sim: Simulator) -> None:
    given = {"access_key_id": "AKIA", "secret_access_key": "simulator-secret-access-key", "session_token": "canary"}
    async with llm_of(NOVA, **given) as llm:
        await llm.get_answer("Say: hi.")
    assert "canary" not in repr(sim.requests[-1])
    assert sim.requests[-1].headers["authorization"] == "[redacted]"
