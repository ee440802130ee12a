"""`EncryptionKey`: 256 bits that cannot be printed, logged or pickled by accident; and reading them from text."""

from __future__ import annotations

import binascii
import hashlib
import hmac
import secrets
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Final, NoReturn

from core.llms.errors import ConfigurationError
from core.llms.types.secrets import MASK, Secret

KEY_BYTES: Final = 32
_ID_LENGTH: Final = 100
_MAKING: Final = "make one by core.llms.provider_config.credentials.encryption_keys.generate_key()"
_FINGERPRINT: Final = b"core-llms fingerprint of a secret"
_DERIVED_ID: Final = b"core-llms id of a key:"


class EncryptionKey:
    """A key of AES-256: 32 bytes. `material` is the one way to them."""

    __slots__ = ("_material",)

    def __init__(self, material: bytes) -> None:
        """Raises `ConfigurationError` where it is not 32 bytes."""
        if len(material) != KEY_BYTES:
            raise ConfigurationError(f"an encryption key has {KEY_BYTES} bytes, not {len(material)}; {_MAKING}")
        self._material = bytes(material)

    @classmethod
    def generate(cls) -> EncryptionKey:
        """Make a key of random bytes."""
        return cls(secrets.token_bytes(KEY_BYTES))

    @property
    def material(self) -> bytes:
        """The bytes themselves."""
        return self._material

    def fingerprint(self, secret: Secret) -> str:
        """Return 16 hexadecimal digits that are the same for the same secret, and tell nothing without this key."""
        own = hmac.digest(self._material, _FINGERPRINT, "sha256")
        return hmac.digest(own, secret.get_secret_value().encode(), "sha256").hex()[:16]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, EncryptionKey) and hmac.compare_digest(self._material, other._material)

    def __hash__(self) -> int:
        return hash((EncryptionKey, self._material))

    def __repr__(self) -> str:
        return f"EncryptionKey('{MASK}')"

    def __reduce__(self) -> NoReturn:
        raise TypeError("an EncryptionKey cannot be pickled or copied")


def generate_key() -> str:
    """Make a key, in the form that the environment and files have it: base64."""
    return urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def read_keys(entries: Mapping[str, Secret]) -> dict[str, EncryptionKey]:
    """Read keys, each `id:base64`, or base64 alone, whose id is then made of the key. `entries` says where each is.

    Raises `ConfigurationError`, which names the place and never a key.
    """
    keys: dict[str, EncryptionKey] = {}
    for place, entry in entries.items():
        key_id, key = _read_key(place, entry)
        if key_id in keys:
            raise ConfigurationError(f"{place}: another key has the id {key_id!r} already")
        keys[key_id] = key
    return keys


def _read_key(place: str, entry: Secret) -> tuple[str, EncryptionKey]:
    key = _decode(entry)
    if key is None:
        raise ConfigurationError(f"{place}: it is no id:base64 of {KEY_BYTES} bytes; {_MAKING}")
    key_id = entry.get_secret_value().rpartition(":")[0].strip() or derive_id(key)
    if len(key_id) > _ID_LENGTH or not key_id.isprintable():
        raise ConfigurationError(f"{place}: the id of a key has at most {_ID_LENGTH} printable characters")
    return key_id, key


def _decode(entry: Secret) -> EncryptionKey | None:
    try:
        # Both alphabets of base64, with or without its padding. No variable holds the text: tracebacks show those.
        return EncryptionKey(b64decode(_encoded(entry).get_secret_value(), validate=True))
    except (binascii.Error, ValueError):
        return None


def _encoded(entry: Secret) -> Secret:
    return Secret(
        entry.get_secret_value().rpartition(":")[2].strip().rstrip("=").replace("-", "+").replace("_", "/") + "="
    )


def derive_id(key: EncryptionKey) -> str:
    """Return the id of a key that was given none: a digest of it, which nobody can turn back."""
    return hashlib.sha256(_DERIVED_ID + key.material).hexdigest()[:12]
