"""The form of a comparison: one call made with the vendor's SDK and with ours, and who makes it. No call is here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import openai

from core.llms import Capability
from core.llms.providers.azure import create_azure_llm
from core.llms.providers.base.implementation import BaseLLM
from core.llms.providers.base.metadata import BaseMetadata
from core.llms.providers.openai import create_openai_llm
from core.llms.wires.openai_parameters import CHAT_PARAMS, REASONING_PARAMS

MODEL = "gpt-4.1-mini"
HELLO: list[dict[str, Any]] = [{"role": "user", "content": "Hello!"}]
KEY = "sk-contract"
API_VERSION = "2024-10-21"


class Place(Enum):
    """Whom both SDKs are set up for."""

    OPENAI = "OpenAI"
    OPENAI_ORGANISATION = "OpenAI with organisation and project"
    AZURE_V1 = "Azure's v1 route"
    AZURE_V1_TOKEN = "Azure's v1 route with an Entra ID token"
    AZURE_DATED = "Azure's dated route"
    AZURE_DATED_TOKEN = "Azure's dated route with an Entra ID token"


@dataclass(frozen=True)
class Call:
    """One call in both SDKs. `wire` and `metadata` are for ours, which else chooses by the model."""

    name: str
    theirs: Callable[[Any], Awaitable[Any]]
    ours: Callable[[BaseLLM], Awaitable[Any]]
    model: str = MODEL
    wire: str | None = None
    place: Place = Place.OPENAI
    metadata: type | None = None


class AudioMetadata(BaseMetadata):
    """A model that hears."""

    NAME = "openai-hears"
    MODEL_ID = "gpt-4o-audio-preview"
    PROVIDER = "openai"
    SUPPORTED_PARAMS = CHAT_PARAMS
    CAPABILITIES = {Capability.AUDIO_INPUT: True}


class AzureReasoningMetadata(BaseMetadata):
    """A model on Azure that reasons."""

    NAME = "azure-reasons"
    MODEL_ID = "gpt-5-mini"
    PROVIDER = "azure"
    SUPPORTED_PARAMS = REASONING_PARAMS
    REASONING_EFFORTS = ("low", "medium", "high")
    DEFAULT_REASONING_EFFORT = "medium"
    WIRE_NAMES = {"max_tokens": "max_completion_tokens"}


def chat(
    name: str,
    messages: Any = None,
    *,
    their_messages: Any = None,
    same: Mapping[str, Any] | None = None,
    ours: Mapping[str, Any] | None = None,
    theirs: Mapping[str, Any] | None = None,
    stream: bool = False,
    **facts: Any,
) -> Call:
    """A chat completion; `same` are options of the same name in both SDKs, `ours` and `theirs` those that differ."""
    model = facts.get("model", MODEL)
    said = HELLO if messages is None else messages
    their_options = {**(same or {}), **(theirs or {})}

    async def call_theirs(client: Any) -> None:
        answer = await client.chat.completions.create(
            model=model, messages=their_messages or said, **({"stream": True} if stream else {}), **their_options
        )
        if stream:
            async for _ in answer:
                continue

    return Call(name, call_theirs, _ours(said, {**(same or {}), **(ours or {})}, stream), wire="chat", **facts)


def responses(
    name: str,
    messages: Any = None,
    *,
    input: Any = None,
    same: Mapping[str, Any] | None = None,
    ours: Mapping[str, Any] | None = None,
    theirs: Mapping[str, Any] | None = None,
    stream: bool = False,
    **facts: Any,
) -> Call:
    """A call of the Responses API; `input` is the conversation in the vendor's form where it is not `messages`."""
    model = facts.get("model", MODEL)
    said = HELLO if messages is None else messages
    their_options = {**(same or {}), **(theirs or {})}

    async def call_theirs(client: Any) -> None:
        answer = await client.responses.create(
            model=model, input=said if input is None else input, **({"stream": True} if stream else {}), **their_options
        )
        if stream:
            async for _ in answer:
                continue

    return Call(name, call_theirs, _ours(said, {**(same or {}), **(ours or {})}, stream), wire="responses", **facts)


def _ours(messages: Any, options: dict[str, Any], stream: bool) -> Callable[[BaseLLM], Awaitable[Any]]:
    async def call_ours(llm: BaseLLM) -> None:
        if stream:
            await llm.stream_answer(messages, **options).get_response()
        else:
            await llm.get_answer(messages, **options)

    return call_ours


def create_their_client(call: Call, url: str) -> openai.AsyncOpenAI:
    """The vendor's client, as its documentation sets it up for the place."""
    # Without certificates, since loading them takes most of a test's time.
    options: dict[str, Any] = {"max_retries": 0, "http_client": openai.DefaultAsyncHttpxClient(verify=False)}
    azure = {"azure_endpoint": url, "api_version": API_VERSION, **options}
    match call.place:
        case Place.OPENAI:
            return openai.AsyncOpenAI(api_key=KEY, base_url=f"{url}/v1", **options)
        case Place.OPENAI_ORGANISATION:
            options |= {"organization": "org-1", "project": "proj_1"}
            return openai.AsyncOpenAI(api_key=KEY, base_url=f"{url}/v1", **options)
        case Place.AZURE_V1:
            return openai.AsyncOpenAI(api_key=KEY, base_url=f"{url}/openai/v1/", **options)
        case Place.AZURE_V1_TOKEN:
            return openai.AsyncOpenAI(api_key=_token, base_url=f"{url}/openai/v1/", **options)
        case Place.AZURE_DATED:
            return openai.AsyncAzureOpenAI(api_key=KEY, **azure)
        case Place.AZURE_DATED_TOKEN:
            return openai.AsyncAzureOpenAI(azure_ad_token_provider=_token, **azure)


def create_our_llm(call: Call, url: str) -> BaseLLM:
    """Our LLM for the same place. On Azure the vendor's SDK calls a deployment the model."""
    options: dict[str, Any] = {"metadata": call.metadata, "wire": call.wire}
    azure = {"endpoint": url, "deployment_name": call.model, **options}
    match call.place:
        case Place.OPENAI:
            return create_openai_llm(call.model, api_key=KEY, base_url=f"{url}/v1", **options)
        case Place.OPENAI_ORGANISATION:
            options |= {"organization": "org-1", "project": "proj_1"}
            return create_openai_llm(call.model, api_key=KEY, base_url=f"{url}/v1", **options)
        case Place.AZURE_V1:
            return create_azure_llm(MODEL, api_key=KEY, **azure)
        case Place.AZURE_V1_TOKEN:
            return create_azure_llm(MODEL, token_provider=_token, **azure)
        case Place.AZURE_DATED:
            return create_azure_llm(MODEL, api_key=KEY, api_version=API_VERSION, **azure)
        case Place.AZURE_DATED_TOKEN:
            return create_azure_llm(MODEL, token_provider=_token, api_version=API_VERSION, **azure)


async def _token() -> str:
    return "token-contract"
