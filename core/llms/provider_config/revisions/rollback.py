"""Making a configuration what it was at a revision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeVar

from core.llms.provider_config.access.operations import Operation, Scope
from core.llms.provider_config.compatibility import require_compatible
from core.llms.provider_config.errors import ConfigNotFoundError
from core.llms.provider_config.models import LLMParameters, PromptTemplate, ProviderModelConfig
from core.llms.provider_config.recording import Change
from core.llms.provider_config.registration import require_alias, require_allowed, require_references
from core.llms.provider_config.revisions.snapshots import CREDENTIAL, PARAMETERS, PROMPT_TEMPLATE, scope_of
from core.llms.provider_config.schemas import LLMParametersResponse
from core.llms.provider_config.shared_access import require_read_shared, require_update_shared
from core.llms.provider_config.shared_rows import require_fitting

RowT = TypeVar("RowT", LLMParameters, PromptTemplate)
_FIELDS: Final = ("alias", "description", "base_url", "api_key_env", "settings")


async def restore_config(
    change: Change, row: ProviderModelConfig | None, content: Mapping[str, Any]
) -> ProviderModelConfig:
    """Set everything that a revision has, and make anew what is not there any more."""
    scope = Scope(content["organisation"], content["workspace"], content["provider_name"], content["model_id"])
    fields = {name: content[name] for name in _FIELDS} | {"credential_id": await _find_credential(change, content)}
    await require_alias(change, fields["alias"], row)
    used = {"parameters_id": (await restore_row(change, LLMParameters, content[PARAMETERS], scope)).id}
    template = content[PROMPT_TEMPLATE]
    used["prompt_template_id"] = template and (await restore_row(change, PromptTemplate, template, scope)).id
    if row is None:
        return await _make_anew(change, scope, {**fields, **used})
    changed = {name: value for name, value in {**fields, **used}.items() if getattr(row, name) != value}
    change.permissions.require(Operation.UPDATE, scope_of(row))
    require_allowed(change, row, changed)
    await require_references(change, row, changed)
    await change.set(row, changed)
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
    require_compatible(row.provider_name, row.model_id, LLMParametersResponse.model_validate(row.parameters))
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
    stored = await change.repository.find_named(table, content["name"])
    if stored is None:
        change.permissions.require(Operation.REGISTER, scope)
        row = table(**content)
        await change.add(row)
        return row
    if any(getattr(stored, name) != value for name, value in content.items()):
        await require_update_shared(change, stored)
        await change.set(stored, content)
        await require_fitting(change, stored)
    else:
        await require_read_shared(change, stored)
    return stored
