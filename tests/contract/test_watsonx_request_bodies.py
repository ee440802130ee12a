"""What we send to watsonx.ai is what IBM's own SDK sends for the same call, save for the differences listed.

IBM's SDK speaks to `https` addresses alone, and goes through a transport that keeps what it is given. Each reason is an
entry of the page, word for word.
"""

from __future__ import annotations

import asyncio
import base64
import json
import warnings
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import time
from typing import Any, Final
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest

from core.llms.providers.watsonx import WatsonxBaseLLM, create_watsonx_llm
from core.llms.types.content import ImagePart, ReasoningPart, TextPart, ToolCall
from core.llms.types.messages import AssistantMessage, SystemMessage, ToolMessage, UserMessage
from core.llms.types.tools import ResponseFormat, Tool
from tests.contract.capture import COMPARED_HEADERS, Captured
from tests.support.raw_server import Exchange, raw_server

PAGE = Path(__file__).parents[2] / "docs" / "providers" / "watsonx.md"
PROJECT_OF_LIST: Final = "The list of models is asked for without a project, which changes nothing of it."
MODEL, EMBEDDER = "ibm/granite-4-h-small", "ibm/granite-embedding-278m-multilingual"
SEEING = "meta-llama/llama-4-maverick-17b-128e-instruct-fp8"
PNG_URL = "data:image/png;base64,iVBORw0KGgo="
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
TOOL = {"type": "function", "function": {"name": "look", "description": "Looks.", "parameters": SCHEMA}}
OUR_TOOL = Tool("look", "Looks.", SCHEMA)
HI = [{"role": "user", "content": "Hi"}]
_CLAIMS = json.dumps({"iat": int(time()), "exp": int(time()) + 3_600, "iam_id": "i", "account": {"bss": "b"}})
TOKEN = f"e30.{base64.urlsafe_b64encode(_CLAIMS.encode()).decode().rstrip('=')}.c2ln"
ANSWER: dict[str, Any] = {
    "choices": [{"index": 0, "message": {"content": '{"city": "Oslo"}'}, "finish_reason": "stop"}],
    "results": [{"embedding": [1.0]}, {"embedding": [2.0]}],
    "result": {"token_count": 1},
    "resources": [],
    "access_token": TOKEN,
    "expires_in": 3_600,
}
PIECE = {"choices": [{"index": 0, "delta": {"content": "Hi"}, "finish_reason": "stop"}]}


@dataclass(frozen=True)
class Call:
    name: str
    theirs: Callable[[Any], object]
    ours: Callable[[WatsonxBaseLLM], Awaitable[Any]]
    model: str = MODEL
    settings: dict[str, Any] = field(default_factory=lambda: {"project_id": "p-1"})
    differences: dict[str, str] = field(default_factory=dict)


def inference(client: Any, **settings: Any) -> Any:
    from ibm_watsonx_ai.foundation_models import ModelInference

    return ModelInference(api_client=client, validate=False, **(settings or {"model_id": MODEL}))


def chat(name: str, theirs: dict[str, Any], ours: dict[str, Any], model: str = MODEL) -> Call:
    their_messages, our_messages = theirs.pop("messages", HI), ours.pop("messages", "Hi")
    return Call(
        name,
        lambda client: inference(client, model_id=model).chat(messages=their_messages, **theirs),
        lambda llm: llm.get_answer(our_messages, **ours),
        model,
    )


def embed(client: Any) -> object:
    from ibm_watsonx_ai.foundation_models import Embeddings

    embeddings = Embeddings(model_id=EMBEDDER, api_client=client, params={"truncate_input_tokens": 512})
    return embeddings.embed_documents(["a", "b"])


