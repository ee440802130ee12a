"""The bodies of Ollama's requests, field by field. What is not named here is passed over, as the server does.

Facts: the server's source, `api/types.go`, read 2026-11-28, and ollama 0.6.3, `_types.py`, read 2026-11-21.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_ASKED = {
    "model": "string",
    "stream": "bool",
    "format": "any",
    "keep_alive": "any",
    "options": "object",
    "think": "any",
    "truncate": "bool",
    "shift": "bool",
    "logprobs": "bool",
    "top_logprobs": "int",
}

SHAPES: Mapping[str, Mapping[str, str]] = {
    "ChatRequest": {**_ASKED, "messages": "[Message]", "tools": "[Tool]"},
    "Message": {
        "role": "string",
        "content": "string",
        "thinking": "string",
        "images": "[string]",
        "tool_calls": "[ToolCall]",
        "tool_name": "string",
        "tool_call_id": "string",
    },
    "ToolCall": {"id": "string", "function": "ToolCallFunction"},
    "ToolCallFunction": {"index": "int", "name": "string", "arguments": "object"},
    "Tool": {"type": "string", "function": "ToolFunction"},
    "ToolFunction": {"name": "string", "description": "string", "parameters": "object"},
    "ToolFunctionParameters": {"type": "string", "required": "[string]", "properties": "{ToolProperty}"},
    "ToolProperty": {"type": "string|[string]", "description": "string", "enum": "[any]", "anyOf": "[ToolProperty]"},
    "GenerateRequest": {
        **_ASKED,
        "prompt": "string",
        "suffix": "string",
        "system": "string",
        "template": "string",
        "context": "[int]",
        "raw": "bool",
        "images": "[string]",
    },
    "EmbedRequest": {
        "model": "string",
        "input": "any",
        "truncate": "bool",
        "dimensions": "int",
        "keep_alive": "any",
        "options": "object",
    },
    "EmbeddingRequest": {"model": "string", "prompt": "string", "keep_alive": "any", "options": "object"},
    "ShowRequest": {
        "model": "string",
        "name": "string",
        "system": "string",
        "template": "string",
        "verbose": "bool",
        "options": "object",
    },
}
OPTIONS: Mapping[str, str] = {
    **dict.fromkeys(("num_keep", "seed", "num_predict", "top_k", "repeat_last_n", "mirostat"), "integer"),
    **dict.fromkeys(("num_ctx", "num_batch", "num_gpu", "main_gpu", "num_thread"), "integer"),
    **dict.fromkeys(("top_p", "min_p", "typical_p", "temperature", "repeat_penalty"), "float32"),
    **dict.fromkeys(("presence_penalty", "frequency_penalty", "mirostat_tau", "mirostat_eta"), "float32"),
    **dict.fromkeys(("penalize_newline", "low_vram", "use_mmap", "use_mlock"), "boolean"),
    "stop": "array",
}
