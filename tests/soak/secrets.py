"""A canary for a key, at every provider: where it shows after answers, refusals, cuts, nonsense and redirects."""

from __future__ import annotations

import asyncio
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from tenacity import wait_none

from core.llms import LLMError, RetryPolicy
from tests.contract.provider_rows import CANARY, PROVIDERS, ProviderRow, answering, failing, load_row, streaming, vendor
from tests.soak.figure import Figure
from tests.support.raw_server import Exchange, Handler
from tests.support.witness import Witness


@contextmanager
def listening_to_logs(witness: Witness) -> Iterator[None]:
    """Let a witness see every log record, and every warning, of a block."""

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            witness.see(f"log record of {record.name}", record.__dict__)
            witness.seen[f"log of {record.name}: {record.msg}"] = record.getMessage()

    root, ear = logging.getLogger(), Ear()
    level = root.level
    root.addHandler(ear)
    root.setLevel(logging.DEBUG)
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            yield
        witness.see("warnings", [str(warning.message) for warning in caught])
    finally:
        root.removeHandler(ear)
        root.setLevel(level)


def redirecting(url: str) -> Handler:
    """Redirect to another origin."""

    async def handle(exchange: Exchange) -> None:
        await exchange.answer(b"", "307 Temporary Redirect", "text/plain", f"Location: {url}/elsewhere")

    return handle


async def lose(exchange: Exchange) -> None:
    exchange.reset()


def handlers_of(row: ProviderRow, elsewhere: str) -> list[Handler]:
    """What the vendor does: right answers, errors that repeat the key, and what is no answer at all."""
    replies = next(iter(row.replies.values()))
    return [
        answering(replies.answer),
        streaming(replies),
        failing(replies, 401, f"Incorrect key: {CANARY}"),
        failing(replies, 500, CANARY),
        answering(f"<html>{CANARY}</html>".encode()),
        redirecting(elsewhere),
        lose,
    ]


async def see_everything(row: ProviderRow, credential: str, witness: Witness) -> int:
    """Call a vendor in every way with a canary for a key; returns how many requests it got."""
    requests = 0

    async def not_me(exchange: Exchange) -> None:
        witness.seen["request to another origin"] = f"{CANARY} {exchange.head!r}"

    async with vendor(row, not_me) as elsewhere:
        for handler in handlers_of(row, elsewhere.url):
            async with (
                vendor(row, handler) as server,
                row.create(server.url, credential=credential, retry=RetryPolicy(wait=wait_none())) as llm,
            ):
                for call in (llm.get_answer("Hi"), llm.stream_answer("Hi").get_response()):
                    try:
                        witness.see("response", await call)
                    except LLMError as error:
                        witness.see_error(error)
                for what, value in {"llm": llm, "connector": llm.connector, "auth": llm.connector.auth}.items():
                    witness.see(what, value)
                witness.see("request lines", [exchange.head.partition(b"\r\n")[0] for exchange in server.exchanges])
                requests += len(server.exchanges)
    return requests


async def measure(share: float) -> list[Figure]:
    """Look for the canary at every provider, with each way to give it a credential; a share has every so manieth."""
    asyncio.get_running_loop().set_debug(True)
    ways = [(load_row(provider), credential) for provider in PROVIDERS for credential in load_row(provider).credentials]
    chosen = ways[:: max(1, round(1 / share))]
    hits: list[str] = []
    places = requests = 0
    for row, credential in chosen:
        witness = Witness()
        with listening_to_logs(witness):
            requests += await see_everything(row, credential, witness)
        places += len(witness.seen)
        hits += [f"{row.provider}: {place}" for place in witness.where(CANARY)]
    measured = (
        f"{len(hits)} in {places:,} texts of {requests:,} requests to {len({row.provider for row, _ in chosen})} "
    )
    measured += "providers" + "".join(f"; {hit}" for hit in hits[:5])
    promise = "0 hits in logs, repr, pickle, tracebacks, warnings, URLs, redirects"
    return [Figure("A key that shows", promise, measured, not hits and requests >= 7 * len(chosen))]
