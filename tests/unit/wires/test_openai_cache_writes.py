from __future__ import annotations

from core.llms.wires.openai_chat import parse_chat_usage
from core.llms.wires.openai_responses import OpenAIResponsesWire

DETAILS = {"cached_tokens": 0, "cache_write_tokens": 900, "cache_write_tokens_details": {"ttl_12h_tokens": 600}}


def test_chat_usage_tells_writes_to_the_longer_cache_apart() -> None:
    usage = parse_chat_usage({"prompt_tokens": 1000, "completion_tokens": 1, "prompt_tokens_details": DETAILS})
    assert (usage.input_tokens, usage.cache_write_tokens, usage.cache_write_1h_tokens) == (1000, 900, 600)


def test_responses_usage_tells_writes_to_the_longer_cache_apart() -> None:
    usage = {"input_tokens": 1000, "output_tokens": 1, "input_tokens_details": DETAILS}
    body = {"id": "r", "object": "response", "status": "completed", "model": "m", "output": [], "usage": usage}
    parsed = OpenAIResponsesWire().parse_response(body).usage
    assert (parsed.input_tokens, parsed.cache_write_tokens, parsed.cache_write_1h_tokens) == (1000, 900, 600)
