"""One good, rich request for each wire, and the fields of it that may be left out."""

from __future__ import annotations

from typing import Any

from tests.unit.simulator.pictures import data_url, picture

_IMAGE = data_url(picture(2, 2))
_PDF = data_url(b"%PDF-1.4", "application/pdf")
_PERSON = {
    "type": "object",
    "properties": {"name": {"type": "string"}},
    "required": ["name"],
    "additionalProperties": False,
}
_CALL = {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": "{}"}}

CITATION = {"type": "url_citation", "url": "https://example.com", "title": "A page", "start_index": 0, "end_index": 1}
CHAT_REQUEST: dict[str, Any] = {
    "model": "gpt-4.1-mini",
    "messages": [
        {"role": "developer", "content": [{"type": "text", "text": "Be brief."}], "name": "boss"},
        {"role": "user", "content": "Answer as json, please.", "name": "ada"},
        {"role": "assistant", "content": None, "tool_calls": [_CALL]},
        {"role": "tool", "tool_call_id": "call_1", "content": "seen"},
        {"role": "assistant", "content": "I have looked.", "refusal": None, "annotations": []},
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "And this?"},
                {"type": "image_url", "image_url": {"url": _IMAGE, "detail": "low"}},
                {"type": "file", "file": {"filename": "a.pdf", "file_data": _PDF}},
            ],
        },
    ],
    "tools": [
        {
            "type": "function",
            "function": {"name": "look", "description": "Looks", "parameters": _PERSON, "strict": True},
        }
    ],
    "tool_choice": {"type": "function", "function": {"name": "look"}},
    "parallel_tool_calls": True,
    "response_format": {
        "type": "json_schema",
        "json_schema": {"name": "person", "description": "A person", "schema": _PERSON, "strict": True},
    },
    "temperature": 0.5,
    "top_p": 0.5,
    "n": 1,
    "max_completion_tokens": 100,
    "presence_penalty": 0.1,
    "frequency_penalty": 0.1,
    "logprobs": True,
    "top_logprobs": 2,
    "logit_bias": {"50256": -100},
    "seed": 7,
    "stop": ["END"],
    "store": True,
    "metadata": {"purpose": "test"},
    "service_tier": "default",
    "stream": True,
    "stream_options": {"include_usage": True, "include_obfuscation": False},
    "prediction": {"type": "content", "content": "I think"},
    "prompt_cache_key": "key",
    "prompt_cache_retention": "24h",
    "safety_identifier": "user-1",
    "user": "user-1",
    "verbosity": "medium",
    "modalities": ["text"],
}
CHAT_OPTIONAL = frozenset(
    {
        "messages[0].name",
        "messages[1].name",
        "messages[2].content",
        "messages[4].refusal",
        "messages[4].annotations",
        "messages[5].content[1].image_url.detail",
        "tools[0].function.description",
        "tools[0].function.parameters",
        "tools[0].function.strict",
        "tool_choice",
        "parallel_tool_calls",
        "response_format",
        "response_format.json_schema.description",
        "response_format.json_schema.strict",
        "temperature",
        "top_p",
        "n",
        "max_completion_tokens",
        "presence_penalty",
        "frequency_penalty",
        "top_logprobs",
        "logit_bias",
        "seed",
        "stop",
        "metadata",
        "service_tier",
        "stream_options",
        "stream_options.include_usage",
        "stream_options.include_obfuscation",
        "prediction",
        "prompt_cache_key",
        "prompt_cache_retention",
        "safety_identifier",
        "user",
        "verbosity",
        "modalities",
    }
)

