"""Giving a credential another name, which means encrypting it anew: what is encrypted is bound to the name."""

from __future__ import annotations

from core.llms.provider_config.changes import require_version
from core.llms.provider_config.credentials.encryption_keys import EncryptionKey
from core.llms.provider_config.credentials.envelope import seal, unseal
from core.llms.provider_config.credentials.key_use import KeyUse
from core.llms.provider_config.credentials.rows import CredentialRows, place_of, sealed_of, set_sealed
from core.llms.provider_config.errors import ConfigExistsError, StaleConfigError
from core.llms.provider_config.models import Credential
from core.llms.provider_config.recording import Change


async def find_keys(keys: KeyUse, stored: Credential) -> tuple[str, dict[str, EncryptionKey]]:
    """Return the current key's id, and by id the keys that rename a credential as it is stored.

    Raises `EncryptionKeyError`. It is for outside of transactions: a provider of keys may ask over the network.
    """
    key_id, key = await keys.current()
    return key_id, {key_id: key, stored.key_id: await keys.key(stored.key_id)}


async def rename(
    change: Change,
    row: Credential,
    new_name: str,
    expected_version: int | None,
    keys: tuple[str, dict[str, EncryptionKey]],
) -> None:
    """Rename a credential; the configurations that use it, which name it in their history, count as changed, too.

    Raises `StaleConfigError`, `ConfigExistsError`, and `CredentialDamagedError` where it does not decrypt.
    """
    require_version(row, expected_version, {}, f"credential {row.name!r}")
    if row.name == new_name:
        return
    if await CredentialRows(change.session).find(new_name) is not None:
        raise ConfigExistsError(f"credential {new_name!r} is stored already")
    key_id, known = keys
    if row.key_id not in known:
        raise StaleConfigError(f"credential {row.name!r} was encrypted with another key meanwhile; do it again", {})
    secret = unseal(sealed_of(row), place_of(row), known[row.key_id])
    await change.set(row, {"name": new_name})
    set_sealed(row, seal(secret, place_of(row), key_id, known[key_id]))
