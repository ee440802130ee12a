"""What we send to Google is what google-genai sends for the same call, save for the differences listed.

The keys of its body are of two styles (`mime_type` beside `mimeType`), which the API takes alike: they are compared in
one. Keys within the caller's own JSON (schemas, arguments) are not touched.
"""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.contract.capture import Captured
from tests.contract.google_calls import CALLS, Call, create_our_llm, create_their_client
from tests.support.raw_server import Exchange, raw_server

PAGE = Path(__file__).parents[2] / "docs" / "providers" / "google.md"
HEADERS = ("authorization", "x-goog-api-key", "x-goog-user-project", "content-type")
OPAQUE = ("args", "response", "parametersJsonSchema", "responseJsonSchema", "labels")


def in_one_style(value: Any) -> Any:
    if isinstance(value, list):
        return [in_one_style(item) for item in value]
    if not isinstance(value, dict):
        return value
    styled: dict[str, Any] = {}
    for key, item in value.items():
        # `task_type` of predictions has but this style.
        name = key if key == "task_type" else re.sub(r"_([a-z])", lambda match: match[1].upper(), key)
        styled[name] = item if name in OPAQUE else in_one_style(item)
    return styled


async def answer(exchange: Exchange, path: str) -> None:
    vector = {"values": [1.0, 2.0]}
    replies: dict[str, Any] = {
        "batchEmbedContents": {"embeddings": [vector, vector]},
        "embedContent": {"embedding": vector},
        "predict": {"predictions": [{"embeddings": vector}, {"embeddings": vector}]},
        "countTokens": {"totalTokens": 1},
    }
    candidate = {"content": {"role": "model", "parts": [{"text": '{"city": "Oslo"}'}]}, "finishReason": "STOP"}
    reply = replies.get(path.rpartition(":")[2], {"candidates": [candidate]})
    if path.endswith(":streamGenerateContent"):
        await exchange.begin_stream()
        await exchange.send(b"data: " + json.dumps(reply).encode() + b"\r\n\r\n")
        exchange.writer.close()
    else:
        await exchange.answer(json.dumps({} if path.endswith("/models") else reply).encode())


async def send_both(call: Call) -> list[Captured]:
    """Make a call with the vendor's SDK and with ours, and return what each sent."""
    received: list[Captured] = []

    async def handle(exchange: Exchange) -> None:
        first, *lines = exchange.head.decode().strip().split("\r\n")
        method, target, _ = first.split(" ")
        named = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        url = urlsplit(target)
        headers = {name: named[name] for name in HEADERS if name in named}
        body = in_one_style(json.loads(exchange.body)) if exchange.body else None
        received.append(Captured(method, url.path, dict(parse_qsl(url.query)), headers, body))
        await answer(exchange, url.path)

    async with raw_server(handle) as server:
        with create_their_client(call, server.url) as client:
            await asyncio.to_thread(call.theirs, client)
        async with create_our_llm(call, server.url) as llm:
            await call.ours(llm)
    return received


@pytest.mark.filterwarnings("ignore:google/text-embedding-005:UserWarning")
@pytest.mark.parametrize("call", CALLS, ids=[call.name for call in CALLS])
async def test_request_is_the_vendors_but_for_the_listed_differences(call: Call) -> None:
    theirs, ours = (captured.fields() for captured in await send_both(call))
    differences = {
        place: (theirs.get(place), ours.get(place))
        for place in sorted({*theirs, *ours})
        if theirs.get(place) != ours.get(place)
    }
    unlisted = {place: values for place, values in differences.items() if place not in call.differences}
    assert not unlisted, f"differences (theirs, ours) that are not listed: {unlisted}"
    assert set(call.differences) == set(differences), "listed, but there no more"


def test_page_explains_every_listed_difference() -> None:
    page = " ".join(PAGE.read_text().split())
    reasons = {reason for call in CALLS for reason in call.differences.values()}
    assert {reason for reason in reasons if reason not in page} == set()
