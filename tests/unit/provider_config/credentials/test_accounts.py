"""Credentials that are more than a key: a service account's, an application's, whose tokens real servers give."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from core.llms import AuthenticationError, ConfigurationError, ConnectError, LLMContext, Secret
from core.llms.provider_config.creation import create_configured_llm
from core.llms.provider_config.errors import ConfigValidationError
from core.llms.provider_config.generation import Generator
from core.llms.provider_config.schemas import LLMParametersCreate, ProviderModelConfigResponse
from core.llms.provider_config.service import ProviderConfigService
from core.llms.simulator import Simulator
from core.llms.storage.database import Database
from tests.support.token_servers import (
    AUTHORITY,
    CLIENT,
    CLIENT_SECRET,
    TENANT,
    TokenServer,
    private_key,
    service_account,
    token_server,
)
from tests.unit.provider_config.credentials.conftest import Stored

APPLICATION = {"tenant_id": TENANT, "client_id": CLIENT, "client_secret": CLIENT_SECRET}
GEMINI = ("google", "gemini-2.5-flash")
DEPLOYMENT = ("azure", "gpt-4.1-mini")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind of database: what is stored is a text, as any credential is."""
    return sqlite_url


@pytest.fixture
async def google() -> AsyncIterator[TokenServer]:
    """Google's token service."""
    async with token_server(with_tls=False) as tokens:
        yield tokens


@pytest.fixture
async def entra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[TokenServer]:
    """Entra ID, which its library asks over TLS alone."""
    AUTHORITY.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "authority.pem"))
    for name in ("AZURE_OPENAI_API_KEY", "AZURE_OPENAI_KEY"):
        monkeypatch.delenv(name, raising=False)
    async with token_server(with_tls=True) as tokens:
        yield tokens


async def register(
    service: ProviderConfigService, model: tuple[str, str], secrets: Mapping[str, Any], **fields: Any
) -> ProviderModelConfigResponse:
    credential = await service.credentials.create("account", model[0], secrets)
    return await service.register_provider_model(
        *model, LLMParametersCreate(name="x"), credential_id=credential.id, **{"verify": False, **fields}
    )


async def test_a_service_account_makes_calls_at_vertex_ai(
    service: ProviderConfigService, sim: Simulator, google: TokenServer, stored: Stored
) -> None:
    key = service_account(google.url)
    config = await register(
        service, GEMINI, {"service_account": key}, settings={"location": "europe-west4"}, base_url=sim.vertex_base_url,
        verify=True,
    )  # fmt: skip
    assert config.is_verified
    assert await service.credentials.resolve(config) == {"service_account": Secret(key)}
    async with Generator(service) as generator:
        for _ in range(2):
            await generator.generate(*GEMINI, "Say: hi")
    called = [request for request in sim.requests if request.path.endswith(":generateContent")]
    assert {request.path.split("/publishers")[0] for request in called} == {
        "/vertex/v1beta1/projects/team-project/locations/europe-west4"
    }
    assert all("authorization" in request.headers for request in called)
    assert {form["grant_type"] for form in google.forms} == {"urn:ietf:params:oauth:grant-type:jwt-bearer"}
    # One token of verification, and one for all calls.
    assert google.issued == 2
    assert private_key().splitlines()[1].encode() not in await stored.dump()


async def test_an_application_makes_calls_at_azure(
    service: ProviderConfigService, sim: Simulator, entra: TokenServer, stored: Stored
) -> None:
    config = await register(service, DEPLOYMENT, {**APPLICATION, "authority": entra.url}, verify=True)
    assert config.is_verified
    async with Generator(service) as generator:
        for _ in range(2):
            await generator.generate(*DEPLOYMENT, "Say: hi")
    called = [request for request in sim.requests if request.path.endswith("/chat/completions")]
    assert all("authorization" in request.headers and "api-key" not in request.headers for request in called)
    assert (entra.forms[-1]["client_id"], entra.forms[-1]["client_secret"]) == (CLIENT, CLIENT_SECRET)
    assert "https://cognitiveservices.azure.com/.default" in entra.forms[-1]["scope"]
    assert entra.issued == 2
    assert CLIENT_SECRET.encode() not in await stored.dump()


