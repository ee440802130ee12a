"""From rows to the entries of a `Document`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from core.llms.provider_config.access.operations import DEFAULT_ORGANISATION, DEFAULT_WORKSPACE, Operation
from core.llms.provider_config.models import LLMParameters, PromptTemplate, ProviderModelConfig
from core.llms.provider_config.recording import Reading
from core.llms.provider_config.revisions.snapshots import name_of, scope_of, snapshot
from core.llms.provider_config.schemas import LLMParametersCreate, PromptTemplateCreate
from core.llms.provider_config.shared_access import may_read_shared
from core.llms.provider_config.transfer.document import (
    CONFIGURATIONS,
    PARAMETERS,
    PROMPT_TEMPLATES,
    ConfigurationEntry,
    Document,
)
from core.llms.provider_config.transfer.secrecy import Keys, find_secrets, without

Row: TypeAlias = LLMParameters | PromptTemplate | ProviderModelConfig
_DEFAULT_OWNER: Final = {"organisation": DEFAULT_ORGANISATION, "workspace": DEFAULT_WORKSPACE}
_USED: Final = ("parameters", "prompt_template")


async def read_stored(reading: Reading, provider: str | None) -> Document:
    """Make a document of all that the actor may see, or of a provider's configurations with the rows that they use."""
    configs = [row for row in await reading.repository.list_configs(provider=provider) if _is_seen(reading, row)]
    parameters = [
        row for row in await reading.repository.list_named(LLMParameters) if await may_read_shared(reading, row)
    ]
    templates = [
        row for row in await reading.repository.list_named(PromptTemplate) if await may_read_shared(reading, row)
    ]
    if provider is not None:
        used = {row.id for config in configs for row in (config.parameters, *config.parameters.ancestors)}
        parameters = [row for row in parameters if row.id in used]
        templates = [row for row in templates if any(config.prompt_template_id == row.id for config in configs)]
    sections: dict[str, Sequence[Row]] = {PARAMETERS: parameters, PROMPT_TEMPLATES: templates, CONFIGURATIONS: configs}
    return Document(
        parameters=tuple(LLMParametersCreate(**_placed(seen_fields(row))) for row in parameters),
        prompt_templates=tuple(PromptTemplateCreate(**_placed(seen_fields(row))) for row in templates),
        configurations=tuple(ConfigurationEntry(**seen_fields(row)) for row in configs),
        left_out=tuple(
            ".".join((section, name_of(row), *keys))
            for section, rows in sections.items()
            for row in rows
            for keys in sorted(secrets_of(row))
        ),
    )


def seen_fields(row: Row) -> dict[str, Any]:
    """Return what a document has of a row: what is set, and is no secret."""
    return without(stored_fields(row), secrets_of(row))


def stored_fields(row: Row) -> dict[str, Any]:
    """Return what a row says, in the words of a document, with what may be a secret."""
    fields = snapshot(row)
    if not isinstance(row, ProviderModelConfig):
        return fields
    names = {name: fields[name] and fields[name]["name"] for name in _USED}
    return {name: value for name, value in (fields | names).items() if name in ConfigurationEntry.model_fields}


def secrets_of(row: Row) -> set[Keys]:
    """Return where a row has something that no document may."""
    return find_secrets(stored_fields(row), row.provider_name if isinstance(row, ProviderModelConfig) else None)


def _placed(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if _DEFAULT_OWNER.get(name) != value}


def _is_seen(reading: Reading, row: ProviderModelConfig) -> bool:
    return reading.permissions.may(Operation.READ, scope_of(row))
