"""watsonx.ai over a real socket: place and version, costs, streams, counts, vectors, lists, shared connectors."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.llms import ConfigurationError, NotFoundError
from core.llms.create import create_llm
from core.llms.errors import (
    InvalidRequestError,
    QuotaExceededError,
    StreamInterruptedError,
    UnsupportedCapabilityError,
    UnsupportedParameterError,
)
from core.llms.notices import RetiredModelWarning, UnknownModelWarning
from core.llms.providers.watsonx import WatsonxBaseLLM, create_watsonx_llm
from core.llms.types.events import StreamFinished, TextDelta
from tests.support.raw_server import Exchange
from tests.support.watsonx_server import Service, watsonx_server

MODEL = "ibm/granite-4-h-small"
EMBEDDER = "ibm/granite-embedding-278m-multilingual"


def make(service: Service, model: str = MODEL, **options: Any) -> WatsonxBaseLLM:
    return create_watsonx_llm(model, **{**service.options, **options})


def target(exchange: Exchange) -> str:
    return exchange.head.decode().split(" ")[1]


def sent(service: Service) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(service.chats[-1].body)
    return body


def answering(service: Service, body: dict[str, Any], status: str = "200 OK") -> None:
    async def chat(exchange: Exchange) -> None:
        await exchange.answer(json.dumps(body).encode(), status)

    service.chat = chat


async def test_call_arrives_in_its_place_and_costs_what_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    async with watsonx_server() as service:
        for name, value in {
            "WATSONX_APIKEY": "key-1",
            "WATSONX_URL": service.server.url,
            "WATSONX_IAM_URL": f"{service.server.url}/identity/token",
            "WATSONX_PROJECT_ID": "p-1",
        }.items():
            monkeypatch.setenv(name, value)
        async with create_llm(f"watsonx/{MODEL}") as llm:
            response = await llm.get_answer("Hi", max_tokens=9)
        assert target(service.chats[0]) == "/ml/v1/text/chat?version=2026-10-14"
        assert sent(service) == {
            "model_id": MODEL,
            "project_id": "p-1",
            "messages": [{"role": "user", "content": "Hi"}],
            "max_completion_tokens": 9,
        }
    assert (response.text, response.provider, response.model) == ("Hi", "watsonx", MODEL)
    assert str(response.cost) == "0.000002703"


@pytest.mark.parametrize(
    ("variables", "field"),
    [
        ({"WATSONX_PROJECT_ID": "a", "WATSONX_SPACE_ID": "b"}, {"project_id": "a"}),
        ({"WATSONX_SPACE_ID": "b", "WATSONX_DEPLOYMENT_SPACE_ID": "c"}, {"space_id": "b"}),
        ({"WATSONX_DEPLOYMENT_SPACE_ID": "c"}, {"space_id": "c"}),
    ],
)
async def test_place_is_read_from_the_environment(
    variables: dict[str, str], field: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    async with watsonx_server() as service, make(service, project_id=None) as llm:
        await llm.get_answer("Hi")
        assert {name: value for name, value in sent(service).items() if name.endswith("_id")} == {
            "model_id": MODEL,
            **field,
        }


async def test_place_that_is_given_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATSONX_PROJECT_ID", "a")
    async with watsonx_server() as service, make(service, project_id=None, space_id="s") as llm:
        await llm.get_answer("Hi")
        assert "project_id" not in sent(service)


async def test_missing_place_is_an_error_before_anything_is_sent() -> None:
    async with watsonx_server() as service:
        with pytest.raises(ConfigurationError, match=r"`project_id=` or `space_id=`.*WATSONX_PROJECT_ID"):
            make(service, project_id=None)
        with pytest.raises(ConfigurationError, match="not both"):
            make(service, space_id="s")
        assert service.server.exchanges == []


async def test_deployment_is_called_by_its_id_and_its_cost_is_unknown() -> None:
    async with watsonx_server() as service, make(service, project_id=None, deployment_id="d-1") as llm:
        response = await llm.get_answer("Hi")
        assert target(service.chats[0]) == "/ml/v1/deployments/d-1/text/chat?version=2026-10-14"
        assert sent(service) == {"messages": [{"role": "user", "content": "Hi"}]}
        assert (response.cost, llm.metadata.CONTEXT_WINDOW) == (None, 131_072)
        with pytest.raises(InvalidRequestError, match="project or a space"):
            await llm.count_tokens("Hi", exact=True)


async def test_version_of_the_api_is_a_setting() -> None:
    async with watsonx_server() as service, make(service, api_version="2025-10-25") as llm:
        await llm.get_answer("Hi")
        answering(service, {"results": []})
        await llm.connector.request("POST", "/ml/v1/text/rerank?x=1", {"inputs": []})
        assert [target(chat) for chat in service.chats] == [
            "/ml/v1/text/chat?version=2025-10-25",
            "/ml/v1/text/rerank?x=1&version=2025-10-25",
        ]


async def test_llms_of_one_credential_share_a_connector_whatever_their_place() -> None:
    async with watsonx_server() as service:
        async with make(service) as one, make(service, space_id="s", project_id=None) as two:
            assert one.connector is two.connector
            async with make(service, api_key="other") as three, make(service, api_version="2025-10-25") as four:
                assert len({id(llm.connector) for llm in (one, three, four)}) == 3
        async with make(service, connector=one.connector, api_key=None) as five:
            assert five.connector is one.connector


async def test_stream_gives_its_events() -> None:
    async with watsonx_server() as service, make(service) as llm:

        async def chat(exchange: Exchange) -> None:
            await exchange.begin_stream()
            piece = {"choices": [{"index": 0, "delta": {"content": "Hi"}, "finish_reason": "stop"}]}
            last = {"choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 9, "total_tokens": 14}}
            for number, data in enumerate((piece, last), 1):
                await exchange.send(f"id: {number}\nevent: message\ndata: {json.dumps(data)}\n\n".encode())
            exchange.writer.close()

        service.chat = chat
        async with llm.stream_answer("Hi") as stream:
            events = [event async for event in stream]
        assert target(service.chats[0]) == "/ml/v1/text/chat_stream?version=2026-10-14"
    assert TextDelta("Hi") in events
    assert isinstance(events[-1], StreamFinished)
    assert str(events[-1].response.cost) == "0.000002703"


async def test_stream_that_is_cut_is_no_short_answer() -> None:
    async with watsonx_server() as service, make(service) as llm:

        async def chat(exchange: Exchange) -> None:
            await exchange.begin_stream()
            piece = {"choices": [{"index": 0, "delta": {"content": "Hel"}, "finish_reason": None}]}
            await exchange.send(f"id: 1\nevent: message\ndata: {json.dumps(piece)}\n\n".encode())
            exchange.writer.close()

        service.chat = chat
        with pytest.raises(StreamInterruptedError) as caught:
            await llm.stream_answer("Hi").get_response()
    assert caught.value.partial.text == "Hel"


async def test_remark_of_the_vendor_is_a_warning_of_the_answer() -> None:
    async with watsonx_server() as service, make(service) as llm:
        remark = {"id": "deprecation_warning", "message": "Model 'x' is in deprecated state."}
        body = {"choices": [{"message": {"content": "Hi"}, "finish_reason": "stop"}], "system": {"warnings": [remark]}}
        answering(service, body)
        response = await llm.get_answer("Hi")
        streamed = await llm.stream_answer("Hi").get_response()
    assert response.warnings == streamed.warnings == ("watsonx.ai says: Model 'x' is in deprecated state.",)


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        ("404 Not Found", "model_not_supported", NotFoundError),
        ("403 Forbidden", "token_quota_reached", QuotaExceededError),
    ],
)
async def test_error_carries_code_and_trace(status: str, code: str, kind: type[NotFoundError]) -> None:
    async with watsonx_server() as service, make(service) as llm:
        answering(service, {"errors": [{"code": code, "message": "no"}], "trace": "t-9"}, status)
        with pytest.raises(kind) as caught:
            await llm.get_answer("Hi")
        assert len(service.chats) == 1
    assert (caught.value.code, caught.value.request_id, caught.value.provider) == (code, "t-9", "watsonx")


async def test_vectors_and_their_tokens() -> None:
    async with watsonx_server() as service, make(service, EMBEDDER) as llm:
        answering(service, {"model_id": EMBEDDER, "results": [{"embedding": [1, 0]}], "input_token_count": 3})
        response = await llm.embed("Hi")
        assert target(service.chats[0]) == "/ml/v1/text/embeddings?version=2026-10-14"
        assert (response.vectors, response.usage.input_tokens, response.cost) == (((1.0, 0.0),), 3, None)
        with pytest.raises(UnsupportedCapabilityError):
            await llm.get_answer("Hi")


async def test_tokens_are_counted_offline_and_by_the_vendor() -> None:
    async with watsonx_server() as service, make(service) as llm:
        offline = await llm.count_tokens("Hello there")
        assert service.server.exchanges == []
        answering(service, {"model_id": MODEL, "result": {"token_count": 2}})
        counted = await llm.count_tokens(
            [{"role": "system", "content": "Hello"}, {"role": "user", "content": "there"}], exact=True
        )
        assert sent(service)["input"] == "Hello\nthere"
    assert offline.tokens > 0
    assert (counted.tokens, counted.text_tokens, counted.exact) == (2, 2, False)
    assert "template" in (counted.note or "")


async def test_models_are_listed_page_after_page() -> None:
    async with watsonx_server() as service, make(service) as llm:

        async def chat(exchange: Exchange) -> None:
            following = {"href": "https://x/ml/v1/foundation_model_specs?start=g2"}
            first = {"resources": [{"model_id": "a"}], "next": following}
            last = {"resources": [{"model_id": "b", "provider": "IBM"}]}
            await exchange.answer(json.dumps(last if "start=g2" in target(exchange) else first).encode())

        service.chat = chat
        models = await llm.list_models()
    assert [(model.id, model.owned_by) for model in models] == [("a", None), ("b", "IBM")]


async def test_model_goes_by_its_name_without_the_publisher_too() -> None:
    async with watsonx_server() as service, make(service, "granite-4-h-small") as llm:
        assert llm.model == MODEL
        async with make(service, f"watsonx-{MODEL}") as other:
            assert other.model == MODEL


async def test_granite_13b_resolves_and_says_that_it_is_retired() -> None:
    async with watsonx_server() as service:
        with pytest.warns(RetiredModelWarning, match="2025-01-19; use ibm/granite-4-h-small"):
            llm = make(service, "granite-13b")
        async with llm:
            result = {
                "generated_text": "Hi",
                "generated_token_count": 2,
                "input_token_count": 5,
                "stop_reason": "eos_token",
            }
            answering(service, {"model_id": "ibm/granite-13b-chat-v2", "results": [result]})
            response = await llm.get_answer("<|user|>\nHi\n<|assistant|>\n", max_tokens=9)
            assert target(service.chats[0]) == "/ml/v1/text/generation?version=2026-10-14"
            assert sent(service) == {
                "model_id": "ibm/granite-13b-chat-v2",
                "project_id": "p-1",
                "input": "<|user|>\nHi\n<|assistant|>\n",
                "parameters": {"max_new_tokens": 9},
            }
    assert (response.text, response.model, str(response.cost)) == ("Hi", "ibm/granite-13b-chat-v2", "0.0000042")


async def test_model_that_is_not_listed_is_called_as_asked() -> None:
    async with watsonx_server() as service:
        with pytest.warns(UnknownModelWarning):
            llm = make(service, "acme/next-1")
        async with llm:
            response = await llm.get_answer("Hi", max_tokens=5)
            assert sent(service)["model_id"] == "acme/next-1"
            assert response.cost is None
            with pytest.raises(UnsupportedParameterError, match=r"watsonx\.ai's wire"):
                await llm.get_answer("Hi", top_k=5)


async def test_wire_that_does_not_exist_is_refused() -> None:
    async with watsonx_server() as service:
        with pytest.raises(ConfigurationError, match="`wire` must be"):
            make(service, wire="responses")
