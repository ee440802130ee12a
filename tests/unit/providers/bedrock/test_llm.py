"""What the LLM adds to the wire: facts of the model, reasoning by family, vectors, lists, counting, errors."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from tenacity import wait_none

from core.llms.errors import OverloadedError, UnsupportedParameterError
from core.llms.notices import UnknownModelWarning
from core.llms.providers.bedrock import BedrockBaseLLM, create_bedrock_llm
from core.llms.runtime.retry import RetryPolicy
from core.llms.types.content import CachePoint, TextPart
from core.llms.types.messages import UserMessage
from tests.support.event_frames import event, exception
from tests.support.raw_server import Exchange, raw_server

CLAUDE = "anthropic.claude-haiku-4-5-20251001-v1:0"
USAGE = {"inputTokens": 1_000, "outputTokens": 100, "totalTokens": 1_100}
ANSWER = {
    "output": {"message": {"role": "assistant", "content": [{"text": "Hi."}]}},
    "stopReason": "end_turn",
    "usage": USAGE,
    "metrics": {"latencyMs": 1},
}
TWICE = RetryPolicy(max_attempts=2, wait=wait_none())
START = event("messageStart", {"role": "assistant"}) + event(
    "contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": "Hi."}}
)
END = event("messageStop", {"stopReason": "end_turn"}) + event("metadata", {"usage": USAGE})


@dataclass
class Vendor:
    """A server that answers every call, and what it received."""

    url: str = ""
    paths: list[str] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)

    def create(self, model: str = f"us.{CLAUDE}", **options: Any) -> BedrockBaseLLM:
        control = f"{self.url}/control"
        return create_bedrock_llm(
            model, region="us-east-1", api_key="key", base_url=self.url, control_url=control, **options
        )


@asynccontextmanager
async def vendor(
    answer: Callable[[str, Any], Any] | Any = ANSWER, status: str = "200 OK", *extra: str, stream: bytes = START + END
) -> AsyncIterator[Vendor]:
    received = Vendor()

    async def handle(exchange: Exchange) -> None:
        path = exchange.head.decode().split(" ")[1]
        body = json.loads(exchange.body) if exchange.body else None
        received.paths.append(path)
        received.bodies.append(body)
        if path.endswith("-stream"):
            await exchange.answer(stream, status, "application/vnd.amazon.eventstream", *extra)
        else:
            said = answer(path, body) if callable(answer) else answer
            await exchange.answer(json.dumps(said).encode(), status, "application/json", *extra)

    async with raw_server(handle) as server:
        received.url = server.url
        yield received


async def test_answer_is_priced_by_the_profile() -> None:
    async with (
        vendor(ANSWER, "200 OK", "x-amzn-RequestId: r-1") as received,
        received.create() as regional,
        received.create(f"global.{CLAUDE}") as everywhere,
    ):
        response, other = await regional.get_answer("Hi"), await everywhere.get_answer("Hi")

    assert (response.text, response.request_id) == ("Hi.", "r-1")
    assert (response.cost, other.cost) == (Decimal("0.00165"), Decimal("0.0015"))
    assert received.paths[0] == f"/model/us.{CLAUDE.replace(':', '%3A')}/converse"


async def test_stream_is_whole_and_priced() -> None:
    async with vendor() as received, received.create() as llm, llm.stream_answer("Hi") as stream:
        text = "".join([piece async for piece in stream.text_deltas()])

    assert (text, stream.response.cost) == ("Hi.", Decimal("0.00165"))


async def test_exception_before_anything_was_seen_is_tried_again() -> None:
    busy = exception("serviceUnavailableException", {"message": "full"})
    async with vendor(stream=busy) as received, received.create(retry=TWICE) as llm:
        with pytest.raises(OverloadedError, match="full") as caught:
            await llm.stream_answer("Hi").__anext__()

    assert [attempt.outcome for attempt in caught.value.attempts] == ["OverloadedError"] * 2


async def test_model_that_is_not_ready_is_tried_again() -> None:
    refusal = {"message": "Model is not ready for inference."}
    name = "x-amzn-ErrorType: ModelNotReadyException"
    async with vendor(refusal, "429 X", name) as received, received.create(retry=TWICE) as llm:
        with pytest.raises(OverloadedError) as caught:
            await llm.get_answer("Hi")

    assert (len(received.paths), caught.value.code) == (2, "ModelNotReadyException")


@pytest.mark.parametrize(
    ("model", "params", "inference", "fields"),
    [
        (
            f"us.{CLAUDE}",
            {"reasoning_effort": "low", "max_tokens": 4_000},
            {"maxTokens": 4_000},
            {"thinking": {"type": "enabled", "budget_tokens": 2_048}},
        ),
        (f"us.{CLAUDE}", {"top_k": 5, "temperature": 0.2}, {"temperature": 0.2}, {"top_k": 5}),
        (
            "global.anthropic.claude-opus-5-5",
            {"reasoning_effort": "max"},
            None,
            {"thinking": {"type": "adaptive"}, "output_config": {"effort": "max"}},
        ),
        ("us.anthropic.claude-haiku-5-5", {"reasoning_effort": "none"}, None, {"thinking": {"type": "disabled"}}),
        (
            "us.amazon.nova-2-lite-v1:0",
            {"reasoning_effort": "medium", "top_k": 3},
            None,
            {
                "reasoningConfig": {"type": "enabled", "maxReasoningEffort": "medium"},
                "inferenceConfig": {"topK": 3},
            },
        ),
        ("openai.gpt-oss-20b-1:0", {"reasoning_effort": "high"}, None, {"reasoning_effort": "high"}),
    ],
)
async def test_reasoning_goes_out_in_the_family_s_form(
    model: str, params: dict[str, Any], inference: Any, fields: dict[str, Any]
) -> None:
    async with vendor() as received, received.create(model) as llm:
        await llm.get_answer("Hi", **params)

    body = received.bodies[0]
    assert (body.get("inferenceConfig"), body["additionalModelRequestFields"]) == (inference, fields)


@pytest.mark.parametrize(
    ("model", "params", "words"),
    [
        ("us.amazon.nova-2-lite-v1:0", {"reasoning_effort": "high", "max_tokens": 5}, "medium"),
        ("us.amazon.nova-lite-v1:0", {"reasoning_effort": "low"}, "reasoning_effort"),
        ("us.anthropic.claude-opus-5-5", {"temperature": 0.5}, "temperature"),
        ("us.anthropic.claude-sonnet-5-5", {"reasoning_effort": "max"}, "xhigh"),
        ("openai.gpt-oss-20b-1:0", {"reasoning_effort": "none"}, "low, medium, high"),
    ],
)
async def test_parameters_that_a_model_lacks_are_refused(model: str, params: dict[str, Any], words: str) -> None:
    async with vendor() as received, received.create(model) as llm:
        with pytest.raises(UnsupportedParameterError, match=words):
            await llm.get_answer("Hi", **params)

    assert received.paths == []


async def test_arn_and_unlisted_profile_have_the_facts_of_their_model() -> None:
    arn = f"arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.{CLAUDE}"
    async with (
        vendor() as received,
        received.create(arn) as by_arn,
        received.create(f"us-gov.{CLAUDE}") as elsewhere,
    ):
        known, unknown = await by_arn.get_answer("Hi"), await elsewhere.get_answer("Hi")

    assert (known.cost, unknown.cost) == (Decimal("0.00165"), None)
    assert by_arn.metadata.MAX_TOKENS == elsewhere.metadata.MAX_TOKENS == 64_000
    assert received.paths[0] == "/model/" + arn.replace(":", "%3A").replace("/", "%2F") + "/converse"


async def test_unknown_model_works_and_is_known_by_its_family() -> None:
    async with vendor() as received:
        with pytest.warns(UnknownModelWarning):
            llm = received.create("us.anthropic.claude-next-9-v1:0")
        async with llm:
            await llm.get_answer("Hi", reasoning_effort="high")

    assert received.bodies[0]["additionalModelRequestFields"]["output_config"] == {"effort": "high"}


async def test_cache_points_of_a_model_without_a_cache_are_left_out() -> None:
    async with vendor() as received, received.create("us.meta.llama4-scout-17b-instruct-v1:0") as llm:
        response = await llm.get_answer([UserMessage((TextPart("Hi"), CachePoint()))])

    assert received.bodies[0]["messages"][0]["content"] == [{"text": "Hi"}]
    assert len(response.warnings) == 1


async def test_models_and_profiles_come_from_the_control_plane_page_by_page() -> None:
    def answer(path: str, body: Any) -> Any:
        if "foundation" in path:
            return {"modelSummaries": [{"modelId": CLAUDE}]}
        last = "nextToken" in path
        return {
            "inferenceProfileSummaries": [{"inferenceProfileId": "eu.x" if last else "us.x"}],
            **({} if last else {"nextToken": "n/2"}),
        }

    async with vendor(answer) as received, received.create() as llm:
        models = await llm.list_models()

    assert [model.id for model in models] == [CLAUDE, "us.x", "eu.x"]
    assert received.paths == [
        "/control/foundation-models",
        "/control/inference-profiles?maxResults=1000",
        "/control/inference-profiles?maxResults=1000&nextToken=n%2F2",
    ]


async def test_tokens_are_counted_by_the_vendor_or_estimated() -> None:
    async with vendor({"inputTokens": 7}) as received, received.create() as llm:
        exact, rough = await llm.count_tokens("Hi", exact=True), await llm.count_tokens("Hi")

    assert (exact.tokens, exact.exact, rough.exact) == (7, True, False)
    assert received.paths == [f"/model/{CLAUDE.replace(':', '%3A')}/count-tokens"]
    converse = {"messages": [{"role": "user", "content": [{"text": "Hi"}]}]}
    assert received.bodies == [{"input": {"converse": converse}}]


async def test_model_of_one_text_a_request_embeds_several_in_their_order() -> None:
    def answer(path: str, body: Any) -> Any:
        return {"embedding": [float(len(body["inputText"])), 1.0], "inputTextTokenCount": 1_000}

    texts = ["x" * size for size in range(1, 20)]
    async with vendor(answer) as received, received.create("amazon.titan-embed-text-v2:0") as llm:
        response = await llm.embed(texts, dimensions=256)

    assert [vector[0] for vector in response.vectors] == [float(len(text)) for text in texts]
    assert (response.usage.input_tokens, response.cost) == (19_000, Decimal("0.00038"))
    assert len(response.attempts) == len(received.bodies) == 19


async def test_cohere_embeds_several_texts_in_one_request() -> None:
    answer, count = {"embeddings": [[1, 2], [3, 4]]}, "X-Amzn-Bedrock-Input-Token-Count: 1000"
    async with vendor(answer, "200 OK", count) as received, received.create("cohere.embed-v4:0") as llm:
        response = await llm.embed(["a", "b"], input_type="query")

    assert response.vectors == ((1.0, 2.0), (3.0, 4.0))
    assert received.bodies == [{"texts": ["a", "b"], "input_type": "search_query"}]
    assert (response.usage.input_tokens, response.cost) == (1_000, Decimal("0.00012"))
