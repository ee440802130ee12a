"""What can be done with stored configurations, and where: `Operation` and `Scope`."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum

DEFAULT_ORGANISATION = "default"
DEFAULT_WORKSPACE = "default"


class Operation(StrEnum):
    """One thing that an actor may or may not do."""

    READ = "read"
    """See configurations, parameters, templates and their history."""
    USE = "use"
    """Make calls with a configuration, and so use its secret."""
    REGISTER = "register"
    """Store new configurations, parameters and templates."""
    UPDATE = "update"
    """Change parameters, templates, aliases and descriptions; go back to an older revision."""
    CONNECT = "connect"
    """Choose where calls go and with which credential: `base_url`, `api_key_env`, `credential_id`, `settings`."""
    ACTIVATE = "activate"
    """Switch configurations on and off."""
    VERIFY = "verify"
    """Ask the provider whether it answers."""
    DELETE = "delete"
    """Delete configurations, parameters and templates."""
    READ_CREDENTIAL = "read_credential"
    """See names and fingerprints of credentials, never their secrets."""
    MANAGE_CREDENTIAL = "manage_credential"
    """Store, replace and delete credentials."""
    READ_SECRET = "read_secret"  # noqa: S105 - the name of an operation
    """See the secrets themselves."""
    ROTATE_KEYS = "rotate_keys"
    """Wrap every credential's data key with the current encryption key."""
    READ_USAGE = "read_usage"
    """See what calls consumed."""
    READ_AUDIT = "read_audit"
    """See and verify the audit."""
    MANAGE_ACCESS = "manage_access"
    """Grant and revoke roles, and make and revoke tokens."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of what is stored, from wide to narrow. None stands for all of a level."""

    organisation: str | None = None
    workspace: str | None = None
    provider: str | None = None
    model: str | None = None

    def covers(self, other: Scope) -> bool:
        """Tell whether another scope lies within this one."""
        pairs = ((getattr(self, level.name), getattr(other, level.name)) for level in fields(Scope))
        return all(own is None or own == theirs for own, theirs in pairs)

    def overlaps(self, other: Scope) -> bool:
        """Tell whether anything lies within both."""
        pairs = ((getattr(self, level.name), getattr(other, level.name)) for level in fields(Scope))
        return all(own is None or theirs is None or own == theirs for own, theirs in pairs)

    def __str__(self) -> str:
        named = [f"{level.name} {getattr(self, level.name)!r}" for level in fields(Scope) if getattr(self, level.name)]
        return ", ".join(named) or "everything"


EVERYTHING = Scope()
