"""Each mistake in a request to Cohere, and the words in which it is refused."""

from __future__ import annotations

from typing import Any

import pytest

from core.llms.simulator import Simulator
from core.llms.simulator.cohere import models
from tests.unit.simulator.calls import get, post
from tests.unit.simulator.cohere_calls import (
    CHAT,
    EMBED,
    KEY,
    MODEL,
    MODELS,
    RERANK,
    ask,
    chat_body,
    system,
    talk,
    user,
)
from tests.unit.simulator.cohere_mistakes import REFUSED


@pytest.mark.parametrize(("body", "message"), REFUSED)
async def test_mistakes_are_refused_in_the_vendors_words(sim: Simulator, body: dict[str, Any], message: str) -> None:
    received = await ask(sim, body)
    assert (received.status, received.json["message"]) == (400, message)
    assert received.headers["x-debug-trace-id"]


async def test_unknown_fields_are_named(sim: Simulator) -> None:
    usage = "For proper usage, please refer to https://docs.cohere.com/v2/reference/chat"
    received = await ask(sim, chat_body(top_p=0.5))
    assert received.status == 422
    assert received.json["message"] == f"unknown field: parameter 'top_p' is not a valid field. {usage}"


async def test_nulls_are_fields_left_out(sim: Simulator) -> None:
    assert (await ask(sim, chat_body(max_tokens=None, tools=None, documents=None, thinking=None))).status == 200
    assert (await ask(sim, talk(user(None)))).json["message"] == "messages.content parameter is required"


async def test_unknown_and_removed_models_are_not_found(sim: Simulator) -> None:
    missing = await ask(sim, chat_body(model="command-x"))
    assert missing.status == 404
    assert missing.json["message"] == (
        "model 'command-x' not found, make sure the correct model ID was used and that you have access to the model."
    )
    removed = await ask(sim, chat_body(model="command-r-plus"))
    assert removed.status == 404
    assert removed.json["message"].startswith("model 'command-r-plus' was removed on September 15, 2025.")


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({}, "no api key supplied"),
        ({"Authorization": "Basic co-test"}, "no api key supplied"),
        ({"Authorization": "Bearer "}, "no api key supplied"),
        (
            {"Authorization": "Bearer invalid-key"},
            "Incorrect API key provided: ***********. You can find your API key at "
            "https://dashboard.cohere.com/api-keys.",
        ),
    ],
)
async def test_keys_are_checked(sim: Simulator, headers: dict[str, str], message: str) -> None:
    received = await ask(sim, chat_body(), headers=headers)
    assert (received.status, received.json["message"]) == (401, message)


async def test_only_the_accepted_key_is_taken() -> None:
    async with Simulator(api_key="co-own") as sim:
        assert (await ask(sim, chat_body(), headers={"Authorization": "Bearer co-own"})).status == 200
        assert (await ask(sim, chat_body())).status == 401
        assert sim.environment()["CO_API_KEY"] == "co-own"


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"p": NaN}', b"\xff"])
async def test_what_is_no_object_is_refused(sim: Simulator, body: bytes) -> None:
    received = await ask(sim, body)
    assert received.status == 400
    assert received.json["message"].startswith(("invalid json syntax: ", "invalid type: "))


async def test_wrong_paths_and_methods_are_refused(sim: Simulator) -> None:
    assert (await post(sim, "/cohere/v1/generate", {}, headers=KEY)).json["message"] == "404 page not found"
    for path in (CHAT, EMBED, RERANK):
        assert (await get(sim, path, headers=KEY)).status == 405
    assert (await post(sim, MODELS, {}, headers=KEY)).status == 405


async def test_leading_system_turns_may_be_several(sim: Simulator) -> None:
    assert (await ask(sim, talk(system("a"), system("b"), user("Say: yes.")))).status == 200


async def test_prompt_longer_than_the_window_is_refused(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(models.MODELS, MODEL, models.ChatModel(MODEL, 5, 5))
    received = await ask(sim, chat_body("one two three four five six seven"))
    assert received.status == 400
    assert received.json["message"].startswith("too many tokens: size limit exceeded by 2 tokens.")


async def test_blocked_words_have_a_status_of_their_own(sim: Simulator) -> None:
    received = await ask(sim, chat_body("[[content_filter]]"))
    assert (received.status, received.json["message"][:8]) == (498, "your req")
