"""Deleting a configuration, with the rows that were its own or without."""

from __future__ import annotations

from core.llms.provider_config.access.operations import Operation
from core.llms.provider_config.models import ProviderModelConfig
from core.llms.provider_config.recording import Change
from core.llms.provider_config.revisions.snapshots import kind_of, name_of, scope_of


async def delete_config(change: Change, row: ProviderModelConfig, *, with_own_rows: bool) -> dict[str, str]:
    """Delete a configuration, and return what stays of what it used, by kind: name.

    `with_own_rows` those of its parameters and template go with it that bear its name and that nothing else uses.
    """
    change.permissions.require(Operation.DELETE, scope_of(row))
    used = [each for each in (row.parameters, row.prompt_template) if each is not None]
    own = name_of(row)
    await change.delete(row)
    kept = {}
    for each in used:
        if with_own_rows and each.name == own and not await change.repository.users_of(each):
            change.permissions.require(Operation.DELETE, scope_of(each))
            await change.delete(each)
        else:
            kept[kind_of(each)] = each.name
    return kept
