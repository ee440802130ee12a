"""What goes into the service and comes out of it: `…Create`, `…Update` (what is left out stays) and `…Response`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from core.llms.provider_config.access.operations import DEFAULT_ORGANISATION, DEFAULT_WORKSPACE
from core.llms.types.parameters import (
    ALL_PARAMS,
    PARAM_FREQUENCY_PENALTY,
    PARAM_MAX_TOKENS,
    PARAM_PRESENCE_PENALTY,
    PARAM_SEED,
    PARAM_STOP,
    PARAM_TEMPERATURE,
    PARAM_TOP_K,
    PARAM_TOP_P,
)

# The field of a stored parameter, and the neutral name that a call has for it.
NEUTRAL_NAMES: Final[Mapping[str, str]] = {
    "max_new_tokens": PARAM_MAX_TOKENS,
    "temperature": PARAM_TEMPERATURE,
    "top_k": PARAM_TOP_K,
    "top_p": PARAM_TOP_P,
    "frequency_penalty": PARAM_FREQUENCY_PENALTY,
    "presence_penalty": PARAM_PRESENCE_PENALTY,
    "stop_sequences": PARAM_STOP,
    "seed": PARAM_SEED,
}
Name: TypeAlias = Annotated[str, Field(min_length=1, max_length=255)]
VerificationStatus: TypeAlias = Literal["pending", "verified", "failed"]


class _Schema(BaseModel):
    model_config = ConfigDict(extra="forbid", from_attributes=True, protected_namespaces=())

    @field_validator("*", mode="after")
    @classmethod
    def _has_no_nul(cls, value: Any) -> Any:
        if isinstance(value, str) and ("\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value)):
            raise ValueError("it has a character that a database cannot hold")
        return value


class _Stored(_Schema):
    """What every stored row has."""

    model_config = ConfigDict(frozen=True)

    id: int
    version: int
    created_at: datetime
    updated_at: datetime


class _Placed(_Schema):
    """Where a row that is to be stored belongs: by default where the configuration does that it is stored with."""

    organisation: Name | None = None
    workspace: Name | None = None


class _Owned(_Stored):
    """What belongs to a workspace of an organisation, which access goes by."""

    organisation: str = DEFAULT_ORGANISATION
    workspace: str = DEFAULT_WORKSPACE


class _ParameterFields(_Schema):
    description: str | None = None
    max_new_tokens: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    top_k: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    top_p: Annotated[float, Field(ge=0, le=1)] | None = None
    frequency_penalty: Annotated[float, Field(ge=-2, le=2)] | None = None
    presence_penalty: Annotated[float, Field(ge=-2, le=2)] | None = None
    stop_sequences: Annotated[list[Annotated[str, Field(min_length=1)]], Field(min_length=1)] | None = None
    seed: Annotated[int, Field(ge=-(2**31), le=2**31 - 1)] | None = None
    extra_parameters: dict[str, Any] = {}

    @field_validator("extra_parameters")
    @classmethod
    def _are_neutral(cls, value: dict[str, Any]) -> dict[str, Any]:
        known = sorted(ALL_PARAMS - set(NEUTRAL_NAMES.values()))
        unknown = [name for name in value if name not in known]
        if unknown:
            raise ValueError(f"{', '.join(map(repr, unknown))}: not a parameter; known here: {', '.join(known)}")
        return value


class LLMParametersBase(_ParameterFields):
    """Parameters of generation, all optional. `extra_parameters` takes all other neutral names."""

    name: Name

    def neutral(self) -> dict[str, Any]:
        """Return what is set, by the names that a call has for it."""
        own = {neutral: getattr(self, field) for field, neutral in NEUTRAL_NAMES.items()}
        return {name: value for name, value in {**own, **self.extra_parameters}.items() if value is not None}


class LLMParametersCreate(LLMParametersBase, _Placed):
    """Parameters to be stored."""


class LLMParametersUpdate(_ParameterFields):
    """Changes of parameters: what is not given stays, what is given as None is taken away."""

    name: Name | None = None


class LLMParametersResponse(LLMParametersBase, _Owned):
    """Parameters as stored."""


class _TemplateFields(_Schema):
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


class PromptTemplateCreate(PromptTemplateBase, _Placed):
    """A template to be stored."""


class PromptTemplateUpdate(_TemplateFields):
    """Changes of a template: what is not given stays, what is given as None is taken away."""

    name: Name | None = None


class PromptTemplateResponse(PromptTemplateBase, _Owned):
    """A template as stored."""


class CredentialCreate(_Schema):
    """What a credential is stored with, besides its secrets."""

    name: Name
    provider: Name
    organisation: Name = DEFAULT_ORGANISATION
    workspace: Name = DEFAULT_WORKSPACE
    description: str | None = None


class CredentialReference(_Schema):
    """Which stored credential a configuration uses, and at which version of its secrets."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: int
    name: str
    version: int


class ConfigFields(_Schema):
    """What is said of a model in the same words wherever it is."""

    alias: Name | None = None
    description: str | None = None
    base_url: str | None = None
    api_key_env: Name | None = None
    settings: dict[str, Any] = {}

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


class ProviderModelConfigResponse(ProviderModelConfigBase, _Stored):
    """A configuration as stored. `unsupported_parameters` are stored, but never sent to this model."""

    parameters_id: int
    parameters: LLMParametersResponse
    prompt_template_id: int | None = None
    prompt_template: PromptTemplateResponse | None = None
    credential: CredentialReference | None = None
    verification_status: VerificationStatus = "pending"
    verification_error: str | None = None
    last_verified: datetime | None = None
    unsupported_parameters: tuple[str, ...] = ()

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
