"""A good, rich request for each vendor of OpenAI's chat wire, and what may be missing or strange in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.unit.simulator.pictures import data_url, picture

_IMAGE = data_url(picture(2, 2))
_PERSON = {
    "type": "object",
    "properties": {"name": {"type": "string"}},
    "required": ["name"],
    "additionalProperties": False,
}


@dataclass(frozen=True)
class Rich:
    """A request. `required` are the paths without which it is refused; `ignores`: unknown fields do not matter.

    `loose` are paths that take more than one JSON type.
    """

    path: str
    body: dict[str, Any]
    required: frozenset[str]
    ignores: bool
    loose: frozenset[str] = field(default_factory=frozenset)


def chat(
    model: str, *, sees: bool = False, call: str = "call_1", thought: dict[str, Any] | None = None, **fields: Any
) -> dict[str, Any]:
    """A conversation with tools that says all that most vendors know; `fields` are added, or taken out by None."""
    look = {"id": call, "type": "function", "function": {"name": "look", "arguments": "{}"}}
    question: list[dict[str, Any]] = [{"type": "text", "text": "And this? As json."}]
    if sees:
        question.append({"type": "image_url", "image_url": {"url": _IMAGE}})
    body: dict[str, Any] = {
        "model": model,
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Answer as json, please."},
            {"role": "assistant", "content": None, "tool_calls": [look], **(thought or {})},
            {"role": "tool", "tool_call_id": call, "content": "seen"},
            {"role": "assistant", "content": "I have looked."},
            {"role": "user", "content": question},
        ],
        "tools": [{"type": "function", "function": {"name": "look", "description": "Looks", "parameters": _PERSON}}],
        "tool_choice": {"type": "function", "function": {"name": "look"}},
        "parallel_tool_calls": True,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "person", "schema": _PERSON, "strict": True},
        },
        "temperature": 0.5,
        "top_p": 0.5,
        "max_tokens": 100,
        "stop": ["END"],
        "stream": True,
    }
    return {name: value for name, value in (body | fields).items() if value is not None}


CHAT_REQUIRED = frozenset(
    {
        "model",
        "messages",
        *(f"messages[{index}].role" for index in range(6)),
        *(f"messages[{index}].content" for index in (0, 1, 3, 4, 5)),
        "messages[2].tool_calls",
        "messages[2].tool_calls[0].id",
        "messages[2].tool_calls[0].function",
        "messages[2].tool_calls[0].function.name",
        "messages[2].tool_calls[0].function.arguments",
        "messages[3].tool_call_id",
        "messages[5].content[0].type",
        "messages[5].content[0].text",
        "messages[5].content[1].type",
        "messages[5].content[1].image_url",
        "messages[5].content[1].image_url.url",
        "tools",
        "tools[0].type",
        "tools[0].function",
        "tools[0].function.name",
        "tool_choice.type",
        "tool_choice.function",
        "tool_choice.function.name",
        "response_format.type",
        "response_format.json_schema",
        "response_format.json_schema.schema",
    }
)

SEEN = frozenset(
    {
        "messages[5].content[1].type",
        "messages[5].content[1].image_url",
        "messages[5].content[1].image_url.url",
    }
)
BLIND = CHAT_REQUIRED - SEEN
NO_FORM = frozenset(path for path in CHAT_REQUIRED if path.startswith("response_format."))
NO_NAME = frozenset({"tool_choice.type", "tool_choice.function", "tool_choice.function.name"})
JSON = {"type": "json_object"}
USAGE = {"include_usage": True}

RICH: dict[str, Rich] = {
    "cerebras": Rich(
        "/cerebras/v1/chat/completions",
        chat(
            "qwen-3.8-27b",
            sees=True,
            max_tokens=None,
            max_completion_tokens=100,
            seed=7,
            reasoning_effort="low",
            reasoning_format="parsed",
            clear_thinking=False,
            logprobs=True,
            top_logprobs=2,
            prompt_cache_key="key",
            service_tier="flex",
            user="ada",
        ),
        CHAT_REQUIRED | {"response_format.json_schema.name", "logprobs"},
        ignores=False,
    ),
    "deepseek": Rich(
        "/deepseek/chat/completions",
        chat(
            "deepseek-flash",
            sees=True,
            thought={"reasoning_content": "I look."},
            response_format=JSON,
            thinking={"type": "enabled"},
            reasoning_effort="high",
            stream_options=USAGE,
            logprobs=True,
            top_logprobs=2,
            presence_penalty=0.1,
        ),
        CHAT_REQUIRED - NO_FORM
        | {"response_format.type", "thinking.type", "logprobs", "messages[2].reasoning_content"},
        ignores=True,
    ),
    "fireworks": Rich(
        "/fireworks/inference/v1/chat/completions",
        chat(
            "accounts/fireworks/models/kimi-k3",
            sees=True,
            seed=7,
            top_k=5,
            reasoning_effort="low",
            reasoning_history="interleaved",
            prompt_cache_isolation_key="key",
            context_length_exceeded_behavior="error",
            service_tier="priority",
            metadata={"purpose": "test"},
            stream_options=USAGE,
        ),
        CHAT_REQUIRED,
        ignores=False,
        loose=frozenset({"reasoning_effort"}),
    ),
    "groq": Rich(
        "/groq/openai/v1/chat/completions",
        chat(
            "qwen/qwen3.8-27b",
            sees=True,
            max_tokens=None,
            max_completion_tokens=100,
            seed=7,
            reasoning_effort="low",
            reasoning_format="parsed",
            service_tier="flex",
            stream_options=USAGE,
            user="ada",
        ),
        CHAT_REQUIRED | {"response_format.json_schema.name"},
        ignores=False,
    ),
    "huggingface": Rich(
        "/huggingface/v1/chat/completions",
        chat(
            "Qwen/Qwen3.8-27B:groq",
            sees=True,
            seed=7,
            reasoning_effort="low",
            stream_options=USAGE,
            logprobs=True,
            top_logprobs=2,
        ),
        CHAT_REQUIRED | {"logprobs"},
        ignores=True,
    ),
    "mistral": Rich(
        "/mistral/v1/chat/completions",
        chat(
            "mistral-small-latest",
            sees=True,
            call="abcdefgh1",
            tool_choice="any",
            random_seed=7,
            top_k=5,
            safe_prompt=True,
            reasoning_effort="high",
            presence_penalty=0.1,
            metadata={"purpose": "test"},
            prompt_cache_key="key",
            service_tier="standard",
        ),
        CHAT_REQUIRED - NO_NAME,
        ignores=False,
        loose=frozenset({"messages[5].content[1].image_url"}),
    ),
    "nvidia": Rich(
        "/nvidia/v1/chat/completions",
        chat(
            "nvidia/nemotron-3-super-120b-a12b",
            parallel_tool_calls=None,
            seed=7,
            chat_template_kwargs={"enable_thinking": True},
            stream_options=USAGE,
            presence_penalty=0.1,
            frequency_penalty=0.1,
        ),
        BLIND,
        ignores=False,
        loose=frozenset({"chat_template_kwargs.enable_thinking"}),
    ),
    "openai_compatible": Rich(
        "/openai-compatible/v1/chat/completions",
        chat("qwen3-8b", sees=True, seed=7, top_k=5, min_p=0.1, n=1, logit_bias={"7": 1}, stream_options=USAGE),
        CHAT_REQUIRED,
        ignores=False,
    ),
    "openrouter": Rich(
        "/openrouter/api/v1/chat/completions",
        chat(
            "anthropic/claude-sonnet-5.5",
            sees=True,
            seed=7,
            reasoning={"effort": "low", "exclude": False},
            provider={"order": ["anthropic"]},
            models=["openai/gpt-6-sol"],
            usage={"include": True},
        ),
        CHAT_REQUIRED,
        ignores=True,
        loose=frozenset({"provider.order", "provider.order[0]", "usage.include"}),
    ),
    "perplexity": Rich(
        "/perplexity/chat/completions",
        chat(
            "sonar-pro",
            sees=True,
            tools=None,
            tool_choice=None,
            parallel_tool_calls=None,
            top_k=5,
            search_mode="web",
            search_domain_filter=["example.com"],
            search_recency_filter="month",
            return_related_questions=True,
            presence_penalty=0.1,
        ),
        CHAT_REQUIRED - NO_NAME - {"tools", "tools[0].type", "tools[0].function", "tools[0].function.name"},
        ignores=True,
    ),
    "together": Rich(
        "/together/v1/chat/completions",
        chat(
            "moonshotai/Kimi-K3",
            sees=True,
            seed=7,
            top_k=5,
            logprobs=2,
            reasoning={"enabled": True},
            reasoning_effort="low",
            repetition_penalty=1.1,
        ),
        CHAT_REQUIRED,
        ignores=True,
    ),
    "xai": Rich(
        "/xai/v1/chat/completions",
        chat(
            "grok-4.7",
            sees=True,
            stop=None,
            seed=7,
            n=1,
            reasoning_effort="low",
            logprobs=True,
            top_logprobs=2,
            stream_options=USAGE,
            user="ada",
        ),
        CHAT_REQUIRED | {"logprobs"},
        ignores=True,
    ),
}
