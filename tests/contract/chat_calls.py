"""Calls of chat completions, at OpenAI and at Azure."""

from __future__ import annotations

import base64
from typing import Any, Literal

import openai
from pydantic import BaseModel

from core.llms import AudioPart, FilePart, ImagePart, ResponseFormat, ServerTool, TextPart, UserMessage
from core.llms.providers.base.implementation import BaseLLM
from tests.contract.calls import (
    HELLO,
    MODEL,
    AudioMetadata,
    AzureReasoningMetadata,
    Call,
    Place,
    chat,
)
from tests.support.sounds import sound
from tests.unit.simulator.pictures import data_url, picture

PICTURE = picture(4, 4)
PDF = b"%PDF-1.4\n%%EOF"
WAV = sound(0.01)
REASONER = "gpt-5.4"


class Home(BaseModel):
    city: str


class Person(BaseModel):
    name: str
    age: int
    home: Home
    tags: list[str]


class Described(BaseModel):
    """A person, with what is known."""

    name: str
    nickname: str | None = None
    age: int


class Weather(BaseModel):
    """Look the weather up."""

    city: str
    unit: Literal["celsius", "fahrenheit"]


def get_weather(city: str, unit: Literal["celsius", "fahrenheit"] = "celsius") -> str:
    """Look the weather up.

    Args:
        city: The city's name.
        unit: The scale.
    """
    return f"{city}: 20 {unit}"


WEATHER_PARAMETERS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "city": {"type": "string", "description": "The city's name."},
        "unit": {
            "type": "string",
            "enum": ["celsius", "fahrenheit"],
            "default": "celsius",
            "description": "The scale.",
        },
    },
    "required": ["city"],
    "additionalProperties": False,
}
WEATHER_FUNCTION = {
    "name": "get_weather",
    "description": "Look the weather up.",
    "parameters": WEATHER_PARAMETERS,
}
WEATHER_TOOL = {"type": "function", "function": WEATHER_FUNCTION}
CONVERSATION = [
    {"role": "system", "content": "Be brief."},
    {"role": "developer", "content": "Answer in English."},
    {"role": "user", "content": "Hello!", "name": "ada"},
    {"role": "assistant", "content": "Hi."},
    {"role": "user", "content": [{"type": "text", "text": "How are"}, {"type": "text", "text": " you?"}]},
]
CALLS = [
    {"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": '{"city": "Oslo"}'}},
    {"id": "call_2", "type": "function", "function": {"name": "get_weather", "arguments": '{"city":"Bergen"}'}},
]
ROUND_TRIP: list[dict[str, Any]] = [
    {"role": "user", "content": "Weather in Oslo and Bergen?"},
    {"role": "assistant", "content": None, "tool_calls": CALLS},
    {"role": "tool", "tool_call_id": "call_1", "content": "rain"},
    {"role": "tool", "tool_call_id": "call_2", "content": "more rain"},
]
REFUSED = [
    {"role": "user", "content": "Do harm."},
    {"role": "assistant", "content": None, "refusal": "I can't help with that."},
    {"role": "user", "content": "Then a joke."},
]
SAMPLING = {
    "temperature": 0.5,
    "top_p": 0.9,
    "frequency_penalty": 0.1,
    "presence_penalty": -0.2,
    "seed": 7,
    "stop": ["END", "\n\n"],
    "logit_bias": {"1234": -100, "42": 5},
    "n": 2,
    "logprobs": True,
    "top_logprobs": 3,
}


def _image(url: str, detail: str | None = None) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url} | ({} if detail is None else {"detail": detail})}


def _asks(*blocks: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"role": "user", "content": [{"type": "text", "text": "What?"}, *blocks]}]


async def _parse(client: Any, model: type[BaseModel]) -> None:
    await client.chat.completions.parse(model=MODEL, messages=HELLO, response_format=model)


async def _see(llm: BaseLLM, *images: Any, **options: Any) -> None:
    await llm.generate_with_vision("What?", list(images), **options)


def _vision(name: str, blocks: list[dict[str, Any]], *images: Any, **options: Any) -> Call:
    async def theirs(client: Any) -> None:
        await client.chat.completions.create(model=MODEL, messages=_asks(*blocks))

    return Call(name, theirs, lambda llm: _see(llm, *images, **options), wire="chat")


def _tools(name: str, choice: Any = None, **options: Any) -> Call:
    theirs = {"tools": [WEATHER_TOOL]} if choice is None else {"tools": [WEATHER_TOOL], "tool_choice": choice}
    ours = {"tools": [get_weather]} if choice is None else {"tools": [get_weather], "tool_choice": choice}
    return chat(name, ours=ours, theirs=theirs, **options)


def _typed(name: str, model: type[BaseModel], **facts: Any) -> Call:
    return Call(
        name,
        lambda client: _parse(client, model),
        lambda llm: llm.get_answer(HELLO, response_model=model),
        wire="chat",
        **facts,
    )


SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"], "additionalProperties": False}
WANTED_FORM = {"type": "json_schema", "json_schema": {"name": "answer", "schema": SCHEMA, "strict": True}}
NAMED = {"type": "function", "function": {"name": "get_weather"}}
PDF_BLOCK = {"type": "file", "file": {"filename": "a.pdf", "file_data": data_url(PDF, "application/pdf")}}
AUDIO_BLOCK = {"type": "input_audio", "input_audio": {"data": base64.b64encode(WAV).decode(), "format": "wav"}}
SEARCH = {"type": "custom", "custom": {"name": "grep", "description": "Search."}}
ACCOUNTING = {
    "service_tier": "flex",
    "metadata": {"team": "blue"},
    "store": True,
    "prompt_cache_key": "key-1",
    "prompt_cache_retention": "24h",
    "safety_identifier": "user-1",
}
EXTRAS = {"web_search_options": {}, "prediction": {"type": "content", "content": "Hi"}}

