"""What is sent to store and to change configurations, and what that means for the service."""

from __future__ import annotations

from typing import Any, Final, Self

from pydantic import model_validator

from core.llms.provider_config.access.actors import Actor
from core.llms.provider_config.errors import ConfigNotFoundError
from core.llms.provider_config.schemas import (
    LLMParametersCreate,
    LLMParametersUpdate,
    Name,
    PromptTemplateCreate,
    PromptTemplateUpdate,
    ProviderModelConfigBase,
    ProviderModelConfigResponse,
    ProviderModelConfigUpdate,
)
from core.llms.provider_config.server.merging import merge
from core.llms.provider_config.service import ProviderConfigService

_ROWS: Final = frozenset({"parameters", "prompt_template"})
_IDS: Final = frozenset({"parameters_id", "prompt_template_id"})


class ConfigurationRegister(ProviderModelConfigBase):
    """A model to be stored, with its parameters: given whole, or by the name of those that are stored already."""

    parameters: LLMParametersCreate | None = None
    parameters_name: Name | None = None
    prompt_template: PromptTemplateCreate | None = None
    prompt_template_name: Name | None = None
    verify: bool = True

    @model_validator(mode="after")
    def _has_parameters(self) -> Self:
        if (self.parameters is None) == (self.parameters_name is None):
            raise ValueError("give `parameters` or `parameters_name`, one of them")
        if self.prompt_template is not None and self.prompt_template_name is not None:
            raise ValueError("give `prompt_template` or `prompt_template_name`, not both")
        return self


class ConfigurationPatch(ProviderModelConfigUpdate):
    """A merge patch of a configuration, its parameters and its template: what is not given stays, null takes away.

    `settings` and `extra_parameters` are merged name by name. Parameters and template change for every configuration
    that uses them; `prompt_template` as null leaves the configuration without one.
    """

    parameters: LLMParametersUpdate | None = None
    prompt_template: PromptTemplateUpdate | None = None

    @model_validator(mode="after")
    def _keeps_parameters(self) -> Self:
        if "parameters" in self.model_fields_set and self.parameters is None:
            raise ValueError("`parameters` cannot be taken away")
        if _ROWS & self.model_fields_set and _IDS & self.model_fields_set:
            raise ValueError("change the rows, or choose others by their ids, not both at once")
        return self


def split_patch(patch: ConfigurationPatch) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Return what is changed of the configuration, of its parameters and of its template."""
    updates = {name: getattr(patch, name) for name in patch.model_fields_set - _ROWS}
    if "prompt_template" in patch.model_fields_set and patch.prompt_template is None:
        updates["prompt_template_id"] = None
    rows = (patch.parameters, patch.prompt_template)
    parameters, template = ({} if row is None else {n: getattr(row, n) for n in row.model_fields_set} for row in rows)
    return updates, parameters, template


def merge_maps(config: ProviderModelConfigResponse, updates: dict[str, Any], parameters: dict[str, Any]) -> None:
    """Merge settings and further parameters with those that are stored. Raises `ConfigValidationError`."""
    if "settings" in updates:
        updates["settings"] = merge(config.settings, updates["settings"])
    if "extra_parameters" in parameters:
        parameters["extra_parameters"] = merge(config.parameters.extra_parameters, parameters["extra_parameters"])


async def read_arguments(wanted: ConfigurationRegister, service: ProviderConfigService, actor: Actor) -> dict[str, Any]:
    """Return what the service registers a configuration with. Raises `ConfigNotFoundError` for rows it names."""
    fields = wanted.model_dump(exclude={"parameters_name", "prompt_template_name", "provider_name", *_ROWS})
    parameters, template = wanted.parameters, wanted.prompt_template
    if wanted.parameters_name is not None:
        stored = await service.parameters.get(wanted.parameters_name, actor=actor)
        parameters = _as_stored(LLMParametersCreate, stored, "parameters", wanted.parameters_name)
    if wanted.prompt_template_name is not None:
        found = await service.prompt_templates.get(wanted.prompt_template_name, actor=actor)
        template = _as_stored(PromptTemplateCreate, found, "prompt template", wanted.prompt_template_name)
    return {**fields, "provider": wanted.provider_name, "parameters": parameters, "prompt_template": template}


def _as_stored(schema: Any, stored: Any, what: str, name: str) -> Any:
    if stored is None:
        raise ConfigNotFoundError(f"no {what} is called {name!r}")
    return schema(**stored.model_dump(include=set(schema.model_fields)))
