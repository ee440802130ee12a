"""Each mistake in a request to Google, and the words in which it is refused."""

from __future__ import annotations

from typing import Any

import pytest

from core.llms.simulator import Simulator
from tests.unit.simulator.calls import get, post
from tests.unit.simulator.google_calls import (
    KEY,
    LOOK,
    MODEL,
    OLD,
    TOKEN,
    ask,
    body,
    called,
    gemini,
    returned,
    said,
    user,
    vertex,
)
from tests.unit.simulator.google_mistakes import REFUSED, set_to, tooled

EXEMPT = "skip_thought_signature_validator"


@pytest.mark.parametrize(("request_body", "message"), REFUSED)
async def test_mistakes_are_refused_in_the_vendors_words(
    sim: Simulator, request_body: dict[str, Any], message: str
) -> None:
    received = await ask(sim, request_body)
    error = received.error
    assert (received.status, error["code"], error["status"]) == (400, 400, "INVALID_ARGUMENT")
    assert error["message"] == message


@pytest.mark.parametrize(
    ("request_body", "message"),
    [
        (
            set_to(thinkingConfig={"thinkingBudget": 30_000}),
            "The thinking budget 30000 is invalid. Please choose a value between 0 and 24576.",
        ),
        (set_to(thinkingConfig={"thinkingLevel": "LOW"}), "Thinking level is not supported for this model."),
        (
            set_to(thinkingConfig={"thinkingBudget": 0, "includeThoughts": True}),
            "Thinking_config.include_thoughts is only enabled when thinking is enabled.",
        ),
        (
            tooled(LOOK) | {"generationConfig": {"responseMimeType": "application/json"}},
            "Function calling with a response mime type: 'application/json' is unsupported",
        ),
        (
            body("Hi", tools=[{"functionDeclarations": [LOOK]}, {"googleSearch": {}}]),
            "Built-in tools ({google_search}) and Function Calling cannot be combined in the same request. "
            "Please choose one tool and try again.",
        ),
    ],
)
async def test_older_models_take_less(sim: Simulator, request_body: dict[str, Any], message: str) -> None:
    received = await ask(sim, request_body, path=gemini(OLD))
    assert received.error["message"] == message


async def test_wrong_fields_come_with_their_places(sim: Simulator) -> None:
    error = (await ask(sim, set_to(temperature="hot"))).error
    assert error["details"] == [
        {
            "@type": "type.googleapis.com/google.rpc.BadRequest",
            "fieldViolations": [{"field": "generation_config.temperature", "description": error["message"]}],
        }
    ]


async def test_names_in_either_case_and_nulls_and_single_members_are_read(sim: Simulator) -> None:
    request = {
        "contents": {"parts": {"text": "Say: hi"}},
        "tools": [{"codeExecution": {}}, {"functionDeclarations": [{"name": "f", "parameters": {"type": 6}}]}],
        "generation_config": {"max_output_tokens": "900", "temperature": None, "thinking_config": None},
        "system_instruction": None,
    }
    received = await ask(sim, request)
    assert received.json["candidates"][0]["content"]["parts"][0]["text"] == "hi"


async def test_older_models_and_strangers_calls_need_no_signature(sim: Simulator) -> None:
    talk = body("Look.", said(called(signed=False)), user(returned()))
    assert (await ask(sim, talk, path=gemini(OLD))).status == 200
    exempt = said(called(signed=False) | {"thoughtSignature": EXEMPT})
    assert (await ask(sim, body("Look.", exempt, user(returned())))).status == 200


