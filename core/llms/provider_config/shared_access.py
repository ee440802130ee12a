"""Who may see and change what configurations share: parameters and templates.

They belong to a workspace. Whoever may do something with all configurations that use them, of that workspace, may do it
with them, too: a role for one model is enough for parameters of that model's own.
"""

from __future__ import annotations

from core.llms.provider_config.access.operations import Operation, Scope
from core.llms.provider_config.models import LLMParameters, PromptTemplate
from core.llms.provider_config.recording import Reading
from core.llms.provider_config.revisions.snapshots import scope_of


async def may_read_shared(reading: Reading, row: LLMParameters | PromptTemplate) -> bool:
    """Tell whether the actor may see a row: by itself, or as part of a configuration."""
    if reading.permissions.may(Operation.READ, scope_of(row)):
        return True
    users = await reading.repository.users_of(row)
    return any(reading.permissions.may(Operation.READ, scope_of(user)) for user in users)


async def require_read_shared(reading: Reading, row: LLMParameters | PromptTemplate) -> None:
    """Raise `AccessDeniedError` where the actor may not see a row."""
    if not await may_read_shared(reading, row):
        reading.permissions.require(Operation.READ, scope_of(row))


async def require_update_shared(reading: Reading, row: LLMParameters | PromptTemplate) -> None:
    """Raise `AccessDeniedError` unless the actor may change a row for all that use it."""
    own = scope_of(row)
    users = await reading.repository.users_of(row)
    used = [scope_of(user) for user in users]
    if isinstance(row, LLMParameters):
        seen = {user.parameters_id for user in users}
        # What inherits from it changes, too, whether a configuration uses that or not.
        used += [scope_of(below) for below in await reading.repository.rows_below(row) if below.id not in seen]
    if not used or any(_workspace(scope) != own for scope in used):
        used.append(own)
    for scope in used:
        reading.permissions.require(Operation.UPDATE, scope)


def _workspace(scope: Scope) -> Scope:
    return Scope(scope.organisation, scope.workspace)
