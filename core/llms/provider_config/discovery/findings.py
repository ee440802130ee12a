"""What a discovery finds, as values. No value holds a secret: credentials are names of environment variables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from core.llms.provider_config.schemas import ProviderModelConfigCreate, ProviderModelConfigResponse
from core.llms.registry.models import LLMProfile

ProblemKind: TypeAlias = Literal["wrong_key", "denied", "incomplete", "no_answer", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveredModel:
    """A model that a provider lists under the name `model`, and all that is known of it.

    `config` is how it is configured already. `proposal` is what could be registered, or `reason` says why nothing is
    proposed.
    """

    provider: str
    model: str
    profile: LLMProfile
    config: ProviderModelConfigResponse | None = None
    proposal: ProviderModelConfigCreate | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveredProvider:
    """A provider that answered at `address`, with the models that it lists, those first that may be most wanted.

    `variables` are the environment variables that led there, and `server` is the kind of a server that was found on its
    own, as vLLM. `vanished` are configured models that the provider does not list any more.
    """

    provider: str
    address: str
    models: tuple[DiscoveredModel, ...]
    variables: tuple[str, ...] = ()
    server: str | None = None
    vanished: tuple[ProviderModelConfigResponse, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveryProblem:
    """What kept a provider, or an address, from being looked into.

    `wrong_key`: the key was refused, or one is wanted. `denied`: it may not list models. `incomplete`: a setting
    besides the credential is missing. `no_answer`: nothing came in time, or no connection. `failed`: anything else.
    """

    kind: ProblemKind
    reason: str
    provider: str | None = None
    address: str | None = None
    variables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveryReport:
    """All that was found, providers of the environment first, each kind by name."""

    providers: tuple[DiscoveredProvider, ...] = ()
    problems: tuple[DiscoveryProblem, ...] = ()

    @property
    def proposals(self) -> tuple[ProviderModelConfigCreate, ...]:
        """What could be registered, with an alias each that is free."""
        models = (model for provider in self.providers for model in provider.models)
        return tuple(model.proposal for model in models if model.proposal is not None)

    @property
    def vanished(self) -> tuple[ProviderModelConfigResponse, ...]:
        """Configured models that their providers do not list any more."""
        return tuple(config for provider in self.providers for config in provider.vanished)
