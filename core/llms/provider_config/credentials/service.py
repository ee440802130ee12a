"""`CredentialService`: storing, replacing, using and deleting credentials, and changing the keys they are under."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from core.llms.provider_config.access.actors import SYSTEM, Actor
from core.llms.provider_config.access.operations import (
    DEFAULT_ORGANISATION,
    DEFAULT_WORKSPACE,
    EVERYTHING,
    Operation,
    Scope,
)
from core.llms.provider_config.changes import describe_validation, differences, require_version
from core.llms.provider_config.credentials.encryption_keys import EncryptionKey
from core.llms.provider_config.credentials.envelope import seal, unseal
from core.llms.provider_config.credentials.key_use import KeyUse
from core.llms.provider_config.credentials.references import read_reference
from core.llms.provider_config.credentials.renaming import find_keys, rename
from core.llms.provider_config.credentials.rotation import BATCH_SIZE, rotate
from core.llms.provider_config.credentials.rows import CredentialRows, place_of, sealed_of, set_sealed
from core.llms.provider_config.credentials.schemas import CredentialResponse, RotationReport
from core.llms.provider_config.credentials.secret_values import check_secrets, pack, unpack, wrap_secrets
from core.llms.provider_config.errors import (
    ConfigExistsError,
    ConfigInUseError,
    ConfigNotFoundError,
    ConfigValidationError,
    CredentialError,
)
from core.llms.provider_config.models import Credential
from core.llms.provider_config.revisions.snapshots import CREDENTIAL, scope_of
from core.llms.provider_config.schemas import CredentialCreate, ProviderModelConfigResponse
from core.llms.provider_config.unit_of_work import UnitOfWork
from core.llms.types.secrets import Secret


class CredentialService:
    """Credentials in a database, encrypted. To use one, to store one and to read one are three permissions.

    Secrets are given as strings or `Secret`, and are `Secret` from there on. Every method raises `AccessDeniedError`,
    `StorageError` where the database fails, and where it needs a key that is not set, `EncryptionKeyError`.
    """

    def __init__(self, work: UnitOfWork, keys: KeyUse) -> None:
        self._work = work
        self._keys = keys

    async def create(
        self,
        name: str,
        provider: str,
        secrets: Mapping[str, Any],
        *,
        description: str | None = None,
        organisation: str = DEFAULT_ORGANISATION,
        workspace: str = DEFAULT_WORKSPACE,
        must_be_new: bool = False,
        actor: Actor | str | None = None,
    ) -> CredentialResponse:
        """Store the secrets of an account: arguments of the provider's factory, as `{"api_key": …}`.

        The same again changes nothing, unless it `must_be_new`. Raises `ConfigValidationError`, and
        `ConfigExistsError` where the name has other secrets, or is another provider's.
        """
        # From here on no variable shows them, in whatever traceback.
        secrets = wrap_secrets(secrets)
        checked = check_secrets(provider, secrets)
        wanted = _read_create(
            name=name, provider=provider, description=description, organisation=organisation, workspace=workspace
        )
        key_id, key = await self._keys.current()
        own = Scope(organisation, workspace, provider)
        await self._work.require(actor, Operation.MANAGE_CREDENTIAL, own, is_named=True)
        stored = await self._find(name)
        if stored is not None:
            return await self._require_same(stored, wanted, checked, key, actor, must_be_new=must_be_new)
        async with self._work.changing(actor, "create") as change:
            await _require_free(CredentialRows(change.session), name)
            row = Credential(**wanted.model_dump(), ciphertext=b"", nonce=b"", wrapped_key=b"", key_id="", algorithm="")
            # What is encrypted is bound to the id, which is known once the row is there.
            await change.add(row)
            set_sealed(row, seal(pack(checked), place_of(row), key_id, key))
            await change.mark(row, {"fingerprints": _fingerprints(checked, key)})
            await change.save()
            return _respond(row, checked, key)

    async def replace(
        self,
        name: str,
        secrets: Mapping[str, Any],
        *,
        expected_version: int | None = None,
        actor: Actor | str | None = None,
    ) -> CredentialResponse:
        """Store other secrets under a name; every process uses them within a second. The same changes nothing.

        Raises `ConfigNotFoundError`, `ConfigValidationError`, and `StaleConfigError` where `expected_version` is not
        the credential's any more.
        """
        secrets = wrap_secrets(secrets)
        key_id, key = await self._keys.current()
        stored = await self._require(name, Operation.MANAGE_CREDENTIAL, actor)
        checked = check_secrets(stored.provider, secrets)
        is_same = await self._holds(stored, checked)
        async with self._work.changing(actor, "replace") as change:
            row = await CredentialRows(change.session).find(name)
            if row is None or row.id != stored.id:
                raise _not_found(name)
            require_version(row, expected_version, {}, f"credential {name!r}")
            if not is_same or row.version != stored.version:
                set_sealed(row, seal(pack(checked), place_of(row), key_id, key))
                await change.mark(row, {"fingerprints": _fingerprints(checked, key)})
                await change.save()
            return _respond(row, checked, key)

    async def rename(
        self, name: str, new_name: str, *, expected_version: int | None = None, actor: Actor | str | None = None
    ) -> CredentialResponse:
        """Give a credential another name; configurations go on using it. The same name changes nothing.

        Raises `ConfigNotFoundError`, `ConfigValidationError`, `StaleConfigError`, and `ConfigExistsError` where
        another credential has the name.
        """
        stored = await self._require(name, Operation.MANAGE_CREDENTIAL, actor)
        wanted = _read_create(name=new_name, provider=stored.provider)
        keys = await find_keys(self._keys, stored)
        async with self._work.changing(actor, "rename") as change:
            row = await CredentialRows(change.session).find(name)
            if row is None or row.id != stored.id:
                raise _not_found(name)
            await rename(change, row, wanted.name, expected_version, keys)
            await change.save()
            return await self._describe(row)

    async def get(self, name: str, *, actor: Actor | str | None = None) -> CredentialResponse | None:
        """Return a credential without its secrets, or None where none has the name."""
        row = await self._find(name)
        if row is None:
            return None
        await self._work.require(actor, Operation.READ_CREDENTIAL, scope_of(row))
        return await self._describe(row)

    async def list_all(self, *, actor: Actor | str | None = None) -> list[CredentialResponse]:
        """Return the credentials that the actor may see, by name, without their secrets.

        Those that cannot be decrypted say why.
        """
        async with self._work.reading(actor) as reading:
            rows = await CredentialRows(reading.session).list_all()
            seen = [row for row in rows if reading.permissions.may(Operation.READ_CREDENTIAL, scope_of(row))]
        return [await self._describe(row) for row in seen]

    async def read_secrets(self, name: str, *, actor: Actor | str | None = None) -> dict[str, Secret]:
        """Return the secrets themselves, which is written into the audit. Raises `ConfigNotFoundError`.

        To make calls with them, `read_secret` is not needed: they are used without being shown.
        """
        row = await self._require(name, Operation.READ_SECRET, actor)
        secrets = await self._open(row)
        async with self._work.changing(actor, "read_secret") as change:
            change.note(CREDENTIAL, name, scope_of(row))
        return secrets

    async def delete(self, name: str, *, expected_version: int | None = None, actor: Actor | str | None = None) -> None:
        """Delete a credential; no key is needed for it.

        Raises `ConfigNotFoundError`, `StaleConfigError`, and `ConfigInUseError` while a configuration uses it.
        """
        async with self._work.changing(actor, "delete") as change:
            row = await CredentialRows(change.session).find(name)
            if row is None:
                raise _not_found(name)
            change.permissions.require(Operation.MANAGE_CREDENTIAL, scope_of(row))
            require_version(row, expected_version, {}, f"credential {name!r}")
            users = [f"{user.provider_name}/{user.model_id}" for user in await change.repository.users_of(row)]
            if users:
                raise ConfigInUseError(f"credential {name!r} cannot be deleted: {', '.join(users)} use it")
            await change.delete(row)

    async def resolve(
        self, config: ProviderModelConfigResponse, *, actor: Actor | str | None = None
    ) -> dict[str, Secret]:
        """Return the secrets of a configuration, by the names that its provider's factory has for them, for its calls.

        They come from the stored credential, or from the variable that `api_key_env` names; nothing where there is
        neither. Raises `MissingCredentialError`, `EncryptionKeyError`, `CredentialDamagedError`, `CredentialError`.
        """
        scope = Scope(config.organisation, config.workspace, config.provider_name, config.model_id)
        await self._work.require(actor, Operation.USE, scope)
        if config.credential_id is None:
            return read_reference(config)
        async with self._work.reading(SYSTEM) as reading:
            row = await CredentialRows(reading.session).find_by_id(config.credential_id)
        if row is None:
            raise CredentialError(
                "its stored credential is not there any more; read the configuration again",
                provider=config.provider_name,
                model=config.model_id,
            )
        return await self._open(row)

    async def rotate_keys(self, *, batch_size: int = BATCH_SIZE, actor: Actor | str | None = None) -> RotationReport:
        """Wrap the data key of every credential with the current key; the secrets are not touched.

        Others may read and write meanwhile, in any process that knows both keys. It is done in transactions of
        `batch_size` rows; where it ends early, what was done stays, and beginning again goes on. A credential that
        cannot be rewrapped is in the report, and the others are.
        """
        await self._work.require(actor, Operation.ROTATE_KEYS, EVERYTHING)
        return await rotate(self._work, self._keys, batch_size, actor)

    async def list_key_ids_in_use(self, *, actor: Actor | str | None = None) -> dict[str, int]:
        """Return the ids of the keys that credentials need, each with how many: any other may be removed."""
        async with self._work.reading(actor) as reading:
            reading.permissions.require(Operation.READ_CREDENTIAL, EVERYTHING)
            return await CredentialRows(reading.session).count_by_key()

    async def _find(self, name: str) -> Credential | None:
        async with self._work.reading(SYSTEM) as reading:
            return await CredentialRows(reading.session).find(name)

    async def _require(self, name: str, operation: Operation, actor: Actor | str | None) -> Credential:
        row = await self._find(name)
        if row is None:
            raise _not_found(name)
        await self._work.require(actor, operation, scope_of(row))
        return row

    async def _open(self, row: Credential) -> dict[str, Secret]:
        return unpack(unseal(sealed_of(row), place_of(row), await self._keys.key(row.key_id)), row.name)

    async def _holds(self, row: Credential, secrets: Mapping[str, Secret]) -> bool:
        try:
            return await self._open(row) == secrets
        except CredentialError:
            # What cannot be read is replaced all the same: that is how it is mended.
            return False

    async def _describe(self, row: Credential) -> CredentialResponse:
        try:
            _, key = await self._keys.current()
            return _respond(row, await self._open(row), key)
        except CredentialError as error:
            return CredentialResponse.model_validate(row).model_copy(update={"problem": error.message})

    async def _require_same(
        self,
        stored: Credential,
        wanted: CredentialCreate,
        secrets: Mapping[str, Secret],
        key: EncryptionKey,
        actor: Actor | str | None,
        *,
        must_be_new: bool,
    ) -> CredentialResponse:
        await self._work.require(actor, Operation.MANAGE_CREDENTIAL, scope_of(stored))
        if must_be_new:
            raise ConfigExistsError(f"credential {stored.name!r} is stored already")
        is_same = not differences(stored, wanted.model_dump())
        if not (is_same and await self._holds(stored, secrets)):
            raise ConfigExistsError(
                f"credential {stored.name!r} is stored with other values; change its secrets by `replace`, or choose "
                "another name"
            )
        return _respond(stored, secrets, key)


def _read_create(**fields: Any) -> CredentialCreate:
    try:
        return CredentialCreate(**fields)
    except ValidationError as error:
        raise ConfigValidationError(describe_validation(error)) from error


async def _require_free(rows: CredentialRows, name: str) -> None:
    if await rows.find(name) is not None:
        raise ConfigExistsError(f"credential {name!r} was stored by another meanwhile")


def _respond(row: Credential, secrets: Mapping[str, Secret], key: EncryptionKey) -> CredentialResponse:
    found = {"fingerprints": _fingerprints(secrets, key)}
    return CredentialResponse.model_validate(row).model_copy(update=found)


def _fingerprints(secrets: Mapping[str, Secret], key: EncryptionKey) -> dict[str, str]:
    return {name: key.fingerprint(secret) for name, secret in secrets.items()}


def _not_found(name: str) -> ConfigNotFoundError:
    return ConfigNotFoundError(f"no credential is called {name!r}")
