"""Who changes or moves what is encrypted is found out; keys that come from wrong places are refused."""

from __future__ import annotations

import pickle
from base64 import b64decode, b64encode, urlsafe_b64decode
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import LargeBinary

from core.llms import ConfigurationError, Secret
from core.llms.provider_config.credentials.encryption_keys import EncryptionKey, generate_key
from core.llms.provider_config.credentials.envelope import Place, seal, unseal
from core.llms.provider_config.credentials.key_sources import (
    FILE_VARIABLE,
    KEY_VARIABLE,
    KEYS_VARIABLE,
    EnvironmentKeys,
    FileKeys,
    StaticKeys,
)
from core.llms.provider_config.credentials.rows import ENCRYPTED_COLUMNS
from core.llms.provider_config.errors import CredentialDamagedError, EncryptionKeyError
from core.llms.provider_config.models import ProviderModelConfig
from core.llms.provider_config.service import ProviderConfigService
from core.llms.storage.base import Base, Encrypted
from tests.unit.provider_config.credentials.conftest import MATERIAL, Stored

KEY, OTHER = "sk-first-key-of-the-team", "sk-second-key-of-the-team"
NOT_ENCRYPTED = {("credentials", "nonce")}


def flipped(value: bytes) -> bytes:
    return value[:-1] + bytes([value[-1] ^ 1])


Tampering = Callable[[Mapping[str, Any], Mapping[str, Any]], Mapping[str, Any]]
WRAPPED, CONTENT = "wrapped key does not open with the encryption key 'old'", "ciphertext or nonce was changed"
TAMPERING: dict[str, tuple[Tampering, str]] = {
    "ciphertext changed": (lambda own, _: {"ciphertext": flipped(own["ciphertext"])}, CONTENT),
    "ciphertext cut": (lambda own, _: {"ciphertext": own["ciphertext"][:4]}, CONTENT),
    "nonce changed": (lambda own, _: {"nonce": flipped(own["nonce"])}, CONTENT),
    "nonce emptied": (lambda own, _: {"nonce": b""}, CONTENT),
    "wrapped key changed": (lambda own, _: {"wrapped_key": flipped(own["wrapped_key"])}, WRAPPED),
    "wrapped key emptied": (lambda own, _: {"wrapped_key": b""}, WRAPPED),
    "ciphertext of another row": (lambda _, other: {name: other[name] for name in ("ciphertext", "nonce")}, CONTENT),
    "wrapped key of another row": (lambda _, other: {"wrapped_key": other["wrapped_key"]}, WRAPPED),
    "all of another row": (
        lambda _, other: {name: other[name] for name in ("ciphertext", "nonce", "wrapped_key")},
        WRAPPED,
    ),
    "columns exchanged": (
        lambda own, _: {
            "ciphertext": own["wrapped_key"][12:], "nonce": own["wrapped_key"][:12],
            "wrapped_key": own["nonce"] + own["ciphertext"],
        },
        WRAPPED,
    ),
    "wrapped key in the place of the ciphertext": (
        lambda own, _: {"ciphertext": own["wrapped_key"][12:], "nonce": own["wrapped_key"][:12]},
        CONTENT,
    ),
    "given to another provider": (lambda *_: {"provider": "groq"}, WRAPPED),
    "given another name": (lambda *_: {"name": "renamed"}, WRAPPED),
    "another key's id": (lambda *_: {"key_id": "new"}, "does not open with the encryption key 'new'"),
    "another algorithm": (lambda *_: {"algorithm": "none"}, "encrypted as 'none', which this version does not know"),
}  # fmt: skip


@pytest.mark.parametrize("what", TAMPERING)
async def test_tampering_is_found_and_said(
    service: ProviderConfigService, stored: Stored, set_keys: Callable[..., None], what: str
) -> None:
    set_keys("old", "new")
    for name, secret in (("team", KEY), ("other", OTHER)):
        await service.credentials.create(name, "openai", {"api_key": secret})
    change, named = TAMPERING[what]
    changed = change(await stored.read("team"), await stored.read("other"))
    await stored.write("team", **changed)
    name = changed.get("name", "team")
    found = await service.credentials.get(name)
    assert found is not None
    assert found.problem is not None
    assert (named in found.problem, repr(name) in found.problem, found.fingerprints) == (True, True, {})
    other = await service.credentials.get("other")
    assert other is not None
    assert other.problem is None


async def test_another_key_under_the_same_id_is_told(
    service: ProviderConfigService, monkeypatch: pytest.MonkeyPatch
) -> None:
    await service.credentials.create("team", "openai", {"api_key": KEY})
    monkeypatch.setenv(KEYS_VARIABLE, f"old:{MATERIAL['new']}")
    (found,) = await service.credentials.list_all()
    assert found.problem is not None
    assert "the key of that id is not the one it was" in found.problem


def test_every_encrypted_column_is_known_to_what_handles_them() -> None:
    assert ProviderModelConfig.metadata is Base.metadata
    binary = {
        (table.name, column.name): isinstance(column.type, Encrypted)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary | Encrypted)
    }
    assert {place for place, encrypted in binary.items() if encrypted} == ENCRYPTED_COLUMNS
    # Other tables may hold bytes; of credentials every one is encrypted, or on this list.
    assert {
        place for place, encrypted in binary.items() if not encrypted and place[0] == "credentials"
    } == NOT_ENCRYPTED


