"""The exchange of a key for tokens, over a real socket: one for all, ahead of its end, again where it is refused."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import multiprocessing
from collections.abc import Iterator
from time import monotonic, time
from typing import Any

import pytest

from core.llms import APIError, AuthenticationError, LLMContext, LLMTimeoutError, ServerError
from core.llms.errors import Certainty, ConnectError, ConnectionLostError, DeadlineExceededError, ProtocolError
from core.llms.providers.base.transport import Timeouts, TransportOptions
from core.llms.providers.watsonx import WatsonxBaseLLM, create_watsonx_llm
from core.llms.runtime.retry import NO_RETRY
from tests.support.clocks import stopwatch
from tests.support.raw_server import Exchange
from tests.support.watsonx_server import EXPIRED, Service, bearer, form, watsonx_server

MODEL = "ibm/granite-4-h-small"
BAD_KEY = {
    "errorCode": "BXNIM0415E",
    "errorMessage": "Provided API key could not be found.",
    "context": {"requestId": "iam-7", "requestType": "incoming.ApiKey_Login"},
}


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return monotonic() + self.ahead


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    moved = Clock()
    monkeypatch.setattr("core.llms.providers.watsonx.auth.monotonic", moved)
    return moved


def make(service: Service, **options: Any) -> WatsonxBaseLLM:
    return create_watsonx_llm(MODEL, **{**service.options, **options})


async def test_key_is_exchanged_as_ibm_s_own_sdk_does() -> None:
    async with watsonx_server() as service, make(service) as llm:
        await llm.get_answer("Hi")
        (exchange,) = service.exchanges
        assert exchange.head.startswith(b"POST /identity/token HTTP/1.1")
        assert b"Content-Type: application/x-www-form-urlencoded\r\n" in exchange.head
        assert b"Authorization: Basic Yng6Yng=\r\n" in exchange.head
        assert form(exchange) == {"apikey": "key-1", "grant_type": "urn:ibm:params:oauth:grant-type:apikey"}
        assert [bearer(chat) for chat in service.chats] == ["token-1"]


async def test_many_callers_wait_for_one_exchange_and_share_its_token() -> None:
    async with watsonx_server() as service, make(service) as llm, make(service) as other:
        await asyncio.gather(*(each.get_answer("Hi") for each in [llm, other] * 10))
        assert len(service.exchanges) == 1
        assert {bearer(chat) for chat in service.chats} == {"token-1"}


async def test_token_is_renewed_ahead_of_its_end_while_calls_go_on(clock: Clock) -> None:
    async with watsonx_server() as service, make(service) as llm:
        await llm.get_answer("Hi")
        clock.ahead = 44 * 60
        await llm.get_answer("Hi")
        assert len(service.exchanges) == 1
        clock.ahead = 46 * 60
        await llm.get_answer("Hi")
        assert {bearer(chat) for chat in service.chats} == {"token-1"}
        while bearer(service.chats[-1]) == "token-1":
            await llm.get_answer("Hi")
        assert len(service.exchanges) == 2


async def test_token_that_has_ended_is_waited_for(clock: Clock) -> None:
    async with watsonx_server() as service, make(service) as llm:
        await llm.get_answer("Hi")
        clock.ahead = 3_595
        await llm.get_answer("Hi")
        assert [bearer(chat) for chat in service.chats] == ["token-1", "token-2"]


async def test_failed_renewal_leaves_the_token_in_use_and_is_tried_again_later(clock: Clock) -> None:
    async with watsonx_server() as service, make(service, retry=NO_RETRY) as llm:
        await llm.get_answer("Hi")

        async def fail(exchange: Exchange) -> None:
            await exchange.answer(b"{}", "503 Service Unavailable")

        service.exchange, clock.ahead = fail, 46 * 60
        for expected in (2, 2, 3):
            await llm.get_answer("Hi")
            while len(service.exchanges) < expected:
                await asyncio.sleep(0)
            await llm.get_answer("Hi")
            assert len(service.exchanges) == expected
            clock.ahead += 5.5
        assert {bearer(chat) for chat in service.chats} == {"token-1"}


@pytest.mark.parametrize("said", ["claims", "expiration"])
async def test_end_of_a_token_is_read_wherever_it_is_said(said: str, clock: Clock) -> None:
    claims = {"iat": 1_000, "exp": 1_900}
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    answers = {
        "claims": {"token": f"e30.{payload}.sig"},
        "expiration": {"access_token": "opaque", "expiration": int(time()) + 900},
    }
    async with watsonx_server() as service, make(service) as llm:

        async def give(exchange: Exchange) -> None:
            await exchange.answer(json.dumps(answers[said]).encode())

        service.exchange = give
        await llm.get_answer("Hi")
        clock.ahead = 590
        await llm.get_answer("Hi")
        assert len(service.exchanges) == 1
        clock.ahead = 895
        await llm.get_answer("Hi")
        assert len(service.exchanges) == 2


async def test_expired_token_is_renewed_once_and_the_request_sent_again() -> None:
    async with watsonx_server() as service, make(service, retry=NO_RETRY) as llm:
        service.refused = {"token-1"}
        response = await llm.get_answer("Hi")
        assert response.text == "Hi"
        assert len(response.attempts) == 1
        assert [bearer(chat) for chat in service.chats] == ["token-1", "token-2"]


async def test_expired_token_is_renewed_before_a_stream() -> None:
    async with watsonx_server() as service, make(service, retry=NO_RETRY) as llm:
        service.refused = {"token-1"}
        assert (await llm.stream_answer("Hi").get_response()).text == "Hi"
        assert [bearer(chat) for chat in service.chats] == ["token-1", "token-2"]


async def test_many_callers_with_an_expired_token_share_the_new_one() -> None:
    async with watsonx_server() as service, make(service, retry=NO_RETRY) as llm:
        await llm.get_answer("Hi")
        service.refused = {"token-1"}
        await asyncio.gather(*(llm.get_answer("Hi") for _ in range(10)))
        assert len(service.exchanges) == 2


async def test_refusal_that_comes_late_finds_the_token_renewed_already() -> None:
    async with watsonx_server() as service, make(service, retry=NO_RETRY) as llm:
        await llm.get_answer("Hi")
        arrived, go_on = asyncio.Event(), asyncio.Event()

        async def refuse_late(exchange: Exchange) -> None:
            service.chat = None
            arrived.set()
            await go_on.wait()
            await exchange.answer(json.dumps(EXPIRED).encode(), "401 Unauthorized")

        service.chat = refuse_late
        late = asyncio.create_task(llm.get_answer("Hi"))
        await arrived.wait()
        service.refused = {"token-1"}
        await llm.get_answer("Hi")
        go_on.set()
        assert (await late).text == "Hi"
        assert len(service.exchanges) == 2


async def test_fresh_token_that_is_refused_too_ends_in_an_error_and_in_no_storm(clock: Clock) -> None:
    async with watsonx_server() as service, make(service, retry=NO_RETRY) as llm:
        service.refused = {f"token-{number}" for number in range(1, 10)}
        for _ in range(3):
            with pytest.raises(AuthenticationError) as caught:
                await llm.get_answer("Hi")
            assert (caught.value.code, caught.value.request_id) == ("authentication_token_expired", "trace-1")
        assert len(service.exchanges) == 2
        clock.ahead = 61
        with pytest.raises(AuthenticationError):
            await llm.get_answer("Hi")
        assert len(service.exchanges) == 3


async def test_bad_key_is_an_authentication_error_that_names_the_problem() -> None:
    async with watsonx_server() as service, make(service) as llm:

        async def refuse(exchange: Exchange) -> None:
            await exchange.answer(json.dumps(BAD_KEY).encode(), "400 Bad Request")

        service.exchange = refuse
        with pytest.raises(AuthenticationError) as caught:
            await llm.get_answer("Hi")
        assert len(service.exchanges) == 1
        assert service.chats == []
    error = caught.value
    assert error.message == "the credential was refused: Provided API key could not be found."
    assert (error.status, error.code, error.request_id) == (400, "BXNIM0415E", "iam-7")
    assert (error.provider, error.model) == ("watsonx", MODEL)


async def test_key_never_shows_in_an_error_or_a_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    key = "canary-key-0123456789"
    async with watsonx_server() as service, make(service, api_key=key, retry=NO_RETRY) as llm:

        async def echo(exchange: Exchange) -> None:
            told = {"errorCode": "X", "errorMessage": f"no such key: {form(exchange)['apikey']}"}
            await exchange.answer(json.dumps(told).encode(), "400 Bad Request")

        service.exchange = echo
        with pytest.raises(AuthenticationError) as caught:
            await llm.get_answer("Hi")
        seen = [str(caught.value), repr(caught.value), repr(caught.value.body), caplog.text]
        seen += [repr(llm.connector), repr(llm.connector.auth), repr(llm.connector.identity)]
    assert not any(key in text for text in seen)


async def test_caller_that_gives_up_breaks_nothing_off_for_the_others() -> None:
    async with watsonx_server() as service, make(service) as llm:
        arrived, go_on = asyncio.Event(), asyncio.Event()

        async def give_late(exchange: Exchange) -> None:
            arrived.set()
            await go_on.wait()
            await service.give_token(exchange)

        service.exchange = give_late
        first = asyncio.create_task(llm.get_answer("Hi"))
        await arrived.wait()
        second = asyncio.create_task(llm.get_answer("Hi"))
        await asyncio.sleep(0)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        go_on.set()
        assert (await second).text == "Hi"
        assert len(service.exchanges) == 1


async def test_exchange_counts_within_the_one_deadline() -> None:
    async with watsonx_server() as service, make(service) as llm:
        hang = asyncio.Event()

        async def never(exchange: Exchange) -> None:
            await hang.wait()

        service.exchange = never
        async with stopwatch() as watch:
            with pytest.raises(DeadlineExceededError):
                await llm.get_answer("Hi", LLMContext(timeout_seconds=0.2))
            assert watch.own_seconds < 0.4


@pytest.mark.parametrize("limit", ["the connector's", "its own"])
async def test_exchange_has_the_connector_s_timeouts_and_a_shorter_limit(
    limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    timeouts = Timeouts(first_event=0.1) if limit == "the connector's" else None
    if timeouts is None:
        monkeypatch.setattr("core.llms.providers.watsonx.auth._EXCHANGE_SECONDS", 0.1)
    async with watsonx_server() as service, make(service, timeouts=timeouts, retry=NO_RETRY) as llm:
        hang = asyncio.Event()

        async def never(exchange: Exchange) -> None:
            await hang.wait()

        service.exchange = never
        with pytest.raises(LLMTimeoutError) as caught:
            await llm.get_answer("Hi")
    assert not isinstance(caught.value, DeadlineExceededError)


async def test_exchange_goes_through_the_connector_s_proxy_without_its_headers() -> None:
    async with watsonx_server() as service:
        transport = TransportOptions(proxy=service.server.url, headers={"X-Gateway": "secret-1"})
        options = {"iam_url": "http://iam.test/identity/token", "base_url": "http://wx.test", "transport": transport}
        async with make(service, **options) as llm:

            async def by_proxy(exchange: Exchange) -> None:
                if b"http://iam.test/identity/token " in exchange.head:
                    assert b"X-Gateway" not in exchange.head
                    await service.give_token(exchange)
                else:
                    assert b"X-Gateway: secret-1" in exchange.head
                    await exchange.answer(b"{}", "404 Not Found")

            service.handle = by_proxy  # type: ignore[method-assign]
            with pytest.raises(APIError):
                await llm.get_answer("Hi")
        heads = [exchange.head.split(b" ")[1] for exchange in service.server.exchanges]
    assert heads == [
        b"http://iam.test/identity/token",
        b"http://wx.test/ml/v1/text/chat?version=2026-10-14",
    ]


@pytest.mark.parametrize("failure", ["reset", "busy", "no token", "html"])
async def test_failed_exchange_is_tried_again_as_nothing_of_the_request_was_sent(failure: str) -> None:
    async with watsonx_server() as service, make(service) as llm:

        async def fail_once(exchange: Exchange) -> None:
            service.exchange = None
            match failure:
                case "reset":
                    exchange.reset()
                case "busy":
                    await exchange.answer(b"{}", "503 Service Unavailable", "application/json", "Retry-After: 0.01")
                case "no token":
                    await exchange.answer(b"{}")
                case "html":
                    await exchange.answer(b"<html></html>", content_type="text/html")

        service.exchange = fail_once
        response = await llm.get_answer("Hi")
        assert [attempt.outcome for attempt in response.attempts][1:] == ["ok"]
        assert response.attempts[0].maybe_charged is False
        assert len(service.chats) == 1


@pytest.mark.parametrize("error", [ConnectionLostError, ServerError, ProtocolError])
async def test_error_of_an_exchange_says_that_nothing_was_sent(error: type[Exception]) -> None:
    async with watsonx_server() as service, make(service, retry=NO_RETRY) as llm:

        async def fail(exchange: Exchange) -> None:
            if error is ConnectionLostError:
                exchange.reset()
            else:
                await exchange.answer(b"{}", "500 Oops" if error is ServerError else "200 OK")

        service.exchange = fail
        with pytest.raises(error) as caught:
            await llm.get_answer("Hi")
        assert getattr(caught.value, "certainty", None) is Certainty.NOT_SENT


async def test_identity_service_that_cannot_be_reached_is_a_connect_error() -> None:
    async with watsonx_server() as service, make(service, iam_url="http://127.0.0.1:9", retry=NO_RETRY) as llm:
        with pytest.raises(ConnectError, match=r"127\.0\.0\.1:9"):
            await llm.get_answer("Hi")


async def test_waiting_callers_get_errors_of_their_own() -> None:
    async with watsonx_server() as service, make(service, retry=NO_RETRY) as llm:

        async def refuse(exchange: Exchange) -> None:
            await exchange.answer(json.dumps(BAD_KEY).encode(), "400 Bad Request")

        service.exchange = refuse
        errors = await asyncio.gather(*(llm.get_answer("Hi") for _ in range(3)), return_exceptions=True)
        assert len({id(error) for error in errors}) == 3
        assert all(isinstance(error, AuthenticationError) and len(error.attempts) == 1 for error in errors)


@pytest.fixture
def served() -> Iterator[Service]:
    """A service in a loop of its own, in a thread, for callers that have several loops."""
    from threading import Thread

    loop = asyncio.new_event_loop()
    ready: asyncio.Future[Service] = loop.create_future()
    end = asyncio.Event()

    async def serve() -> None:
        async with watsonx_server() as service:
            ready.set_result(service)
            await end.wait()

    thread = Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    yield asyncio.run_coroutine_threadsafe(_result(ready), loop).result()
    loop.call_soon_threadsafe(end.set)
    thread.join()
    loop.close()


async def _result(ready: asyncio.Future[Service]) -> Service:
    return await ready


def test_token_serves_the_next_event_loop_too(served: Service) -> None:
    llm = make(served)

    async def ask() -> str:
        return (await llm.get_answer("Hi")).text

    assert [asyncio.run(ask()), asyncio.run(ask())] == ["Hi", "Hi"]
    assert len(served.exchanges) == 1


def test_fork_uses_the_token_and_can_renew_it(served: Service) -> None:
    llm = make(served)

    async def ask() -> str:
        return (await llm.get_answer("Hi")).text

    assert asyncio.run(ask()) == "Hi"
    served.refused = {"token-1"}
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    process = context.Process(target=lambda: queue.put(asyncio.run(ask())))
    process.start()
    assert queue.get(timeout=20) == "Hi"
    process.join()
    assert [bearer(chat) for chat in served.chats] == ["token-1", "token-1", "token-2"]
