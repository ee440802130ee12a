"""Calls of the Responses API, at OpenAI and at Azure."""

from __future__ import annotations

import base64
from typing import Any

import openai
from openai.types.responses import Response
from pydantic import BaseModel

from core.llms import FilePart, ImagePart, Message, ResponseFormat, ServerTool, TextPart, UserMessage, parse_message
from core.llms.wires.openai_responses import OpenAIResponsesWire
from tests.contract.calls import HELLO, MODEL, AzureReasoningMetadata, Call, Place, responses
from tests.contract.chat_calls import (
    ACCOUNTING,
    PDF,
    PICTURE,
    ROUND_TRIP,
    SCHEMA,
    WEATHER_FUNCTION,
    Described,
    Person,
    Weather,
    get_weather,
)
from tests.support import response_bytes
from tests.unit.simulator.pictures import data_url

REASONER = "gpt-5.4"
TOOL = {"type": "function", **WEATHER_FUNCTION, "strict": False}
NAMED = {"type": "function", "name": "get_weather"}
CONVERSATION = [
    {"role": "system", "content": "Be brief."},
    {"role": "developer", "content": "Answer in English."},
    {"role": "user", "content": "Hello!"},
    {"role": "assistant", "content": "Hi."},
    {"role": "user", "content": "How are you?"},
]
REASONING: dict[str, Any] = {"model": REASONER}
SEARCH = {"type": "web_search", "search_context_size": "low"}
ENCRYPTED = base64.b64encode(b"thoughts").decode()
THOUGHT = {
    "id": "rs_1",
    "type": "reasoning",
    "summary": [{"type": "summary_text", "text": "Thinking."}],
    "encrypted_content": ENCRYPTED,
}
ASKED_TOOL = {
    "id": "fc_1",
    "type": "function_call",
    "call_id": "call_1",
    "name": "get_weather",
    "arguments": '{"city": "Oslo"}',
    "status": "completed",
}
SAID = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "status": "completed",
    "content": [{"type": "output_text", "text": "It rains.", "annotations": [], "logprobs": []}],
}
REFUSED = {**SAID, "content": [{"type": "refusal", "refusal": "I can't help with that."}]}
QUESTION = {"role": "user", "content": "And tomorrow?"}


def _asks(*blocks: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"role": "user", "content": [{"type": "input_text", "text": "What?"}, *blocks]}]


def _user(*parts: Any) -> list[Message]:
    return [UserMessage([TextPart("What?"), *parts])]


def _image(url: str, detail: str) -> dict[str, Any]:
    return {"type": "input_image", "image_url": url, "detail": detail}


def _goes_back(name: str, items: list[dict[str, Any]], *after: dict[str, Any], **options: Any) -> Call:
    """An answer goes back as the next turn's history, as each SDK gives it to its user."""
    body = response_bytes.body(output=items)
    message = OpenAIResponsesWire().parse_response(body).message
    their_items = Response.model_validate(body).output
    their_after: list[Any] = [_their_result(item) if item["role"] == "tool" else item for item in after]
    return responses(
        name,
        [*HELLO, message, *(parse_message(item) for item in after)],
        input=[*HELLO, *their_items, *their_after],
        **options,
    )


def _their_result(message: dict[str, Any]) -> dict[str, Any]:
    return {"type": "function_call_output", "call_id": message["tool_call_id"], "output": message["content"]}


def _tools(name: str, choice: Any, their_choice: Any = None) -> Call:
    return responses(
        name,
        ours={"tools": [get_weather], "tool_choice": choice},
        theirs={"tools": [TOOL], "tool_choice": their_choice or choice},
    )


async def _parse(client: Any, model: type[BaseModel]) -> None:
    await client.responses.parse(model=MODEL, input=HELLO, text_format=model)


def _typed(name: str, model: type[BaseModel]) -> Call:
    return Call(
        name,
        lambda client: _parse(client, model),
        lambda llm: llm.get_answer(HELLO, response_model=model),
        wire="responses",
    )


CALLED = [
    {"role": "user", "content": ROUND_TRIP[0]["content"]},
    {"type": "function_call", "call_id": "call_1", "name": "get_weather", "arguments": '{"city": "Oslo"}'},
    {"type": "function_call", "call_id": "call_2", "name": "get_weather", "arguments": '{"city":"Bergen"}'},
    {"type": "function_call_output", "call_id": "call_1", "output": "rain"},
    {"type": "function_call_output", "call_id": "call_2", "output": "more rain"},
]
JSON_FORMAT = {"type": "json_schema", "name": "answer", "schema": SCHEMA, "strict": True}
EFFORT = {"effort": "low", "summary": "auto"}
THINKING = {"reasoning_effort": "low", "reasoning_summary": "auto"}
PDF_URL = data_url(PDF, "application/pdf")
PNG_URL = data_url(PICTURE)

