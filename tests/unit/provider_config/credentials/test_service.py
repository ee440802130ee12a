"""Credentials that are stored, used, replaced and deleted, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from core.llms import ConfigurationError, Secret
from core.llms.errors import MissingCredentialError
from core.llms.handlers.base_handler import AsyncModelHandler
from core.llms.provider_config.aliases import ConfigAliases
from core.llms.provider_config.creation import create_configured_llm
from core.llms.provider_config.errors import (
    ConfigExistsError,
    ConfigInUseError,
    ConfigNotFoundError,
    ConfigValidationError,
    CredentialError,
    EncryptionKeyError,
    ProviderConfigError,
    StaleConfigError,
    VerificationError,
)
from core.llms.provider_config.factory import ProviderFactory
from core.llms.provider_config.generation import Generator
from core.llms.provider_config.schemas import LLMParametersCreate
from core.llms.provider_config.service import ProviderConfigService
from core.llms.simulator import Simulator
from core.llms.simulator.bedrock.auth import SECRET_ACCESS_KEY
from core.llms.storage.database import Database
from tests.support.chat_bytes import completion
from tests.support.raw_server import Exchange, RawServer, raw_server
from tests.unit.provider_config.credentials.conftest import Stored
from tests.unit.provider_config.test_aliases import registry_over

CALM = LLMParametersCreate(name="calm", max_new_tokens=100, temperature=0.2)
MODEL = ("openai", "gpt-4.1-mini")
KEY, OTHER = "sk-first-key-of-the-team", "sk-second-key-of-the-team"


async def register(service: ProviderConfigService, **fields: Any) -> None:
    credential = await service.credentials.create("team", "openai", {"api_key": KEY})
    await service.register_provider_model(*MODEL, CALM, credential_id=credential.id, **fields)


@pytest.fixture
async def vendor() -> AsyncIterator[RawServer]:
    """A server that answers whoever asks; the simulator would mask the key that it was given."""

    async def serve(exchange: Exchange) -> None:
        await exchange.answer(completion())

    async with raw_server(serve) as server:
        yield server


def keys_sent(vendor: RawServer) -> list[str]:
    heads = [exchange.head.decode() for exchange in vendor.exchanges]
    return [
        line.removeprefix("Authorization: Bearer ") for head in heads for line in head.splitlines() if "Bear" in line
    ]


async def test_a_credential_is_stored_and_shown_without_its_secrets(
    service: ProviderConfigService, stored: Stored
) -> None:
    created = await service.credentials.create("team", "openai", {"api_key": Secret(KEY)}, description="Paid by all")
    assert (created.name, created.provider, created.description) == ("team", "openai", "Paid by all")
    assert (created.key_id, created.algorithm, created.version) == ("old", "AES-256-GCM/1", 1)
    assert created.last_rotated is None
    assert await service.credentials.get("team") == created
    assert await service.credentials.list_all() == [created]
    assert await service.credentials.get("other") is None
    assert KEY not in repr(created) + created.model_dump_json()
    assert KEY.encode() not in await stored.dump()


async def test_equal_secrets_are_told_by_their_fingerprints(
    service: ProviderConfigService, set_keys: Callable[..., None]
) -> None:
    create = service.credentials.create
    first, second = await create("a", "openai", {"api_key": KEY}), await create("b", "groq", {"api_key": KEY})
    other = await create("c", "openai", {"api_key": OTHER})
    assert first.fingerprints == second.fingerprints != other.fingerprints
    assert len(first.fingerprints["api_key"]) == 16
    set_keys("new", "old")
    listed = await service.credentials.list_all()
    assert listed[0].fingerprints == listed[1].fingerprints != first.fingerprints


async def test_every_writing_has_a_data_key_and_nonces_of_its_own(
    service: ProviderConfigService, stored: Stored
) -> None:
    await service.credentials.create("team", "openai", {"api_key": KEY})
    seen = [await stored.read("team")]
    for secret in (OTHER, KEY):
        await service.credentials.replace("team", {"api_key": secret})
        seen.append(await stored.read("team"))
    for column in ("ciphertext", "nonce", "wrapped_key"):
        assert len({row[column] for row in seen}) == 3
    assert {len(row["nonce"]) for row in seen} == {12}
    assert len({row["wrapped_key"][:12] for row in seen}) == 3


async def test_creating_the_same_again_changes_nothing_and_something_else_says_replace(
    service: ProviderConfigService,
) -> None:
    created = await service.credentials.create("team", "openai", {"api_key": KEY})
    assert await service.credentials.create("team", "openai", {"api_key": KEY}) == created
    for provider, secrets in (("openai", {"api_key": OTHER}), ("groq", {"api_key": KEY})):
        with pytest.raises(ConfigExistsError, match="`replace`"):
            await service.credentials.create("team", provider, secrets)


async def test_replacing_raises_the_version_where_something_differs(service: ProviderConfigService) -> None:
    created = await service.credentials.create("team", "openai", {"api_key": KEY})
    assert await service.credentials.replace("team", {"api_key": KEY}) == created
    replaced = await service.credentials.replace("team", {"api_key": OTHER}, expected_version=1)
    assert (replaced.version, replaced.id) == (2, created.id)
    assert replaced.fingerprints != created.fingerprints
    with pytest.raises(StaleConfigError, match="version 2, not 1"):
        await service.credentials.replace("team", {"api_key": KEY}, expected_version=1)
    with pytest.raises(ConfigNotFoundError, match="'nobody'"):
        await service.credentials.replace("nobody", {"api_key": KEY})


@pytest.mark.parametrize(
    ("provider", "secrets", "named"),
    [
        ("opnai", {"api_key": KEY}, "did you mean 'openai'?"),
        ("openai", {"api_kye": KEY}, "`api_kye`: openai has no such credential; known: api_key"),
        ("openai", {"base_url": KEY}, "`base_url`"),
        ("openai", {}, "give at least one of api_key"),
        ("openai", {"api_key": ""}, "from 1 to 65536 characters"),
        ("openai", {"api_key": f"{KEY}\n"}, "white space"),
        ("openai", {"api_key": 7}, "a string or a Secret"),
        ("openai", {"api_key": "sk-\0-nul"}, "a character"),
    ],
)
async def test_wrong_secrets_are_refused_and_not_shown(
    service: ProviderConfigService, provider: str, secrets: dict[str, Any], named: str
) -> None:
    with pytest.raises(ConfigValidationError) as caught:
        await service.credentials.create("team", provider, secrets)
    assert named in str(caught.value)
    assert KEY not in str(caught.value)
    assert await service.credentials.list_all() == []


async def test_the_stored_key_is_used_by_verification_factory_generator_and_aliases(
    service: ProviderConfigService, vendor: RawServer
) -> None:
    await register(service, alias="support", base_url=vendor.url)
    async with await ProviderFactory(service).create_provider(*MODEL) as llm:
        await llm.get_answer("Say: hi")
    async with Generator(service) as generator:
        await generator.generate(*MODEL, "Say: hi")
    async with AsyncModelHandler(registry_over(ConfigAliases(service))) as handler:
        await handler.get_response("support", "Say: hi")
    # A list of models, which is none here, an answer instead, and one answer each.
    assert keys_sent(vendor) == [KEY] * 5


async def test_a_replaced_credential_is_in_the_next_call(service: ProviderConfigService, vendor: RawServer) -> None:
    await register(service, alias="support", verify=False, base_url=vendor.url)
    registry = registry_over(ConfigAliases(service, poll_seconds=0))
    async with Generator(service) as generator, AsyncModelHandler(registry) as handler:
        for secret in (KEY, OTHER):
            await service.credentials.replace("team", {"api_key": secret})
            await generator.generate(*MODEL, "Say: hi")
            await handler.get_response("support", "Say: hi")
    assert keys_sent(vendor) == [KEY, KEY, OTHER, OTHER]


async def test_a_rotation_makes_no_new_caller(
    service: ProviderConfigService, set_keys: Callable[..., None], vendor: RawServer
) -> None:
    await register(service, verify=False, base_url=vendor.url)
    async with Generator(service) as generator:
        await generator.generate(*MODEL, "Say: hi")
        made = dict(generator._made)
        set_keys("new", "old")
        assert (await service.credentials.rotate_keys()).rewrapped == 1
        await generator.generate(*MODEL, "Say: hi")
        assert generator._made == made
    assert keys_sent(vendor) == [KEY, KEY]


async def test_a_credential_of_several_parts_signs_requests(
    service: ProviderConfigService, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = {"access_key_id": "AKIDEXAMPLE", "secret_access_key": SECRET_ACCESS_KEY, "session_token": "token"}
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    credential = await service.credentials.create("aws", "bedrock", secrets)
    config = await service.register_provider_model(
        "bedrock", "amazon.nova-lite-v1:0", LLMParametersCreate(name="x"), credential_id=credential.id, verify=False,
        settings={"region": "us-east-1"}, alias="nova",
    )  # fmt: skip
    assert await service.credentials.resolve(config) == {name: Secret(value) for name, value in secrets.items()}
    async with create_configured_llm(config, await service.credentials.resolve(config)) as llm:
        await llm.get_answer("Say: hi")
    async with AsyncModelHandler(registry_over(ConfigAliases(service))) as handler:
        await handler.get_response("nova", "Say: hi")
    for request in sim.requests:
        # The simulator has checked the signature.
        assert request.path.endswith("/converse")
    assert len(sim.requests) == 2


async def test_what_the_vendor_refuses_is_told_without_the_key(service: ProviderConfigService) -> None:
    credential = await service.credentials.create("team", "openai", {"api_key": "invalid-key"})
    with pytest.raises(VerificationError) as caught:
        await service.register_provider_model(*MODEL, CALM, credential_id=credential.id)
    assert "401" in str(caught.value)
    assert "invalid-key" not in str(caught.value)


async def test_references_to_the_environment_need_no_encryption_key(
    service: ProviderConfigService, set_keys: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_keys()
    monkeypatch.setenv("TEAM_KEY", KEY)
    config = await service.register_provider_model(*MODEL, CALM, api_key_env="TEAM_KEY", verify=False)
    assert await service.credentials.resolve(config) == {"api_key": Secret(KEY)}
    monkeypatch.delenv("TEAM_KEY")
    with pytest.raises(MissingCredentialError, match="TEAM_KEY"):
        await service.credentials.resolve(config)


async def test_a_configuration_has_a_variable_or_a_credential(service: ProviderConfigService) -> None:
    credential = await service.credentials.create("team", "openai", {"api_key": KEY})
    with pytest.raises(ConfigValidationError, match="not both"):
        await service.register_provider_model(*MODEL, CALM, credential_id=credential.id, api_key_env="X", verify=False)
    config = await service.register_provider_model(*MODEL, CALM, api_key_env="X", verify=False)
    with pytest.raises(ConfigValidationError, match="set `api_key_env` to None in the same update"):
        await service.update_provider_model(*MODEL, {"credential_id": credential.id})
    config = await service.update_provider_model(*MODEL, {"credential_id": credential.id, "api_key_env": None})
    assert config.credential is not None
    assert (config.credential.name, config.credential.version, config.api_key_env) == ("team", 1, None)
    config = await service.update_provider_model(*MODEL, {"credential_id": None})
    assert (config.credential, config.credential_id) == (None, None)


@pytest.mark.parametrize("registered", [False, True], ids=["registering", "updating"])
async def test_credentials_of_another_provider_or_none_are_refused(
    service: ProviderConfigService, registered: bool
) -> None:
    groq = await service.credentials.create("groq", "groq", {"api_key": KEY})
    if registered:
        await service.register_provider_model(*MODEL, CALM, verify=False)
    cases: dict[int, tuple[type[ProviderConfigError], str]] = {
        groq.id: (ConfigValidationError, "'groq' is a credential of groq, not of openai"),
        999: (ConfigNotFoundError, "no credential has the id 999"),
    }
    for credential_id, (kind, named) in cases.items():
        with pytest.raises(kind, match=named):
            if registered:
                await service.update_provider_model(*MODEL, {"credential_id": credential_id})
            else:
                await service.register_provider_model(*MODEL, CALM, credential_id=credential_id, verify=False)


async def test_a_credential_is_deleted_when_nothing_uses_it(service: ProviderConfigService) -> None:
    await register(service, verify=False)
    with pytest.raises(ConfigInUseError, match=r"openai/gpt-4\.1-mini use it"):
        await service.credentials.delete("team")
    with pytest.raises(StaleConfigError):
        await service.credentials.delete("team", expected_version=7)
    await service.delete_provider_model(*MODEL)
    await service.credentials.delete("team")
    assert await service.credentials.list_all() == []
    with pytest.raises(ConfigNotFoundError):
        await service.credentials.delete("team")


async def test_a_renamed_credential_is_the_same_to_its_configurations(
    service: ProviderConfigService, stored: Stored, set_keys: Callable[..., None]
) -> None:
    await register(service, verify=False)
    before = await stored.read("team")
    set_keys("new", "old")
    renamed = await service.credentials.rename("team", "all", expected_version=1)
    assert (renamed.name, renamed.id, renamed.version, renamed.key_id) == ("all", before["id"], 2, "new")
    assert renamed.problem is None
    assert await service.credentials.rename("all", "all") == renamed
    assert await service.credentials.get("team") is None
    after = await stored.read("all")
    assert after["ciphertext"] != before["ciphertext"]
    config = await service.get_provider_model(*MODEL)
    assert config is not None
    assert config.credential is not None
    assert (config.version, config.credential.name, config.credential.version) == (2, "all", 2)
    assert await service.credentials.resolve(config) == {"api_key": Secret(KEY)}
    newest = (await service.revisions.history(*MODEL))[0]
    assert (newest.action, newest.number) == ("rename", 2)
    (entry,) = await service.audit.list_entries(kind="credential", name="all")
    assert (entry.action, entry.details["changes"]["name"]) == ("rename", ["team", "all"])
    assert (await service.audit.verify_audit_chain()).problems == ()


async def test_a_credential_is_not_renamed_over_another_nor_unseen(
    service: ProviderConfigService, set_keys: Callable[..., None]
) -> None:
    for name in ("team", "spare"):
        await service.credentials.create(name, "openai", {"api_key": KEY})
    cases: list[tuple[tuple[str, str], type[Exception], str]] = [
        (("team", "spare"), ConfigExistsError, "'spare' is stored already"),
        (("nobody", "other"), ConfigNotFoundError, "'nobody'"),
        (("team", ""), ConfigValidationError, "name"),
    ]
    for names, kind, named in cases:
        with pytest.raises(kind, match=named):
            await service.credentials.rename(*names)
    with pytest.raises(StaleConfigError, match="version 1, not 7"):
        await service.credentials.rename("team", "other", expected_version=7)
    set_keys("new")
    with pytest.raises(EncryptionKeyError, match="'old' is not set"):
        await service.credentials.rename("team", "other")
    set_keys("old")
    assert [credential.name for credential in await service.credentials.list_all()] == ["spare", "team"]


async def test_an_id_is_never_given_again(service: ProviderConfigService) -> None:
    first = await service.credentials.create("team", "openai", {"api_key": KEY})
    await service.credentials.delete("team")
    assert (await service.credentials.create("team", "openai", {"api_key": KEY})).id > first.id


async def test_stored_credentials_without_any_key_are_refused_at_the_first_use(
    service: ProviderConfigService, database: Database, set_keys: Callable[..., None]
) -> None:
    set_keys()
    with pytest.raises(EncryptionKeyError, match="no encryption key is set"):
        await service.credentials.create("team", "openai", {"api_key": KEY})
    assert (await service.list_providers()).providers == ()
    set_keys("old")
    await register(service, verify=False)
    set_keys()
    starting = ProviderConfigService(database)
    for use in (starting.list_providers(), starting.parameters.list_all(), starting.get_provider_model(*MODEL)):
        with pytest.raises(EncryptionKeyError, match="CORE_LLMS_ENCRYPTION_KEYS") as caught:
            await use
        assert isinstance(caught.value, ConfigurationError)
    assert [credential.problem for credential in await starting.credentials.list_all()] == [
        "credentials are stored encrypted, and no encryption key is set: set CORE_LLMS_ENCRYPTION_KEYS (id:base64, the "
        "current one first) or CORE_LLMS_ENCRYPTION_KEYS_FILE"
    ]
    set_keys("old")
    assert len((await starting.list_providers()).providers) == 1


async def test_a_key_that_is_missing_is_named(service: ProviderConfigService, set_keys: Callable[..., None]) -> None:
    await register(service, verify=False)
    set_keys("new")
    config = await service.get_provider_model(*MODEL)
    assert config is not None
    with pytest.raises(EncryptionKeyError, match="the encryption key 'old' is not set") as caught:
        await service.credentials.resolve(config)
    assert caught.value.key_id == "old"
    (listed,) = await service.credentials.list_all()
    assert listed.problem is not None
    assert (listed.fingerprints, "'old'" in listed.problem) == ({}, True)
    # What cannot be read any more can be replaced.
    await service.credentials.replace("team", {"api_key": OTHER})
    assert await service.credentials.resolve(config) == {"api_key": Secret(OTHER)}


async def test_a_stored_credential_is_not_left_out_silently(service: ProviderConfigService) -> None:
    await register(service, verify=False)
    config = await service.get_provider_model(*MODEL)
    assert config is not None
    with pytest.raises(CredentialError, match=r"service\.credentials\.resolve"):
        create_configured_llm(config)
