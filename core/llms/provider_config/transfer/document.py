"""`Document`: configurations, parameters and templates by names instead of ids, and without a secret. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from pydantic import BaseModel, model_validator

from core.llms.provider_config.access.operations import DEFAULT_ORGANISATION, DEFAULT_WORKSPACE
from core.llms.provider_config.schema_base import Name
from core.llms.provider_config.schemas import ConfigFields, LLMParametersCreate, PromptTemplateCreate

FORMAT: Final = "core_llms_providers"
VERSION: Final = 1
PARAMETERS: Final = "parameters"
PROMPT_TEMPLATES: Final = "prompt_templates"
CONFIGURATIONS: Final = "configurations"
_NAMES: Final = frozenset({"name", "provider_name", "model_id"})


class ConfigurationEntry(ConfigFields):
    """One model of one provider. `parameters`, `prompt_template` and `credential` are names.

    Where `is_active` is None, what is new is switched on, and what is there stays as it is.
    """

    provider_name: Name
    model_id: Name
    is_active: bool | None = None
    parameters: Name
    prompt_template: Name | None = None
    credential: Name | None = None
    organisation: Name = DEFAULT_ORGANISATION
    workspace: Name = DEFAULT_WORKSPACE

    @property
    def name(self) -> str:
        """What it is called in a document: `provider/model`."""
        return f"{self.provider_name}/{self.model_id}"

    @model_validator(mode="after")
    def _has_one_credential(self) -> Self:
        if self.api_key_env is not None and self.credential is not None:
            raise ValueError("give `api_key_env` or `credential`, not both")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a file holds. An entry says all of a thing: what it leaves out is not set.

    `left_out` names what an export did not take along because it may be a secret, as
    `configurations.openai/gpt-4.1-mini.settings.api_token`.
    """

    parameters: tuple[LLMParametersCreate, ...] = ()
    prompt_templates: tuple[PromptTemplateCreate, ...] = ()
    configurations: tuple[ConfigurationEntry, ...] = ()
    left_out: tuple[str, ...] = field(default=(), compare=False)

    def content(self) -> dict[str, Any]:
        """Return it as YAML and JSON have it: always in the same order, without what is not set."""
        sections = {
            PARAMETERS: _render(self.parameters),
            PROMPT_TEMPLATES: _render(self.prompt_templates),
            CONFIGURATIONS: _render(self.configurations),
        }
        return {FORMAT: VERSION, **{name: entries for name, entries in sections.items() if entries}}


def _render(
    entries: Iterable[LLMParametersCreate | PromptTemplateCreate | ConfigurationEntry],
) -> dict[str, dict[str, Any]]:
    return {entry.name: render_entry(entry) for entry in sorted(entries, key=lambda entry: entry.name)}


def render_entry(entry: BaseModel) -> dict[str, Any]:
    """Return what stands under an entry's name."""
    fields = entry.model_dump(mode="json", exclude_defaults=True, exclude=set(_NAMES))
    return {name: _sort(value) for name, value in fields.items()}


def _sort(value: Any) -> Any:
    match value:
        case Mapping():
            return {name: _sort(value[name]) for name in sorted(value)}
        case list():
            return [_sort(each) for each in value]
    return value
