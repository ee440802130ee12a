"""Changing a configuration's parameters and template together with it, in its transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.llms.provider_config.errors import ConfigValidationError
from core.llms.provider_config.models import LLMParameters, PromptTemplate, ProviderModelConfig
from core.llms.provider_config.named_rows import apply_updates, find_or_add
from core.llms.provider_config.registration import require_compatible
from core.llms.provider_config.repository import ProviderConfigRepository
from core.llms.provider_config.schemas import LLMParametersResponse, PromptTemplateCreate


async def change_used_rows(
    repository: ProviderConfigRepository,
    row: ProviderModelConfig,
    parameters: Mapping[str, Any],
    template: Mapping[str, Any],
) -> bool:
    """Set fields of the parameters and of the template that a configuration uses, and tell whether any differed.

    Where it has no template, one is made that has its name. Raises `ConfigValidationError` for a value that a model
    with these parameters would refuse.
    """
    if "name" in parameters or "name" in template:
        raise ConfigValidationError({"name": "`name`: rename a row by itself, with its own `update`"})
    is_changed = bool(parameters) and await _change(repository, row.parameters, parameters)
    if is_changed:
        fitting = LLMParametersResponse.model_validate(row.parameters)
        for user in await repository.users_of(row.parameters):
            require_compatible(user.provider_name, user.model_id, fitting)
    if template and row.prompt_template is None:
        wanted = PromptTemplateCreate(name=f"{row.provider_name}/{row.model_id}", **template)
        row.prompt_template = await find_or_add(repository, PromptTemplate, wanted)
        return True
    if template and row.prompt_template is not None:
        is_changed |= await _change(repository, row.prompt_template, template)
    return is_changed


async def _change(
    repository: ProviderConfigRepository, used: LLMParameters | PromptTemplate, changed: Mapping[str, Any]
) -> bool:
    await repository.lock(used)
    return apply_updates(used, changed)