CHAT_CALLS = (
    chat("chat: one message"),
    chat("chat: a plain string", "Hello!", their_messages=HELLO),
    chat("chat: system, developer, name, answer, blocks", CONVERSATION),
    chat("chat: every sampling parameter", same=SAMPLING),
    chat("chat: a stop that is one string", same={"stop": "END"}),
    chat("chat: whole numbers stay whole", same={"temperature": 1, "top_p": 1}),
    chat("chat: the output limit", ours={"max_tokens": 50}, theirs={"max_completion_tokens": 50}),
    chat(
        "chat: the output limit of a model that reasons",
        model=REASONER,
        ours={"max_tokens": 500},
        theirs={"max_completion_tokens": 500},
    ),
    chat("chat: reasoning effort and verbosity", model=REASONER, same={"reasoning_effort": "low", "verbosity": "low"}),
    _vision("chat: an image by its address", [_image("https://example.com/a.png")], "https://example.com/a.png"),
    _vision("chat: an image of bytes", [_image(data_url(PICTURE))], PICTURE),
    _vision(
        "chat: images with a detail",
        [_image("https://example.com/a.png", "low"), _image(data_url(PICTURE), "low")],
        "https://example.com/a.png",
        data_url(PICTURE),
        detail="low",
    ),
    chat(
        "chat: a typed message with an image",
        [UserMessage([TextPart("What?"), ImagePart(data=PICTURE, detail="high")])],
        their_messages=_asks(_image(data_url(PICTURE), "high")),
    ),
    chat(
        "chat: a PDF of bytes",
        [UserMessage([TextPart("What?"), FilePart(data=PDF, filename="a.pdf")])],
        their_messages=_asks(PDF_BLOCK),
    ),
    chat("chat: a PDF as a block", _asks(PDF_BLOCK)),
    chat("chat: a file by its id", _asks({"type": "file", "file": {"file_id": "file-1"}})),
    chat(
        "chat: sound",
        [UserMessage([TextPart("What?"), AudioPart(data=WAV)])],
        their_messages=_asks(AUDIO_BLOCK),
        model="gpt-4o-audio-preview",
        metadata=AudioMetadata,
    ),
    _tools("chat: a typed function as tool"),
    chat("chat: a tool as its definition", same={"tools": [{**WEATHER_TOOL, "function": WEATHER_FUNCTION}]}),
    chat(
        "chat: a pydantic model as tool",
        ours={"tools": [Weather]},
        theirs={"tools": [openai.pydantic_function_tool(Weather)]},
    ),
    chat("chat: the vendor's form of a pydantic tool", same={"tools": [openai.pydantic_function_tool(Weather)]}),
    chat("chat: a tool of another kind", ours={"tools": [ServerTool(SEARCH)]}, theirs={"tools": [SEARCH]}),
    _tools("chat: tool choice auto", "auto"),
    _tools("chat: tool choice none", "none"),
    _tools("chat: tool choice required", "required"),
    _tools("chat: tool choice as the vendor's mapping", NAMED),
    chat(
        "chat: tool choice by name",
        ours={"tools": [get_weather], "tool_choice": "get_weather"},
        theirs={"tools": [WEATHER_TOOL], "tool_choice": NAMED},
    ),
    _tools("chat: one tool call at a time", same={"parallel_tool_calls": False}),
    _tools("chat: results of tools go back", messages=ROUND_TRIP),
    chat("chat: a refusal goes back", REFUSED),
    _typed("chat: a pydantic model as answer", Person),
    _typed("chat: a documented model with a default as answer", Described),
    chat(
        "chat: a JSON schema as answer",
        ours={"response_format": ResponseFormat("json_schema", schema=SCHEMA)},
        theirs={"response_format": WANTED_FORM},
    ),
    chat(
        "chat: any JSON object as answer",
        ours={"response_format": ResponseFormat("json_object")},
        theirs={"response_format": {"type": "json_object"}},
    ),
    chat("chat: a stream", stream=True),
    chat("chat: a stream with its usage", stream=True, theirs={"stream_options": {"include_usage": True}}),
    chat("chat: accounting", same=ACCOUNTING),
    chat("chat: the vendor's own options", ours={"provider_options": EXTRAS}, theirs=EXTRAS),
    chat("chat: organisation and project", place=Place.OPENAI_ORGANISATION),
    chat("azure v1: one message", place=Place.AZURE_V1),
    chat("azure v1: one message with a token", place=Place.AZURE_V1_TOKEN),
    chat("azure v1: a stream", place=Place.AZURE_V1_TOKEN, stream=True),
    _tools("azure v1: a typed function as tool", place=Place.AZURE_V1_TOKEN),
    chat("azure dated: one message", place=Place.AZURE_DATED),
    chat("azure dated: one message with a token", place=Place.AZURE_DATED_TOKEN),
    chat(
        "azure dated: a stream",
        place=Place.AZURE_DATED,
        stream=True,
        theirs={"stream_options": {"include_usage": True}},
    ),
    _typed("azure dated: a pydantic model as answer", Person, place=Place.AZURE_DATED),
    chat("azure dated: a name that needs escaping", place=Place.AZURE_DATED, model="gpt 4.1/ä"),
    chat(
        "azure dated: the output limit of a model that reasons",
        place=Place.AZURE_DATED,
        model="gpt-5-mini",
        metadata=AzureReasoningMetadata,
        ours={"max_tokens": 50},
        theirs={"max_completion_tokens": 50},
    ),
)
