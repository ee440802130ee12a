"""Envelope encryption: AES-256-GCM with a data key for each writing, which a key-encryption key wraps. No I/O.

What is encrypted, and the wrapped key, are bound to their place: copied to another row or column they do not open.
Nonces are random, of 96 bits; a data key encrypts once, and a key-encryption key wraps one data key a writing.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any, Final

from core.llms.errors import ConfigurationError
from core.llms.provider_config.credentials.encryption_keys import EncryptionKey
from core.llms.provider_config.errors import CredentialDamagedError
from core.llms.types.secrets import Secret

ALGORITHM: Final = "AES-256-GCM/1"
NONCE_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class Place:
    """Where something encrypted belongs: a table, a row by its id and name, whose it is, and a column."""

    table: str
    row_id: int
    name: str
    provider: str
    column: str

    def bind(self, column: str) -> bytes:
        """Return what is authenticated with the contents of one of the row's columns."""
        parts = [ALGORITHM, self.table, self.row_id, self.name, self.provider, self.column, column]
        return json.dumps(parts).encode()


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a row holds of an encrypted column. `wrapped_key` begins with a nonce of its own."""

    ciphertext: bytes
    nonce: bytes
    wrapped_key: bytes
    key_id: str
    algorithm: str = ALGORITHM


def seal(secret: Secret, place: Place, key_id: str, key: EncryptionKey) -> Sealed:
    """Encrypt a text with a new data key, and wrap that."""
    data_key = EncryptionKey.generate()
    nonce = secrets.token_bytes(NONCE_BYTES)
    ciphertext = _cipher(data_key).encrypt(nonce, secret.get_secret_value().encode(), place.bind(place.column))
    return Sealed(ciphertext, nonce, _wrap(data_key, place, key), key_id)


def unseal(sealed: Sealed, place: Place, key: EncryptionKey) -> Secret:
    """Decrypt. Raises `CredentialDamagedError`, which says what does not belong together."""
    from cryptography.exceptions import InvalidTag

    data_key = _unwrap(sealed, place, key)
    try:
        return Secret(_cipher(data_key).decrypt(sealed.nonce, sealed.ciphertext, place.bind(place.column)).decode())
    except (InvalidTag, ValueError):
        # Without its cause, whose traceback would lead to what was decrypted.
        raise CredentialDamagedError(
            f"credential {place.name!r}: its ciphertext or nonce was changed, or moved here from another row or column"
        ) from None


def rewrap(sealed: Sealed, place: Place, key: EncryptionKey, new_id: str, new_key: EncryptionKey) -> Sealed:
    """Wrap the data key with another key; the ciphertext stays. Raises `CredentialDamagedError`."""
    wrapped = _wrap(_unwrap(sealed, place, key), place, new_key)
    return Sealed(sealed.ciphertext, sealed.nonce, wrapped, new_id, sealed.algorithm)


def _wrap(data_key: EncryptionKey, place: Place, key: EncryptionKey) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    wrapped: bytes = _cipher(key).encrypt(nonce, data_key.material, place.bind("wrapped_key"))
    return nonce + wrapped


def _unwrap(sealed: Sealed, place: Place, key: EncryptionKey) -> EncryptionKey:
    from cryptography.exceptions import InvalidTag

    if sealed.algorithm != ALGORITHM:
        raise CredentialDamagedError(
            f"credential {place.name!r} is encrypted as {sealed.algorithm!r}, which this version does not know: it "
            f"knows {ALGORITHM!r}"
        )
    nonce, wrapped = sealed.wrapped_key[:NONCE_BYTES], sealed.wrapped_key[NONCE_BYTES:]
    try:
        return EncryptionKey(_cipher(key).decrypt(nonce, wrapped, place.bind("wrapped_key")))
    except (InvalidTag, ValueError):
        raise CredentialDamagedError(
            f"credential {place.name!r}: its wrapped key does not open with the encryption key {sealed.key_id!r}: it "
            "was changed, or moved here from another row or column, or the key of that id is not the one it was"
        ) from None


def _cipher(key: EncryptionKey) -> Any:
    try:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    except ImportError as error:
        raise ConfigurationError(
            "stored credentials need cryptography, which the extra `config` brings: pip install 'core-llms[config]'"
        ) from error
    return AESGCM(key.material)
