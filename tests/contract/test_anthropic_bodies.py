"""What we send to Anthropic is what the vendor's SDK sends for the same call, field by field, save for what is listed.

Each reason is on the page of the provider, word for word.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import anthropic
import pytest

from core.llms.providers.anthropic import create_anthropic_llm
from tests.contract.anthropic_calls import ANSWER, CALLS, MODEL, Call
from tests.contract.capture import flatten
from tests.support.raw_server import Exchange, raw_server
from tests.unit.wires.anthropic_messages.streams import end, sse, start, text

PAGE = Path(__file__).parents[2] / "docs" / "providers" / "anthropic.md"
HEADERS = ("authorization", "x-api-key", "anthropic-version", "anthropic-beta", "content-type")
PERSON = '{"name": "Ada", "age": 36, "home": {"city": "London"}, "tags": []}'

CONTENT_TYPE_OF_GET = "A request without a body has `Content-Type: application/json` all the same."
NO_NULLS = "A null among the fields of an answer's block is not sent back."
DIFFERENCES: dict[str, dict[str, str]] = {
    "the list of models": {"headers.content-type": CONTENT_TYPE_OF_GET},
    "an answer goes back with results": {"body.messages[1].content[2].citations": NO_NULLS},
}


def fields_of(exchange: Exchange) -> dict[str, Any]:
    """Every leaf of a request by its place."""
    first, *lines = exchange.head.decode().strip().split("\r\n")
    method, target, _ = first.split(" ")
    named = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    url = urlsplit(target)
    whole = {
        "method": method,
        "path": url.path,
        "query": dict(parse_qsl(url.query)),
        "headers": {name: named[name] for name in HEADERS if name in named},
        "body": json.loads(exchange.body) if exchange.body else None,
    }
    return flatten(whole)


async def answer(exchange: Exchange) -> None:
    body = json.loads(exchange.body) if exchange.body else {}
    if body.get("stream"):
        await exchange.begin_stream()
        await exchange.send(sse(start(), *text(0, "Hi."), *end()))
        exchange.writer.close()
    elif b"count_tokens" in exchange.head:
        await exchange.answer(b'{"input_tokens": 5}')
    elif b"/v1/models" in exchange.head:
        card = {"type": "model", "id": MODEL, "display_name": "x", "created_at": "2026-01-01T00:00:00Z"}
        await exchange.answer(json.dumps({"data": [card], "has_more": False}).encode())
    else:
        said = {**ANSWER, "content": [{"type": "text", "text": PERSON}], "stop_reason": "end_turn"}
        await exchange.answer(json.dumps(said).encode())


async def send_both(call: Call) -> tuple[dict[str, Any], dict[str, Any]]:
    """Make a call with the vendor's SDK and with ours, and return what each sent."""
    received: list[dict[str, Any]] = []

    async def handle(exchange: Exchange) -> None:
        received.append(fields_of(exchange))
        await answer(exchange)

    async with raw_server(handle) as server:
        # Without certificates, since loading them takes most of a test's time.
        http_client = anthropic.DefaultAsyncHttpxClient(verify=False)
        settings: Any = {**call.their_settings, "base_url": server.url, "http_client": http_client}
        async with anthropic.AsyncAnthropic(max_retries=0, **settings) as client:
            await call.theirs(client)
        our_settings: Any = {**call.our_settings, "base_url": server.url}
        async with create_anthropic_llm(call.model, **our_settings) as llm:
            await call.ours(llm)
    theirs, ours = received
    return theirs, ours


@pytest.mark.parametrize("call", CALLS, ids=[call.name for call in CALLS])
async def test_request_is_the_vendors_but_for_the_listed_differences(call: Call) -> None:
    theirs, ours = await send_both(call)
    places = {place for place in {*theirs, *ours} if theirs.get(place) != ours.get(place)}
    listed = DIFFERENCES.get(call.name, {})
    unlisted = {place: (theirs.get(place), ours.get(place)) for place in sorted(places - set(listed))}
    assert not unlisted, f"differences (theirs, ours) that are not listed: {unlisted}"
    assert set(listed) == places, f"listed, but there no more: {set(listed) - places}"


def test_page_explains_every_listed_difference() -> None:
    page = " ".join(PAGE.read_text().split())
    reasons = {reason for places in DIFFERENCES.values() for reason in places.values()}
    assert {reason for reason in reasons if reason not in page} == set()
    assert set(DIFFERENCES) <= {call.name for call in CALLS}
