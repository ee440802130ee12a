"""The models of the simulated OpenRouter, and how its list tells them. Facts: models.dev of 2026-09-30."""

from __future__ import annotations

from typing import Any

from core.llms.simulator.compatible.models import HostedModel, chat_model, embedding_model
from core.llms.simulator.compatible.openrouter_fields import EFFORTS

OWNERS = (
    "anthropic/",
    "cohere/",
    "deepseek/",
    "google/",
    "meta-llama/",
    "minimax/",
    "mistralai/",
    "moonshotai/",
    "nvidia/",
    "openai/",
    "perplexity/",
    "qwen/",
    "x-ai/",
    "z-ai/",
)
KNOWN = (
    chat_model(
        "anthropic/claude-sonnet-5.5", 1_000_000, 128_000, sees=True, efforts=EFFORTS[2:], prices=(2.0, 0.1, 10.0)
    ),
    chat_model(
        "anthropic/claude-opus-5.5", 1_000_000, 128_000, sees=True, efforts=EFFORTS[2:], prices=(4.0, 0.2, 20.0)
    ),
    chat_model(
        "openai/gpt-6-sol", 1_050_000, 128_000, sees=True, efforts=EFFORTS, thinks="medium", prices=(2.0, 0.2, 10.0)
    ),
    chat_model(
        "google/gemini-3.8-flash",
        1_048_576,
        65_536,
        sees=True,
        efforts=("low", "medium", "high"),
        thinks="medium",
        prices=(0.75, 0.075, 3.75),
    ),
    chat_model(
        "deepseek/deepseek-v4.1-flash",
        1_048_576,
        943_718,
        sees=True,
        efforts=("none", "low", "high", "max"),
        thinks="high",
        prices=(0.21, 0.0042, 0.84),
    ),
    chat_model(
        "moonshotai/kimi-k3",
        1_048_576,
        943_718,
        sees=True,
        efforts=("none", "low", "high", "max"),
        thinks="high",
        prices=(3.0, 0.3, 15.0),
    ),
    chat_model(
        "z-ai/glm-5.3", 1_048_576, 943_717, efforts=("low", "high", "max"), thinks="high", prices=(1.4, 0.26, 4.4)
    ),
    chat_model("meta-llama/llama-3.3-70b-instruct", 131_072, 16_384, prices=(0.59, 0.295, 0.79)),
    chat_model("qwen/qwen-2.5-coder-32b-instruct", 32_768, 29_491, prices=(0.66, 0.66, 1.0), tools=False),
    embedding_model("openai/text-embedding-3-small", 8_192, 1_536, shortens=True, usd=0.02),
)


def _parameters(model: HostedModel) -> list[str]:
    """What the model takes, by the names of the vendor's list."""
    offered = {
        "include_reasoning": model.reasons,
        "max_tokens": True,
        "reasoning": model.reasons,
        "response_format": model.json_object,
        "structured_outputs": model.json_schema,
        "temperature": True,
        "tool_choice": model.tools,
        "tools": model.tools,
    }
    return [name for name, takes in offered.items() if takes]


def write_card(model: HostedModel) -> dict[str, Any]:
    """A model as the list shows it."""
    prompt, cached, completion = model.prices
    return {
        "id": model.name,
        "canonical_slug": model.name,
        "name": model.name,
        "created": model.created,
        "description": "A simulated model.",
        "context_length": model.context_window,
        "architecture": {
            "modality": "text->text",
            "input_modalities": ["text", "image"] if model.images is not None else ["text"],
            "output_modalities": ["text"] if model.kind == "chat" else ["embeddings"],
            "tokenizer": "Other",
            "instruct_type": None,
        },
        "pricing": {
            "prompt": f"{prompt / 10**6:.10f}",
            "completion": f"{completion / 10**6:.10f}",
            "input_cache_read": f"{cached / 10**6:.10f}",
        },
        "top_provider": {
            "context_length": model.context_window,
            "max_completion_tokens": model.max_output,
            "is_moderated": False,
        },
        "per_request_limits": None,
        "supported_parameters": _parameters(model) if model.kind == "chat" else [],
        "default_parameters": {},
        "supported_voices": None,
        "links": {"details": f"/api/v1/models/{model.name}/endpoints"},
    }
