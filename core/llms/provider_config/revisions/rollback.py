"""Making a configuration what it was at a revision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeVar

from core.llms.provider_config.access.operations import Operation, Scope
from core.llms.provider_config.errors import ConfigNotFoundError
from core.llms.provider_config.fitting import require_fitting_version
from core.llms.provider_config.inheritance.rows import as_columns
from core.llms.provider_config.models import LLMParameters, PromptTemplate, ProviderModelConfig
from core.llms.provider_config.recording import Change
from core.llms.provider_config.registration import require_alias, require_allowed, require_references, set_config
from core.llms.provider_config.revisions.snapshots import (
    CREDENTIAL,
    INHERITED,
    PARAMETERS,
    PROMPT_TEMPLATE,
    scope_of,
    scope_of_content,
)
from core.llms.provider_config.shared_access import require_read_shared, require_update_shared
from core.llms.provider_config.shared_rows import require_fitting, set_fields

RowT = TypeVar("RowT", LLMParameters, PromptTemplate)
# What parameters were before they could inherit.
_WITHOUT_INHERITANCE: Final[dict[str, Any]] = {"parent": None, "preset": None, "unset": []}
_OWNER: Final = frozenset({"organisation", "workspace"})
_FIELDS: Final = ("alias", "description", "base_url", "api_key_env", "settings", "provider_version")


async def restore_config(
    change: Change, row: ProviderModelConfig | None, content: Mapping[str, Any]
) -> ProviderModelConfig:
    """Set everything that a revision has, and make anew what is not there any more."""
    scope = scope_of_content(content)
    fields = {name: content.get(name) for name in _FIELDS} | {"credential_id": await _find_credential(change, content)}
    await require_alias(change, fields["alias"], row)
    # From the last ancestor on: each is there when what inherits from it is made.
    for ancestor in reversed(content.get(INHERITED, {}).values()):
        await restore_row(change, LLMParameters, ancestor, scope)
    used = {"parameters_id": (await restore_row(change, LLMParameters, content[PARAMETERS], scope)).id}
    template = content[PROMPT_TEMPLATE]
    used["prompt_template_id"] = template and (await restore_row(change, PromptTemplate, template, scope)).id
    if row is None:
        return await _make_anew(change, scope, {**fields, **used})
    changed = {name: value for name, value in {**fields, **used}.items() if getattr(row, name) != value}
    change.permissions.require(Operation.UPDATE, scope_of(row))
    require_allowed(change, row, changed)
    await require_references(change, row, changed)
    await set_config(change, row, changed)
    return row


async def _make_anew(change: Change, scope: Scope, fields: Mapping[str, Any]) -> ProviderModelConfig:
    for operation in (Operation.REGISTER, Operation.CONNECT):
        change.permissions.require(operation, scope)
    row = ProviderModelConfig(
        provider_name=scope.provider,
        model_id=scope.model,
        organisation=scope.organisation,
        workspace=scope.workspace,
        is_active=False,
        **fields,
    )
    await change.add(row)
    require_fitting_version(row, row.parameters)
    return row


async def _find_credential(change: Change, content: Mapping[str, Any]) -> int | None:
    name = content[CREDENTIAL]
    if name is None:
        return None
    row_id = await change.repository.find_credential_id(name)
    if row_id is None:
        raise ConfigNotFoundError(f"its credential {name!r} is not there any more; store it again, then go back")
    return row_id


async def restore_row(change: Change, table: type[RowT], content: Mapping[str, Any], scope: Scope) -> RowT:
    """Set everything that a revision of parameters or of a template has, or make the row anew."""
    own = Scope(content["organisation"], content["workspace"])
    if table is LLMParameters:
        content = _WITHOUT_INHERITANCE | dict(content)
    stored = await change.repository.find_named(table, content["name"])
    if stored is None:
        change.permissions.require(Operation.REGISTER, scope if own.covers(scope) else own)
        row = table(**(await as_columns(change, content) if table is LLMParameters else content))
        await change.add(row)
        return row
    # Where a row of this name belongs now, it stays.
    content = {name: value for name, value in content.items() if name not in _OWNER}
    if any(getattr(stored, name) != value for name, value in content.items()):
        await require_update_shared(change, stored)
        await set_fields(change, stored, content)
        await require_fitting(change, stored)
    else:
        await require_read_shared(change, stored)
    return stored
