"""What registering and changing a configuration asks of the rows that are there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.llms.provider_config.changes import describe_differences, differences
from core.llms.provider_config.compatibility import check_compatibility, find_metadata
from core.llms.provider_config.errors import ConfigExistsError, ConfigNotFoundError, ConfigValidationError
from core.llms.provider_config.models import Credential, LLMParameters, PromptTemplate, ProviderModelConfig
from core.llms.provider_config.named_rows import find_or_add
from core.llms.provider_config.repository import ProviderConfigRepository
from core.llms.provider_config.schemas import (
    LLMParametersBase,
    LLMParametersResponse,
    ProviderModelConfigCreate,
    ProviderModelConfigResponse,
)

_OF_OTHER_ROWS = {"parameters", "parameters_id", "prompt_template", "prompt_template_id", "is_active"}


async def store_config(
    repository: ProviderConfigRepository, wanted: ProviderModelConfigCreate, *, is_active: bool
) -> ProviderModelConfig:
    """Return the configuration that is stored with these very values, or store it.

    Raises `ConfigExistsError` where something else has one of its names.
    """
    assert wanted.parameters is not None
    fields = wanted.model_dump(exclude=_OF_OTHER_ROWS)
    stored = await repository.find_config(wanted.provider_name, wanted.model_id, for_update=True)
    if stored is not None:
        _require_same(stored, wanted, fields)
        return stored
    await require_alias(repository, wanted.alias, None)
    await require_credential(repository, wanted.provider_name, wanted.credential_id)
    row = ProviderModelConfig(
        **fields, is_active=is_active, parameters=await find_or_add(repository, LLMParameters, wanted.parameters)
    )
    if wanted.prompt_template is not None:
        row.prompt_template = await find_or_add(repository, PromptTemplate, wanted.prompt_template)
    await repository.add(row)
    await repository.announce()
    await repository.reload(row)
    return row


def _require_same(stored: ProviderModelConfig, wanted: ProviderModelConfigCreate, fields: Mapping[str, Any]) -> None:
    assert wanted.parameters is not None
    changes = differences(stored, fields) | differences(stored.parameters, wanted.parameters.model_dump())
    if (stored.prompt_template is None) != (wanted.prompt_template is None):
        names = [template and template.name for template in (stored.prompt_template, wanted.prompt_template)]
        changes["prompt_template"] = (names[0], names[1])
    elif stored.prompt_template is not None and wanted.prompt_template is not None:
        changes |= differences(stored.prompt_template, wanted.prompt_template.model_dump())
    if changes:
        raise ConfigExistsError(
            f"it is registered with other values: {describe_differences(changes)}; change it by "
            "`update_provider_model`",
            provider=stored.provider_name,
            model=stored.model_id,
        )


async def require_alias(
    repository: ProviderConfigRepository, alias: str | None, own: ProviderModelConfig | None
) -> None:
    """Raise `ConfigExistsError` where another configuration has an alias."""
    other = None if alias is None else await repository.find_config_by_alias(alias)
    if other is not None and (own is None or other.id != own.id):
        raise ConfigExistsError(
            f"the alias {alias!r} is that of {other.provider_name}/{other.model_id}; choose another"
        )


async def require_references(
    repository: ProviderConfigRepository, row: ProviderModelConfig, changed: Mapping[str, Any]
) -> None:
    """Raise `ConfigNotFoundError` for ids that no row has, `ConfigValidationError` for parameters that do not fit."""
    if "parameters_id" in changed:
        parameters = await repository.find_by_id(LLMParameters, changed["parameters_id"])
        if parameters is None:
            raise ConfigNotFoundError(f"`parameters_id`: no parameters have the id {changed['parameters_id']}")
        require_compatible(row.provider_name, row.model_id, LLMParametersResponse.model_validate(parameters))
    template_id = changed.get("prompt_template_id")
    if template_id is not None and await repository.find_by_id(PromptTemplate, template_id) is None:
        raise ConfigNotFoundError(f"`prompt_template_id`: no template has the id {template_id}")
    await _require_one_credential(repository, row, changed)


async def _require_one_credential(
    repository: ProviderConfigRepository, row: ProviderModelConfig, changed: Mapping[str, Any]
) -> None:
    variable, credential_id = (changed.get(name, getattr(row, name)) for name in ("api_key_env", "credential_id"))
    if variable is not None and credential_id is not None:
        other = "api_key_env" if "credential_id" in changed else "credential_id"
        problem = f"a configuration has `api_key_env` or `credential_id`: set `{other}` to None in the same update"
        raise ConfigValidationError({other: problem}, provider=row.provider_name, model=row.model_id)
    await require_credential(repository, row.provider_name, changed.get("credential_id"))


async def require_credential(repository: ProviderConfigRepository, provider: str, credential_id: int | None) -> None:
    """Raise `ConfigNotFoundError` where no credential has an id, `ConfigValidationError` for another provider's."""
    if credential_id is None:
        return
    credential = await repository.find_by_id(Credential, credential_id)
    if credential is None:
        raise ConfigNotFoundError(f"`credential_id`: no credential has the id {credential_id}")
    if credential.provider != provider:
        problem = f"`credential_id`: {credential.name!r} is a credential of {credential.provider}, not of {provider}"
        raise ConfigValidationError({"credential_id": problem}, provider=provider)


def require_compatible(provider: str, model_id: str, parameters: LLMParametersBase) -> None:
    """Raise `ConfigValidationError` for values that the model would refuse; what it does not take at all may stay."""
    problems = check_compatibility(find_metadata(provider, model_id), parameters).problems
    if problems:
        raise ConfigValidationError(problems, provider=provider, model=model_id)


def respond(row: ProviderModelConfig) -> ProviderModelConfigResponse:
    """Return a stored configuration with what of its parameters is never sent."""
    config = ProviderModelConfigResponse.model_validate(row)
    known = check_compatibility(find_metadata(row.provider_name, row.model_id), config.parameters)
    return config.model_copy(update={"unsupported_parameters": known.unsupported})
