"""What every provider's connections do alike: shared, closed once, freed by a cancellation, honest about a cut."""

from __future__ import annotations

import asyncio
import gc
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pytest

from core.llms import (
    NO_RETRY,
    ConfigurationError,
    ProtocolError,
    StreamFinished,
    StreamInterruptedError,
    TextDelta,
)
from core.llms.providers.base.connector import BaseConnector
from tests.contract.provider_rows import (
    EVERY_PROVIDER,
    EVERY_WIRE,
    NOWHERE,
    ProviderRow,
    answering,
    send_stream,
    streaming,
    vendor,
)
from tests.support.raw_server import Exchange, RawServer
from tests.support.settling import connections_gone, tasks_gone

pytestmark = pytest.mark.usefixtures("bare_environment")


@asynccontextmanager
async def answering_vendor(row: ProviderRow) -> AsyncIterator[RawServer]:
    async with vendor(row, answering(next(iter(row.replies.values())).answer)) as server:
        yield server


@contextmanager
def nothing_unclosed() -> Iterator[None]:
    """Fail where anything is said to be unclosed: as a warning, or to the event loop's handler."""
    said: list[Any] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: said.append(context))
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            yield
            gc.collect()
        assert [*said, *(str(warning.message) for warning in caught)] == []
    finally:
        loop.set_exception_handler(None)


@EVERY_PROVIDER
async def test_same_credentials_share_a_connector_and_others_do_not(row: ProviderRow) -> None:
    first, second = row.create(NOWHERE), row.create(NOWHERE)
    assert first.connector is second.connector
    assert row.create(NOWHERE, key="another").connector is not first.connector
    assert row.create(f"{NOWHERE}/elsewhere").connector is not first.connector


@EVERY_PROVIDER
async def test_last_lease_closes_the_connector(row: ProviderRow) -> None:
    async with answering_vendor(row) as server:
        first, second = row.create(server.url), row.create(server.url)
        await first.get_answer("Hi")
        await first.aclose()
        assert (await second.get_answer("Hi")).text == "Hello"
        assert server.connections == 1
        await second.aclose()
        await connections_gone(server)
        async with row.create(server.url) as third:
            assert (await third.get_answer("Hi")).text == "Hello"


@EVERY_PROVIDER
async def test_connector_that_was_passed_stays_the_caller_s(row: ProviderRow) -> None:
    async with answering_vendor(row) as server:
        made: Any = type(row.create(NOWHERE).connector)
        connector: BaseConnector = made(row.arguments(server.url))
        for _ in range(2):
            async with row.factory(row.model, connector=connector) as llm:
                assert llm.connector is connector
                assert (await llm.get_answer("Hi")).text == "Hello"
        assert server.connections == server.open_connections == 1
        await connector.aclose()
        await connections_gone(server)


@EVERY_PROVIDER
async def test_closing_is_quiet_and_final(row: ProviderRow) -> None:
    async with answering_vendor(row) as server:
        with nothing_unclosed():
            llm = row.create(server.url)
            await llm.get_answer("Hi")
            await llm.aclose()
            await llm.aclose()
            await connections_gone(server)
            sent = len(server.exchanges)
            for refused in (llm.get_answer("Hi"), llm.stream_answer("Hi").get_response(), llm.list_models()):
                with pytest.raises(ConfigurationError, match="this LLM was closed"):
                    await refused
            assert len(server.exchanges) == sent
            del llm


@EVERY_PROVIDER
async def test_dropped_llm_closes_without_a_warning(row: ProviderRow) -> None:
    async with answering_vendor(row) as server:
        with nothing_unclosed():
            llm = row.create(server.url)
            await llm.get_answer("Hi")
            del llm
            gc.collect()
            await connections_gone(server)


@EVERY_WIRE
async def test_stream_ends_with_the_whole_response(row: ProviderRow, wire: str) -> None:
    async with (
        vendor(row, streaming(row.replies[wire])) as server,
        row.create(server.url, wire=wire) as llm,
        llm.stream_answer("Hi", max_tokens=100) as stream,
    ):
        events = [event async for event in stream]
    assert [event.text for event in events if isinstance(event, TextDelta)] == ["Hel", "lo"]
    assert isinstance(events[-1], StreamFinished)
    response = stream.response
    assert (response.text, response.finish_reason.unified, response.provider) == ("Hello", "stop", row.provider)
    assert (response.usage.input_tokens, response.usage.output_tokens) == (10, 5)


@EVERY_WIRE
async def test_stream_that_is_left_frees_its_socket(row: ProviderRow, wire: str) -> None:
    replies = row.replies[wire]
    gone: list[int] = []

    async def hang(exchange: Exchange) -> None:
        await send_stream(exchange, replies, *replies.stream[: -replies.proof_frames])
        await exchange.client_gone()
        gone.append(exchange.number)

    async with vendor(row, hang) as server, row.create(server.url, wire=wire) as llm:
        known = asyncio.all_tasks()
        async with llm.stream_answer("Hi") as stream:
            async for event in stream:
                if isinstance(event, TextDelta):
                    break
        await connections_gone(server)

        arrived = asyncio.Event()

        async def consume() -> None:
            async for event in llm.stream_answer("Hi"):
                if isinstance(event, TextDelta):
                    arrived.set()

        task = asyncio.create_task(consume())
        await arrived.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await connections_gone(server)
        assert gone == [1, 2]
        await tasks_gone(known)


@EVERY_WIRE
async def test_stream_without_its_end_is_an_error_wherever_it_is_cut(row: ProviderRow, wire: str) -> None:
    replies = row.replies[wire]
    whole = b"".join(replies.stream)
    proof = len(b"".join(replies.stream[-replies.proof_frames :]))
    ends = [len(b"".join(replies.stream[:count])) for count in range(len(replies.stream) - replies.proof_frames + 1)]
    cuts = sorted({*ends, *(end + 7 for end in ends if end + 7 < len(whole) - proof), len(whole) - proof + proof // 2})
    if replies.proof_frames > 1:
        cuts.pop()

    async def cut(exchange: Exchange) -> None:
        await send_stream(exchange, replies, whole[: cuts[exchange.number - 1]])
        exchange.writer.close()

    async with (
        vendor(row, cut) as server,
        row.create(server.url, wire=wire, retry=NO_RETRY) as llm,
    ):
        for place in cuts:
            with pytest.raises((StreamInterruptedError, ProtocolError)) as caught:
                await llm.stream_answer("Hi").get_response()
            error = caught.value
            assert error.provider == row.provider, place
            if isinstance(error, StreamInterruptedError):
                assert "Hello".startswith(error.partial.text)
        assert len(server.exchanges) == len(cuts)