RESPONSE_REQUEST: dict[str, Any] = {
    "model": "gpt-4.1-mini",
    "instructions": "Be brief.",
    "input": [
        {"type": "message", "role": "user", "content": "Look for me.", "status": "completed"},
        {
            "type": "function_call",
            "id": "fc_1",
            "call_id": "call_1",
            "name": "look",
            "arguments": "{}",
            "status": "completed",
        },
        {"type": "function_call_output", "call_id": "call_1", "output": [{"type": "input_text", "text": "seen"}]},
        {
            "type": "message",
            "id": "msg_1",
            "role": "assistant",
            "status": "completed",
            "content": [{"type": "output_text", "text": "I have looked.", "annotations": [CITATION], "logprobs": []}],
        },
        {
            "role": "user",
            "content": [
                {"type": "input_text", "text": "And this?"},
                {"type": "input_image", "image_url": _IMAGE, "detail": "low"},
                {"type": "input_file", "filename": "a.pdf", "file_data": _PDF},
            ],
        },
    ],
    "tools": [
        {"type": "function", "name": "look", "description": "Looks", "parameters": _PERSON, "strict": True},
        {
            "type": "web_search",
            "search_context_size": "low",
            "user_location": {"type": "approximate", "city": "Oslo", "country": "NO"},
            "filters": {"allowed_domains": ["example.com"]},
        },
    ],
    "tool_choice": {"type": "function", "name": "look"},
    "parallel_tool_calls": True,
    "text": {
        "format": {
            "type": "json_schema",
            "name": "person",
            "description": "A person",
            "schema": _PERSON,
            "strict": True,
        },
        "verbosity": "medium",
    },
    "include": ["message.output_text.logprobs"],
    "top_logprobs": 2,
    "max_output_tokens": 100,
    "max_tool_calls": 3,
    "metadata": {"purpose": "test"},
    "service_tier": "default",
    "store": True,
    "stream": True,
    "stream_options": {"include_obfuscation": False},
    "temperature": 0.5,
    "top_p": 0.5,
    "truncation": "disabled",
    "prompt_cache_key": "key",
    "prompt_cache_retention": "24h",
    "safety_identifier": "user-1",
    "user": "user-1",
}
RESPONSE_OPTIONAL = frozenset(
    {
        "instructions",
        "input[0].type",
        "input[0].status",
        "input[1].id",
        "input[1].status",
        "input[3].type",
        "input[3].id",
        "input[3].status",
        "input[3].content[0].annotations",
        "input[3].content[0].logprobs",
        "input[4].content[1].detail",
        "tools[0].description",
        "tools[0].parameters",
        "tools[0].strict",
        "tools[1].search_context_size",
        "tools[1].user_location",
        "tools[1].user_location.type",
        "tools[1].user_location.city",
        "tools[1].user_location.country",
        "tools[1].filters",
        "tools[1].filters.allowed_domains",
        "tool_choice",
        "parallel_tool_calls",
        "text",
        "text.format",
        "text.format.description",
        "text.format.strict",
        "text.verbosity",
        "include",
        "top_logprobs",
        "max_output_tokens",
        "max_tool_calls",
        "metadata",
        "service_tier",
        "store",
        "stream_options",
        "stream_options.include_obfuscation",
        "temperature",
        "top_p",
        "truncation",
        "prompt_cache_key",
        "prompt_cache_retention",
        "safety_identifier",
        "user",
    }
)

EMBEDDING_REQUEST: dict[str, Any] = {
    "model": "text-embedding-3-small",
    "input": ["hello", "world"],
    "dimensions": 8,
    "encoding_format": "float",
    "user": "user-1",
}
EMBEDDING_OPTIONAL = frozenset({"dimensions", "encoding_format", "user"})

COUNT_REQUEST: dict[str, Any] = {
    "model": "gpt-4.1-mini",
    "input": [{"role": "user", "content": [{"type": "input_text", "text": "How many?"}]}],
    "instructions": "Be brief.",
    "tools": RESPONSE_REQUEST["tools"][:1],
    "tool_choice": "auto",
    "parallel_tool_calls": True,
    "text": RESPONSE_REQUEST["text"],
    "truncation": "disabled",
}
COUNT_OPTIONAL = frozenset(
    {
        "model",
        "input",
        "instructions",
        "tools",
        "tools[0].description",
        "tools[0].parameters",
        "tools[0].strict",
        "tool_choice",
        "parallel_tool_calls",
        "text",
        "text.format",
        "text.format.description",
        "text.format.strict",
        "text.verbosity",
        "truncation",
    }
)
