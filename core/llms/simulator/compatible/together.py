"""The simulated Together AI.

Fields: together 3.1.1. Replies and chunks: recorded exchanges, 2024 and 2026. The form of errors, and the words for a
model that is not served: reports of its users, 2024 to 2026; the words of the others are assumed. Whether it refuses
unknown fields is not known: they are ignored. Any model's name below a known vendor is taken. Models: models.dev of
2026-09-30.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.llms.simulator.compatible.counts import Counts
from core.llms.simulator.compatible.dialect import (
    WINDOW_EXCEEDED,
    Asking,
    Dialect,
    Embeddings,
    ErrorReply,
    Errors,
    Saying,
    Streaming,
    Telling,
)
from core.llms.simulator.compatible.errors import dotted, is_shape, nested, own_code
from core.llms.simulator.compatible.models import HostedModel, chat_model, embedding_model
from core.llms.simulator.compatible.thinking import FieldThinking
from core.llms.simulator.compatible.vocabulary import everything_but, messages, tools
from core.llms.simulator.openai.fields import array, boolean, integer, nullable, one_of, record, schema_object, text

if TYPE_CHECKING:
    from core.llms.simulator.openai.chat import Completion
    from core.llms.simulator.openai.errors import ApiError

_FIELDS = {
    **everything_but("messages", "max_completion_tokens", "top_logprobs", "logprobs", "stop", "tools", "metadata"),
    "messages": messages(assistant={"reasoning": nullable(text()), "reasoning_content": nullable(text())}),
    "tools": tools(strict=False),
    "stop": nullable(array(text())),
    "logprobs": nullable(integer(0, 20)),
    "echo": nullable(boolean()),
    "safety_model": nullable(text()),
    "reasoning": nullable(record({"enabled": nullable(boolean())})),
    "reasoning_effort": nullable(text(choices=("low", "medium", "high", "max"))),
    "chat_template_kwargs": nullable(schema_object()),
    "context_length_exceeded_behavior": text(choices=("truncate", "error")),
}
_OWNERS = ("Qwen/", "deepseek-ai/", "google/", "meta-llama/", "mistralai/", "moonshotai/", "openai/", "zai-org/")


def _effort(body: dict[str, Any], model: HostedModel) -> str | None:
    if (body.get("reasoning") or {}).get("enabled") is False:
        return "none"
    return body.get("reasoning_effort") or model.default_effort


def _normalize(body: dict[str, Any]) -> dict[str, Any]:
    """`logprobs` is the number of alternatives here."""
    plain = {name: value for name, value in body.items() if name != "logprobs"}
    return plain | ({"logprobs": True, "top_logprobs": body["logprobs"]} if body.get("logprobs") else {})


def _usage(completion: Completion) -> dict[str, Any]:
    counts = Counts.of(completion)
    return counts.usual | {"cached_tokens": counts.cached}


def _dress(body: dict[str, Any], completion: Completion) -> dict[str, Any]:
    return body | {"prompt": []}


def _dress_chunk(chunk: dict[str, Any], completion: Completion, ends: bool) -> dict[str, Any]:
    """Text comes a second time beside the delta, and usage is null before the end."""
    for choice in chunk["choices"]:
        choice["text"] = choice["delta"].get("content") or ""
    return chunk if "usage" in chunk else chunk | {"usage": None}


def _render(error: ApiError) -> ErrorReply:
    message = f"{dotted(error)}: {error.message}" if is_shape(error) else error.message
    body = nested(error, param=error.param, code=own_code(error))
    body["error"]["message"] = message
    return ErrorReply(error.status, {"id": "simulated", **body})


def _card(model: HostedModel) -> dict[str, Any]:
    prompt, cached, completion = model.prices
    return {
        "id": model.name,
        "object": "model",
        "created": model.created,
        "type": model.kind,
        "running": False,
        "display_name": model.name.split("/")[-1],
        "organization": model.name.split("/")[0],
        "context_length": model.context_window,
        "pricing": {
            "hourly": 0,
            "input": prompt,
            "output": completion,
            "cached_input": cached,
            "base": 0,
            "finetune": 0,
        },
    }


DIALECT = Dialect(
    provider="together",
    prefix="/together",
    root="/v1",
    keys=("TOGETHER_API_KEY",),
    address="TOGETHER_BASE_URL",
    address_is_host=True,
    own_key="together-simulator",
    models=(
        chat_model("meta-llama/Llama-3.3-70B-Instruct-Turbo", 131_072, 131_072, prices=(0.88, 0.88, 0.88)),
        chat_model(
            "openai/gpt-oss-120b",
            131_072,
            131_072,
            efforts=("low", "medium", "high"),
            thinks="medium",
            prices=(0.15, 0.15, 0.6),
        ),
        chat_model(
            "deepseek-ai/DeepSeek-V4.1-Flash",
            1_048_576,
            384_000,
            sees=True,
            efforts=("none", "low", "high", "max"),
            thinks="high",
            prices=(0.3, 0.006, 1.2),
        ),
        chat_model(
            "moonshotai/Kimi-K3",
            1_048_576,
            131_072,
            sees=True,
            efforts=("low", "high", "max"),
            thinks="high",
            prices=(3.0, 0.3, 15.0),
        ),
        chat_model(
            "zai-org/GLM-5.3",
            1_048_576,
            262_144,
            efforts=("none", "low", "high", "max"),
            thinks="high",
            prices=(1.4, 0.26, 4.4),
        ),
        embedding_model("BAAI/bge-base-en-v1.5", 512, 768, usd=0.008),
        embedding_model("BAAI/bge-large-en-v1.5", 512, 1_024, usd=0.016),
    ),
    owners=_OWNERS,
    asking=Asking(fields=_FIELDS, ignores_unknown=True, normalize=_normalize, effort=_effort),
    telling=Telling(
        completion_id="{letters:7}-{letters:6}-{hex:16}",
        call_id="call_{letters:24}",
        thinking=lambda body: FieldThinking("reasoning"),
        message={"tool_calls": []},
        choice={"seed": 1, "logprobs": None},
        numbers_calls=True,
        usage=_usage,
        dress=_dress,
        dress_chunk=_dress_chunk,
    ),
    streaming=Streaming(role="every", ending={"role": "assistant", "content": ""}, usage="at_end"),
    errors=Errors(
        no_key=Saying(401, "Missing API key", code="missing_api_key"),
        bad_key=Saying(
            401,
            "Invalid API key provided. You can find your API key at https://api.together.ai/settings/api-keys.",
            code="invalid_api_key",
        ),
        no_model=Saying(
            404,
            "Unable to access model {model}. Please visit https://api.together.ai/models to view the list of supported "
            "models.",
            code="model_not_available",
        ),
        no_path=Saying(404, "Not found: {path}"),
        too_long=WINDOW_EXCEEDED,
        limited=Saying(429, "You have reached the rate limit of this model.", "rate_limit", "rate_limit_exceeded"),
        others={
            400: Saying(400, "The request was invalid."),
            402: Saying(402, "Credit limit exceeded.", "credit_limit", "credit_limit_exceeded"),
            422: Saying(422, "The request could not be processed."),
            500: Saying(500, "Internal server error", "server_error"),
            503: Saying(503, "The server is overloaded or not ready yet.", "overloaded_error"),
        },
        render=_render,
    ),
    request_ids={"x-request-id": "{uuid}"},
    card=_card,
    listing=lambda cards: cards,
    embeddings=Embeddings(
        fields={"model": text(), "input": one_of(text(), array(text(), shortest=1))},
        dress=lambda body, model: {name: value for name, value in body.items() if name != "usage"},
    ),
)