async def test_a_token_that_is_about_to_end_is_renewed(
    service: ProviderConfigService, sim: Simulator, entra: TokenServer
) -> None:
    entra.lifetime_seconds = 200
    config = await register(service, DEPLOYMENT, {**APPLICATION, "authority": entra.url})
    async with create_configured_llm(config, await service.credentials.resolve(config)) as llm:
        for _ in range(3):
            await llm.get_answer("Say: hi")
    assert entra.issued == 3


async def test_an_application_that_is_refused_is_told_without_its_secret(
    service: ProviderConfigService, sim: Simulator, entra: TokenServer
) -> None:
    entra.refusal = {
        "error": "invalid_client",
        "error_description": f"AADSTS7000215: Invalid client secret provided: {CLIENT_SECRET}",
    }
    config = await register(service, DEPLOYMENT, {**APPLICATION, "authority": entra.url})
    async with create_configured_llm(config, await service.credentials.resolve(config)) as llm:
        with pytest.raises(AuthenticationError, match="AADSTS7000215") as caught:
            await llm.get_answer("Say: hi")
    cause: BaseException | None = caught.value
    while cause is not None:
        assert CLIENT_SECRET not in repr(cause)
        assert type(cause).__module__.startswith("core.llms"), "its traceback leads to the secret"
        cause = cause.__cause__ or cause.__context__