@pytest.mark.parametrize(
    ("headers", "code", "status", "words"),
    [
        ({}, 403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers"),
        ({"x-goog-api-key": "invalid"}, 400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key."),
    ],
)
async def test_keys_are_checked(sim: Simulator, headers: dict[str, str], code: int, status: str, words: str) -> None:
    received = await ask(sim, body("Hi"), headers=headers)
    assert (received.status, received.error["status"]) == (code, status)
    assert received.error["message"].startswith(words)


async def test_bad_key_has_the_recorded_details(sim: Simulator) -> None:
    error = (await ask(sim, body("Hi"), headers={"x-goog-api-key": "invalid"})).error
    message = "API key not valid. Please pass a valid API key."
    assert error == {
        "code": 400,
        "message": message,
        "status": "INVALID_ARGUMENT",
        "details": [
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "API_KEY_INVALID",
                "domain": "googleapis.com",
                "metadata": {"service": "generativelanguage.googleapis.com"},
            },
            {"@type": "type.googleapis.com/google.rpc.LocalizedMessage", "locale": "en-US", "message": message},
        ],
    }


async def test_key_may_be_in_the_query(sim: Simulator) -> None:
    assert (await ask(sim, body("Hi"), path=f"{gemini()}?key=k", headers={})).status == 200


async def test_unknown_models_are_not_found_as_recorded(sim: Simulator) -> None:
    name = "gemini-nonexistent-rig-test"
    received = await ask(sim, body("Say hi."), path=f"{gemini(name, 'streamGenerateContent')}?alt=sse")
    assert received.headers["content-type"] == "text/event-stream"
    assert received.json == {
        "error": {
            "code": 404,
            "message": f"models/{name} is not found for API version v1beta, or is not supported for generateContent. "
            "Call ModelService.ListModels to see the list of available models and their supported methods.",
            "status": "NOT_FOUND",
        }
    }
    listed = await ask(sim, body("Say hi."), path=gemini(name, "streamGenerateContent"))
    assert listed.json[0]["error"]["code"] == 404
    published = await post(sim, vertex("gemini-does-not-exist"), body("Hi"), headers=TOKEN)
    place = "projects/p/locations/us-central1/publishers/google/models/gemini-does-not-exist"
    assert published.error == {"code": 404, "message": f"Publisher Model `{place}` not found.", "status": "NOT_FOUND"}


async def test_previews_are_in_the_beta_version_only(sim: Simulator) -> None:
    for name, version, status in [("gemini-flash-latest", "v1", 404), ("gemini-flash-latest", "v1beta", 200)]:
        assert (await ask(sim, body("Hi"), path=gemini(name, version=version))).status == status
    assert (await ask(sim, body("Hi"), path=gemini(MODEL, version="v1"))).status == 200
    assert (await ask(sim, body("Hi"), path=gemini(MODEL, version="v9"))).status == 404


async def test_vertex_wants_credentials_and_roles(sim: Simulator) -> None:
    missing = await post(sim, vertex(), body("Hi"), headers={})
    assert (missing.status, missing.error["details"][0]["reason"]) == (401, "CREDENTIALS_MISSING")
    bad = await post(sim, vertex(), body("Hi"), headers={"authorization": "Bearer invalid"})
    assert (bad.status, bad.error["status"]) == (401, "UNAUTHENTICATED")
    roleless = await post(sim, vertex(), body({"parts": [{"text": "Hi"}]}), headers=TOKEN)
    assert roleless.error["message"] == "Please use a valid role: user, model."
    express = "/vertex/v1beta1/publishers/google/models/gemini-3.5-flash:generateContent"
    assert (await post(sim, express, body("Hi"), headers=KEY)).status == 200


@pytest.mark.parametrize("payload", [b"{", b"[1]", b"3", b'{"a": NaN}', b"\xff", b"[" * 100_000])
async def test_what_is_no_json_object_is_refused(sim: Simulator, payload: bytes) -> None:
    received = await ask(sim, payload)
    assert (received.status, received.error["status"]) == (400, "INVALID_ARGUMENT")


async def test_too_long_prompt_is_refused_with_its_count(sim: Simulator) -> None:
    received = await ask(sim, body("word " * 1_048_577))
    message = "The input token count (1048577) exceeds the maximum number of tokens allowed (1048576)."
    assert received.error["message"] in (message, message.replace("1048577", "1048578"))


async def test_other_methods_and_paths_are_not_found(sim: Simulator) -> None:
    assert (await ask(sim, body("Hi"), path=gemini(method="predict"))).status == 404
    assert (await get(sim, "/google/v1/files", headers=KEY)).status == 404
    cached = await ask(sim, body("Hi", cachedContent="cachedContents/x"))
    assert (cached.status, cached.error["message"]) == (403, "CachedContent not found (or permission denied)")
