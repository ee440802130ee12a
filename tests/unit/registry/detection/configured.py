"""What the models of the simulator are configured to do, by provider and by the ids that its lists have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module

from core.llms.simulator.anthropic.models import MODELS as ANTHROPIC
from core.llms.simulator.bedrock.models import MODELS as BEDROCK
from core.llms.simulator.bedrock.models import PROFILES
from core.llms.simulator.cohere.models import MODELS as COHERE
from core.llms.simulator.cohere.models import ChatModel
from core.llms.simulator.compatible.dialect import Dialect
from core.llms.simulator.google.models import MODELS as GOOGLE
from core.llms.simulator.ollama.models import MODELS as OLLAMA
from core.llms.simulator.openai.models import MODELS as OPENAI
from core.llms.simulator.watsonx.models import MODELS as WATSONX


@dataclass(frozen=True)
class Ability:
    """What a model that chats can do."""

    vision: bool = True
    tools: bool = True
    json_schema: bool = True


_OF_OPENAI = {
    name: Ability(vision=model.images is not None, json_schema=model.json_schema)
    for name, model in OPENAI.items()
    if model.kind == "chat"
}


def _compatible(provider: str) -> dict[str, Ability]:
    dialect: Dialect = import_module(f"core.llms.simulator.compatible.{provider}").DIALECT
    # DeepSeek takes no JSON schema for any model.
    return {
        name: Ability(model.images is not None, model.tools, model.json_schema and provider != "deepseek")
        for model in dialect.models
        if model.kind == "chat"
        for name in (model.name, *model.aliases)
    }


_CONFIGURED: Mapping[str, Callable[[], dict[str, Ability]]] = {
    "openai": lambda: _OF_OPENAI,
    "azure": lambda: _OF_OPENAI,
    "anthropic": lambda: dict.fromkeys(ANTHROPIC, Ability()),
    "google": lambda: {name: Ability() for name, model in GOOGLE.items() if model.kind != "embed"},
    "bedrock": lambda: {
        name: Ability(vision=model.images, json_schema=model.schemas)
        for name, model in {**BEDROCK, **PROFILES}.items()
        if not model.makes_vectors
    },
    "cohere": lambda: {
        name: Ability(vision=model.sees, tools=model.calls_tools)
        for name, model in COHERE.items()
        if isinstance(model, ChatModel)
    },
    "ollama": lambda: {
        name: Ability(vision="vision" in model.can, tools="tools" in model.can)
        for name, model in OLLAMA.items()
        if "completion" in model.can
    },
    "watsonx": lambda: {
        name: Ability(vision=bool(model.images), tools=model.tools)
        for name, model in WATSONX.items()
        if not model.dimensions and not model.withdrawn
    },
}


def configured(provider: str) -> dict[str, Ability]:
    """What each model of a provider that chats can do."""
    return _CONFIGURED.get(provider, lambda: _compatible(provider))()
