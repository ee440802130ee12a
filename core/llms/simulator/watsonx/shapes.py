"""The bodies of watsonx.ai's requests, field by field. What is not named here is passed over, as the vendor does.

Facts: ibm-watsonx-ai 1.8.1, `foundation_models/schema/_api.py` and `inference/`, read 2026-11-21.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_SCOPE = {"model_id": "string", "project_id": "string", "space_id": "string", "crypto": "Crypto"}

SHAPES: Mapping[str, Mapping[str, str]] = {
    "TextChatRequest": {
        **_SCOPE,
        "model": "string",
        "messages": "[TextChatMessage]",
        "tools": "[TextChatParameterTools]",
        "tool_choice": "TextChatToolChoiceTool",
        "tool_choice_option": "string",
        "context": "string",
        "frequency_penalty": "float",
        "presence_penalty": "float",
        "repetition_penalty": "float",
        "length_penalty": "float",
        "logprobs": "bool",
        "top_logprobs": "int",
        "logit_bias": "{float}",
        "response_format": "TextChatPropertyResponseFormat",
        "temperature": "float",
        "top_p": "float",
        "max_tokens": "int",
        "max_completion_tokens": "int",
        "time_limit": "int",
        "n": "int",
        "seed": "int",
        "stop": "[string]",
        "guided_choice": "[string]",
        "guided_regex": "string",
        "guided_grammar": "string",
        "guided_json": "object",
        "chat_template_kwargs": "object",
        "reasoning_effort": "string",
        "include_reasoning": "bool",
    },
    "TextChatMessage": {
        "role": "string",
        "content": "string|[TextChatContent]",
        "name": "string",
        "refusal": "string",
        "reasoning_content": "string",
        "tool_calls": "[TextChatToolCall]",
        "tool_call_id": "string",
    },
    "TextChatContent": {"type": "string", "text": "string", "image_url": "TextChatImageURL"},
    "TextChatImageURL": {"url": "string", "detail": "string"},
    "TextChatToolCall": {"id": "string", "type": "string", "function": "TextChatToolFunctionCall"},
    "TextChatToolFunctionCall": {"name": "string", "arguments": "string"},
    "TextChatParameterTools": {"type": "string", "function": "TextChatParameterFunction"},
    "TextChatParameterFunction": {"name": "string", "description": "string", "parameters": "object", "strict": "bool"},
    "TextChatToolChoiceTool": {"type": "string", "function": "TextChatToolFunction"},
    "TextChatToolFunction": {"name": "string"},
    "TextChatPropertyResponseFormat": {"type": "string", "json_schema": "TextChatResponseFormatSchema"},
    "TextChatResponseFormatSchema": {"name": "string", "description": "string", "schema": "object", "strict": "bool"},
    "Crypto": {"key_ref": "string"},
    "TextGenRequest": {**_SCOPE, "input": "string", "parameters": "TextGenParameters", "moderations": "object"},
    "TextGenParameters": {
        "decoding_method": "string",
        "length_penalty": "TextGenLengthPenalty",
        "temperature": "float",
        "top_p": "float",
        "top_k": "int",
        "random_seed": "int",
        "repetition_penalty": "float",
        "min_new_tokens": "int",
        "max_new_tokens": "int",
        "stop_sequences": "[string]",
        "time_limit": "int",
        "truncate_input_tokens": "int",
        "return_options": "ReturnOptionProperties",
        "include_stop_sequence": "bool",
        "prompt_variables": "{string}",
    },
    "TextGenLengthPenalty": {"decay_factor": "float", "start_index": "int"},
    "ReturnOptionProperties": dict.fromkeys(
        ("input_text", "generated_tokens", "input_tokens", "token_logprobs", "token_ranks"), "bool"
    )
    | {"top_n_tokens": "int"},
    "EmbeddingsRequest": {**_SCOPE, "inputs": "[string]", "parameters": "EmbeddingParameters"},
    "EmbeddingParameters": {"truncate_input_tokens": "int", "return_options": "EmbeddingReturnOptions"},
    "EmbeddingReturnOptions": {"input_text": "bool"},
    "TextTokenizeRequest": {**_SCOPE, "input": "string", "parameters": "TextTokenizeParameters"},
    "TextTokenizeParameters": {"return_tokens": "bool"},
}
# How the vendor's errors name a type.
TYPE_NAMES = {"bool": "bool", "int": "int", "float": "float64", "string": "string", "object": "map[string]interface {}"}
