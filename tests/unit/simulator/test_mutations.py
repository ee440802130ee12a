"""No spoiled request gets through: each field taken out, renamed or mistyped is refused, unless it is optional."""

from __future__ import annotations

from collections import Counter
from typing import Any

import aiohttp
import pytest

from core.llms.simulator import Simulator
from tests.unit.simulator.calls import CHAT, EMBEDDINGS, KEY, RESPONSES, post
from tests.unit.simulator.mutations import Mutation, mutations, strange_values
from tests.unit.simulator.rich_requests import (
    CHAT_OPTIONAL,
    CHAT_REQUEST,
    COUNT_OPTIONAL,
    COUNT_REQUEST,
    EMBEDDING_OPTIONAL,
    EMBEDDING_REQUEST,
    RESPONSE_OPTIONAL,
    RESPONSE_REQUEST,
)

COUNT = f"{RESPONSES}/input_tokens"
AZURE_KEY = {"api-key": "azure-test"}
DATED = "api-version=2024-10-21"
WIRES = [
    (CHAT, CHAT_REQUEST, CHAT_OPTIONAL, KEY),
    (RESPONSES, RESPONSE_REQUEST, RESPONSE_OPTIONAL, KEY),
    (EMBEDDINGS, EMBEDDING_REQUEST, EMBEDDING_OPTIONAL, KEY),
    (COUNT, COUNT_REQUEST, COUNT_OPTIONAL, KEY),
    (f"/azure/openai{CHAT}", CHAT_REQUEST, CHAT_OPTIONAL, AZURE_KEY),
    (f"/azure/openai{RESPONSES}", RESPONSE_REQUEST, RESPONSE_OPTIONAL, AZURE_KEY),
    (f"/azure/openai/deployments/gpt-4.1-mini/chat/completions?{DATED}", CHAT_REQUEST, CHAT_OPTIONAL, AZURE_KEY),
]
IDS = ["chat", "responses", "embeddings", "count", "azure-chat", "azure-responses", "azure-dated-chat"]

# The same mistakes as in recorded exchanges, with their exact errors.
RECORDED: list[tuple[str, dict[str, Any], int, dict[str, Any]]] = [
    (
        CHAT,
        {"model": "not-found-TEST_CHAT_MODEL", "messages": [{"role": "user", "content": "a"}]},
        404,
        {
            "message": "The model `not-found-TEST_CHAT_MODEL` does not exist or you do not have access to it.",
            "type": "invalid_request_error",
            "param": None,
            "code": "model_not_found",
        },
    ),
    (
        CHAT,
        {"model": "gpt-3.5-turbo-0613", "messages": [{"role": "user", "content": "a"}]},
        404,
        {
            "message": "The model `gpt-3.5-turbo-0613` has been deprecated, learn more here: "
            "https://platform.openai.com/docs/deprecations",
            "type": "invalid_request_error",
            "param": None,
            "code": "model_not_found",
        },
    ),
    (
        RESPONSES,
        {"input": "Hello", "model": "this-model-does-not-exist"},
        400,
        {
            "message": "The requested model 'this-model-does-not-exist' does not exist.",
            "type": "invalid_request_error",
            "param": "model",
            "code": "model_not_found",
        },
    ),
    (
        EMBEDDINGS,
        {"encoding_format": "base64", "input": ["Hello, world!"], "model": "nonexistent"},
        404,
        {
            "message": "The model `nonexistent` does not exist or you do not have access to it.",
            "type": "invalid_request_error",
            "param": None,
            "code": "model_not_found",
        },
    ),
    (
        CHAT,
        {
            "model": "gpt-5-mini",
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {"type": "text", "text": "a"},
                        {"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "mp3"}},
                    ],
                }
            ],
        },
        400,
        {
            "message": "Invalid 'messages[0]'. Content blocks are expected to be either text or image_url type.",
            "type": "invalid_request_error",
            "param": "messages[0]",
            "code": "invalid_value",
        },
    ),
]


@pytest.mark.parametrize(("path", "body", "optional", "key"), WIRES, ids=IDS)
async def test_good_requests_are_answered(
    sim: Simulator, path: str, body: dict[str, Any], optional: frozenset[str], key: dict[str, str]
) -> None:
    received = await post(sim, path, body, headers=key)
    assert received.status == 200, received.content


@pytest.mark.parametrize(("path", "body", "optional", "key"), WIRES, ids=IDS)
async def test_spoiled_requests_are_refused(
    sim: Simulator, path: str, body: dict[str, Any], optional: frozenset[str], key: dict[str, str]
) -> None:
    if "deployments" in path:
        optional |= {"model"}
    wrong: list[str] = []
    outcomes: Counter[int] = Counter()
    async with aiohttp.ClientSession(headers=key) as session:
        for mutation in mutations(body):
            async with session.post(f"{sim.url}{path}", json=mutation.body) as response:
                outcomes[response.status] += 1
                error = (await response.json())["error"] if response.status >= 400 else None
            complaint = _complaint(mutation, error, optional, path)
            if complaint:
                wrong.append(complaint)
    assert wrong == []
    assert set(outcomes) <= {200, 400, 404}


@pytest.mark.parametrize(("path", "body", "optional", "key"), WIRES[:4], ids=IDS[:4])
async def test_strange_values_never_break_the_server(
    sim: Simulator, path: str, body: dict[str, Any], optional: frozenset[str], key: dict[str, str]
) -> None:
    broken: list[str] = []
    async with aiohttp.ClientSession(headers=key) as session:
        for mutation in strange_values(body):
            async with session.post(f"{sim.url}{path}", json=mutation.body) as response:
                await response.read()
                if response.status >= 500:
                    broken.append(mutation.name)
    assert broken == []


def _complaint(mutation: Mutation, error: dict[str, Any] | None, optional: frozenset[str], path: str) -> str | None:
    place = mutation.name.removeprefix(f"{mutation.kind} ")
    may_pass = mutation.kind == "remove" and place in optional
    ignored = "deployments" in path and place == "model" and mutation.kind.startswith("mistype")
    if error is None:
        return None if may_pass or ignored else f"{mutation.name} got through"
    if may_pass:
        return f"{mutation.name} was refused: {error['message']}"
    expected_keys = {"message", "type", "param", "code"}
    if not ("/azure/" in path and error.get("code") == "DeploymentNotFound") and set(error) != expected_keys:
        return f"{mutation.name} has the error {error}"
    return None


@pytest.mark.parametrize(("path", "body", "status", "error"), RECORDED)
async def test_errors_are_those_recorded(
    sim: Simulator, path: str, body: dict[str, Any], status: int, error: dict[str, Any]
) -> None:
    received = await post(sim, path, body)
    assert (received.status, received.error) == (status, error)
