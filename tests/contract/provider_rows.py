"""The row that every provider brings to the contract, and how its LLM is made of it.

A provider is a folder of `core/llms/providers`; its row is `ROW` in `tests/contract/providers/<provider>.py`. A folder
without a row fails.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any, Final

import pytest

from core.llms.create import create_llm, list_providers
from core.llms.providers.base.implementation import BaseLLM
from core.llms.providers.base.rooms import Room
from tests.contract.wire_replies import Replies, reason_phrase
from tests.support.raw_server import Exchange, Handler, RawServer, raw_server

PROVIDERS: Final = tuple(list_providers())
NOWHERE: Final = "http://127.0.0.1:9"
CANARY: Final = "canary-8f3a51c07be94d26"


def _key_alone(key: str) -> Mapping[str, Any]:
    return {"api_key": key}


@dataclass(frozen=True)
class ProviderRow:
    """What the contract has to know of a provider that the code under test must not tell it.

    `model` is one that the provider lists, or any where it lists none. `replies` are the answers of each wire, by the
    name that `wire=` takes, the model's own first. `key_variables` each suffice as a credential (several names in one
    entry go together); `address_variable` holds an address. `credentials` are the ways to give one by arguments, each
    a function of the secret, the usual one first; `settings` are further arguments that a call needs, `addresses`
    those that hold an address, with its path at the server. `needs_key` is false where a server may ask for none.
    `beside` are answers to requests that are no call of the model, by the path's beginning. `reported_cost` are fields
    of the usage that say that a call cost half a dollar, where the vendor says so. `without_sdk` is the reason why no
    SDK's requests are compared with ours, where there is none.
    """

    provider: str
    model: str
    replies: Mapping[str, Replies]
    key_variables: tuple[str, ...]
    address_variable: str
    credentials: Mapping[str, Callable[[str], Mapping[str, Any]]] = field(
        default_factory=lambda: {"api_key": _key_alone}
    )
    settings: Mapping[str, Any] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)
    needs_key: bool = True
    beside: Mapping[str, bytes] = field(default_factory=dict)
    reported_cost: Mapping[str, Any] = field(default_factory=dict)
    without_sdk: str | None = None

    @property
    def module(self) -> ModuleType:
        """The provider's package."""
        return import_module(f"core.llms.providers.{self.provider}")

    @property
    def factory(self) -> Callable[..., BaseLLM]:
        """`create_<provider>_llm`."""
        factory: Callable[..., BaseLLM] = getattr(self.module, f"create_{self.provider}_llm")
        return factory

    @property
    def rooms(self) -> Mapping[str, Room]:
        """The provider's table of models."""
        return load_rooms(self.provider)

    def arguments(self, url: str, key: str = CANARY, credential: str | None = None, **options: Any) -> dict[str, Any]:
        """Arguments of the factory for a server at this address."""
        create = self.credentials[credential or next(iter(self.credentials))]
        return {**create(key), **self.place(url), **options}

    def place(self, url: str) -> dict[str, Any]:
        """Arguments of the factory for a server at this address, but for the credential."""
        addresses = {name: url + path for name, path in self.addresses.items()}
        return {"base_url": url, **addresses, **self.settings}

    def create(self, url: str, model: str | None = None, **options: Any) -> BaseLLM:
        """Make an LLM at this address; `key` and `credential` choose the secret and the way to give it."""
        return create_llm(f"{self.provider}/{model or self.model}", **self.arguments(url, **options))

    def replies_for(self, llm: BaseLLM) -> Replies:
        """The answers of the wire that an LLM speaks."""
        for name, replies in self.replies.items():
            if type(self.create(llm.connector.base_url, wire=name).wire) is type(llm.wire):
                return replies
        raise AssertionError(f"{self.provider}'s row has no replies for the wire {llm.wire.name}")


@cache
def load_row(provider: str) -> ProviderRow:
    """Return a provider's row. Raises `AssertionError` that says what is missing."""
    name = f"tests.contract.providers.{provider}"
    assert find_spec(name) is not None, f"{provider} has no row: write tests/contract/providers/{provider}.py"
    row: ProviderRow = import_module(name).ROW
    return row


@cache
def load_rooms(provider: str) -> Mapping[str, Room]:
    """Return a provider's table of models."""
    rooms: Mapping[str, Room] = import_module(f"core.llms.providers.{provider}.models").ROOMS
    return rooms


def list_wires() -> list[tuple[str, str]]:
    """Every provider with each of its wires; one without a row is there too, and fails where it is loaded."""
    found: list[tuple[str, str]] = []
    for provider in PROVIDERS:
        known = find_spec(f"tests.contract.providers.{provider}") is not None
        found.extend((provider, wire) for wire in (load_row(provider).replies if known else ["?"]))
    return found


EVERY_PROVIDER = pytest.mark.parametrize("provider", PROVIDERS)
EVERY_WIRE = pytest.mark.parametrize(("provider", "wire"), list_wires())


@asynccontextmanager
async def vendor(row: ProviderRow, handler: Handler) -> AsyncIterator[RawServer]:
    """A server whose calls of the model are the handler's; what the provider asks beside them is answered."""

    async def handle(exchange: Exchange) -> None:
        path = exchange.head.split(b" ", 2)[1].decode()
        body = next((body for begin, body in row.beside.items() if path.startswith(begin)), None)
        if body is None:
            await handler(exchange)
        else:
            server.exchanges.remove(exchange)
            await exchange.answer(body)

    async with raw_server(handle) as server:
        yield server


def answering(*bodies: bytes) -> Handler:
    """Answer the n-th call with the n-th body, further ones with the last."""
    count = 0

    async def handle(exchange: Exchange) -> None:
        nonlocal count
        count += 1
        await exchange.answer(bodies[min(count, len(bodies)) - 1])

    return handle


def failing(replies: Replies, status: int, message: str, *headers: str) -> Handler:
    """Answer every call with an error in the wire's own form."""
    own = [f"{name}: {value}" for name, value in replies.error_headers(status).items()]

    async def handle(exchange: Exchange) -> None:
        body = replies.error(status, message)
        await exchange.answer(body, f"{status} {reason_phrase(status)}", "application/json", *own, *headers)

    return handle


async def send_stream(exchange: Exchange, replies: Replies, *frames: bytes) -> None:
    """Begin a stream in the wire's own content type and send frames."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {replies.stream_type}\r\nConnection: close\r\n\r\n"
    await exchange.send(head.encode(), *frames)


def streaming(replies: Replies) -> Handler:
    """Answer every call with a whole stream."""

    async def handle(exchange: Exchange) -> None:
        await send_stream(exchange, replies, *replies.stream)
        exchange.writer.close()

    return handle
