"""Each mistake in a request to Anthropic, and the words in which it is refused."""

from __future__ import annotations

from typing import Any

import pytest

from core.llms.simulator import Simulator
from core.llms.simulator.anthropic import media
from core.llms.simulator.anthropic.seals import sign_thinking
from tests.unit.simulator.anthropic_calls import (
    COUNT,
    MESSAGES,
    NEW,
    OLD,
    PERSON,
    THINKER,
    ask,
    assistant,
    called,
    image,
    message_body,
    returned,
    text,
    user,
)
from tests.unit.simulator.anthropic_mistakes import BUDGET, CALLED, REFUSED, TOOL, closed, formed, talk
from tests.unit.simulator.calls import get, post
from tests.unit.simulator.pictures import picture


@pytest.mark.parametrize(("body", "message"), REFUSED)
async def test_mistakes_are_refused_in_the_vendors_words(sim: Simulator, body: dict[str, Any], message: str) -> None:
    received = await ask(sim, body)
    assert (received.status, received.error) == (400, {"type": "invalid_request_error", "message": message})


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"model": THINKER, "temperature": 0.5}, "`temperature` is deprecated for this model."),
        (
            {"temperature": 0.5, "top_p": 0.5},
            "`temperature` and `top_p` cannot both be specified for this model. Please use only one.",
        ),
        ({"temperature": 1.5}, "temperature: Input should be less than or equal to 1"),
    ],
)
async def test_old_version_samples_within_limits(sim: Simulator, fields: dict[str, Any], message: str) -> None:
    received = await ask(sim, message_body(**fields), headers=OLD)
    assert received.error["message"] == message


@pytest.mark.parametrize("fields", [{"temperature": 0.5}, {"top_p": 0.9}, {"top_k": 5}])
async def test_thinking_goes_with_no_sampling(sim: Simulator, fields: dict[str, Any]) -> None:
    body = message_body(max_tokens=2000, thinking=BUDGET, **fields)
    received = await ask(sim, body, headers=OLD)
    assert received.error["message"].startswith(f"`{next(iter(fields))}` m")
    assert (await ask(sim, body | {"thinking": {"type": "disabled"}}, headers=OLD)).status == 200


async def test_old_version_takes_documents_and_citations_where_the_new_one_does_not(sim: Simulator) -> None:
    document = {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "x"}}
    cited = text("a", citations=[{"type": "char_location"}])
    body = talk(user(cited), assistant(document), user("b"))
    assert [(await ask(sim, body, headers=headers)).status for headers in (OLD, NEW)] == [200, 400]


async def test_unfinished_turn_with_a_budget_begins_with_thinking(sim: Simulator) -> None:
    body = talk(*CALLED, user(returned()), tools=[TOOL], thinking=BUDGET, max_tokens=2000)
    received = await ask(sim, body)
    assert received.error["message"].startswith(
        "messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`. When `thinking` "
    )
    thought = {"type": "thinking", "thinking": "b", "signature": sign_thinking("b", "b")}
    body["messages"][1] = assistant(thought, called())
    assert (await ask(sim, body)).status == 200


@pytest.mark.parametrize(
    ("headers", "status", "error_type", "message"),
    [
        ({"x-api-key": ""}, 401, "authentication_error", "x-api-key header is required"),
        ({"x-api-key": "invalid"}, 401, "authentication_error", "invalid x-api-key"),
        ({"x-api-key": "", "authorization": "Bearer invalid"}, 401, "authentication_error", "Invalid bearer token"),
        (
            {"anthropic-version": "2020-01-01"},
            400,
            "invalid_request_error",
            'anthropic-version: "2020-01-01" is not a valid version',
        ),
        (
            {"anthropic-beta": "files-api-2025-04-14,what"},
            400,
            "invalid_request_error",
            "Unexpected value(s) `what` for the `anthropic-beta` header. Please consult our documentation at "
            "docs.claude.com or try again without the header.",
        ),
    ],
)
async def test_headers_are_checked(
    sim: Simulator, headers: dict[str, str], status: int, error_type: str, message: str
) -> None:
    received = await ask(sim, message_body(), headers=NEW | headers)
    assert (received.status, received.error) == (status, {"type": error_type, "message": message})


