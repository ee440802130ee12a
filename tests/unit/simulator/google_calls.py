"""Calling the simulated Google without any SDK, and one good, rich request with the fields it may leave out."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from core.llms.simulator import Simulator
from core.llms.simulator.google.signatures import sign_thought
from tests.unit.simulator.calls import Received, post
from tests.unit.simulator.pictures import picture

KEY = {"x-goog-api-key": "AIza-test"}
TOKEN = {"authorization": "Bearer ya29.test"}
MODEL = "gemini-3.5-flash"
OLD = "gemini-2.5-flash"
PLACE = "/vertex/v1beta1/projects/p/locations/us-central1/publishers/google/models"


def gemini(model: str = MODEL, method: str = "generateContent", version: str = "v1beta") -> str:
    return f"/google/{version}/models/{model}:{method}"


def vertex(model: str = MODEL, method: str = "generateContent") -> str:
    return f"{PLACE}/{model}:{method}"


def user(*parts: Any) -> dict[str, Any]:
    return {"role": "user", "parts": [{"text": part} if isinstance(part, str) else part for part in parts]}


def said(*parts: Any) -> dict[str, Any]:
    return user(*parts) | {"role": "model"}


def called(name: str = "look", /, signed: bool = True, **arguments: Any) -> dict[str, Any]:
    part: dict[str, Any] = {"functionCall": {"name": name, "args": arguments}}
    return part | {"thoughtSignature": sign_thought("I look.")} if signed else part


def returned(name: str = "look", result: Any = "seen") -> dict[str, Any]:
    return {"functionResponse": {"name": name, "response": {"result": result}}}


def blob(data: bytes, media_type: str = "image/png") -> dict[str, Any]:
    return {"inlineData": {"mimeType": media_type, "data": base64.b64encode(data).decode()}}


def body(*contents: Any, **fields: Any) -> dict[str, Any]:
    return {"contents": [user(entry) if isinstance(entry, str) else entry for entry in contents], **fields}


async def ask(
    sim: Simulator,
    request: Any,
    *,
    path: str | None = None,
    headers: Mapping[str, str] = KEY,
    fault: Mapping[str, Any] | None = None,
) -> Received:
    return await post(sim, path or gemini(), request, headers=headers, fault=fault)


def chunks(received: Received) -> list[dict[str, Any]]:
    """The chunks of a stream of events, each ended by an empty line with carriage returns."""
    events = received.content.decode().split("\r\n\r\n")
    assert events[-1] == ""
    return [json.loads(event.removeprefix("data: ")) for event in events[:-1]]


LOOK = {
    "name": "look",
    "description": "Looks",
    "parameters": {
        "type": "OBJECT",
        "properties": {"name": {"type": "STRING", "description": "Who"}},
        "required": ["name"],
    },
}
WEATHER = {
    "name": "get_weather",
    "description": "Weather of a city",
    "parametersJsonSchema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}
RICH_REQUEST: dict[str, Any] = {
    "systemInstruction": {"parts": [{"text": "Be brief."}]},
    "contents": [
        user("Who is it?"),
        said(called()),
        user(returned()),
        said("I have looked."),
        user("And this?", blob(picture(2, 2)), blob(b"%PDF-1.4", "application/pdf")),
        user({"fileData": {"mimeType": "image/png", "fileUri": "https://example.com/x.png"}}),
    ],
    "tools": [{"functionDeclarations": [LOOK]}],
    "toolConfig": {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["look"]}},
    "safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_NONE"}],
    "generationConfig": {
        "temperature": 0.5,
        "topP": 0.5,
        "topK": 5,
        "candidateCount": 1,
        "maxOutputTokens": 100,
        "stopSequences": ["END"],
        "responseMimeType": "application/json",
        "responseJsonSchema": {"type": "object"},
        "seed": 7,
        "presencePenalty": 0.1,
        "frequencyPenalty": 0.1,
        "responseLogprobs": True,
        "logprobs": 2,
        "thinkingConfig": {"includeThoughts": True, "thinkingLevel": "LOW"},
        "mediaResolution": "MEDIA_RESOLUTION_LOW",
    },
    "serviceTier": "STANDARD",
}
_CONFIG = "generationConfig"
OPTIONAL = frozenset(
    {
        "systemInstruction",
        # Only calls of the turn that is not finished must come with their signatures.
        "contents[1].parts[0].thoughtSignature",
        "contents[1].parts[0].functionCall.args",
        "contents[2].parts[0].functionResponse.response",
        "contents[5].parts[0].fileData.mimeType",
        "tools[0].functionDeclarations[0].description",
        "tools[0].functionDeclarations[0].parameters",
        "toolConfig",
        "toolConfig.functionCallingConfig",
        "toolConfig.functionCallingConfig.allowedFunctionNames",
        "safetySettings",
        "safetySettings[0].category",
        "safetySettings[0].threshold",
        _CONFIG,
        f"{_CONFIG}.thinkingConfig.includeThoughts",
        f"{_CONFIG}.thinkingConfig.thinkingLevel",
        *(f"{_CONFIG}.{name}" for name in RICH_REQUEST[_CONFIG]),
        "serviceTier",
        # Without a role a content is the user's; each of these is, or may be read so.
        *(f"contents[{index}].role" for index in range(6)),
    }
    - {f"{_CONFIG}.responseMimeType", f"{_CONFIG}.responseLogprobs"}
)
BATCH_REQUEST: dict[str, Any] = {
    "requests": [
        {
            "model": "models/gemini-embedding-001",
            "content": {"parts": [{"text": "hello"}]},
            "taskType": "RETRIEVAL_QUERY",
            "title": "a title",
            "outputDimensionality": 8,
        }
    ]
}
BATCH_OPTIONAL = frozenset({f"requests[0].{name}" for name in ("taskType", "title", "outputDimensionality")})
PREDICT_REQUEST: dict[str, Any] = {
    "instances": [{"content": "hello", "taskType": "RETRIEVAL_QUERY"}],
    "parameters": {"outputDimensionality": 8, "autoTruncate": True},
}
PREDICT_OPTIONAL = frozenset(
    {"instances[0].taskType", "parameters", "parameters.outputDimensionality", "parameters.autoTruncate"}
)
