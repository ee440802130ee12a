"""The roles: named sets of operations."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from core.llms.provider_config.access.operations import Operation


class Role(StrEnum):
    """What can be granted."""

    VIEWER = "viewer"
    """Sees what is configured, and what it consumed."""
    USER = "user"
    """Makes calls."""
    EDITOR = "editor"
    """Changes parameters and templates, and verifies."""
    OPERATOR = "operator"
    """Switches on and off, and verifies: whoever is on call."""
    MAINTAINER = "maintainer"
    """Does all that concerns configurations, with credentials that are there."""
    CREDENTIAL_MANAGER = "credential_manager"
    """Stores and replaces credentials and rotates keys, without seeing a secret."""
    SECRET_READER = "secret_reader"  # noqa: S105 - the name of a role
    """Sees secrets."""
    AUDITOR = "auditor"
    """Sees everything but secrets, and the audit."""
    ADMIN = "admin"
    """Does everything but see secrets, and grants every role that cannot."""
    OWNER = "owner"
    """Does everything."""


_VIEWER: Final = frozenset({Operation.READ, Operation.READ_USAGE})
_USER: Final = _VIEWER | {Operation.USE}
_EDITOR: Final = _USER | {Operation.UPDATE, Operation.VERIFY}
_OPERATOR: Final = _USER | {Operation.ACTIVATE, Operation.VERIFY}
_MAINTAINER: Final = (
    _EDITOR
    | _OPERATOR
    | {
        Operation.REGISTER,
        Operation.CONNECT,
        Operation.DELETE,
        Operation.READ_CREDENTIAL,
    }
)
_CREDENTIAL_MANAGER: Final = frozenset(
    {Operation.READ, Operation.READ_CREDENTIAL, Operation.MANAGE_CREDENTIAL, Operation.ROTATE_KEYS}
)
_EVERYTHING: Final = frozenset(Operation)

OPERATIONS: Final[Mapping[Role, frozenset[Operation]]] = {
    Role.VIEWER: _VIEWER,
    Role.USER: _USER,
    Role.EDITOR: _EDITOR,
    Role.OPERATOR: _OPERATOR,
    Role.MAINTAINER: _MAINTAINER,
    Role.CREDENTIAL_MANAGER: _CREDENTIAL_MANAGER,
    Role.SECRET_READER: frozenset({Operation.READ_CREDENTIAL, Operation.READ_SECRET}),
    Role.AUDITOR: _VIEWER | {Operation.READ_CREDENTIAL, Operation.READ_AUDIT},
    Role.ADMIN: _EVERYTHING - {Operation.READ_SECRET},
    Role.OWNER: _EVERYTHING,
}