@pytest.mark.parametrize("field", ["table", "row_id", "name", "provider", "column"])
def test_what_is_encrypted_belongs_to_its_place(field: str) -> None:
    key = EncryptionKey.generate()
    place: dict[str, Any] = {"table": "credentials", "row_id": 1, "name": "team", "provider": "openai"}
    place["column"] = "ciphertext"
    sealed = seal(Secret(KEY), Place(**place), "k", key)
    assert unseal(sealed, Place(**place), key) == Secret(KEY)
    moved = Place(**{**place, field: 2 if field == "row_id" else "elsewhere"})
    with pytest.raises(CredentialDamagedError):
        unseal(sealed, moved, key)


def test_keys_are_shown_nowhere() -> None:
    key = EncryptionKey(bytes(range(32)))
    for text in (repr(key), str(key), f"{key}", repr(StaticKeys({"k": key}))):
        assert "**********" in text or text == "StaticKeys('k')"
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(key)
    with pytest.raises(ConfigurationError, match="32 bytes, not 3"):
        EncryptionKey(b"abc")
    assert generate_key() != generate_key()
    assert len(urlsafe_b64decode(generate_key())) == 32


async def current_and(ids: str, source: Any) -> tuple[str | None, list[bool]]:
    return await source.current_id(), [await source.key(name) is not None for name in ids.split()]


async def test_the_environment_names_keys_the_current_one_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    source = EnvironmentKeys()
    monkeypatch.delenv(KEYS_VARIABLE)
    assert await current_and("old", source) == (None, [False])
    monkeypatch.setenv(KEY_VARIABLE, f"old:{MATERIAL['old']}")
    assert await current_and("old new", source) == ("old", [True, False])
    # Both alphabets of base64, and white space around.
    standard = b64encode(urlsafe_b64decode(MATERIAL["new"])).decode()
    monkeypatch.setenv(KEYS_VARIABLE, f" new:{standard} , ")
    assert await current_and("old new", source) == ("new", [True, True])
    assert await source.key("new") == EncryptionKey(b64decode(standard))
    (tmp_path / "keys").write_text(f"third:{MATERIAL['third']}\n")
    (tmp_path / "keys").chmod(0o600)
    monkeypatch.setenv(FILE_VARIABLE, str(tmp_path / "keys"))
    assert await current_and("old new third", source) == ("new", [True, True, True])


async def test_a_key_without_an_id_has_one_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = []
    for name in ("old", "new", "old"):
        monkeypatch.setenv(KEYS_VARIABLE, MATERIAL[name])
        ids.append(await EnvironmentKeys().current_id())
    assert ids[0] == ids[2] != ids[1]
    assert all(key_id is not None and len(key_id) == 12 for key_id in ids)


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ("old:c2hvcnQ=", "CORE_LLMS_ENCRYPTION_KEYS, entry 1: it is no id:base64 of 32 bytes"),
        (f"a:{MATERIAL['old']},not base64!", "entry 2: it is no id:base64"),
        (f"a:{MATERIAL['old']},a:{MATERIAL['new']}", "entry 2: another key has the id 'a'"),
        (f"{MATERIAL['old']}:old", "entry 1: it is no id:base64"),
    ],
)
async def test_what_is_no_key_is_refused_and_not_shown(monkeypatch: pytest.MonkeyPatch, value: str, named: str) -> None:
    monkeypatch.setenv(KEYS_VARIABLE, value)
    with pytest.raises(ConfigurationError) as caught:
        await EnvironmentKeys().current_id()
    assert named in str(caught.value)
    assert not any(material in str(caught.value) for material in (*MATERIAL.values(), "c2hvcnQ", "not base64!"))


async def test_a_file_has_a_key_a_line_and_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    path.write_text(f"# of the team\n\nold:{MATERIAL['old']}\n")
    path.chmod(0o600)
    source = FileKeys(path)
    assert await current_and("old new", source) == ("old", [True, False])
    path.write_text(f"new:{MATERIAL['new']}\nold:{MATERIAL['old']}\n")
    assert await current_and("old new", source) == ("new", [True, True])
    path.write_text("\nnonsense")
    with pytest.raises(ConfigurationError, match=r"keys, line 2: it is no id:base64"):
        await source.current_id()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o602])
async def test_a_file_that_others_may_read_or_write_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "keys"
    path.write_text(f"old:{MATERIAL['old']}\n")
    path.chmod(mode)
    with pytest.raises(ConfigurationError, match=f"mode {mode:o}.*chmod 600"):
        await FileKeys(path).current_id()
    with pytest.raises(ConfigurationError, match="cannot be read"):
        await FileKeys(tmp_path / "none").current_id()


async def test_keys_of_ones_own_come_from_anywhere(database: Any) -> None:
    class Vault:
        """A service of keys, which is asked over the network."""

        def __init__(self, fetch: Callable[[str], Awaitable[EncryptionKey | None]]) -> None:
            self._fetch = fetch

        async def current_id(self) -> str | None:
            return "vault-1"

        async def key(self, key_id: str) -> EncryptionKey | None:
            return await self._fetch(key_id)

    kept = {"vault-1": EncryptionKey.generate()}

    async def fetch(key_id: str) -> EncryptionKey | None:
        return kept.get(key_id)

    service = ProviderConfigService(database, keys=Vault(fetch))
    created = await service.credentials.create("team", "openai", {"api_key": KEY})
    assert (created.key_id, created.problem) == ("vault-1", None)
    assert await service.credentials.list_all() == [created]
    kept.clear()
    with pytest.raises(EncryptionKeyError, match="'vault-1' is not set"):
        await service.credentials.replace("team", {"api_key": OTHER})
