"""From a model that was found to a configuration that could be registered: alias, parameters and references."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from core.llms.provider_config.called_models import find_called_model
from core.llms.provider_config.compatibility import check_compatibility
from core.llms.provider_config.discovery.places import Place
from core.llms.provider_config.schemas import LLMParametersCreate, ProviderModelConfigCreate
from core.llms.registry.models import LLMProfile

_USUAL_TOKENS: Final = 4_096
# What a model thinks counts, too.
_REASONING_TOKENS: Final = 16_384
_NOT_OF_ALIASES: Final = re.compile(r"[^a-z0-9._-]+")


class Proposer:
    """Makes configurations whose names are free; a name that it gave is taken then."""

    def __init__(self, aliases: Collection[str], parameter_names: Collection[str]) -> None:
        self._aliases = set(aliases)
        self._parameter_names = set(parameter_names)

    def propose(self, place: Place, model: str, profile: LLMProfile) -> ProviderModelConfigCreate:
        """Make the configuration of a model. It has references to the environment, and no secret."""
        own = f"{place.provider}/{model}"
        name = _take([own], self._parameter_names)
        return ProviderModelConfigCreate(
            provider_name=place.provider,
            model_id=model,
            alias=_take(_suggest_aliases(place.provider, model), self._aliases),
            description=profile.display_name,
            base_url=place.base_url,
            api_key_env=place.api_key_env,
            parameters=_fit_parameters(name, profile, place, model),
        )


def _suggest_aliases(provider: str, model: str) -> list[str]:
    short = _NOT_OF_ALIASES.sub("-", model.lower().rpartition("/")[2].removesuffix(":latest")).strip("-.") or "model"
    return [short] if short.startswith(provider) else [short, f"{provider}-{short}"]


def _take(names: list[str], taken: set[str]) -> str:
    """Return the first name that is free, with a number behind the last where none is."""
    number, candidates = 1, list(names)
    while (free := next((name for name in candidates if name not in taken), None)) is None:
        number += 1
        candidates = [f"{names[-1]}-{number}"]
    taken.add(free)
    return free


def _fit_parameters(name: str, profile: LLMProfile, place: Place, model: str) -> LLMParametersCreate:
    """Return parameters that a call is sent with: a limit of its answers, at most half of its context."""
    able = profile.capabilities
    most = _REASONING_TOKENS if able.supports_reasoning else _USUAL_TOKENS
    half = None if able.context_window is None else max(1, able.context_window // 2)
    tokens = min(limit for limit in (most, able.max_output_tokens, half) if limit is not None)
    parameters = LLMParametersCreate(name=name, max_new_tokens=tokens)
    metadata = place.detector.find_class(model)
    if metadata is None:
        return parameters
    called = find_called_model(place.provider, model, {"metadata": metadata})
    if check_compatibility(called, parameters).sendable == parameters.neutral():
        return parameters
    return LLMParametersCreate(name=name)
