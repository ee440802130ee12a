"""What goes into the service and comes out of it: `…Create`, `…Update` (what is left out stays) and `…Response`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from core.llms.provider_config.access.operations import DEFAULT_ORGANISATION, DEFAULT_WORKSPACE
from core.llms.provider_config.parameter_schemas import LLMParametersBase as LLMParametersBase
from core.llms.provider_config.parameter_schemas import LLMParametersCreate as LLMParametersCreate
from core.llms.provider_config.parameter_schemas import LLMParametersResponse as LLMParametersResponse
from core.llms.provider_config.parameter_schemas import LLMParametersUpdate as LLMParametersUpdate
from core.llms.provider_config.schema_base import Name as Name
from core.llms.provider_config.schema_base import Owned, Placed, Schema, Stored

VerificationStatus: TypeAlias = Literal["pending", "verified", "failed"]


class _TemplateFields(Schema):
    provider: Name | None = None
    description: str | None = None
    system_prompt: str | None = None
    context_prefix: str | None = None
    query_prefix: str | None = None
    answer_prefix: str | None = None


class PromptTemplateBase(_TemplateFields):
    """How a prompt is put: `system_prompt` goes before it, each prefix before its part."""

    name: Name

    def render(self, prompt: str, context: str | None = None) -> str:
        """Put a prompt, and a context where there is one, behind their prefixes, with the answer's at the end."""
        parts = []
        if context is not None:
            parts.append(_join(self.context_prefix, context))
        parts.append(_join(self.query_prefix, prompt))
        if self.answer_prefix:
            parts.append(self.answer_prefix)
        return "\n\n".join(parts)


def _join(prefix: str | None, text: str) -> str:
    return f"{prefix}\n{text}" if prefix else text


class PromptTemplateCreate(PromptTemplateBase, Placed):
    """A template to be stored."""


class PromptTemplateUpdate(_TemplateFields):
    """Changes of a template: what is not given stays, what is given as None is taken away."""

    name: Name | None = None


class PromptTemplateResponse(PromptTemplateBase, Owned):
    """A template as stored."""


class CredentialCreate(Schema):
    """What a credential is stored with, besides its secrets."""

    name: Name
    provider: Name
    organisation: Name = DEFAULT_ORGANISATION
    workspace: Name = DEFAULT_WORKSPACE
    description: str | None = None


class CredentialReference(Schema):
    """Which stored credential a configuration uses, and at which version of its secrets."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: int
    name: str
    version: int


class ConfigFields(Schema):
    """What is said of a model in the same words wherever it is."""

    alias: Name | None = None
    description: str | None = None
    base_url: str | None = None
    provider_version: Name | None = None
    api_key_env: Name | None = None
    settings: dict[str, Any] = Field(default_factory=dict)

    @field_validator("base_url")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("an address begins with https:// or http://")
        if value is not None and "@" in value.split("/")[2]:
            raise ValueError("an address holds no credential: name the variable that does in `api_key_env`")
        return value


class _ConfigFields(ConfigFields):
    credential_id: int | None = None

    @model_validator(mode="after")
    def _has_one_credential(self) -> Self:
        if self.api_key_env is not None and self.credential_id is not None:
            raise ValueError("give `api_key_env` or `credential_id`, not both")
        return self


class ProviderModelConfigBase(_ConfigFields):
    """One model of one provider. `api_key_env` names the environment variable with the key, instead of the usual one,
    or `credential_id` a stored credential of the provider.

    `provider_version` is the version of the provider's API: a date or name that its factory takes as `api_version`, or
    the name of a wire (`chat`, `responses`).
    `settings` are further arguments of the provider's factory (`region`, `project_id`, `deployment_name`). It belongs
    to a `workspace` of an `organisation`, by which access is given.
    """

    provider_name: Name
    model_id: Name
    is_active: bool = True
    organisation: Name = DEFAULT_ORGANISATION
    workspace: Name = DEFAULT_WORKSPACE


class ProviderModelConfigCreate(ProviderModelConfigBase):
    """A configuration to be stored, with parameters and a template that are there already or are given whole."""

    parameters_id: int | None = None
    parameters: LLMParametersCreate | None = None
    prompt_template_id: int | None = None
    prompt_template: PromptTemplateCreate | None = None

    @model_validator(mode="after")
    def _has_parameters(self) -> Self:
        if (self.parameters_id is None) == (self.parameters is None):
            raise ValueError("give `parameters` or `parameters_id`, one of them")
        if self.prompt_template_id is not None and self.prompt_template is not None:
            raise ValueError("give `prompt_template` or `prompt_template_id`, not both")
        return self


class ProviderModelConfigUpdate(_ConfigFields):
    """Changes of a configuration: what is not given stays, what is given as None is taken away."""

    is_active: bool | None = None
    parameters_id: int | None = None
    prompt_template_id: int | None = None

    @model_validator(mode="after")
    def _leaves_what_must_be(self) -> Self:
        for name in ("is_active", "parameters_id"):
            if name in self.model_fields_set and getattr(self, name) is None:
                raise ValueError(f"`{name}` cannot be taken away")
        return self


class ProviderModelConfigResponse(ProviderModelConfigBase, Stored):
    """A configuration as stored. `unsupported_parameters` are stored, but never sent to this model on its wire;
    `unsupported_reasons` says of each why.
    """

    parameters_id: int
    parameters: LLMParametersResponse
    prompt_template_id: int | None = None
    prompt_template: PromptTemplateResponse | None = None
    credential: CredentialReference | None = None
    verification_status: VerificationStatus = "pending"
    verification_error: str | None = None
    last_verified: datetime | None = None
    unsupported_parameters: tuple[str, ...] = ()
    unsupported_reasons: dict[str, str] = Field(default_factory=dict)

    @property
    def is_verified(self) -> bool:
        """Whether the provider has answered for this model."""
        return self.verification_status == "verified"


class ProviderRegistryResponse(BaseModel):
    """What is configured, by provider and model."""

    model_config = ConfigDict(frozen=True)

    total_providers: int
    active_providers: int
    providers: tuple[ProviderModelConfigResponse, ...]
