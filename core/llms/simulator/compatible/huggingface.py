"""The simulated router of Hugging Face, with the inference providers behind it.

The list of models with their providers, and the replies: recorded exchanges, 2025 and 2026; what stands beside OpenAI's
own fields is the inference provider's, so that a reply here has none. The words for a model that no provider serves:
reports of its users, 2025 and 2026. What a field means, and whether an unknown one is refused, is the provider's to
say: they are ignored. Any model's name below a known vendor is taken. Models: models.dev of 2026-09-30.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.llms.simulator.compatible.counts import usual_usage
from core.llms.simulator.compatible.dialect import (
    WINDOW_EXCEEDED,
    Asking,
    Dialect,
    ErrorReply,
    Errors,
    Saying,
    Streaming,
    Telling,
)
from core.llms.simulator.compatible.errors import dotted, is_shape, nested, own_code
from core.llms.simulator.compatible.models import HostedModel, chat_model
from core.llms.simulator.compatible.rules import check_effort
from core.llms.simulator.compatible.thinking import FieldThinking
from core.llms.simulator.compatible.vocabulary import everything_but, messages
from core.llms.simulator.openai.errors import ApiError
from core.llms.simulator.openai.fields import nullable, text

if TYPE_CHECKING:
    pass

_POLICIES = ("fastest", "cheapest", "preferred")
_PROVIDERS = (
    "novita",
    "together",
    "groq",
    "cerebras",
    "fireworks-ai",
    "nebius",
    "hyperbolic",
    "sambanova",
    "hf-inference",
)
_FIELDS = {
    **everything_but("messages"),
    "messages": messages(assistant={"reasoning_content": nullable(text()), "reasoning": nullable(text())}),
    "reasoning_effort": nullable(text()),
    "tool_prompt": nullable(text()),
}


def _check(body: dict[str, Any], model: HostedModel) -> None:
    _, _, wanted = body["model"].partition(":")
    offered = (*_POLICIES, *model.facts.get("providers", _PROVIDERS))
    if wanted and wanted not in offered:
        message = f"The requested model '{body['model']}' is not supported by provider '{wanted}'."
        raise ApiError(message, param="model", code="model_not_supported")
    check_effort(body, model)


def _render(error: ApiError) -> ErrorReply:
    if error.status in (401, 404):
        return ErrorReply(error.status, {"error": error.message})
    body = nested(error, param=error.param, code=own_code(error))
    if is_shape(error):
        body["error"]["message"] = f"{dotted(error)}: {error.message}"
    return ErrorReply(error.status, body)


def _card(model: HostedModel) -> dict[str, Any]:
    return {
        "id": model.name,
        "object": "model",
        "created": model.created,
        "owned_by": model.name.split("/")[0],
        "architecture": {
            "input_modalities": ["text", "image"] if model.images is not None else ["text"],
            "output_modalities": ["text"],
        },
        "providers": [
            {
                "provider": provider,
                "status": "live",
                "context_length": model.context_window,
                "pricing": {"input": 0.3, "output": 1.2},
                "supports_tools": True,
                "supports_structured_output": True,
                "is_model_author": False,
            }
            for provider in model.facts.get("providers", _PROVIDERS)
        ],
    }


def _served(*providers: str) -> dict[str, Any]:
    return {"providers": providers}


DIALECT = Dialect(
    provider="huggingface",
    prefix="/huggingface",
    root="/v1",
    keys=("HF_TOKEN",),
    address="HUGGINGFACE_BASE_URL",
    own_key="hf_simulator",
    models=(
        chat_model("meta-llama/Llama-3.3-70B-Instruct", 131_072, 4_096, facts=_served("groq", "together", "novita")),
        chat_model(
            "openai/gpt-oss-120b",
            131_072,
            32_768,
            efforts=("low", "medium", "high"),
            thinks="medium",
            facts=_served("cerebras", "groq", "fireworks-ai", "together"),
        ),
        chat_model(
            "zai-org/GLM-5.3",
            1_048_576,
            131_072,
            efforts=("low", "high", "max"),
            thinks="high",
            facts=_served("novita", "together"),
        ),
        chat_model(
            "deepseek-ai/DeepSeek-V4.1-Flash",
            1_048_576,
            384_000,
            sees=True,
            efforts=("none", "low", "high", "xhigh", "max"),
            thinks="high",
            facts=_served("novita", "together", "fireworks-ai"),
        ),
        chat_model(
            "Qwen/Qwen3.8-27B",
            262_144,
            32_768,
            sees=True,
            efforts=("low", "medium", "xhigh"),
            thinks="medium",
            facts=_served("groq", "cerebras", "novita"),
        ),
        chat_model("Qwen/Qwen2.5-Coder-32B-Instruct", 131_072, 8_192, facts=_served("nebius", "hyperbolic")),
    ),
    owners=("Qwen/", "deepseek-ai/", "google/", "meta-llama/", "mistralai/", "moonshotai/", "openai/", "zai-org/"),
    asking=Asking(fields=_FIELDS, ignores_unknown=True, check=_check),
    telling=Telling(
        completion_id="chatcmpl-{hex:32}",
        call_id="call_{letters:24}",
        thinking=lambda body: FieldThinking("reasoning_content"),
        usage=usual_usage,
    ),
    streaming=Streaming(),
    errors=Errors(
        no_key=Saying(401, "Invalid username or password."),
        bad_key=Saying(401, "Invalid username or password."),
        no_model=Saying(400, "The requested model '{model}' does not exist", code="model_not_found"),
        no_path=Saying(404, "Not Found"),
        too_long=WINDOW_EXCEEDED,
        limited=Saying(429, "Rate limit reached. You reached the limit of requests.", "rate_limit_error"),
        others={
            400: Saying(400, "The request was invalid."),
            402: Saying(
                402, "You have exceeded your monthly included credits for Inference Providers.", "payment_required"
            ),
            403: Saying(403, "This authentication method does not have sufficient permissions.", "permission_error"),
            404: Saying(404, "Not Found"),
            422: Saying(422, "The request could not be processed."),
            500: Saying(500, "Internal Server Error", "server_error"),
            503: Saying(503, "Service Unavailable", "server_error"),
        },
        render=_render,
    ),
    request_ids={"x-request-id": "Root=1-{hex:8}-{hex:24}"},
    bare_name=lambda name: name.partition(":")[0],
    card=_card,
)
