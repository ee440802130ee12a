"""What a row says, as JSON has it: what revisions keep and the audit compares. Never anything encrypted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import inspect

from core.llms.provider_config.access.operations import EVERYTHING, Scope
from core.llms.provider_config.models import (
    ApiToken,
    Credential,
    LLMParameters,
    PromptTemplate,
    ProviderModelConfig,
    RoleGrant,
)
from core.llms.storage.base import Base

CONFIGURATION: Final = "configuration"
PARAMETERS: Final = "parameters"
PROMPT_TEMPLATE: Final = "prompt_template"
CREDENTIAL: Final = "credential"
INHERITED: Final = "inherited"
GRANT: Final = "grant"
TOKEN: Final = "token"  # noqa: S105 - the name of a kind
KINDS: Final[Mapping[type[Base], str]] = {
    ProviderModelConfig: CONFIGURATION,
    LLMParameters: PARAMETERS,
    PromptTemplate: PROMPT_TEMPLATE,
    Credential: CREDENTIAL,
    RoleGrant: GRANT,
    ApiToken: TOKEN,
}
# Of these every version is kept whole.
REVISED: Final = frozenset({CONFIGURATION, PARAMETERS, PROMPT_TEMPLATE})
_KEPT: Final = frozenset({"id", "version", "created_at", "updated_at"})
# Encrypted, or about that; and what a provider last answered, which is no part of what was configured.
_LEFT_OUT: Final[Mapping[type[Base], frozenset[str]]] = {
    Credential: frozenset({"ciphertext", "nonce", "wrapped_key", "key_id", "algorithm", "last_rotated"}),
    ProviderModelConfig: frozenset({"last_verified", "verification_error"}),
    ApiToken: frozenset({"digest", "last_used"}),
}
REFERENCES: Final = frozenset({"parameters_id", "prompt_template_id", "credential_id", "parent_id"})


def kind_of(row: Base) -> str:
    """Return what a row is called in history and audit."""
    return KINDS[type(row)]


def name_of(row: Any) -> str:
    """Return the name that a row goes by."""
    match row:
        case ProviderModelConfig():
            return config_name(row.provider_name, row.model_id)
        case RoleGrant():
            return f"{row.subject} {row.role}"
        case ApiToken():
            return f"{row.subject} {row.id}"
    return str(row.name)


def config_name(provider: str, model_id: str) -> str:
    """Return the name of a configuration."""
    return f"{provider}/{model_id}"


def recorded_name(row: Any, content: Mapping[str, Any]) -> str:
    """Return the name that a row went by when it said this."""
    if isinstance(row, ProviderModelConfig):
        return config_name(content["provider_name"], content["model_id"])
    return str(content.get("name", name_of(row)))


def scope_of(row: Any) -> Scope:
    """Return where a row belongs."""
    match row:
        case ProviderModelConfig():
            return Scope(row.organisation, row.workspace, row.provider_name, row.model_id)
        case Credential():
            return Scope(row.organisation, row.workspace, row.provider)
        case RoleGrant():
            return Scope(row.organisation, row.workspace, row.provider, row.model)
        case ApiToken():
            return EVERYTHING
    return Scope(row.organisation, row.workspace)


def scope_of_content(content: Mapping[str, Any]) -> Scope:
    """Return where a row belonged that said this."""
    return Scope(*(content.get(level) for level in ("organisation", "workspace", "provider_name", "model_id")))


def snapshot(row: Base) -> dict[str, Any]:
    """Return what a row says now; of a configuration, with what its parameters, template and credential are.

    Parameters name their parent. Under `inherited` a configuration has all that its own inherit from, nearest first.
    """
    left_out = _KEPT | _LEFT_OUT.get(type(row), frozenset()) | REFERENCES
    columns = [column.key for column in inspect(type(row)).column_attrs if column.key not in left_out]
    own = {name: _copy(getattr(row, name)) for name in columns}
    if isinstance(row, LLMParameters):
        own["parent"] = row.parent
    if isinstance(row, ProviderModelConfig):
        own[PARAMETERS] = _used(row.parameters, snapshot)
        own[INHERITED] = {ancestor.name: snapshot(ancestor) for ancestor in row.parameters.ancestors}
        own[PROMPT_TEMPLATE] = _used(row.prompt_template, snapshot)
        own[CREDENTIAL] = _used(row.credential, lambda used: used.name)
    return own


def _used(row: Any, describe: Callable[[Any], Any]) -> Any:
    return None if row is None else describe(row)


def _copy(value: Any) -> Any:
    # JSON columns are replaced, never changed in place; a copy of the outside is enough.
    match value:
        case dict():
            return dict(value)
        case list():
            return list(value)
        case datetime():
            return value.astimezone(UTC).isoformat()
    return value
