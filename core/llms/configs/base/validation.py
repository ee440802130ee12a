"""Checks of a configuration before it is used: of itself, and against what is known of its model. Nothing is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from importlib import import_module
from typing import Any, Final

from core.llms.callers import BaseCaller
from core.llms.callers.base.params import CallerParams, read_params, settings_of
from core.llms.configs.base.config import BaseModelConfig
from core.llms.configs.base.provider_base import ProviderBaseConfig
from core.llms.create import find_factory, list_providers
from core.llms.errors import ConfigurationError
from core.llms.providers.base.implementation import BaseLLM
from core.llms.providers.base.metadata import BaseMetadata
from core.llms.providers.base.rooms import resolve_metadata, unlisted_metadata

_TYPO: Final = 0.85
# What chooses a model's facts; the other settings are the connection's.
_OF_LOOKUP: Final = ("wire", "metadata", "registry", "api_version")


def validate_config(config: Any) -> None:
    """Check a configuration, also one that only looks like a `BaseModelConfig`.

    Raises `ConfigurationError`, which names alias, field, problem and fix.
    """
    problems = find_problems(config)
    if problems:
        raise ConfigurationError(f"configuration {config.alias()!r}: {'; '.join(problems.values())}")


def find_problems(config: Any) -> dict[str, str]:
    """Return what is wrong with a configuration, by field; empty where nothing is.

    What was set by name the model must take; a default that it refuses is left out of a call with a warning.
    """
    if problems := _misspelt(config):
        return problems
    described: Any = config.describe() if isinstance(config, BaseModelConfig) else config.get_params()
    if not isinstance(described, Mapping):
        return {"": f"get_params() must return a dict, not {type(described).__name__}"}
    caller = config.caller_class()
    if not (isinstance(caller, type) and issubclass(caller, BaseCaller)):
        return {} if callable(caller) else {"": f"caller_class() must return a class, not {caller!r}"}
    try:
        params = read_params(caller.PROVIDER, find_factory(caller.PROVIDER), described)
    except ConfigurationError as error:
        return {_field_of(error.message, described): error.message}
    metadata = find_metadata(caller.PROVIDER, params.model, params.settings)
    return _refused(params, metadata, getattr(config, "_chosen", frozenset()))


def _misspelt(config: Any) -> dict[str, str]:
    """Find attributes that a configuration of this package would not pass on, though they look like those it does."""
    if not isinstance(config, ProviderBaseConfig):
        return {}
    known = config.fields()
    problems = {}
    for name in vars(config):
        if not name.startswith("_") and name not in known:
            for close in get_close_matches(name, known, 1, _TYPO):
                problems[name] = f"unknown field {name!r}; did you mean {close!r}?"
    return problems


def _field_of(problem: str, names: Iterable[str]) -> str:
    return next((name for name in names if f"`{name}`" in problem or f"field {name!r}" in problem), "")


def find_metadata(provider: str, model: str, settings: Mapping[str, Any]) -> type[BaseMetadata]:
    """Find what is known of a configuration's model, as the provider's factory does, without a credential."""
    if provider not in list_providers():
        return unlisted_metadata(provider, model)  # what the factory of another package takes is not known here
    try:
        metadata = create_unconnected(provider, model, settings).metadata
    except ConfigurationError:
        # The factory wants what only the environment has, which says nothing of the model.
        if "wire" in settings:
            raise
        rooms = import_module(f"core.llms.providers.{provider}.models").ROOMS
        metadata, _ = resolve_metadata(provider, model, rooms, settings.get("registry"))
    return metadata


def create_unconnected(provider: str, model: str, settings: Mapping[str, Any]) -> BaseLLM:
    """Make the LLM of a configuration's model as a provider's factory does, which reaches nothing.

    Raises `ConfigurationError`, also where the factory wants what only the environment has.
    """
    from core.llms.features import find_llm_class

    factory = find_factory(provider)
    taken = settings_of(provider, factory) or frozenset(_OF_LOOKUP)
    chosen = {name: settings[name] for name in _OF_LOOKUP if name in settings and name in taken}
    llm: BaseLLM = factory(model, **find_llm_class(provider).unconnected_arguments(settings), **chosen)
    return llm


def _refused(params: CallerParams, metadata: type[BaseMetadata], chosen: frozenset[str]) -> dict[str, str]:
    refusals = {
        name: metadata.refusal_of(name, value, params.defaults)
        for name, value in params.defaults.items()
        if name in chosen
    }
    return {name: f"{metadata.MODEL_ID}: {refusal}" for name, refusal in refusals.items() if refusal}
