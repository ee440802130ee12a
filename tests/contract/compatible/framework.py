"""How a call is made with a vendor's SDK and with ours, and what each sent. No vendor is here, and no call."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

from core.llms.create import create_llm
from core.llms.providers.base.implementation import BaseLLM
from tests.contract.capture import Captured, capturing

KEY: Final = "sk-contract"
USER: Final[dict[str, Any]] = {"role": "user", "content": "Hello!"}


async def complete_as_openai(client: Any, body: dict[str, Any]) -> None:
    """Make a chat completion with an SDK that has OpenAI's names."""
    await drain(await client.chat.completions.create(**body), body)


async def respond_as_openai(client: Any, body: dict[str, Any]) -> None:
    """Make a call of the Responses API with an SDK that has OpenAI's names."""
    said = {"input" if name == "messages" else name: value for name, value in body.items()}
    await drain(await client.responses.create(**said), said)


async def drain(answer: Any, body: dict[str, Any]) -> None:
    """Read a stream to its end; a whole answer is here already."""
    if body.get("stream", False):
        async for _ in answer:
            continue


@dataclass(frozen=True)
class Vendor:
    """One vendor: its model here, where its API begins, its SDK's client for an address, and how that completes."""

    name: str
    model: str
    path: str
    create_client: Callable[[str], Any]
    complete: Callable[[Any, dict[str, Any]], Awaitable[None]] = complete_as_openai
    wire: str = "chat"
    key: str = KEY


@dataclass(frozen=True)
class Call:
    """One call in both SDKs; a difference is a place in the request and its reason."""

    vendor: Vendor
    name: str
    theirs: Callable[[Any], Awaitable[Any]]
    ours: Callable[[BaseLLM], Awaitable[Any]]
    differences: dict[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return f"{self.vendor.name}: {self.name}"


def chat(vendor: Vendor, name: str, theirs: dict[str, Any], ours: dict[str, Any], **differences: str) -> Call:
    """A completion, of one message where a side says no other."""
    return Call(
        vendor,
        name,
        lambda client: vendor.complete(client, {"model": vendor.model, "messages": [USER], **theirs}),
        lambda llm: _answer(llm, ours),
        differences,
    )


async def _answer(llm: BaseLLM, request: dict[str, Any]) -> None:
    options = {**request}
    messages, streamed = options.pop("messages", [USER]), options.pop("stream", False)
    if streamed:
        await llm.stream_answer(messages, **options).get_response()
    else:
        await llm.get_answer(messages, **options)


def embed(vendor: Vendor, name: str, theirs: dict[str, Any], ours: dict[str, Any], **differences: str) -> Call:
    """Vectors of two texts, by an SDK that has OpenAI's names."""
    texts = ["Hello", "world"]
    return Call(
        vendor,
        name,
        lambda client: client.embeddings.create(model=vendor.model, input=texts, **theirs),
        lambda llm: llm.embed(texts, **ours),
        differences,
    )


def models(vendor: Vendor, **differences: str) -> Call:
    """The list of models."""
    return Call(vendor, "models", lambda client: client.models.list(), lambda llm: llm.list_models(), differences)


async def send_both(call: Call) -> tuple[Captured, Captured]:
    """Make a call with the vendor's SDK and with ours, and return what each sent."""
    vendor = call.vendor
    async with capturing() as capture:
        async with vendor.create_client(capture.url) as client:
            await call.theirs(client)
        theirs = capture.take()
        options = {"api_key": vendor.key, "base_url": capture.url + vendor.path, "wire": vendor.wire}
        async with create_llm(f"{vendor.name}/{vendor.model}", **options) as llm:
            await call.ours(llm)
        return theirs, capture.take()
