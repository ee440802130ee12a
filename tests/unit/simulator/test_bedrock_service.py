"""What every call to Bedrock has in common: who may call, where, and the bytes of streams."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import aiohttp
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.eventstream import EventStreamBuffer
from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict

from core.llms.simulator import Simulator
from core.llms.simulator.bedrock.errors import ApiError
from core.llms.simulator.bedrock.frames import encode_frame
from core.llms.simulator.bedrock.signatures import verify_signature
from core.llms.simulator.brain import decide
from core.llms.simulator.exchange import Call
from tests.unit.simulator.bedrock_calls import CLAUDE, KEY, NOVA, TITAN, ask, path, talk, user
from tests.unit.simulator.calls import get, post

SECRET = "the-secret"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TARGETS = st.one_of(
    st.sampled_from([path(CLAUDE), path(f"arn:aws:bedrock:us-east-1:123456789012:inference-profile/{CLAUDE}")]),
    st.lists(st.sampled_from(["a", "b%20c", "~", "", ".", ".."]), max_size=5).map(lambda steps: "/" + "/".join(steps)),
)
QUERIES = st.sampled_from(["", "?maxResults=5", "?b=2&a=1", "?nextToken=a%3D%3D&maxResults=1", "?a="])


def signed(
    target: str,
    body: bytes = b"{}",
    method: str = "POST",
    at: datetime = NOW,
    service: str = "bedrock",
    extra: str = "",
) -> Call:
    request = AWSRequest(
        method=method, url=f"http://127.0.0.1:8080{target}", headers={"X-Amz-Extra": extra} if extra else {}, data=body
    )
    with patch("botocore.auth.get_current_datetime", return_value=at):
        SigV4Auth(Credentials("AKID", SECRET), service, "eu-west-1").add_auth(request)
    headers = {name.lower(): value for name, value in request.headers.items()} | {"host": "127.0.0.1:8080"}
    return Call(method, target, target, MultiDict(), headers, body, 1, decide)


def changed(call: Call, **headers: str) -> Call:
    return Call(call.method, call.path, call.target, call.query, {**call.headers, **headers}, call.body, 1, decide)


@given(
    st.sampled_from(["GET", "POST"]),
    st.tuples(TARGETS, QUERIES).map("".join),
    st.binary(max_size=100),
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20),
)
def test_signature_of_botocore_is_accepted_and_no_other(method: str, target: str, body: bytes, value: str) -> None:
    call = signed(target, body, method, extra=value)
    assert verify_signature(call, [SECRET], NOW.timestamp) is not None
    assert verify_signature(call, ["other", SECRET], NOW.timestamp).region == "eu-west-1"
    for wrong, secrets in (
        (call, ["other"]),
        (Call(method, target, target, MultiDict(), call.headers, body + b"x", 1, decide), [SECRET]),
        (Call(method, target, f"{target}/x", MultiDict(), call.headers, body, 1, decide), [SECRET]),
        (changed(call, **{"x-amz-extra": f"{value}x"}), [SECRET]),
    ):
        with pytest.raises(ApiError, match="does not match the signature you provided") as raised:
            verify_signature(wrong, secrets, NOW.timestamp)
        assert (raised.value.name, raised.value.status) == ("InvalidSignatureException", 403)


@pytest.mark.parametrize(
    ("call", "name", "words"),
    [
        (signed("/a", at=NOW - timedelta(minutes=6)), "InvalidSignatureException", "Signature expired: 20261121T1154"),
        (signed("/a", at=NOW + timedelta(minutes=6)), "InvalidSignatureException", "Signature not yet current: 2026"),
        (signed("/a", service="bedrock-runtime"), "InvalidSignatureException", "correct service: 'bedrock'"),
        (changed(signed("/a"), **{"x-amz-new": "a"}), "InvalidSignatureException", "'x-amz-new' must be a 'SignedH"),
        (changed(signed("/a"), **{"x-amz-date": ""}), "IncompleteSignatureException", "'X-Amz-Date'"),
        (changed(signed("/a"), **{"x-amz-date": "today"}), "IncompleteSignatureException", "Date must be in ISO-8601"),
        (
            changed(signed("/a"), **{"x-amz-date": "20261120T120000Z"}),
            "InvalidSignatureException",
            "does not match YYYY",
        ),
        (
            changed(signed("/a"), authorization="AWS4-HMAC-SHA256 Credential=a/b"),
            "IncompleteSignatureException",
            "requires 'SignedHeaders' parameter. Authorization header requires 'Signature' parameter.",
        ),
        (
            changed(signed("/a"), authorization="AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=c"),
            "IncompleteSignatureException",
            "exactly 5 slash-delimited elements",
        ),
    ],
)
def test_signature_that_cannot_hold_is_told_apart(call: Call, name: str, words: str) -> None:
    with pytest.raises(ApiError, match=words) as raised:
        verify_signature(call, [SECRET], NOW.timestamp)
    assert raised.value.name == name


def test_signature_holds_for_five_minutes() -> None:
    for seconds in (-299, 0, 299):
        assert verify_signature(signed("/a", at=NOW + timedelta(seconds=seconds)), [SECRET], NOW.timestamp)


@pytest.mark.parametrize(
    ("headers", "name", "words"),
    [
        ({}, "MissingAuthenticationTokenException", "Missing Authentication Token"),
        ({"Authorization": "Bearer"}, "AccessDeniedException", "make sure your API Key is valid"),
        ({"Authorization": "Bearer invalid"}, "AccessDeniedException", "make sure your API Key is valid"),
        ({"Authorization": "Basic abc"}, "AccessDeniedException", "make sure your API Key is valid"),
    ],
)
async def test_call_without_a_credential_is_refused(
    sim: Simulator, headers: dict[str, str], name: str, words: str
) -> None:
    received = await ask(sim, talk("Hi"), headers=headers)
    assert (received.status, received.headers["x-amzn-errortype"].partition(":")[0]) == (403, name)
    assert words in received.json["message"]


async def test_keys_of_the_simulator_are_tokens_and_secrets() -> None:
    async with Simulator(api_key="mine") as sim:
        assert (await ask(sim, talk("Hi"), headers={"Authorization": "Bearer mine"})).status == 200
        assert (await ask(sim, talk("Hi"), headers=KEY)).status == 403
        assert sim.environment()["AWS_SECRET_ACCESS_KEY"] == "mine"


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", path()),
        ("POST", "/bedrock/model/converse"),
        ("POST", path(operation="chat")),
        ("POST", "/bedrock/foundation-models"),
        ("GET", "/bedrock/guardrails"),
        ("GET", "/bedrock"),
    ],
)
async def test_unknown_operation_is_told(sim: Simulator, method: str, target: str) -> None:
    received = await (get(sim, target, headers=KEY) if method == "GET" else post(sim, target, talk("Hi"), headers=KEY))
    assert received.status == 404
    assert received.headers["x-amzn-errortype"].startswith("UnknownOperationException:")


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"messages": NaN}', b'"text"', b"[" * 100_000])
async def test_body_that_is_no_object_cannot_be_read(sim: Simulator, body: bytes) -> None:
    received = await ask(sim, body)
    assert (received.status, received.headers["x-amzn-errortype"].partition(":")[0]) == (400, "SerializationException")


async def test_answer_has_the_recorded_form(sim: Simulator) -> None:
    received = await ask(sim, talk("Say: hi"), model=CLAUDE)
    assert received.headers["x-amzn-requestid"]
    assert list(received.json) == ["metrics", "output", "stopReason", "usage"]
    assert received.json["usage"] == {
        "cacheReadInputTokenCount": 0,
        "cacheReadInputTokens": 0,
        "cacheWriteInputTokenCount": 0,
        "cacheWriteInputTokens": 0,
        "inputTokens": 7,
        "outputTokens": 1,
        "serverToolUsage": {},
        "totalTokens": 8,
    }
    again = await ask(sim, talk("Say: hi"), model=CLAUDE)
    assert (again.json, again.headers["x-amzn-requestid"] == received.headers["x-amzn-requestid"]) == (
        received.json,
        False,
    )


async def test_stream_is_frames_padded_by_their_content(sim: Simulator) -> None:
    first, second = [(await ask(sim, talk("Say: hi"), model=NOVA, operation="converse-stream")) for _ in range(2)]
    assert first.content == second.content
    assert first.headers["content-type"] == "application/vnd.amazon.eventstream"
    buffer = EventStreamBuffer()
    buffer.add_data(first.content)
    events = list(buffer)
    bodies = [json.loads(event.payload) for event in events]
    assert all(list(body) == sorted(body) and body["p"].isalnum() for body in bodies)
    assert events[0].headers == {
        ":event-type": "messageStart",
        ":content-type": "application/json",
        ":message-type": "event",
    }
    assert bodies[1].keys() == {"contentBlockIndex", "delta", "p"}


@given(
    st.dictionaries(
        st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20),
        st.text(max_size=40),
        max_size=4,
    ),
    st.binary(max_size=200),
)
def test_frame_is_read_by_botocore(headers: dict[str, str], payload: bytes) -> None:
    buffer = EventStreamBuffer()
    buffer.add_data(encode_frame(headers, payload))
    assert [(event.headers, event.payload) for event in buffer] == [(headers, payload)]


async def test_vectors_count_in_a_header(sim: Simulator) -> None:
    received = await ask(sim, {"inputText": "hello there"}, model=TITAN, operation="invoke")
    assert received.headers["x-amzn-bedrock-input-token-count"] == "2"
    assert received.json["inputTextTokenCount"] == 2
    assert received.json["embeddingsByType"]["float"] == received.json["embedding"]
    refused = await ask(sim, talk("Hi"), model=CLAUDE, operation="invoke")
    assert (refused.status, "called by Converse" in refused.json["message"]) == (400, True)


async def test_limits_throttle_each_account_and_model(sim: Simulator) -> None:
    sim.rate_limit(requests_per_minute=1)
    statuses = [
        (await ask(sim, talk("Hi"), model=model, headers=headers)).status
        for model, headers in ((NOVA, KEY), (NOVA, KEY), (CLAUDE, KEY), (NOVA, {"Authorization": "Bearer other"}))
    ]
    assert statuses == [200, 429, 200, 200]
    sim.rate_limit(tokens_per_minute=10)
    received = await ask(sim, talk("Hi"), model=NOVA)
    assert (received.status, received.json["message"]) == (429, "Too many tokens, please wait before trying again.")


async def test_guard_content_alone_is_looked_at(sim: Simulator) -> None:
    guardrail = {"guardrailIdentifier": "abc", "guardrailVersion": "1"}
    marked = {"guardContent": {"text": {"text": "harmless"}}}
    stops = []
    for content in (["[[guardrail]]"], ["[[guardrail]]", marked]):
        sim.script("Answer.")
        received = await ask(sim, talk(user(*content), guardrailConfig=guardrail), model=NOVA)
        stops.append(received.json["stopReason"])
        assert "trace" not in received.json
    assert stops == ["guardrail_intervened", "end_turn"]


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("/bedrock/foundation-models?byOutputModality=SOUND", "Member must satisfy enum value set: [TEXT, IMAGE,"),
        ("/bedrock/foundation-models/none", "The provided model identifier is invalid."),
        ("/bedrock/inference-profiles?maxResults=0", "Member must have value greater than or equal to 1"),
        ("/bedrock/inference-profiles?maxResults=1001", "Member must have value less than or equal to 1000"),
        ("/bedrock/inference-profiles?maxResults=a", "STRING_VALUE cannot be converted to Integer"),
        ("/bedrock/inference-profiles?nextToken=%21", "The provided nextToken is invalid."),
        ("/bedrock/inference-profiles/none", "The requested inference profile does not exist."),
    ],
)
async def test_control_plane_refuses_what_it_does_not_know(sim: Simulator, target: str, words: str) -> None:
    received = await get(sim, target, headers=KEY)
    assert received.status in (400, 404)
    assert words in received.json["message"]


async def test_streams_and_answers_are_the_same_by_any_path_of_an_arn(sim: Simulator) -> None:
    arn = f"arn:aws:bedrock:us-east-1:123456789012:inference-profile/{CLAUDE}"
    async with aiohttp.ClientSession(headers=KEY) as session:
        plain: Any = f"{sim.url}/bedrock/model/{arn}/converse"
        async with session.post(plain, json=talk("Say: hi")) as response:
            body = await response.json()
    assert (await ask(sim, talk("Say: hi"), model=arn)).json == body
