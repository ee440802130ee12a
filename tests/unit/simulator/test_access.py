"""Bodies, keys and addresses that OpenAI refuses before it looks at the request."""

from __future__ import annotations

from typing import Any

import pytest

from core.llms.simulator import Simulator
from tests.unit.simulator.calls import CHAT, MODEL, chat_body, get, messages, post

USER: dict[str, Any] = {"role": "user", "content": "Hello!"}


@pytest.mark.parametrize("body", [b"{", b"", b'{"a": NaN}', b"\xff\xfe", b"[" * 100_000])
async def test_bodies_that_are_no_json_are_refused(sim: Simulator, body: bytes) -> None:
    received = await post(sim, CHAT, body)
    assert received.status == 400
    assert received.error["message"].startswith("We could not parse the JSON body of your request.")


async def test_bodies_that_are_no_object_are_refused(sim: Simulator) -> None:
    assert (await post(sim, CHAT, [1])).error["code"] == "invalid_type"


async def test_a_missing_model_is_refused(sim: Simulator) -> None:
    received = await post(sim, CHAT, messages(USER))
    assert received.error["message"] == "you must provide a model parameter"


async def test_missing_messages_are_refused(sim: Simulator) -> None:
    received = await post(sim, CHAT, {"model": MODEL})
    assert received.error["message"] == "Missing required parameter: 'messages'."
    assert received.error["code"] == "missing_required_parameter"


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic abc"}, {"Authorization": "Bearer "}])
async def test_calls_without_a_key_are_refused(sim: Simulator, headers: dict[str, str]) -> None:
    received = await post(sim, CHAT, chat_body(), headers=headers)
    assert received.status == 401
    assert received.error["message"].startswith("You didn't provide an API key.")
    assert received.error["code"] is None


async def test_wrong_keys_are_refused_and_masked() -> None:
    async with Simulator(api_key=["sk-right", "sk-also-right"]) as sim:
        received = await post(sim, CHAT, chat_body(), headers={"Authorization": "Bearer sk-wrong-and-secret"})
        accepted = await post(sim, CHAT, chat_body(), headers={"Authorization": "Bearer sk-also-right"})
    assert received.status == 401
    assert received.error["code"] == "invalid_api_key"
    assert received.error["message"] == (
        "Incorrect API key provided: sk-w***********cret. "
        "You can find your API key at https://platform.openai.com/account/api-keys."
    )
    assert accepted.status == 200


async def test_unknown_addresses_and_methods_are_refused(sim: Simulator) -> None:
    unknown = await get(sim, "/v1/nowhere")
    assert (unknown.status, unknown.error["message"]) == (404, "Invalid URL (GET /v1/nowhere)")
    wrong = await get(sim, CHAT)
    assert (wrong.status, wrong.error["code"]) == (405, "method_not_supported")
    assert (await get(sim, "/v1/models/nothing")).error["code"] == "model_not_found"
    assert (await get(sim, "/elsewhere")).status == 404