async def test_version_is_required(sim: Simulator) -> None:
    received = await ask(sim, message_body(), headers={"x-api-key": "k"})
    assert received.error["message"] == "anthropic-version: header is required"


async def test_key_in_its_own_header_wins(sim: Simulator) -> None:
    both = NEW | {"authorization": "Bearer invalid"}
    assert (await ask(sim, message_body(), headers=both)).status == 200
    bearer = {"authorization": "Bearer ok", "anthropic-version": "2026-10-21"}
    assert (await ask(sim, message_body(), headers=bearer)).status == 200


@pytest.mark.parametrize("name", ["claude-nonexistent-rig-test", "claude-3-opus-20240229"])
async def test_unknown_and_retired_models_are_not_found(sim: Simulator, name: str) -> None:
    received = await ask(sim, message_body() | {"model": name, "stream": True})
    recorded = {"message": f"model: {name}", "type": "not_found_error"}
    assert (received.status, received.error) == (404, recorded)
    assert received.json["request_id"] == received.headers["request-id"]


async def test_too_long_prompt_is_refused_with_its_count(sim: Simulator) -> None:
    received = await ask(sim, message_body("word " * 200_000))
    assert received.error["message"] == "prompt is too long: 200008 tokens > 200000 maximum"


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"a": NaN}', b"\xff", b"[" * 100_000])
async def test_what_is_no_json_object_is_refused(sim: Simulator, body: bytes) -> None:
    received = await ask(sim, body)
    assert (received.status, received.error["type"]) == (400, "invalid_request_error")


async def test_oversized_images_and_requests_are_refused(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "_MOST_IMAGE_BYTES", 10)
    received = await ask(sim, talk(user(image(picture(3, 3)))))
    assert "image exceeds" in received.error["message"]
    received = await ask(sim, b" " * (32 * 1024 * 1024 + 1))
    assert (received.status, received.error["type"]) == (413, "request_too_large")


async def test_unknown_paths_and_methods_are_refused(sim: Simulator) -> None:
    assert (await get(sim, "/anthropic/v1/files", headers=NEW)).error["type"] == "not_found_error"
    assert (await get(sim, MESSAGES, headers=NEW)).status == 405


async def test_count_is_of_the_same_prompt_and_as_strict(sim: Simulator) -> None:
    body = message_body("How many tokens are these?", tools=[TOOL], system="Be brief.")
    counted = await post(sim, COUNT, {name: body[name] for name in body if name != "max_tokens"}, headers=NEW)
    assert counted.json == {"input_tokens": (await ask(sim, body)).json["usage"]["input_tokens"]}
    refused = await post(sim, COUNT, body, headers=NEW)
    assert refused.error["message"] == "max_tokens: Extra inputs are not permitted"


async def test_schemas_within_the_rules_are_filled(sim: Simulator) -> None:
    listed = closed(people={"type": "array", "items": {"$ref": "#/$defs/P"}}) | {"$defs": {"P": PERSON}}
    assert (await ask(sim, formed(**listed))).status == 200


async def test_vendors_own_tools_are_known_by_their_types(sim: Simulator) -> None:
    tools = [{"type": "bash_20250124", "name": "bash"}, {"type": "web_fetch_20260318", "name": "web_fetch"}, TOOL]
    received = await ask(sim, message_body("Say: hi", tools=tools))
    assert received.json["content"] == [{"type": "text", "text": "hi"}]
    refused = await ask(sim, message_body(tools=[TOOL | {"type": "function"}]))
    message = refused.error["message"]
    assert message.startswith("tools.0: Input tag 'function' found using 'type' does not match any of the expected")
    assert message.endswith("'web_search_20260209', 'web_search_20260318'")
