"""The simulated API catalogue of NVIDIA.

That unknown fields are refused, and in which words: reports of its users of 2026. That embedding models ask for an
`input_type`: the models' own pages. Whether reasoning is on: `chat_template_kwargs.enable_thinking` of a Nemotron, and
`reasoning_effort` of the others (the same pages, read 2026-11-21). No exchange was recorded: the rest of a reply is
OpenAI's own, and the words of other errors are assumed. Any model's name below a known vendor is taken. Models:
models.dev of 2026-09-30.
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
from core.llms.simulator.compatible.errors import dotted, is_shape
from core.llms.simulator.compatible.models import HostedModel, chat_model, embedding_model
from core.llms.simulator.compatible.rules import check_effort
from core.llms.simulator.compatible.thinking import FieldThinking
from core.llms.simulator.compatible.vocabulary import common, embedding_fields, messages, tools
from core.llms.simulator.openai.fields import nullable, schema_object, text

if TYPE_CHECKING:
    from core.llms.simulator.openai.chat import Completion
    from core.llms.simulator.openai.errors import ApiError

_EFFORTS = ("low", "medium", "high", "max")
_FIELDS = {
    **common(
        "model",
        "temperature",
        "top_p",
        "top_k",
        "max_tokens",
        "stop",
        "seed",
        "stream",
        "stream_options",
        "presence_penalty",
        "frequency_penalty",
        "tool_choice",
        "response_format",
    ),
    "messages": messages(assistant={"reasoning_content": nullable(text())}),
    "tools": tools(strict=False),
    "reasoning_effort": nullable(text(choices=("none", *_EFFORTS))),
    "chat_template_kwargs": nullable(schema_object()),
    "nvext": nullable(schema_object()),
}


def _effort(body: dict[str, Any], model: HostedModel) -> str | None:
    if (body.get("chat_template_kwargs") or {}).get("enable_thinking") is False:
        return "none"
    return body.get("reasoning_effort") or model.default_effort


def _usage(completion: Completion) -> dict[str, Any]:
    return Counts.of(completion).usual | {"prompt_tokens_details": None}


def _render(error: ApiError) -> ErrorReply:
    if error.status in (401, 403, 404):
        shown = {"status": error.status, "title": error.type, "detail": error.message}
        return ErrorReply(error.status, shown)
    message = error.message
    if error.code == "unknown_parameter":
        message = f"Validation: Unsupported parameter(s): `{dotted(error)}`"
    elif is_shape(error):
        message = f"Validation: {dotted(error)}: {error.message}"
    kind = "Bad Request" if error.type == "invalid_request_error" else error.type
    return ErrorReply(error.status, {"error": {"message": message, "type": kind, "code": error.status}})


def _nemotron(name: str, window: int, most: int) -> HostedModel:
    return chat_model(f"nvidia/{name}", window, most, thinks="high", efforts=_EFFORTS)


DIALECT = Dialect(
    provider="nvidia",
    prefix="/nvidia",
    root="/v1",
    keys=("NVIDIA_API_KEY",),
    address="NVIDIA_BASE_URL",
    own_key="nvapi-simulator",
    models=(
        _nemotron("nemotron-3-super-120b-a12b", 262_144, 262_144),
        _nemotron("nemotron-3-ultra-550b-a55b", 1_000_000, 65_536),
        _nemotron("nemotron-3.5-lightning-30b-a3b", 262_144, 262_144),
        chat_model("z-ai/glm-5.3", 1_000_000, 131_072, efforts=("low", "high", "max"), thinks="high"),
        chat_model("openai/gpt-oss-20b", 131_072, 32_768, efforts=("low", "medium", "high"), thinks="medium"),
        chat_model("meta/llama-3.2-90b-vision-instruct", 131_072, 4_096, sees=True),
        embedding_model("nvidia/nv-embedqa-e5-v5", 512, 1_024),
        embedding_model("nvidia/nv-embed-v1", 32_768, 4_096),
    ),
    owners=("deepseek-ai/", "google/", "meta/", "microsoft/", "mistralai/", "moonshotai/", "qwen/"),
    asking=Asking(fields=_FIELDS, effort=_effort, check=check_effort),
    telling=Telling(
        completion_id="chatcmpl-{hex:32}",
        call_id="chatcmpl-tool-{hex:32}",
        thinking=lambda body: FieldThinking("reasoning_content"),
        choice={"logprobs": None},
        usage=_usage,
    ),
    streaming=Streaming(),
    errors=Errors(
        no_key=Saying(401, "Header of type `authorization` was missing", "Unauthorized"),
        bad_key=Saying(401, "Authentication failed", "Unauthorized"),
        no_model=Saying(404, "Not found: the model {model}", "Not Found"),
        no_path=Saying(404, "Not found: {path}", "Not Found"),
        too_long=WINDOW_EXCEEDED,
        limited=Saying(429, "Too Many Requests", "Too Many Requests"),
        others={
            400: Saying(400, "The request was invalid."),
            402: Saying(402, "The account has no credits left.", "Payment Required"),
            403: Saying(403, "Authorization failed", "Forbidden"),
            422: Saying(422, "The request could not be processed.", "Unprocessable Entity"),
            500: Saying(500, "Inference error", "Internal Server Error"),
            503: Saying(503, "The function has no instance ready.", "Service Unavailable"),
        },
        render=_render,
    ),
    request_ids={"nvcf-reqid": "{uuid}"},
    card=lambda model: {
        "id": model.name,
        "object": "model",
        "created": model.created,
        "owned_by": model.name.split("/")[0],
    },
    embeddings=Embeddings(
        fields={
            **embedding_fields(),
            "input_type": text(choices=("query", "passage")),
            "truncate": nullable(text(choices=("NONE", "START", "END"))),
            "user": nullable(text()),
        },
        required=("input_type",),
    ),
)
