"""What registering and changing a configuration asks of the rows that are there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.llms.provider_config.changes import describe_differences, differences
from core.llms.provider_config.compatibility import check_compatibility, find_metadata
from core.llms.provider_config.errors import ConfigExistsError, ConfigNotFoundError, ConfigValidationError
from core.llms.provider_config.models import LLMParameters, PromptTemplate, ProviderModelConfig
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
