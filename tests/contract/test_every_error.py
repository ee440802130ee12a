"""What every provider's errors say alike: their class, what they carry, how often was tried, and no secret."""

from __future__ import annotations

import asyncio
import logging
import warnings
from typing import Final

import pytest
from tenacity import wait_none

from core.llms import (
    APIError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    ConnectionLostError,
    LLMError,
    NotFoundError,
    OverloadedError,
    PermissionDeniedError,
    RateLimitError,
    RequestTooLargeError,
    RetryPolicy,
    ServerError,
)
from tests.contract.provider_rows import (
    CANARY,
    EVERY_WIRE,
    PROVIDERS,
    ProviderRow,
    answering,
    failing,
    load_row,
    streaming,
    vendor,
)
from tests.support.raw_server import Exchange
from tests.support.witness import Witness

pytestmark = pytest.mark.usefixtures("bare_environment")
AT_ONCE: Final = RetryPolicy(wait=wait_none())
# The class of each status, and how often such a call is tried.
STATUSES: Final[dict[int, tuple[type[APIError], int]]] = {
    400: (BadRequestError, 1),
    401: (AuthenticationError, 1),
    403: (PermissionDeniedError, 1),
    404: (NotFoundError, 1),
    408: (ServerError, 3),
    409: (ConflictError, 3),
    413: (RequestTooLargeError, 1),
    422: (BadRequestError, 1),
    429: (RateLimitError, 3),
    500: (ServerError, 3),
    503: (OverloadedError, 3),
    529: (OverloadedError, 3),
}
ASKED_TO_WAIT: Final = (429, 503)


@pytest.mark.parametrize("status", STATUSES)
@EVERY_WIRE
async def test_status_becomes_the_right_error(row: ProviderRow, wire: str, status: int) -> None:
    replies, (kind, tries) = row.replies[wire], STATUSES[status]
    headers = [f"{replies.request_id_header}: id-1"] if replies.request_id_header else []
    if status in ASKED_TO_WAIT and not replies.retry_after_in_body:
        headers.append("Retry-After: 0.01")
    async with (
        vendor(row, failing(replies, status, "It went wrong.", *headers)) as server,
        row.create(server.url, wire=wire, retry=AT_ONCE) as llm,
    ):
        for failing_call in (llm.get_answer("Hi"), llm.stream_answer("Hi").get_response()):
            server.exchanges.clear()
            with pytest.raises(APIError) as caught:
                await failing_call
            error = caught.value
            assert type(error) is kind
            assert (error.provider, error.model, error.status) == (row.provider, llm.model, status)
            assert error.request_id == ("id-1" if replies.request_id_header else None)
            assert error.retry_after_seconds == (0.01 if status in ASKED_TO_WAIT else None)
            assert "It went wrong." in str(error)
            assert len(server.exchanges) == len(error.attempts) == tries
            assert {attempt.outcome for attempt in error.attempts} == {kind.__name__}


def list_credentials() -> list[tuple[str, str]]:
    return [(provider, name) for provider in PROVIDERS for name in load_row(provider).credentials]


@pytest.mark.parametrize(("provider", "credential"), list_credentials())
async def test_secret_shows_nowhere(row: ProviderRow, credential: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    asyncio.get_running_loop().set_debug(True)
    witness = Witness()
    replies = next(iter(row.replies.values()))

    async def lose(exchange: Exchange) -> None:
        exchange.reset()

    handlers = (
        answering(replies.answer),
        streaming(replies),
        failing(replies, 401, f"Incorrect key: {CANARY}"),
        failing(replies, 500, CANARY),
        answering(f"<html>{CANARY}</html>".encode()),
        lose,
    )
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for handler in handlers:
            async with (
                vendor(row, handler) as server,
                row.create(server.url, credential=credential, retry=AT_ONCE) as llm,
            ):
                for call in (llm.get_answer("Hi"), llm.stream_answer("Hi").get_response(), llm.list_models()):
                    try:
                        witness.see("response", await call)
                    except LLMError as error:
                        witness.see_error(error)
                for what, value in {"llm": llm, "connector": llm.connector, "auth": llm.connector.auth}.items():
                    witness.see(what, value)
                witness.see("config", getattr(llm.connector, "config", None))
                lines = [exchange.head.partition(b"\r\n")[0] for exchange in server.exchanges]
                witness.see("request lines", lines)
                assert lines
    witness.see("warnings", [str(warning.message) for warning in caught])
    for record in caplog.records:
        witness.see("log record", record.__dict__)
        witness.seen[f"log of {record.name}: {record.msg}"] = record.getMessage()
    assert {"AuthenticationError", ConnectionLostError.__name__} <= {place.rpartition(" ")[2] for place in witness.seen}
    assert witness.where(CANARY) == []
