"""`AccessService`: granting and revoking roles, and asking what an actor may do."""

from __future__ import annotations

from core.llms.provider_config.access.actors import Actor, as_actor
from core.llms.provider_config.access.grant_rows import parse_grant, read_grants
from core.llms.provider_config.access.operations import EVERYTHING, Operation, Scope
from core.llms.provider_config.access.permissions import Grant
from core.llms.provider_config.access.roles import OPERATIONS, Role
from core.llms.provider_config.errors import ConfigNotFoundError, ConfigValidationError
from core.llms.provider_config.models import RoleGrant
from core.llms.provider_config.recording import Change
from core.llms.provider_config.unit_of_work import UnitOfWork
from core.llms.storage.base import is_integer


class AccessService:
    """Roles of actors. Who grants or revokes one needs `manage_access` there, and may not give what it has not itself.

    Every method raises `AccessDeniedError`, and `StorageError` where the database fails.
    """

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def grant(
        self, subject: str, role: Role | str, scope: Scope = EVERYTHING, *, actor: Actor | str | None = None
    ) -> Grant:
        """Give an actor a role within a scope. The same again changes nothing. Raises `ConfigValidationError`."""
        return await self._add(subject, role, scope, actor, is_denial=False)

    async def deny(
        self, subject: str, role: Role | str, scope: Scope = EVERYTHING, *, actor: Actor | str | None = None
    ) -> Grant:
        """Forbid an actor all operations of a role within a scope, whatever else it is granted."""
        return await self._add(subject, role, scope, actor, is_denial=True)

    async def revoke(self, grant_id: int, *, actor: Actor | str | None = None) -> Grant:
        """Take a grant, or a denial, back, and return it. Raises `ConfigNotFoundError`."""
        async with self._work.changing(actor, "revoke") as change:
            row = await change.session.get(RoleGrant, grant_id) if is_integer(grant_id) else None
            if row is None:
                raise ConfigNotFoundError(f"there is no grant {grant_id}")
            grant = parse_grant(row)
            _require_grantable(change, grant.role, grant.scope, is_named=False)
            await change.delete(row)
            return grant

    async def list_grants(self, subject: str | None = None, *, actor: Actor | str | None = None) -> list[Grant]:
        """Return the grants and denials that the actor may manage, or sees as its own, in the order they were made."""
        async with self._work.reading(actor) as reading:
            own = self._work.actor(actor).name
            return [
                grant
                for grant in await read_grants(reading.session, subject)
                if grant.subject == own or reading.permissions.may(Operation.MANAGE_ACCESS, grant.scope)
            ]

    async def may(
        self, operation: Operation | str, scope: Scope = EVERYTHING, *, actor: Actor | str | None = None
    ) -> bool:
        """Tell whether an actor may do something to the whole of a scope."""
        async with self._work.reading(actor) as reading:
            return reading.permissions.may(Operation(operation), scope)

    async def require_some(self, *operations: Operation, actor: Actor | str | None = None) -> None:
        """Raise `AccessDeniedError` where an actor has none of some operations, wherever.

        It is for work that many things are asked for at once: whoever may do nothing of it is refused before it begins.
        """
        async with self._work.reading(actor) as reading:
            reading.permissions.require_some(operations)

    async def _add(
        self, subject: str, role: Role | str, scope: Scope, actor: Actor | str | None, *, is_denial: bool
    ) -> Grant:
        wanted, named = _read_role(role), as_actor(subject, Actor(subject)).name
        async with self._work.changing(actor, "deny" if is_denial else "grant") as change:
            _require_grantable(change, wanted, scope, is_named=True)
            for known in await read_grants(change.session, named):
                if (known.role, known.scope, known.is_denial) == (wanted, scope, is_denial):
                    return known
            row = RoleGrant(
                subject=named,
                role=wanted,
                is_denial=is_denial,
                granted_by=change.permissions.actor.name,
                organisation=scope.organisation,
                workspace=scope.workspace,
                provider=scope.provider,
                model=scope.model,
            )
            await change.add(row)
            return parse_grant(row)


def _read_role(role: Role | str) -> Role:
    try:
        return Role(role)
    except ValueError as error:
        raise ConfigValidationError({"role": f"`role`: there is no role {role!r}; known: {', '.join(Role)}"}) from error


def _require_grantable(change: Change, role: Role, scope: Scope, *, is_named: bool) -> None:
    for operation in (Operation.MANAGE_ACCESS, *sorted(OPERATIONS[role])):
        change.permissions.require(operation, scope, is_named=is_named)
