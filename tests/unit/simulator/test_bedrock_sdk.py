"""The judge: Amazon's own SDK works against the simulator, and checks what it is sent against the service's model."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, EventStreamError

from core.llms.simulator import Fault, Reply, ScriptedToolCall, Simulator
from core.llms.simulator.bedrock.models import MODELS, PROFILES
from tests.unit.simulator.pictures import picture

MODEL = "us.anthropic.claude-haiku-5-5"
THINKER = "us.anthropic.claude-sonnet-4-6"
NOVA = "amazon.nova-lite-v1:0"
WEATHER: Any = {
    "toolSpec": {
        "name": "get_weather",
        "description": "Weather of a city",
        "inputSchema": {"json": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}},
    }
}
PERSON = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
    "required": ["name", "age"],
    "additionalProperties": False,
}
TYPED = {"textFormat": {"type": "json_schema", "structure": {"jsonSchema": {"schema": json.dumps(PERSON)}}}}


def ask(*content: Any) -> list[dict[str, Any]]:
    return [{"role": "user", "content": [{"text": part} if isinstance(part, str) else part for part in content]}]


@pytest.fixture(scope="module")
def shared() -> Iterator[Simulator]:
    with Simulator.in_thread() as sim:
        yield sim


@pytest.fixture
def simulator(shared: Simulator) -> Iterator[Simulator]:
    yield shared
    shared.reset()


@pytest.fixture(scope="module")
def clients(shared: Simulator) -> Iterator[Any]:
    """Makes a client of a service, pointed at the simulator by the environment alone."""
    made: list[Any] = []
    with pytest.MonkeyPatch.context() as patched:
        for name, value in shared.environment().items():
            patched.setenv(name, value)
        session = boto3.Session()

        def create(service: str, **options: Any) -> Any:
            config = Config(retries={"mode": "standard", "total_max_attempts": 1})
            made.append(session.client(service, config=config, **options))
            return made[-1]

        yield create
    for client in made:
        client.close()


@pytest.fixture(scope="module")
def shared_client(clients: Any) -> Any:
    return clients("bedrock-runtime")


@pytest.fixture
def client(simulator: Simulator, shared_client: Any) -> Any:
    return shared_client


def content_of(response: dict[str, Any]) -> list[dict[str, Any]]:
    content: list[dict[str, Any]] = response["output"]["message"]["content"]
    return content


def test_converse_answers_and_counts(client: Any) -> None:
    response = client.converse(modelId=MODEL, messages=ask("What is 17 + 25?"), inferenceConfig={"maxTokens": 500})
    assert [block["text"] for block in content_of(response) if "text" in block] == ["42"]
    assert response["stopReason"] == "end_turn"
    assert response["metrics"]["latencyMs"] > 0
    usage = response["usage"]
    counted = client.count_tokens(
        modelId="anthropic.claude-haiku-5-5", input={"converse": {"messages": ask("What is 17 + 25?")}}
    )
    assert usage["inputTokens"] == counted["inputTokens"]
    assert usage["totalTokens"] == usage["inputTokens"] + usage["outputTokens"]
    assert response["ResponseMetadata"]["RequestId"]


def test_converse_streams_in_the_recorded_order(client: Any) -> None:
    response = client.converse_stream(modelId=NOVA, messages=ask("Say: one two three"))
    events = list(response["stream"])
    kinds = [next(iter(event)) for event in events]
    deltas = kinds.count("contentBlockDelta")
    assert kinds == [
        "messageStart",
        *["contentBlockDelta"] * deltas,
        "contentBlockStop",
        "messageStop",
        "metadata",
    ]
    said = [event["contentBlockDelta"]["delta"]["text"] for event in events if "contentBlockDelta" in event]
    assert (deltas > 1, "".join(said)) == (True, "one two three")
    assert events[-1]["metadata"]["usage"]["outputTokens"] > 0


def test_thinking_and_tools_go_round(client: Any) -> None:
    asked = ask("Weather in Paris and London?")
    options: dict[str, Any] = {
        "modelId": THINKER,
        "toolConfig": {"tools": [WEATHER]},
        "additionalModelRequestFields": {"thinking": {"type": "enabled", "budget_tokens": 1024}},
        "inferenceConfig": {"maxTokens": 4000},
    }
    first = client.converse(messages=asked, **options)
    content = content_of(first)
    assert first["stopReason"] == "tool_use"
    assert list(content[0]) == ["reasoningContent"]
    calls = [block["toolUse"] for block in content if "toolUse" in block]
    assert [call["input"] for call in calls] == [{"city": "Paris"}, {"city": "London"}]
    results = [{"toolResult": {"toolUseId": call["toolUseId"], "content": [{"text": "rain"}]}} for call in calls]
    again = [*asked, first["output"]["message"], *ask(*results)]
    second = client.converse(messages=again, **options)
    assert "get_weather returned" in content_of(second)[-1]["text"]
    again[1]["content"][0]["reasoningContent"]["reasoningText"]["text"] += "."
    with pytest.raises(ClientError, match="Invalid `signature` in `thinking` block"):
        client.converse(messages=again, **options)


def test_streamed_calls_and_thoughts_are_those_of_the_whole_answer(client: Any) -> None:
    options: dict[str, Any] = {
        "modelId": THINKER,
        "messages": ask("Weather in Paris?"),
        "toolConfig": {"tools": [WEATHER]},
        "additionalModelRequestFields": {"thinking": {"type": "adaptive", "display": "summarized"}},
    }
    whole = content_of(client.converse(**options))
    blocks: dict[int, dict[str, Any]] = {}
    for event in client.converse_stream(**options)["stream"]:
        ((kind, body),) = event.items()
        if kind == "contentBlockStart":
            blocks[body["contentBlockIndex"]] = {**body["start"]["toolUse"], "input": ""}
        elif kind == "contentBlockDelta":
            block = blocks.setdefault(body["contentBlockIndex"], {})
            ((sort, delta),) = body["delta"].items()
            for name, piece in delta.items() if sort != "text" else [("text", delta)]:
                block[name] = block.get(name, "") + piece
    assert blocks[0] == whole[0]["reasoningContent"]["reasoningText"]
    assert json.loads(blocks[1].pop("input")) == whole[1]["toolUse"]["input"]
    assert blocks[1]["name"] == "get_weather"


def test_structured_answer_fits_its_schema(client: Any) -> None:
    response = client.converse(modelId=MODEL, messages=ask("Alice is 30 years old."), outputConfig=TYPED)
    text = next(block["text"] for block in content_of(response) if "text" in block)
    assert json.loads(text) == {"name": "Alice", "age": 30}


def test_images_and_documents_are_seen(client: Any) -> None:
    image = {"image": {"format": "png", "source": {"bytes": picture(64, 48, "red")}}}
    document = {"document": {"format": "pdf", "name": "report", "source": {"bytes": b"%PDF-1.4"}}}
    response = client.converse(modelId=NOVA, messages=ask("Hm?", image, document))
    assert "Image 1 is a PNG of 64×48 pixels, mainly red." in content_of(response)[0]["text"]
    assert "File 2 is 'report' of 8 bytes." in content_of(response)[0]["text"]


def test_documents_are_cited(client: Any) -> None:
    source = {"text": "The total is 12 EUR."}
    document = {"document": {"name": "invoice", "source": source, "citations": {"enabled": True}}}
    response = client.converse(modelId=THINKER, messages=ask("The total?", document))
    (cited,) = [block["citationsContent"] for block in content_of(response)]
    assert cited["citations"][0]["location"] == {"documentChar": {"documentIndex": 0, "start": 0, "end": 20}}
    stream = client.converse_stream(modelId=THINKER, messages=ask("The total?", document))["stream"]
    deltas = [event["contentBlockDelta"]["delta"] for event in stream if "contentBlockDelta" in event]
    assert [delta["citation"]["title"] for delta in deltas if "citation" in delta] == ["invoice"]


def test_guardrail_steps_in_with_its_trace(client: Any) -> None:
    guardrail = {"guardrailIdentifier": "abc123", "guardrailVersion": "DRAFT", "trace": "enabled"}
    response = client.converse(modelId=NOVA, messages=ask("Say [[guardrail]]"), guardrailConfig=guardrail)
    assert response["stopReason"] == "guardrail_intervened"
    assert response["usage"]["totalTokens"] == 0
    found = response["trace"]["guardrail"]["inputAssessment"]["abc123"]
    assert found["wordPolicy"]["customWords"][0]["action"] == "BLOCKED"
    stream = list(
        client.converse_stream(modelId=NOVA, messages=ask("Say [[guardrail]]"), guardrailConfig=guardrail)["stream"]
    )
    assert stream[-2]["messageStop"]["stopReason"] == "guardrail_intervened"
    assert "guardrail" in stream[-1]["metadata"]["trace"]


def test_guardrail_looks_at_the_answer_too(simulator: Simulator, client: Any) -> None:
    simulator.script("I say [[guardrail]].")
    guardrail = {"guardrailIdentifier": "abc123", "guardrailVersion": "1", "trace": "enabled"}
    response = client.converse(modelId=NOVA, messages=ask("Hello!"), guardrailConfig=guardrail)
    assert response["stopReason"] == "guardrail_intervened"
    assert "outputAssessments" in response["trace"]["guardrail"]
    assert response["usage"]["outputTokens"] > 0


def test_prompt_is_written_to_the_cache_and_read(client: Any) -> None:
    system = [{"text": "Answer in one sentence. " * 400}, {"cachePoint": {"type": "default", "ttl": "1h"}}]
    first, second = (
        client.converse(modelId=MODEL, system=system, messages=ask(question))["usage"] for question in ("a?", "b?")
    )
    assert first["cacheWriteInputTokens"] == second["cacheReadInputTokens"] > 1_000
    assert first["cacheDetails"] == [{"ttl": "1h", "inputTokens": first["cacheWriteInputTokens"]}]
    assert "cacheDetails" not in second


def test_tier_latency_and_native_fields_come_back(client: Any) -> None:
    response = client.converse(
        modelId=THINKER,
        messages=ask("Say: one STOP two"),
        inferenceConfig={"stopSequences": ["STOP"]},
        serviceTier={"type": "flex"},
        performanceConfig={"latency": "standard"},
        additionalModelResponseFieldPaths=["/stop_sequence", "/nothing"],
        requestMetadata={"team": "a"},
    )
    assert response["stopReason"] == "stop_sequence"
    assert response["additionalModelResponseFields"] == {"stop_sequence": "STOP"}
    assert response["serviceTier"] == {"type": "flex"}
    assert response["performanceConfig"] == {"latency": "standard"}


def test_limit_of_tokens_ends_an_answer(client: Any) -> None:
    response = client.converse(modelId=NOVA, messages=ask("Say: one two three four"), inferenceConfig={"maxTokens": 2})
    assert (response["stopReason"], response["usage"]["outputTokens"]) == ("max_tokens", 2)


def test_malformed_call_is_told_apart(simulator: Simulator, client: Any) -> None:
    simulator.script(Reply(tool_calls=(ScriptedToolCall("get_weather", "not json"),)))
    response = client.converse(modelId=NOVA, messages=ask("Hm?"), toolConfig={"tools": [WEATHER]})
    assert (response["stopReason"], content_of(response)) == ("malformed_tool_use", [])


def test_search_of_the_vendor_comes_with_its_sources(client: Any) -> None:
    config = {"tools": [{"systemTool": {"name": "nova_grounding"}}]}
    response = client.converse(modelId="us.amazon.nova-2-lite-v1:0", messages=ask("Say: news"), toolConfig=config)
    use, result, cited = content_of(response)
    assert use["toolUse"]["type"] == "server_tool_use"
    assert result["toolResult"]["toolUseId"] == use["toolUse"]["toolUseId"]
    assert cited["citationsContent"]["citations"][0]["location"]["web"]["domain"] == "example.com"
    again = [*ask("Say: news"), response["output"]["message"], *ask("Say: more")]
    assert client.converse(modelId="us.amazon.nova-2-lite-v1:0", messages=again, toolConfig=config)


@pytest.mark.parametrize(
    ("model", "body", "length"),
    [
        ("amazon.titan-embed-text-v2:0", {"inputText": "hello", "dimensions": 256}, 256),
        (
            "amazon.nova-2-multimodal-embeddings-v1:0",
            {
                "taskType": "SINGLE_EMBEDDING",
                "singleEmbeddingParams": {
                    "embeddingPurpose": "TEXT_RETRIEVAL",
                    "text": {"truncationMode": "NONE", "value": "hello"},
                },
            },
            3072,
        ),
        ("us.cohere.embed-v4:0", {"input_type": "search_query", "texts": ["hello"], "output_dimension": 512}, 512),
    ],
)
def test_texts_become_vectors(client: Any, model: str, body: dict[str, Any], length: int) -> None:
    response = client.invoke_model(modelId=model, body=json.dumps(body))
    headers = response["ResponseMetadata"]["HTTPHeaders"]
    answer = json.loads(response["body"].read())
    found = answer.get("embedding") or answer["embeddings"][0]
    vector = found["embedding"] if isinstance(found, dict) else found
    assert len(vector) == length
    assert int(headers["x-amzn-bedrock-input-token-count"]) == 1


def test_prompt_of_another_form_is_counted(client: Any) -> None:
    native = {
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 10,
        "messages": [{"role": "user", "content": "Hello!"}],
    }
    counted = client.count_tokens(
        modelId="anthropic.claude-haiku-5-5", input={"invokeModel": {"body": json.dumps(native)}}
    )
    assert counted["inputTokens"] > 0


@pytest.mark.parametrize("model", [*PROFILES, *(row.id for row in MODELS.values() if row.on_demand)])
def test_every_model_answers_by_its_ids_and_arns(client: Any, model: str) -> None:
    kind = "123456789012:inference-profile" if model in PROFILES else ":foundation-model"
    for identifier in (model, f"arn:aws:bedrock:us-east-1:{kind}/{model}"):
        if (PROFILES | MODELS)[model].makes_vectors:
            with pytest.raises(ClientError, match="doesn't support Converse"):
                client.converse(modelId=identifier, messages=ask("Say: hi"))
        else:
            assert content_of(client.converse(modelId=identifier, messages=ask("Say: hi")))[-1] == {"text": "hi"}


def test_control_plane_lists_models_and_profiles(clients: Any) -> None:
    control = clients("bedrock")
    models = control.list_foundation_models(byOutputModality="EMBEDDING")["modelSummaries"]
    assert {model["providerName"] for model in models} == {"Amazon", "Cohere"}
    assert len(control.list_foundation_models()["modelSummaries"]) == len(MODELS)
    details = control.get_foundation_model(modelIdentifier="anthropic.claude-opus-5-5")["modelDetails"]
    assert details["responseStreamingSupported"] is True
    pages = control.get_paginator("list_inference_profiles").paginate(PaginationConfig={"PageSize": 7})
    found = [profile["inferenceProfileId"] for page in pages for profile in page["inferenceProfileSummaries"]]
    assert found == list(PROFILES)
    profile = control.get_inference_profile(inferenceProfileIdentifier="us.amazon.nova-pro-v1:0")
    assert profile["models"][0]["modelArn"].endswith("foundation-model/amazon.nova-pro-v1:0")


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (400, "ValidationException"),
        (403, "AccessDeniedException"),
        (404, "ResourceNotFoundException"),
        (408, "ModelTimeoutException"),
        (424, "ModelErrorException"),
        (429, "ThrottlingException"),
        (500, "InternalServerException"),
        (503, "ServiceUnavailableException"),
    ],
)
def test_errors_are_the_sdks_own(simulator: Simulator, client: Any, status: int, name: str) -> None:
    for call in (client.converse, client.converse_stream):
        simulator.script(Fault(status=status))
        with pytest.raises(getattr(client.exceptions, name)) as raised:
            call(modelId=MODEL, messages=ask("Hello!"))
        assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
        assert raised.value.response["Error"]["Message"]


def test_named_error_is_sent(simulator: Simulator, client: Any) -> None:
    simulator.script(Fault(status=429, code="ModelNotReadyException"))
    with pytest.raises(client.exceptions.ModelNotReadyException, match="not ready"):
        client.converse(modelId=MODEL, messages=ask("Hello!"))


@pytest.mark.parametrize(
    ("code", "name"),
    [(None, "serviceUnavailableException"), ("ThrottlingException", "throttlingException")],
)
def test_error_inside_a_stream_is_raised(simulator: Simulator, client: Any, code: str | None, name: str) -> None:
    simulator.script(Fault(error_after_events=2, code=code))
    stream = client.converse_stream(modelId=MODEL, messages=ask("Hello!"))["stream"]
    with contextlib.closing(stream), pytest.raises(EventStreamError) as raised:
        list(stream)
    assert raised.value.response["Error"]["Code"] == name


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"aws_secret_access_key": "wrong"}, "InvalidSignatureException"),
        ({"aws_access_key_id": "invalid"}, "UnrecognizedClientException"),
        ({"aws_session_token": "expired"}, "ExpiredTokenException"),
        ({"aws_session_token": "invalid"}, "UnrecognizedClientException"),
    ],
)
def test_bad_credentials_are_refused(clients: Any, options: dict[str, str], name: str) -> None:
    given = {
        "aws_access_key_id": "AKIASIMULATOR",
        "aws_secret_access_key": "simulator-secret-access-key",
        "aws_session_token": "token",
    }
    assert clients("bedrock-runtime", **given).converse(modelId=NOVA, messages=ask("Hello!"))
    with pytest.raises(ClientError) as raised:
        clients("bedrock-runtime", **given | options).converse(modelId=NOVA, messages=ask("Hello!"))
    assert raised.value.response["Error"]["Code"] == name
