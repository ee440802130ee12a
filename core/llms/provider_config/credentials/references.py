"""Credentials in the environment, which a configuration names: nothing is stored of them."""

from __future__ import annotations

import os

from core.llms.errors import MissingCredentialError
from core.llms.provider_config.errors import CredentialError
from core.llms.provider_config.schemas import ProviderModelConfigResponse
from core.llms.types.secrets import Secret


def read_reference(config: ProviderModelConfigResponse) -> dict[str, Secret]:
    """Return the key of the variable that a configuration names, by the name that the provider's factory has for it.

    Nothing where it names none: the factory then reads the provider's usual variables. Raises
    `MissingCredentialError` where the variable is not set, and `CredentialError` for a stored credential.
    """
    if config.credential_id is not None:
        raise CredentialError(
            "it uses a stored credential: give what `service.credentials.resolve(config)` returns",
            provider=config.provider_name,
            model=config.model_id,
        )
    if config.api_key_env is None:
        return {}
    if not os.environ.get(config.api_key_env):
        raise MissingCredentialError(
            f"no credential: set {config.api_key_env}, which `api_key_env` names",
            provider=config.provider_name,
            model=config.model_id,
        )
    return {"api_key": Secret(os.environ[config.api_key_env])}


async def resolve_reference(config: ProviderModelConfigResponse) -> dict[str, Secret]:
    """Do as `read_reference` does, in the form of `CredentialService.resolve`."""
    return read_reference(config)
