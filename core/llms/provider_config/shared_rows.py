"""Parameters and templates as configurations use them: found or made, and changed for all that share them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeVar

from pydantic import BaseModel

from core.llms.provider_config.access.operations import DEFAULT_ORGANISATION, DEFAULT_WORKSPACE, Operation, Scope
from core.llms.provider_config.changes import describe_differences, differences
from core.llms.provider_config.errors import ConfigExistsError, ConfigValidationError
from core.llms.provider_config.fitting import require_fitting_parameters
from core.llms.provider_config.inheritance.rows import as_columns
from core.llms.provider_config.models import LLMParameters, PromptTemplate, ProviderModelConfig
from core.llms.provider_config.recording import Change
from core.llms.provider_config.revisions.snapshots import config_name, scope_of
from core.llms.provider_config.schemas import PromptTemplateCreate
from core.llms.provider_config.shared_access import require_read_shared, require_update_shared

RowT = TypeVar("RowT", LLMParameters, PromptTemplate)
_OWNER: Final = frozenset({"organisation", "workspace"})


async def find_or_add(
    change: Change, table: type[RowT], wanted: BaseModel, scope: Scope, *, must_be_new: bool = False
) -> RowT:
    """Return the row that has these very values, or add it. Raises `ConfigExistsError` where its name has others.

    With `must_be_new` it is raised for these very values, too.
    `scope` is where the actor may register; the row belongs there unless `wanted` says where.
    """
    fields = {**_owner(scope), **wanted_fields(wanted)}
    stored = await change.repository.find_named(table, fields["name"])
    if stored is None:
        if {**fields, **_owner(scope)} != fields:
            own = Scope(fields["organisation"], fields["workspace"])
            change.permissions.require(Operation.REGISTER, own, is_named=True)
        columns = await as_columns(change, fields) if table is LLMParameters else fields
        row = table(**columns)
        await change.add(row)
        return row
    await require_read_shared(change, stored)
    if must_be_new:
        raise ConfigExistsError(f"{fields['name']!r} is stored already")
    if changes := differences(stored, fields):
        raise ConfigExistsError(
            f"{fields['name']!r} is stored with other values: {describe_differences(changes)}; update it by "
            f"`update`, or choose another name"
        )
    return stored


def wanted_fields(wanted: BaseModel) -> dict[str, Any]:
    """Return the fields of what is to be stored, without an owner where none is named."""
    fields = wanted.model_dump()
    return {name: value for name, value in fields.items() if value is not None or name not in _OWNER}


def _owner(scope: Scope) -> dict[str, str]:
    return {
        "organisation": scope.organisation or DEFAULT_ORGANISATION,
        "workspace": scope.workspace or DEFAULT_WORKSPACE,
    }


async def require_fitting(change: Change, row: LLMParameters | PromptTemplate) -> None:
    """Raise `ConfigValidationError` for parameters that a model that uses or inherits them would refuse."""
    if isinstance(row, LLMParameters):
        for user in await change.repository.users_of(row):
            require_fitting_parameters(user, user.parameters)


async def set_fields(change: Change, row: LLMParameters | PromptTemplate, fields: Mapping[str, Any]) -> bool:
    """Set fields of a row as they were asked for, and tell whether any differed. Raises as `as_columns` does."""
    columns = await as_columns(change, fields, row) if isinstance(row, LLMParameters) else fields
    return await change.set(row, columns)


async def change_used_rows(
    change: Change, row: ProviderModelConfig, parameters: Mapping[str, Any], template: Mapping[str, Any]
) -> None:
    """Set fields of the parameters and of the template that a configuration uses, for all that use them.

    Where it has no template, one is made that has its name. Raises `ConfigValidationError` for a value that a model
    with these parameters would refuse.
    """
    if "name" in parameters or "name" in template:
        raise ConfigValidationError({"name": "`name`: rename a row by itself, with its own `update`"})
    if parameters:
        await _change(change, row.parameters, parameters)
    if template and row.prompt_template is None:
        change.permissions.require(Operation.UPDATE, scope_of(row))
        wanted = PromptTemplateCreate(name=config_name(row.provider_name, row.model_id), **template)
        made = await find_or_add(change, PromptTemplate, wanted, scope_of(row))
        await change.set(row, {"prompt_template_id": made.id})
    elif template and row.prompt_template is not None:
        await _change(change, row.prompt_template, template)


async def _change(change: Change, used: LLMParameters | PromptTemplate, changed: Mapping[str, Any]) -> None:
    await require_update_shared(change, used)
    if await set_fields(change, used, changed):
        await require_fitting(change, used)
