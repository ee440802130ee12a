"""A simulated server of one's own, as vLLM or llama.cpp serve it: what such servers often lack, this one lacks.

It knows no role `developer`, no `reasoning_effort`, nothing of OpenAI's accounts (`store`, `metadata`, `service_tier`
and the like), and refuses them as vLLM refuses extra fields (reports of its users, 2024 to 2026). Its model
`plain-chat` has no JSON schemas, either. It asks for no key unless the simulator is given one. Replies: vLLM's as
recorded in 2026, without the fields that are null there.
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
from core.llms.simulator.compatible.errors import dotted, extra_forbidden, is_shape
from core.llms.simulator.compatible.models import HostedModel, chat_model, embedding_model
from core.llms.simulator.compatible.responses import Responding
from core.llms.simulator.compatible.thinking import FieldThinking
from core.llms.simulator.compatible.vocabulary import embedding_fields, everything_but, messages, tools
from core.llms.simulator.openai.fields import array, integer, nullable, one_of, schema_object, text

if TYPE_CHECKING:
    from core.llms.simulator.openai.chat import Completion
    from core.llms.simulator.openai.errors import ApiError

_FIELDS = {
    **everything_but("messages", "tools", "metadata", "prompt_cache_key", "service_tier"),
    "messages": messages(assistant={"reasoning": nullable(text()), "reasoning_content": nullable(text())}),
    "tools": tools(),
    "chat_template_kwargs": nullable(schema_object()),
}


def _effort(body: dict[str, Any], model: HostedModel) -> str | None:
    thinks = (body.get("chat_template_kwargs") or {}).get("enable_thinking")
    return "none" if thinks is False else model.default_effort


def _usage(completion: Completion) -> dict[str, Any]:
    return Counts.of(completion).usual


def _render(error: ApiError) -> ErrorReply:
    message = error.message
    if error.code == "unknown_parameter":
        message = extra_forbidden(error)
    elif is_shape(error):
        message = f"{dotted(error, 'body')}: {error.message}"
    kind = "BadRequestError" if error.type == "invalid_request_error" else error.type
    shown = {"message": message, "type": kind, "param": error.param, "code": error.status}
    return ErrorReply(error.status, {"error": shown})


def _card(model: HostedModel) -> dict[str, Any]:
    return {
        "id": model.name,
        "object": "model",
        "created": model.created,
        "owned_by": "vllm",
        "root": model.name,
        "parent": None,
        "max_model_len": model.context_window,
    }


DIALECT = Dialect(
    provider="openai_compatible",
    prefix="/openai-compatible",
    root="/v1",
    keys=("OPENAI_COMPATIBLE_API_KEY",),
    address="OPENAI_COMPATIBLE_BASE_URL",
    own_key="any",
    needs_key=False,
    models=(
        chat_model("qwen3-8b", 40_960, 40_960, sees=True, efforts=("low", "medium", "high"), thinks="medium"),
        chat_model("plain-chat", 8_192, 8_192, json_schema=False, aliases=("default",)),
        embedding_model("bge-m3", 8_192, 1_024, shortens=True),
    ),
    owners=("Qwen/", "deepseek-ai/", "google/", "meta-llama/", "mistralai/", "openai/"),
    asking=Asking(fields=_FIELDS, effort=_effort),
    telling=Telling(
        completion_id="chatcmpl-{hex:32}",
        call_id="chatcmpl-tool-{hex:32}",
        thinking=lambda body: FieldThinking("reasoning_content"),
        message={"reasoning_content": None, "tool_calls": []},
        choice={"logprobs": None},
        usage=_usage,
    ),
    streaming=Streaming(ending={"content": ""}),
    errors=Errors(
        no_key=Saying(401, "Unauthorized", "AuthenticationError"),
        bad_key=Saying(401, "Unauthorized", "AuthenticationError"),
        no_model=Saying(404, "The model `{model}` does not exist.", "NotFoundError"),
        no_path=Saying(404, "Not Found", "NotFoundError"),
        too_long=WINDOW_EXCEEDED,
        limited=Saying(429, "Too many requests", "RateLimitError"),
        others={
            400: Saying(400, "The request was invalid."),
            422: Saying(422, "The request could not be processed.", "UnprocessableEntityError"),
            500: Saying(500, "Internal server error", "InternalServerError"),
            501: Saying(501, "This server does not support that.", "NotImplementedError"),
            503: Saying(503, "The server is loading the model.", "ServiceUnavailableError"),
        },
        render=_render,
    ),
    card=_card,
    embeddings=Embeddings(
        fields={
            **embedding_fields(),
            "input": one_of(text(), array(one_of(text(), integer(0), array(integer(0))), shortest=1)),
            "user": nullable(text()),
        },
        dress=lambda body, model: {"id": "embd-simulated", **body},
    ),
    responses=Responding(keeps=False, open_thoughts=True),
)
