"""Mistakes in requests to Cohere, each with the words in which it is refused."""

from __future__ import annotations

from typing import Any

from tests.unit.simulator.cohere_calls import (
    CITY,
    MODEL,
    PERSON,
    THINKER,
    WEATHER,
    assistant,
    called,
    chat_body,
    image,
    returned,
    system,
    talk,
    user,
)
from tests.unit.simulator.pictures import data_url, picture

_USAGE = "For proper usage, please refer to https://docs.cohere.com/v2/reference/chat"
_MISSING = "invalid request: tool calls must be followed by their results (missing: look_1)"
_DECODED = "invalid request: image could not be decoded."
CALLED = [user("Look."), assistant(tool_calls=[called()])]
FORM = {"type": "json_object"}


def seen(url: str) -> dict[str, Any]:
    return talk(user([image(url)]), model=THINKER)


def tooled(**function: Any) -> dict[str, Any]:
    return chat_body(tools=[{"type": "function", "function": WEATHER["function"] | function}])


def formed(**schema: Any) -> dict[str, Any]:
    return chat_body(response_format=FORM | {"json_schema": schema})


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"messages": [user("a")]}, "a model parameter is required for this endpoint."),
    ({"model": MODEL}, "messages parameter is required"),
    (
        chat_body(max_tokens="ten"),
        f"invalid type: parameter 'max_tokens' is of type string but should be of type int32. {_USAGE}",
    ),
    (chat_body(k=2.5), f"invalid type: parameter 'k' is of type number but should be of type int32. {_USAGE}"),
    (
        talk(user([{"type": "text", "text": 3}])),
        f"invalid type: parameter 'messages.content.text' is of type number but should be of type string. {_USAGE}",
    ),
    (
        talk({"role": "chatbot", "content": "a"}),
        "invalid request: role must be one of 'user', 'assistant', 'system', or 'tool'.",
    ),
    (talk(user([{"type": "audio"}])), "invalid request: type must be one of 'text', or 'image_url'."),
    (chat_body(temperature=1.1), "invalid request: temperature must be between 0 and 1.0 inclusive."),
    (chat_body(presence_penalty=-0.1), "invalid request: presence_penalty must be between 0 and 1 inclusive."),
    (chat_body(k=501), "invalid request: k must be between 0 and 500 inclusive."),
    (chat_body(p=1.0), "invalid request: p must be between 0.01 and 0.99 inclusive."),
    (chat_body(max_tokens=0), "invalid request: max_tokens must be greater than or equal to 1."),
    (chat_body(seed=-1), "invalid request: seed must be greater than or equal to 0."),
    (
        chat_body(stop_sequences=list("abcdef")),
        "invalid request: number of stop_sequences must be at most 5 - received 6",
    ),
    (talk(), "invalid request: list of messages must not be empty"),
    (chat_body(""), "message must not be empty in a turn"),
    (talk(user("a"), assistant(), user("b")), "message must not be empty in a turn"),
    (talk(user("a"), system("b")), "system turn must be the first in the list"),
    (talk(system("a")), "invalid request: list of messages must have a message that is not a system turn"),
    (talk(user("a"), assistant("b")), "invalid request: the last message must be from the user or a tool"),
    (talk(user("a"), returned()), "tool call id not found in previous tool calls"),
    (talk(*CALLED, returned("other")), "tool call id not found in previous tool calls"),
    (talk(*CALLED, returned("")), "tool call id must be provided with tool message"),
    (talk(*CALLED, {"role": "tool", "content": "a"}), "tool call id must be provided with tool message"),
    (talk(*CALLED, user("b")), _MISSING),
    (talk(*CALLED), _MISSING),
    (talk(*CALLED, returned(), *CALLED, returned()), "cannot have duplicate tool ids"),
    (talk(user("a"), assistant(tool_calls=[called() | {"type": "code"}])), "tool call must be of type function"),
    (
        tooled(name="get-weather"),
        "invalid request: tool names can only contain certain characters (A-Za-z0-9_) and can't begin with a digit "
        "(provided name: 'get-weather').",
    ),
    (chat_body(tools=[WEATHER, WEATHER]), "invalid request: tool names must be unique."),
    (tooled(parameters={"type": "string"}), "schema must be an object"),
    (tooled(parameters=CITY | {"required": ["place"]}), "required field name not found in properties"),
    (
        chat_body(tool_choice="REQUIRED"),
        "invalid request: tools must be provided when tool_choice is 'REQUIRED'.",
    ),
    (
        chat_body(tools=[WEATHER], tool_choice="NONE", model="command-r-08-2024"),
        "invalid request: tool_choice is not supported by the provided model: command-r-08-2024.",
    ),
    (
        tooled(parameters={"type": "object", "properties": {}}) | {"strict_tools": True},
        "invalid request: the 'get_weather' tool must have at least one required parameter.",
    ),
    (
        tooled(
            parameters=CITY
            | {"properties": {"city": {"type": "string"}} | {f"f{n}": {"type": "string"} for n in range(200)}}
        )
        | {"strict_tools": True},
        "invalid request: total number of fields must be at most 200 - received 201",
    ),
    (
        chat_body(tools=[WEATHER], model="command-a-vision-07-2025"),
        "invalid request: multi step is not supported by the provided model: command-a-vision-07-2025.",
    ),
    (chat_body(documents=[""]), "invalid request: document at index 0 cannot be empty"),
    (chat_body(documents=["a", {"data": {}}]), "invalid request: document at index 1 cannot be empty"),
    (
        chat_body(documents=[{"id": "a", "data": "b"}, {"id": "a", "data": "c"}]),
        "invalid request: duplicate document ID a at index 1 and 0",
    ),
    (
        chat_body(documents=["a"], response_format=FORM),
        "invalid request: response_format is not supported with RAG.",
    ),
    (
        chat_body(tools=[WEATHER], response_format=FORM),
        "invalid request: response_format is not supported with tools.",
    ),
    (formed(type="array"), "schema must be an object"),
    (formed(**PERSON | {"required": ["address"]}), "required field name not found in properties"),
    (formed(type="object", properties={"title": {"description": "a"}}), "property title must have a type"),
    (
        chat_body(response_format={"type": "xml"}),
        "invalid request: type must be one of 'text', or 'json_object'.",
    ),
    (
        chat_body(safety_mode="OFF"),
        f"invalid request: safety_mode 'OFF' is not supported by the provided model: {MODEL}.",
    ),
    (
        chat_body(safety_mode="STRICT", documents=["a"]),
        "invalid request: safety_mode is not supported with tools or documents.",
    ),
    (
        chat_body(thinking={"type": "enabled"}),
        f"invalid request: thinking is not supported by the provided model: {MODEL}.",
    ),
    (
        chat_body(model=THINKER, thinking={"type": "enabled", "token_budget": 0}),
        "invalid request: thinking token_budget must be a positive integer.",
    ),
    (
        talk(user([image("https://example.com/a.png")])),
        f"invalid request: image content is not supported by the provided model: {MODEL}.",
    ),
    (
        talk(user([image("https://example.com/a.png")] * 21), model=THINKER),
        "invalid request: total number of images must be at most 20 - received 21",
    ),
    (seen("a.png"), "invalid request: image url must be a web URL or a data URI of type image/png, jpeg, webp or gif."),
    (seen(data_url(b"no image")), _DECODED),
    (seen("data:image/png;base64,!"), _DECODED),
    (
        seen(data_url(picture(1, 1), "image/gif")),
        "invalid request: image is of type image/png but the data URI says image/gif.",
    ),
    (chat_body(model="embed-v4.0"), "invalid request: model 'embed-v4.0' is not supported by the chat API"),
]
