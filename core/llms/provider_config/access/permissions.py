"""`Permissions`: whether one actor may do something, by its grants. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.llms.provider_config.access.actors import Actor
from core.llms.provider_config.access.operations import EVERYTHING, Operation, Scope
from core.llms.provider_config.access.roles import OPERATIONS, Role
from core.llms.provider_config.errors import AccessDeniedError


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that an actor has, or with `is_denial` the operations of one that it must not do, within a scope."""

    id: int
    subject: str
    role: Role
    scope: Scope = EVERYTHING
    is_denial: bool = False

    @property
    def operations(self) -> frozenset[Operation]:
        """What it allows or denies."""
        return OPERATIONS[self.role]


class Permissions:
    """What one actor may do."""

    def __init__(self, actor: Actor, grants: Iterable[Grant] = ()) -> None:
        self.actor = actor
        self._grants = tuple(grants)

    def may(self, operation: Operation, scope: Scope) -> bool:
        """Tell whether the actor may do something to the whole of a scope. A denial wins over every allowance."""
        if self.actor.is_trusted:
            return True
        concerned = [grant for grant in self._grants if operation in grant.operations]
        if any(grant.is_denial and grant.scope.overlaps(scope) for grant in concerned):
            return False
        return any(not grant.is_denial and grant.scope.covers(scope) for grant in concerned)

    def reaches(self, scope: Scope) -> bool:
        """Tell whether the actor has a role for anything within a scope, and so may know of it."""
        return self.actor.is_trusted or any(
            not grant.is_denial and grant.scope.overlaps(scope) for grant in self._grants
        )

    def require(self, operation: Operation, scope: Scope, *, is_named: bool = False) -> None:
        """Raise `AccessDeniedError` where the actor may not, naming what would allow it, or what denies it.

        The scope of something that was found is told to those alone whom it is open to in part; with `is_named` it is
        the actor's own word.
        """
        if self.may(operation, scope):
            return
        denying = [
            grant
            for grant in self._grants
            if grant.is_denial and operation in grant.operations and grant.scope.overlaps(scope)
        ]
        if denying:
            why = f"grant {denying[0].id} denies it ({denying[0].role} within {denying[0].scope})"
        else:
            roles = ", ".join(role for role, operations in OPERATIONS.items() if operation in operations)
            why = f"one of these roles would allow it: {roles}"
        is_told = is_named or scope == EVERYTHING or self.reaches(scope)
        what = f"{operation.replace('_', ' ')} {f'within {scope}' if is_told else 'there'}"
        raise AccessDeniedError(
            f"{self.actor.name!r} may not {what}; {why}",
            actor=self.actor.name,
            operation=operation,
            scope=scope,
            is_told=is_told,
        )

    def require_some(self, operations: Sequence[Operation]) -> None:
        """Raise `AccessDeniedError` where no role of the actor has any of these operations, wherever it would be."""
        allowances = (grant for grant in self._grants if not grant.is_denial)
        if not self.actor.is_trusted and not any(grant.operations.intersection(operations) for grant in allowances):
            self.require(operations[0], EVERYTHING)
