"""What can be wrong with stored configurations.

ProviderConfigError (LLMError)
├── ConfigNotFoundError (LookupError)       nothing is stored under these names
├── ConfigExistsError                       something else is stored under these names
├── ConfigInUseError                        other configurations depend on it
├── ConfigValidationError (ValueError)      a field cannot be stored so; `problems` has each
├── ImportRefusedError                      something of a document was, and so all of it; in `transfer.report`
├── StaleConfigError                        it was changed meanwhile; `changes` says what
├── ConfigInactiveError                     it is switched off, or not verified, and policy wants it to be
├── VerificationError                       the provider did not answer for it; `cause` is why
├── AccessDeniedError (PermissionError)     the actor may not do that
├── TokenRefusedError (PermissionError)     an API token is unknown, expired or revoked
├── AuditError                              what is done cannot be written down, so it is not done
└── CredentialError                         a stored credential cannot be used
    ├── EncryptionKeyError (ConfigurationError)  the key that it is encrypted with is not set
    └── CredentialDamagedError              it was changed or moved without the key
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from core.llms.errors import ConfigurationError, LLMError

if TYPE_CHECKING:
    from core.llms.provider_config.access.operations import Operation, Scope
    from core.llms.provider_config.schemas import ProviderModelConfigResponse


class ProviderConfigError(LLMError):
    """The root: registration, verification, parameters and status."""


class ConfigNotFoundError(ProviderConfigError, LookupError):
    """Nothing is stored under these names."""


class ConfigExistsError(ProviderConfigError):
    """Something else is stored under these names already; the message says what differs and how to update it."""


class ConfigInUseError(ProviderConfigError):
    """Parameters, a template or a credential cannot be deleted while configurations use them."""


class ConfigValidationError(ProviderConfigError, ValueError):
    """Fields that cannot be stored so. `problems` maps each field to what is wrong and what would be right."""

    def __init__(self, problems: Mapping[str, str], *, provider: str | None = None, model: str | None = None) -> None:
        super().__init__("; ".join(problems.values()), provider=provider, model=model)
        self.problems: dict[str, str] = dict(problems)


class StaleConfigError(ProviderConfigError):
    """The configuration was changed since it was read. `changes` maps fields to (then asked for, now stored)."""

    def __init__(
        self, message: str, changes: Mapping[str, Any], *, provider: str | None = None, model: str | None = None
    ) -> None:
        super().__init__(message, provider=provider, model=model)
        self.changes: dict[str, Any] = dict(changes)


class ConfigInactiveError(ProviderConfigError):
    """The configuration is switched off, or was not verified."""


class VerificationError(ProviderConfigError):
    """The provider did not answer for this model. What is stored stays, inactive; `config` is it."""

    def __init__(self, message: str, config: ProviderModelConfigResponse) -> None:
        super().__init__(message, provider=config.provider_name, model=config.model_id)
        self.config = config


class AccessDeniedError(ProviderConfigError, PermissionError):
    """The actor has no role that allows the operation there, or one that denies it. Nothing was done.

    `scope` is for code and the audit: the message has it where the actor may know of it, which is `is_told`.
    """

    def __init__(self, message: str, *, actor: str, operation: Operation, scope: Scope, is_told: bool = True) -> None:
        super().__init__(message, provider=scope.provider if is_told else None, model=scope.model if is_told else None)
        self.actor = actor
        self.operation = operation
        self.scope = scope


class TokenRefusedError(ProviderConfigError, PermissionError):
    """An API token is unknown, expired or revoked; which of these is not said."""


class AuditError(ProviderConfigError):
    """A change could not be written into the audit, and so was not made."""


class CredentialError(ProviderConfigError):
    """A stored credential cannot be used. No error of this kind holds a secret or a key."""


class EncryptionKeyError(CredentialError, ConfigurationError):
    """A key that credentials are encrypted with is not set. `key_id` is its id, None where none is set at all."""

    def __init__(self, message: str, key_id: str | None = None) -> None:
        super().__init__(message)
        self.key_id = key_id


class CredentialDamagedError(CredentialError):
    """A stored credential does not decrypt: it was changed, or moved, by somebody without the key."""
