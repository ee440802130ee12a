"""Calls of Perplexity, with its own SDK: its Agent API and the chat completions that were before it."""

from __future__ import annotations

from perplexity import AsyncPerplexity

from core.llms.types.tools import ServerTool
from tests.contract.compatible.bodies import FORM, LOOK, OF_GET, OUR_FORM, OUR_TOOLS, PIXEL, SAMPLING, SCHEMA
from tests.contract.compatible.framework import KEY, USER, Vendor, chat, embed, models, respond_as_openai


def create_client(url: str) -> AsyncPerplexity:
    return AsyncPerplexity(api_key=KEY, base_url=url, max_retries=0)


SONAR = Vendor("perplexity", "sonar", "/v1", create_client)
AGENT = Vendor("perplexity", "perplexity/sonar", "/v1", create_client, respond_as_openai, wire="responses")
OTHER = Vendor("perplexity", "openai/gpt-6-sol", "/v1", create_client, respond_as_openai, wire="responses")
EMBEDDER = Vendor("perplexity", "pplx-embed-v1-4b", "/v1", create_client)
NOT_STRICT = (
    "A tool that is not strict says so (`strict: false`), as on OpenAI's Responses API, where strict is the default."
)
SEARCH = {"type": "web_search", "search_context_size": "low"}
FUNCTION = {"type": "function", "name": "look", "description": "Looks.", "parameters": SCHEMA}
SAID = {"type": "message", **USER}
PARAMETERS = {**SAMPLING, "max_tokens": 9}
CACHED = {"prompt_cache_key": "a", "service_tier": "flex"}
LOOKED = {
    "type": "message",
    "role": "user",
    "content": [{"type": "input_text", "text": "?"}, {"type": "input_image", "image_url": PIXEL}],
}
CALLED = {"type": "function_call", "call_id": "c1", "name": "look", "arguments": '{"city":"Oslo"}'}
RESULT = {"type": "function_call_output", "call_id": "c1", "output": "fog"}
OUR_CALL = {"id": "c1", "type": "function", "function": {"name": "look", "arguments": '{"city":"Oslo"}'}}
OUR_TURN = [
    USER,
    {"role": "assistant", "content": None, "tool_calls": [OUR_CALL]},
    {"role": "tool", "tool_call_id": "c1", "content": "fog"},
]
CALLS = [
    chat(AGENT, "one message", {"messages": [SAID]}, {}),
    chat(AGENT, "a stream", {"messages": [SAID], "stream": True}, {"stream": True}),
    chat(
        AGENT,
        "parameters",
        {"messages": [SAID], "max_output_tokens": 9, **SAMPLING, **CACHED},
        {"max_tokens": 9, **SAMPLING, **CACHED},
    ),
    chat(AGENT, "a search", {"messages": [SAID], "tools": [SEARCH]}, {"tools": [ServerTool(SEARCH)]}),
    chat(
        AGENT,
        "a conversation with a tool's result",
        {"messages": [SAID, CALLED, RESULT], "tools": [FUNCTION], "tool_choice": "required"},
        {"messages": OUR_TURN, "tools": OUR_TOOLS, "tool_choice": "required"},
        **{"body.tools[0].strict": NOT_STRICT},
    ),
    chat(AGENT, "a schema", {"messages": [SAID], "response_format": FORM}, {"response_format": OUR_FORM}),
    chat(
        OTHER,
        "an effort and an image",
        {"messages": [LOOKED], "reasoning": {"effort": "low"}},
        {"messages": LOOK, "reasoning_effort": "low"},
    ),
    chat(SONAR, "chat: one message", {}, {}),
    chat(SONAR, "chat: a stream", {"stream": True}, {"stream": True}),
    chat(SONAR, "chat: parameters", PARAMETERS, PARAMETERS),
    chat(SONAR, "chat: a schema", {"response_format": FORM}, {"response_format": OUR_FORM}),
    chat(
        SONAR,
        "chat: a recent search",
        {"search_recency_filter": "week"},
        {"provider_options": {"search_recency_filter": "week"}},
    ),
    embed(EMBEDDER, "embeddings, shortened", {"dimensions": 128}, {"dimensions": 128}),
    models(AGENT, **OF_GET),
]