RESPONSES_CALLS = (
    responses("responses: one message"),
    responses("responses: a plain string", "Hello!", input="Hello!"),
    responses("responses: system, developer, user, answer", CONVERSATION),
    responses("responses: sampling", same={"temperature": 0.5, "top_p": 0.9}),
    responses(
        "responses: log probabilities", same={"top_logprobs": 3}, theirs={"include": ["message.output_text.logprobs"]}
    ),
    responses("responses: the output limit", ours={"max_tokens": 50}, theirs={"max_output_tokens": 50}),
    responses("responses: effort and summary", ours=THINKING, theirs={"reasoning": EFFORT}, **REASONING),
    responses(
        "responses: effort, with the reasoning to keep",
        ours=THINKING,
        theirs={"reasoning": EFFORT, "include": ["reasoning.encrypted_content"]},
        **REASONING,
    ),
    responses(
        "responses: effort, with the answer stored",
        ours={**THINKING, "store": True},
        theirs={"reasoning": EFFORT, "store": True},
        **REASONING,
    ),
    responses("responses: verbosity", ours={"verbosity": "low"}, theirs={"text": {"verbosity": "low"}}, **REASONING),
    responses(
        "responses: an image by its address",
        _user(ImagePart(url="https://example.com/a.png")),
        input=_asks(_image("https://example.com/a.png", "auto")),
    ),
    responses(
        "responses: an image of bytes",
        _user(ImagePart(data=PICTURE, detail="high")),
        input=_asks(_image(PNG_URL, "high")),
    ),
    responses(
        "responses: a PDF of bytes",
        _user(FilePart(data=PDF, filename="a.pdf")),
        input=_asks({"type": "input_file", "filename": "a.pdf", "file_data": PDF_URL}),
    ),
    responses(
        "responses: a file by its id",
        _user(FilePart(file_id="file-1")),
        input=_asks({"type": "input_file", "file_id": "file-1"}),
    ),
    responses(
        "responses: a file by its address",
        _user(FilePart(url="https://example.com/a.pdf")),
        input=_asks({"type": "input_file", "file_url": "https://example.com/a.pdf"}),
    ),
    responses("responses: a typed function as tool", ours={"tools": [get_weather]}, theirs={"tools": [TOOL]}),
    responses(
        "responses: a pydantic model as tool",
        ours={"tools": [Weather]},
        theirs={"tools": [openai.pydantic_responses_function_tool(Weather)]},
    ),
    responses(
        "responses: the vendor's form of a pydantic tool",
        same={"tools": [openai.pydantic_responses_function_tool(Weather)]},
    ),
    responses(
        "responses: a tool that the vendor runs", ours={"tools": [ServerTool(SEARCH)]}, theirs={"tools": [SEARCH]}
    ),
    _tools("responses: tool choice auto", "auto"),
    _tools("responses: tool choice none", "none"),
    _tools("responses: tool choice required", "required"),
    _tools("responses: tool choice as a mapping", NAMED),
    _tools("responses: tool choice by name", "get_weather", NAMED),
    responses(
        "responses: one tool call at a time",
        ours={"tools": [get_weather]},
        theirs={"tools": [TOOL]},
        same={"parallel_tool_calls": False},
    ),
    responses("responses: results of tools go back", ROUND_TRIP, input=CALLED),
    _goes_back("responses: an answer goes back", [SAID], QUESTION),
    _goes_back("responses: reasoning and a tool's call go back", [THOUGHT, ASKED_TOOL], ROUND_TRIP[2], **REASONING),
    _goes_back("responses: reasoning and an answer go back", [THOUGHT, SAID], QUESTION, **REASONING),
    _goes_back("responses: a refusal goes back", [REFUSED], QUESTION),
    responses("responses: goes on from a stored answer", same={"previous_response_id": "resp_1"}),
    _typed("responses: a pydantic model as answer", Person),
    _typed("responses: a documented model with a default as answer", Described),
    responses(
        "responses: a JSON schema as answer",
        ours={"response_format": ResponseFormat("json_schema", schema=SCHEMA)},
        theirs={"text": {"format": JSON_FORMAT}},
    ),
    responses(
        "responses: any JSON object as answer",
        ours={"response_format": ResponseFormat("json_object")},
        theirs={"text": {"format": {"type": "json_object"}}},
    ),
    responses("responses: a stream", stream=True),
    responses("responses: accounting", same=ACCOUNTING),
    responses(
        "responses: the vendor's own options",
        ours={"provider_options": {"truncation": "auto", "reasoning": {"effort": "low"}}},
        theirs={"truncation": "auto", "reasoning": {"effort": "low"}},
        **REASONING,
    ),
    responses("azure v1: a response", place=Place.AZURE_V1),
    responses("azure v1: a streamed response with a token", place=Place.AZURE_V1_TOKEN, stream=True),
    responses(
        "azure dated: a response",
        place=Place.AZURE_DATED,
        model="my-reasoner",
        metadata=AzureReasoningMetadata,
        ours={"max_tokens": 50},
        theirs={"max_output_tokens": 50},
    ),
)
