"""What a probe concludes, and what it never concludes: against servers that lie, fail, ignore and hang."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from core.llms import ConfigurationError, NotFoundError
from core.llms.registry.capability_detector import DetectedModel, Disagreement, ModelCapabilityDetectorFactory
from core.llms.registry.llm_registry import LLMRegistry
from core.llms.simulator import Fault, Reply, ScriptedToolCall, Simulator
from tests.support.raw_server import Exchange, Handler, RawServer, raw_server
from tests.support.settling import connections_gone, tasks_gone

FACTORY = ModelCapabilityDetectorFactory
ENTRY = {
    "id": "acme/seer",
    "context_length": 32_000,
    "architecture": {"input_modalities": ["text", "image"], "output_modalities": ["text"]},
    "supported_parameters": ["max_tokens", "temperature"],
    "pricing": {"prompt": "0.000001", "completion": "0.000002"},
    "top_provider": {"max_completion_tokens": 4_000},
}


def body_of(exchange: Exchange) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(exchange.body)
    return body


def answer_of(message: dict[str, Any], finish: str = "stop") -> bytes:
    choice = {"index": 0, "message": {"role": "assistant", "content": None, **message}, "finish_reason": finish}
    usage = {"prompt_tokens": 20, "completion_tokens": 5, "total_tokens": 25}
    return json.dumps({"id": "1", "model": "acme/seer", "choices": [choice], "usage": usage}).encode()


def vendor(answer: Callable[[dict[str, Any]], tuple[str, bytes]], *entries: dict[str, Any]) -> Handler:
    """A vendor with this list, whose model answers as told: a status and a body."""

    async def handle(exchange: Exchange) -> None:
        if exchange.head.startswith(b"GET"):
            await exchange.answer(json.dumps({"data": entries or [ENTRY]}).encode())
            return
        status, body = answer(body_of(exchange))
        await exchange.answer(body, status)

    return handle


def refusal(message: str, status: str = "400 Bad Request", **more: Any) -> tuple[str, bytes]:
    return status, json.dumps({"error": {"message": message, **more}}).encode()


async def detect(handler: Handler, *probes: str, **options: Any) -> tuple[DetectedModel, RawServer]:
    async with raw_server(handler) as server:
        report = await FACTORY.detect(
            "openrouter", probes=probes, registry=LLMRegistry(), api_key="any", base_url=server.url, **options
        )
    (model,) = report.models
    return model, server


def liar(body: dict[str, Any]) -> tuple[str, bytes]:
    """Sees nothing, though its list says so, and calls tools, though its list does not."""
    if "image_url" in json.dumps(body):
        return refusal("No endpoints found that support image input", "404 Not Found")
    call = {"id": "c1", "type": "function", "function": {"name": "get_weather", "arguments": '{"city": "Oslo"}'}}
    return "200 OK", answer_of({"tool_calls": [call]}, "tool_calls")


async def test_probe_goes_before_a_list_that_lies_and_the_lie_is_told() -> None:
    model, _ = await detect(vendor(liar), "vision", "tools")

    assert model.listed is not None and model.listed["supports_vision"] is True
    assert model.profile is not None
    able = model.profile.capabilities
    assert (able.supports_vision, able.supports_tools, able.context_window) == (False, True, 32_000)
    assert model.disagreements == (
        Disagreement("supports_vision", listed=True, probed=False),
        Disagreement("supports_tools", listed=False, probed=True),
    )
    assert (model.profile.origin, model.profile.detected_by) == ("detected", "list; probe: vision, tools")
    seen, called = model.probes
    assert (seen.outcome, seen.status, seen.evidence) == (
        "NotFoundError", 404, "No endpoints found that support image input",
    )  # fmt: skip
    assert (called.outcome, called.status, called.evidence) == ("ok", 200, "it called get_weather")
    assert (str(seen.cost), str(called.cost)) == ("0", "0.00003")
    assert seen.at.tzinfo is not None and model.profile.detected_at is not None


@pytest.mark.parametrize(
    "status",
    ["401 Unauthorized", "403 Forbidden", "408 Request Timeout", "429 Too Many Requests", "500 Oops", "503 Busy"],
)
async def test_failure_of_another_kind_is_never_a_no(status: str) -> None:
    model, server = await detect(vendor(lambda body: refusal("images and tools are not supported", status)), "vision")

    (result,) = model.probes
    assert (result.answer, result.status) == (None, int(status.split()[0]))
    assert model.profile is not None and "probe" not in (model.profile.detected_by or "")
    assert len(server.exchanges) == 2


@pytest.mark.parametrize(
    ("probe", "message"),
    [
        ("vision", "Your account is not active"),
        ("vision", "The image is too small: 64 by 64 pixels"),
        ("tools", "The model `acme/seer` does not support chat completions"),
        ("temperature", "`max_tokens` must be at least 300"),
        ("json_schema", "Extra inputs are not permitted: `seed`"),
    ],
)
async def test_refusal_that_names_something_else_is_no_no(probe: str, message: str) -> None:
    model, _ = await detect(vendor(lambda body: refusal(message)), probe)

    (result,) = model.probes
    assert (result.answer, result.outcome) == (None, "BadRequestError")
    assert message in result.evidence


@pytest.mark.parametrize(
    ("probe", "message", "more"),
    [
        ("vision", "messages[0]: unknown variant `image_url`, expected `text`", {}),
        ("vision", "messages.0.content must be a string", {}),
        ("tools", "acme/seer does not support tools", {}),
        ("parallel_tools", "`tool calling` is not supported with this model", {}),
        ("json_schema", "This response_format type is unavailable now", {}),
        ("system_role", "Developer instruction is not enabled for this model", {}),
        ("streaming", "Unsupported value", {"param": "stream", "code": "unsupported_value"}),
        ("temperature", "Only the default (1) value is taken", {"param": "temperature", "code": "unsupported_value"}),
    ],
)
async def test_refusal_that_names_what_was_asked_is_a_no(probe: str, message: str, more: dict[str, str]) -> None:
    model, _ = await detect(vendor(lambda body: refusal(message, **more)), probe)

    assert [result.answer for result in model.probes] == [False], model.probes[0].evidence


async def test_server_that_ignores_what_it_is_sent_is_no_yes() -> None:
    probes = ("vision", "tools", "parallel_tools", "json_schema", "streaming", "system_role")
    model, _ = await detect(vendor(lambda body: ("200 OK", answer_of({"content": "I am fine."}))), *probes)

    assert {result.probe: result.answer for result in model.probes} == dict.fromkeys(probes)
    assert model.profile is not None and model.profile.detected_by == "list"


async def test_counted_image_is_a_yes_though_it_is_not_described() -> None:
    body = json.loads(answer_of({"content": "A square."}))
    body["usage"]["prompt_tokens_details"] = {"image_tokens": 85}
    model, _ = await detect(vendor(lambda _: ("200 OK", json.dumps(body).encode())), "vision")

    assert [(result.answer, result.evidence) for result in model.probes] == [(True, "it counted 85 tokens of an image")]


@pytest.mark.parametrize(
    ("message", "limit"),
    [
        ("max_tokens is too large: 2000000. This model supports at most 32768 completion tokens", 32_768),
        ("max_tokens: 2000000 > 64000, which is the maximum allowed number of output tokens", 64_000),
        ("max_tokens must be less than or equal to `8192`", 8_192),
        ("Invalid max_tokens value, the valid range of max_tokens is [1, 8192]", 8_192),
        ("maxOutputTokens: the supported range of tokens is from 1 (inclusive) to 65537 (exclusive)", 65_536),
        ("max_tokens is too large", None),
    ],
)
async def test_largest_answer_is_what_a_refusal_names(message: str, limit: int | None) -> None:
    model, _ = await detect(vendor(lambda body: refusal(message)), "max_output", max_usd=None)

    assert [result.answer for result in model.probes] == [limit]
    assert model.profile is not None
    able = model.profile.capabilities
    assert able.max_output_tokens == limit or (limit is None and able.max_output_tokens == 4_000)
    assert able.context_window == (32_000 if (limit or 0) <= 32_000 else None)


async def test_budget_bounds_what_is_sent(llm_simulator: Simulator) -> None:
    plan = await FACTORY.plan_probes("openai", "gpt-4.1-mini")
    assert [probe.probe for probe in plan.sent] == [
        "vision", "tools", "parallel_tools", "json_schema", "streaming", "system_role", "temperature",
    ]  # fmt: skip
    dearest = max(probe.highest_cost or 0 for probe in plan.sent)

    report = await FACTORY.detect("openai", "gpt-4.1-mini", probes=True, max_usd=dearest)
    sent = [request for request in llm_simulator.requests if request.method == "POST"]
    assert 1 <= report.probe_count == len(sent) < len(plan.sent)
    assert 0 < report.cost <= dearest
    held_back = [result for result in report.models[0].probes if result.outcome == "not sent"]
    assert held_back
    assert all(result.answer is None and "budget" in result.evidence and result.cost == 0 for result in held_back)

    assert (await FACTORY.detect("openai", "gpt-4.1-mini", probes=True, max_usd=0)).probe_count == 0


async def test_unknown_price_is_said_and_not_sent_under_a_budget(llm_simulator: Simulator) -> None:
    plan = await FACTORY.plan_probes("openai_compatible", "qwen3-8b", probes="tools")
    assert (str(plan.highest_cost), plan.unpriced) == ("0", ("openai_compatible/qwen3-8b",))

    held = await FACTORY.detect("openai_compatible", "qwen3-8b", probes="tools")
    assert [(each.outcome, "price" in each.evidence) for each in held.models[0].probes] == [("not sent", True)]
    free = await FACTORY.detect("openai_compatible", "qwen3-8b", probes="tools", max_usd=None)
    assert [each.answer for each in free.models[0].probes] == [True]
    assert (str(free.cost), free.cost_is_complete) == ("0", False)


async def test_what_the_sdk_cannot_send_is_skipped_with_the_reason(llm_simulator: Simulator) -> None:
    plan = await FACTORY.plan_probes("anthropic", "claude-haiku-5-5", probes="temperature")
    assert plan.sent == ()
    assert "does not exist in the API version" in str(plan.probes[0].skipped)


async def test_model_that_thinks_may_answer_late(llm_simulator: Simulator) -> None:
    llm_simulator.script(Reply("", finish_reason="length"))
    report = await FACTORY.detect("openai", "gpt-4.1-mini", probes="system_role")
    assert [result.answer for result in report.models[0].probes] == [None]


async def test_two_calls_are_needed_for_parallel_tools(llm_simulator: Simulator) -> None:
    llm_simulator.script(Reply(tool_calls=(ScriptedToolCall("get_weather", {"city": "Oslo"}),)))
    report = await FACTORY.detect("openai", "gpt-4.1-mini", probes="parallel_tools")
    (result,) = report.models[0].probes
    assert (result.answer, result.evidence) == (None, "it made 1 of 2 calls")


async def test_failing_probe_is_not_repeated(llm_simulator: Simulator) -> None:
    llm_simulator.script(Fault(status=503))
    report = await FACTORY.detect("openai", "gpt-4.1-mini", probes="tools")
    assert [result.outcome for result in report.models[0].probes] == ["OverloadedError"]
    assert [request.method for request in llm_simulator.requests] == ["GET", "POST"]


async def test_cancelled_detection_leaves_nothing() -> None:
    known = set(asyncio.all_tasks())
    probed = asyncio.Event()
    registry = LLMRegistry()

    async def hang(exchange: Exchange) -> None:
        if exchange.head.startswith(b"GET"):
            await exchange.answer(json.dumps({"data": [ENTRY]}).encode())
            return
        probed.set()
        await exchange.client_gone()

    async with raw_server(hang) as server:
        options: dict[str, Any] = {"api_key": "any", "base_url": server.url, "registry": registry}
        task = asyncio.create_task(FACTORY.register_model("openrouter", "acme/seer", probes=True, **options))
        await probed.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await connections_gone(server)
    await tasks_gone(known)
    assert registry.own_profiles == []


async def test_unknown_probe_is_refused_before_anything_is_sent(llm_simulator: Simulator) -> None:
    with pytest.raises(ConfigurationError, match="no probe is called 'visoin'; did you mean 'vision'"):
        await FACTORY.detect("openai", probes=["visoin"])
    assert not llm_simulator.requests


async def test_failure_of_one_request_ends_the_others() -> None:
    known = set(asyncio.all_tasks())

    async def serve(exchange: Exchange) -> None:
        if exchange.head.startswith(b"GET"):
            await exchange.answer(b'{"models": [{"model": "slow"}, {"model": "gone"}]}')
        elif body_of(exchange)["model"] == "gone":
            await exchange.answer(b'{"error": "model \'gone\' not found"}', "404 Not Found")
        else:
            await exchange.client_gone()

    async with raw_server(serve) as server, asyncio.timeout(10):
        with pytest.raises(NotFoundError, match="gone"):
            await FACTORY.detect("ollama", base_url=server.url)
        await connections_gone(server)
    await tasks_gone(known)
