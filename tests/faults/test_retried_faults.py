"""Faults that happen once: what broke before anything reached the caller is tried again; proxies that are not asked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tenacity import wait_none

from core.llms import ConnectionLostError, LLMContext, ProtocolError, RetryPolicy, TransportOptions
from core.llms.providers.openai import create_openai_llm
from tests.faults.harness import FRESH_SEED, MODEL, ask, check
from tests.faults.matrix.fault import Ending, Fault, Interrupted, Send, body_for, head, whole
from tests.faults.matrix.http import refuse_proxying
from tests.faults.matrix.places import PROXIES
from tests.faults.matrix.table import FAULTS
from tests.support.raw_server import Exchange, raw_server

BOTH = pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
BREAKING = {
    fault.name: fault
    for fault in FAULTS
    if fault.name
    in (
        "reset once the request is there",
        "end in the head",
        "reset in the head",
        "chunked body without its end",
        "close-delimited body cut",
    )
}


@BOTH
@pytest.mark.parametrize("seed", [None, FRESH_SEED], ids=["at once", "fresh"])
@pytest.mark.parametrize("broken", BREAKING.values(), ids=str)
async def test_answer_comes_after_one_broken_connection_unless_a_stream_had_begun(
    broken: Fault, seed: int | None, streamed: bool
) -> None:
    async def first_broken(exchange: Exchange, send: Send) -> None:
        if exchange.number == 1:
            await broken.serve(exchange, send)
        else:
            await send(head(exchange, "Connection: close") + body_for(exchange, "Half", " whole"))
            exchange.writer.close()

    had_begun = streamed and broken.number in (14, 15)
    cause = ProtocolError if broken.number == 15 else ConnectionLostError
    ending: Ending = Interrupted("Half", cause) if had_begun else "Half whole"
    once = replace(broken, serve=first_broken, whole=ending, streamed=ending, requests=1 if had_begun else 2)
    await check(replace(once, retry=RetryPolicy(wait=wait_none())), streamed, seed)


@BOTH
async def test_proxy_of_the_environment_is_opt_in_and_has_exceptions(
    monkeypatch: pytest.MonkeyPatch, streamed: bool
) -> None:
    async def serve(exchange: Exchange) -> None:
        await whole(exchange, exchange.send)

    async def refuse(exchange: Exchange) -> None:
        await refuse_proxying(exchange, exchange.send)

    for name in (*PROXIES, "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    async with raw_server(refuse) as proxy, raw_server(serve) as server:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        for trust in (False, True):
            if trust:
                monkeypatch.setenv("NO_PROXY", "127.0.0.1")
            transport = TransportOptions(trust_env=trust)
            async with create_openai_llm(MODEL, api_key="k", base_url=server.url, transport=transport) as llm:
                assert await ask(llm, streamed, LLMContext(timeout_seconds=2)) == "Hello"
    assert proxy.connections == 0
    assert len(server.exchanges) == 2