async def test_an_authority_that_is_not_there_is_a_failed_connection(
    service: ProviderConfigService, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    from azure.core.exceptions import ServiceRequestError
    from azure.identity import ClientSecretCredential

    def refuse(*_: Any, **__: Any) -> None:
        raise ServiceRequestError("no route to host")

    config = await register(service, DEPLOYMENT, APPLICATION)
    monkeypatch.setattr(ClientSecretCredential, "get_token", refuse)
    async with create_configured_llm(config, await service.credentials.resolve(config), retry=None) as llm:
        with pytest.raises(ConnectError, match="no route to host"):
            await llm.get_answer("Say: hi", LLMContext(timeout_seconds=20))


@pytest.mark.parametrize(
    ("provider", "secrets", "named"),
    [
        ("azure", {"client_secret": CLIENT_SECRET}, "`tenant_id`: it is missing; `tenant_id`, `client_id` and"),
        ("azure", {**APPLICATION, "api_key": "k"}, "`api_key`: it is another credential than"),
        ("azure", {**APPLICATION, "tenant_id": "a/b"}, "`tenant_id`: it must be the id of a tenant"),
        ("azure", {**APPLICATION, "client_id": "caller"}, "`client_id`: it must be the id of an application"),
        ("azure", {**APPLICATION, "client_secret": CLIENT}, "`client_secret`: it looks like the id of a secret"),
        ("azure", {**APPLICATION, "authority": "http://x"}, "`authority`: it must be an address like https://"),
        ("google", {"service_account": "AIza-a-key"}, "`service_account`: it is no JSON object; give the whole text"),
        ("google", {"service_account": "[]"}, "it is no JSON object"),
        ("google", {"service_account": service_account("https://x", type="authorized_user")}, "'authorized_user', not"),
        ("google", {"service_account": service_account("https://x", client_email="")}, "it has no `client_email`"),
        ("google", {"service_account": service_account("x")}, "`token_uri` is no address"),
        (
            "google",
            {"service_account": service_account("https://x", private_key=private_key().replace("\n", "\\n"))},
            "`private_key` is no private key in PEM, with line ends",
        ),
        ("google", {"service_account": service_account("https://x"), "api_key": "k"}, "`service_account`: it is anoth"),
        ("bedrock", {"access_key_id": "AKIA"}, "`secret_access_key`: it is missing"),
        ("bedrock", {"session_token": "t"}, "`access_key_id`: it is missing"),
        ("watsonx", {"username": "u"}, "`api_key`: it is missing"),
        ("watsonx", {"username": "u", "token": "t"}, "`token`: it is another credential"),
        ("anthropic", {"api_key": "k", "auth_token": "t"}, "give one of them"),
    ],
)
async def test_a_credential_that_is_not_whole_is_refused_before_it_is_stored(
    service: ProviderConfigService, provider: str, secrets: dict[str, Any], named: str
) -> None:
    with pytest.raises(ConfigValidationError) as caught:
        await service.credentials.create("account", provider, secrets)
    assert named in str(caught.value)
    assert not any(len(secret) > 8 and secret in str(caught.value) for secret in secrets.values())
    assert private_key().splitlines()[1] not in str(caught.value)
    assert await service.credentials.list_all() == []


@pytest.mark.parametrize(
    ("provider", "secrets"),
    [
        ("bedrock", {"access_key_id": "AKIA", "secret_access_key": "s", "session_token": "t"}),
        ("bedrock", {"api_key": "k"}),
        ("watsonx", {"username": "u", "password": "p"}),
        ("watsonx", {"username": "u", "api_key": "k"}),
        ("watsonx", {"zen_api_key": "z"}),
        ("azure", APPLICATION),
    ],
)
async def test_whole_credentials_are_stored(
    service: ProviderConfigService, provider: str, secrets: dict[str, str]
) -> None:
    created = await service.credentials.create("account", provider, secrets)
    assert created.fingerprints.keys() == secrets.keys()


@pytest.mark.parametrize(
    ("model", "settings"),
    [
        (DEPLOYMENT, {"client_secret": CLIENT_SECRET}),
        (GEMINI, {"service_account": service_account("https://x")}),
    ],
)
async def test_a_configuration_cannot_hold_a_secret_of_an_account(
    service: ProviderConfigService, model: tuple[str, str], settings: dict[str, Any]
) -> None:
    parameters = LLMParametersCreate(name="calm")
    told = "a setting holds no credential: name its variable in `api_key_env`, or store it"
    with pytest.raises(ConfigValidationError, match=told) as refused:
        await service.register_provider_model(*model, parameters, verify=False, settings=settings)
    assert (await service.list_providers()).providers == ()
    await service.register_provider_model(*model, parameters, verify=False)
    with pytest.raises(ConfigValidationError, match=told):
        await service.update_provider_model(*model, {"settings": settings})
    assert CLIENT_SECRET not in str(refused.value)
    stored = await service.get_provider_model(*model)
    assert stored is not None
    assert stored.settings == {}


@pytest.mark.parametrize(
    ("model", "secrets", "module", "extra"),
    [
        (DEPLOYMENT, APPLICATION, "azure.identity", r"core-llms\[azure\]"),
        (GEMINI, {"service_account": service_account("https://x")}, "google.oauth2", r"core-llms\[google\]"),
    ],
)
async def test_an_extra_that_is_missing_is_named_when_it_is_used(
    service: ProviderConfigService,
    sim: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    model: tuple[str, str],
    secrets: dict[str, str],
    module: str,
    extra: str,
) -> None:
    config = await register(service, model, secrets)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ConfigurationError, match=extra):
        async with create_configured_llm(config, await service.credentials.resolve(config)) as llm:
            await llm.get_answer("Say: hi")


async def test_a_private_key_that_cannot_be_read_is_told_when_it_is_used(
    service: ProviderConfigService, sim: Simulator, database: Database
) -> None:
    cut = private_key().splitlines()
    key = service_account("https://x", private_key="\n".join([*cut[:5], *cut[-1:]]) + "\n")
    config = await register(service, GEMINI, {"service_account": key}, base_url=sim.vertex_base_url)
    async with create_configured_llm(config, await service.credentials.resolve(config)) as llm:
        with pytest.raises(ConfigurationError, match="`private_key` cannot be read") as caught:
            await llm.get_answer("Say: hi")
    assert json.loads(key)["private_key"].splitlines()[1] not in repr(caught.value)
