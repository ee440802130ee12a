"""Registering what was proposed, one by one: what fails does not keep the others from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from core.llms.provider_config.access.actors import Actor
from core.llms.provider_config.errors import ProviderConfigError, VerificationError
from core.llms.provider_config.schemas import ProviderModelConfigCreate, ProviderModelConfigResponse
from core.llms.provider_config.service import ProviderConfigService

_OF_REGISTRATION: Final = (
    "alias", "description", "base_url", "api_key_env", "credential_id", "settings", "organisation", "workspace",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What became of a proposal: how it is stored, if it is, and what went wrong, if anything did."""

    proposal: ProviderModelConfigCreate
    config: ProviderModelConfigResponse | None = None
    error: ProviderConfigError | None = None


async def apply(
    service: ProviderConfigService,
    proposals: Iterable[ProviderModelConfigCreate],
    *,
    verify: bool = True,
    actor: Actor | str | None = None,
) -> tuple[Registration, ...]:
    """Register proposals, as they were made or changed by hand, and return what became of each, in their order.

    They need `parameters`. Each is verified and switched on as by `register_provider_model`; one that fails to verify
    stays stored, and off. Raises `StorageError`; what was registered until then stays.
    """
    return tuple([await _register(service, proposal, verify, actor) for proposal in proposals])


async def _register(
    service: ProviderConfigService, proposal: ProviderModelConfigCreate, verify: bool, actor: Actor | str | None
) -> Registration:
    if proposal.parameters is None:
        raise TypeError("a proposal has its `parameters` whole, not by id")
    try:
        config = await service.register_provider_model(
            proposal.provider_name,
            proposal.model_id,
            proposal.parameters,
            proposal.prompt_template,
            is_active=proposal.is_active,
            verify=verify,
            actor=actor,
            **{name: getattr(proposal, name) for name in _OF_REGISTRATION},
        )
    except VerificationError as error:
        return Registration(proposal=proposal, config=error.config, error=error)
    except ProviderConfigError as error:
        return Registration(proposal=proposal, error=error)
    return Registration(proposal=proposal, config=config)