CALLED = {"id": "c1", "type": "function", "function": {"name": "look", "arguments": '{"city":"Oslo"}'}}
CALLS = (
    chat("one message", {}, {}),
    Call(
        "a stream",
        lambda client: list(inference(client).chat_stream(messages=HI)),
        lambda llm: llm.stream_answer("Hi").get_response(),
    ),
    Call(
        "in a space",
        lambda client: inference(client).chat(messages=HI),
        lambda llm: llm.get_answer("Hi"),
        settings={"space_id": "s-1"},
    ),
    Call(
        "a deployment",
        lambda client: inference(client, deployment_id="d-1").chat(messages=HI, params={"temperature": 0.5}),
        lambda llm: llm.get_answer("Hi", temperature=0.5),
        settings={"project_id": "p-1", "deployment_id": "d-1"},
    ),
    Call(
        "a deployment's stream",
        lambda client: list(inference(client, deployment_id="d-1").chat_stream(messages=HI)),
        lambda llm: llm.stream_answer("Hi").get_response(),
        settings={"project_id": "p-1", "deployment_id": "d-1"},
    ),
    chat(
        "every parameter",
        {
            "params": {
                "max_completion_tokens": 9, "temperature": 0.5, "top_p": 0.9, "seed": 7, "stop": ["END"], "n": 1,
                "frequency_penalty": 0.1, "presence_penalty": 0.2, "logprobs": True, "top_logprobs": 3,
                "logit_bias": {"5": -100}, "time_limit": 9_000, "repetition_penalty": 1.1, "guided_regex": "a+",
                "chat_template_kwargs": {"thinking": True}, "include_reasoning": True,
            },
        },
        {
            "max_tokens": 9, "temperature": 0.5, "top_p": 0.9, "seed": 7, "stop": "END", "n": 1,
            "frequency_penalty": 0.1, "presence_penalty": 0.2, "logprobs": True, "top_logprobs": 3,
            "logit_bias": {"5": -100},
            "provider_options": {
                "time_limit": 9_000, "repetition_penalty": 1.1, "guided_regex": "a+",
                "chat_template_kwargs": {"thinking": True}, "include_reasoning": True,
            },
        },
    ),
    chat(
        "an image",
        {
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {"type": "text", "text": "?"},
                        {"type": "image_url", "image_url": {"url": PNG_URL, "detail": "low"}},
                    ],
                }
            ]
        },
        {"messages": [UserMessage((TextPart("?"), ImagePart(url=PNG_URL, detail="low")))]},
        SEEING,
    ),
    chat(
        "tools, and a word of whether",
        {"tools": [TOOL], "tool_choice_option": "required"},
        {"tools": [OUR_TOOL], "tool_choice": "required"},
    ),
    chat(
        "a tool that must be called",
        {"tools": [TOOL], "tool_choice": {"type": "function", "function": {"name": "look"}}},
        {"tools": [OUR_TOOL], "tool_choice": "look"},
    ),
    chat(
        "a schema",
        {
            "params": {
                "response_format": {
                    "type": "json_schema",
                    "json_schema": {"name": "city", "schema": SCHEMA, "strict": True},
                }
            }
        },
        {"response_format": ResponseFormat("json_schema", "city", SCHEMA)},
    ),
    chat(
        "reasoning, a call and its result go back",
        {
            "messages": [
                {"role": "system", "content": "S"},
                *HI,
                {"role": "assistant", "content": None, "reasoning_content": "hm", "tool_calls": [CALLED]},
                {"role": "tool", "tool_call_id": "c1", "content": "rain"},
            ]
        },
        {
            "messages": [
                SystemMessage("S"),
                UserMessage("Hi"),
                AssistantMessage(
                    (ReasoningPart("hm", origin="openai_chat"), ToolCall.parse("c1", "look", '{"city":"Oslo"}'))
                ),
                ToolMessage("rain", "c1"),
            ]
        },
    ),
    Call(
        "embeddings",
        embed,
        lambda llm: llm.embed(["a", "b"], provider_options={"parameters": {"truncate_input_tokens": 512}}),
        model=EMBEDDER,
    ),
    Call(
        "count of tokens",
        lambda client: inference(client).tokenize("Hi", return_tokens=False),
        lambda llm: llm.count_tokens("Hi", exact=True),
    ),
    Call(
        "models",
        lambda client: client.foundation_models.get_model_specs(limit=200),
        lambda llm: llm.list_models(),
        differences={"query.project_id": PROJECT_OF_LIST},
    ),
)  # fmt: skip


def capture(method: str, target: str, headers: dict[str, str], content: bytes) -> Captured:
    url = urlsplit(target)
    named = {name.lower(): value for name, value in headers.items()}
    is_form = named.get("content-type", "").endswith("urlencoded")
    body = (parse_qs(content.decode()) if is_form else json.loads(content)) if content else None
    kept = {name: named[name] for name in COMPARED_HEADERS if name in named}
    return Captured(method, url.path, dict(parse_qsl(url.query)), kept, body)


@contextmanager
def quietly() -> Iterator[None]:
    """IBM's SDK warns of its own settings, and its dependencies of theirs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def send_theirs(call: Call) -> list[Captured]:
    received: list[Captured] = []

    def handle(request: httpx.Request) -> httpx.Response:
        received.append(capture(request.method, str(request.url), dict(request.headers), request.content))
        if request.url.path.endswith("_stream"):
            return httpx.Response(200, text=f"id: 1\nevent: message\ndata: {json.dumps(PIECE)}\n\n")
        return httpx.Response(200, json=ANSWER)

    with quietly(), httpx.Client(transport=httpx.MockTransport(handle)) as transport:
        from ibm_watsonx_ai import APIClient, Credentials

        place = {name: value for name, value in call.settings.items() if name != "deployment_id"}
        credentials = Credentials(url="https://us-south.ml.cloud.ibm.com", api_key="k")
        client = APIClient(credentials, **place, scope_validation=False, httpx_client=transport)
        call.theirs(client)
    return received


async def send_ours(call: Call) -> list[Captured]:
    received: list[Captured] = []

    async def handle(exchange: Exchange) -> None:
        first, *lines = exchange.head.decode().strip().split("\r\n")
        method, target, _ = first.split(" ")
        headers = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
        received.append(capture(method, target, headers, exchange.body))
        if "_stream?" in target:
            await exchange.begin_stream()
            await exchange.send(f"id: 1\nevent: message\ndata: {json.dumps(PIECE)}\n\n".encode())
            exchange.writer.close()
        else:
            await exchange.answer(json.dumps(ANSWER).encode())

    async with raw_server(handle) as server:
        options: dict[str, Any] = {"api_key": "k", "base_url": server.url, "iam_url": f"{server.url}/identity/token"}
        async with create_watsonx_llm(call.model, **options, **call.settings) as llm:
            await call.ours(llm)
    return received


@pytest.mark.parametrize("call", CALLS, ids=[call.name for call in CALLS])
async def test_request_is_the_sdk_s_but_for_the_listed_differences(call: Call) -> None:
    their_login, theirs = (captured.fields() for captured in await asyncio.to_thread(send_theirs, call))
    our_login, ours = (captured.fields() for captured in await send_ours(call))
    assert our_login == their_login
    differences = {
        place: (theirs.get(place), ours.get(place))
        for place in sorted({*theirs, *ours})
        if theirs.get(place) != ours.get(place)
    }
    unlisted = {place: values for place, values in differences.items() if place not in call.differences}
    assert not unlisted, f"differences (theirs, ours) that are not listed: {unlisted}"
    assert set(call.differences) == set(differences), "listed, but there no more"


def test_page_explains_every_listed_difference() -> None:
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    reasons = {reason for call in CALLS for reason in call.differences.values()}
    assert {reason for reason in reasons if reason not in page} == set()
