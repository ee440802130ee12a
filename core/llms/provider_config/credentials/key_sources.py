"""Where key-encryption keys come from: the environment, a file, or a `KeyProvider` of the user's own."""

from __future__ import annotations

import asyncio
import os
import stat
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Protocol

from core.llms.errors import ConfigurationError
from core.llms.provider_config.credentials.encryption_keys import EncryptionKey, read_keys
from core.llms.types.secrets import Secret

KEYS_VARIABLE: Final = "CORE_LLMS_ENCRYPTION_KEYS"
KEY_VARIABLE: Final = "CORE_LLMS_ENCRYPTION_KEY"
FILE_VARIABLE: Final = "CORE_LLMS_ENCRYPTION_KEYS_FILE"
_OTHERS_MAY: Final = stat.S_IRWXG | stat.S_IRWXO


class KeyProvider(Protocol):
    """Key-encryption keys by id. Several may be known at once: one wraps, the others still open what they wrapped."""

    async def current_id(self) -> str | None:
        """Return the id of the key that wraps, None where none is set."""
        ...

    async def key(self, key_id: str) -> EncryptionKey | None:
        """Return a key, or None where none has the id."""
        ...


class _KeyRing(ABC):
    """Keys that are all there at once, the current one first."""

    @abstractmethod
    async def _keys(self) -> Mapping[str, EncryptionKey]: ...

    async def current_id(self) -> str | None:
        """Return the id of the first key, None where there is none. Raises `ConfigurationError`."""
        return next(iter(await self._keys()), None)

    async def key(self, key_id: str) -> EncryptionKey | None:
        """Return a key, or None where none has the id. Raises `ConfigurationError`."""
        return (await self._keys()).get(key_id)


class StaticKeys(_KeyRing):
    """Keys that are given, the current one first."""

    def __init__(self, keys: Mapping[str, EncryptionKey]) -> None:
        self._given = dict(keys)

    async def _keys(self) -> Mapping[str, EncryptionKey]:
        return self._given

    def __repr__(self) -> str:
        return f"StaticKeys({', '.join(map(repr, self._given))})"


class FileKeys(_KeyRing):
    """Keys in a file, `id:base64` a line, the current one first; empty lines and those that begin with `#` are none.

    It is read anew for each use, so that keys may come and go while the process runs. A file that others than its
    owner may read or write is refused (on POSIX).
    """

    def __init__(self, path: Path | str) -> None:
        self.path: Path = Path(path)

    async def _keys(self) -> Mapping[str, EncryptionKey]:
        return await asyncio.to_thread(self._read)

    def _read(self) -> Mapping[str, EncryptionKey]:
        try:
            with self.path.open(encoding="utf-8") as file:
                # Of what is open, which nobody can exchange any more.
                _require_private(self.path, os.fstat(file.fileno()))
                lines = {f"{self.path}, line {number}": Secret(line.strip()) for number, line in enumerate(file, 1)}
        except OSError as error:
            raise ConfigurationError(f"the encryption keys cannot be read: {error}") from error
        except UnicodeDecodeError:
            raise ConfigurationError(f"the encryption keys cannot be read: {self.path} is no text") from None
        return read_keys({place: line for place, line in lines.items() if not _is_comment(line)})

    def __repr__(self) -> str:
        return f"FileKeys({str(self.path)!r})"


class EnvironmentKeys(_KeyRing):
    """Keys in environment variables, read anew for each use.

    `CORE_LLMS_ENCRYPTION_KEYS` has `id:base64,id:base64`, `CORE_LLMS_ENCRYPTION_KEY` one more, and
    `CORE_LLMS_ENCRYPTION_KEYS_FILE` names a file of more. The first of all is the current one.
    """

    async def _keys(self) -> Mapping[str, EncryptionKey]:
        entries = {
            f"{KEYS_VARIABLE}, entry {number}": Secret(entry)
            for number, entry in enumerate(os.environ.get(KEYS_VARIABLE, "").split(","), 1)
            if entry.strip()
        }
        if os.environ.get(KEY_VARIABLE, "").strip():
            entries[KEY_VARIABLE] = Secret(os.environ[KEY_VARIABLE])
        keys: dict[str, EncryptionKey] = read_keys(entries)
        if path := os.environ.get(FILE_VARIABLE):
            for key_id, key in (await FileKeys(path)._keys()).items():
                keys.setdefault(key_id, key)
        return keys

    def __repr__(self) -> str:
        return "EnvironmentKeys()"


def _is_comment(line: Secret) -> bool:
    return not line or line.get_secret_value().startswith("#")


def _require_private(path: Path, found: os.stat_result) -> None:
    if os.name == "posix" and found.st_mode & _OTHERS_MAY:
        raise ConfigurationError(
            f"the encryption keys in {path} may be read by others than its owner (mode {found.st_mode & 0o777:o}): "
            f"chmod 600 {path}"
        )
