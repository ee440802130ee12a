"""What the audit may hold of values: a secret by its fingerprint alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.llms.provider_config.credentials.encryption_keys import EncryptionKey
from core.llms.runtime.secret_patterns import SECRET_MARKS, mask_secrets
from core.llms.types.secrets import MASK, Secret

# These name where a secret is; their values are none.
_NAMES_OF_SECRETS: Final = frozenset({"api_key_env", "credential"})


def without_secrets(value: Any, key: EncryptionKey | None, name: str = "") -> Any:
    """Return a value with what could be secret exchanged for its HMAC under `key`; without a key, for a mask."""
    match value:
        case str() if _is_secret_name(name):
            return MASK if key is None else f"hmac:{key.fingerprint(Secret(value))}"
        case str():
            return mask_secrets(value)
        case Mapping():
            return {inner: without_secrets(entry, key, str(inner)) for inner, entry in value.items()}
        case list() | tuple():
            return [without_secrets(entry, key, name) for entry in value]
    return value


def _is_secret_name(name: str) -> bool:
    return name not in _NAMES_OF_SECRETS and any(mark in name.lower() for mark in SECRET_MARKS)
