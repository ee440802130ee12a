"""Whom settings and environment mean: the host, the project, the location, the credential."""

from __future__ import annotations

from typing import Any

import pytest
from google.oauth2.credentials import Credentials

from core.llms import ConfigurationError, MissingCredentialError, Secret
from core.llms.providers.google import GoogleConnector, create_google_llm
from tests.support.token_servers import service_account

GLOBAL = "https://aiplatform.googleapis.com"


def token() -> str:
    return "token"


async def describe(connector: GoogleConnector) -> tuple[str, str, dict[str, str]]:
    headers = await connector.auth.headers("POST", connector.base_url, None)
    return connector.base_url, connector.scope, dict(headers)


async def test_key_is_for_the_gemini_api(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "second")
    expected = "https://generativelanguage.googleapis.com", "", {"x-goog-api-key": "second"}
    assert await describe(GoogleConnector()) == expected
    monkeypatch.setenv("GOOGLE_API_KEY", "first")
    assert (await describe(GoogleConnector()))[2] == {"x-goog-api-key": "first"}
    assert (await describe(GoogleConnector({"api_key": Secret("own")})))[2] == {"x-goog-api-key": "own"}


async def test_token_is_for_the_gemini_api_too() -> None:
    connector = GoogleConnector({"token_provider": token})
    assert not connector.vertex
    assert (await describe(connector))[2] == {"Authorization": "Bearer token"}


@pytest.mark.parametrize(
    ("location", "base_url"),
    [
        (None, GLOBAL),
        ("global", GLOBAL),
        ("us", "https://aiplatform.us.rep.googleapis.com"),
        ("eu", "https://aiplatform.eu.rep.googleapis.com"),
        ("europe-west4", "https://europe-west4-aiplatform.googleapis.com"),
    ],
)
async def test_location_chooses_the_address_of_vertex(location: str | None, base_url: str) -> None:
    connector = GoogleConnector({"project": "p", "location": location, "token_provider": token})
    scope = f"projects/p/locations/{location or 'global'}/"
    assert connector.vertex
    assert await describe(connector) == (base_url, scope, {"Authorization": "Bearer token"})


@pytest.mark.parametrize(
    ("variables", "vertex"),
    [
        ({"GOOGLE_GENAI_USE_VERTEXAI": "true"}, True),
        ({"GOOGLE_GENAI_USE_ENTERPRISE": "1"}, True),
        ({"GOOGLE_GENAI_USE_ENTERPRISE": "false", "GOOGLE_GENAI_USE_VERTEXAI": "true"}, False),
        ({"GOOGLE_CLOUD_PROJECT": "p"}, False),
        ({}, False),
    ],
)
def test_environment_chooses_the_host(variables: dict[str, str], vertex: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"GOOGLE_API_KEY": "k", **variables}.items():
        monkeypatch.setenv(name, value)
    assert GoogleConnector().vertex is vertex


async def test_key_alone_stands_for_project_and_location_on_vertex(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = GLOBAL, "", {"x-goog-api-key": "k"}
    monkeypatch.setenv("GOOGLE_API_KEY", "k")
    assert await describe(GoogleConnector({"vertex": True})) == expected
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "p")
    assert await describe(GoogleConnector({"vertex": True, "api_key": "k"})) == expected


async def test_key_may_go_with_project_and_location() -> None:
    connector = GoogleConnector({"api_key": "k", "project": "p", "location": "us-east5"})
    scope = "projects/p/locations/us-east5/"
    assert await describe(connector) == (
        "https://us-east5-aiplatform.googleapis.com",
        scope,
        {"x-goog-api-key": "k"},
    )


async def test_project_of_the_environment_goes_before_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_API_KEY", "k")
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "p")
    monkeypatch.setenv("GOOGLE_CLOUD_LOCATION", "us-east5")
    credentials = Credentials(token="own", quota_project_id="q")  # type: ignore[no-untyped-call]  # untyped there
    connector = GoogleConnector({"vertex": True, "credentials": credentials})
    assert (await describe(connector))[1:] == (
        "projects/p/locations/us-east5/",
        {"Authorization": "Bearer own", "x-goog-user-project": "q"},
    )
    assert repr(GoogleConnector({"vertex": True}).auth) == "GoogleAuth()"


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({}, "GOOGLE_API_KEY or GEMINI_API_KEY"),
        ({"api_key": "k", "token_provider": token}, "not both"),
        ({"token_provider": token, "credentials": object()}, "not both"),
        ({"api_key": "k", "service_account": "{}"}, "not both"),
        ({"service_account": "{}"}, "its `type` is 'None', not 'service_account'"),
        ({"service_account": service_account("https://x", project_id=None)}, "GOOGLE_CLOUD_PROJECT"),
        ({"vertex": False, "service_account": "{}"}, "belong to Vertex AI"),
        ({"vertex": False, "api_key": "k", "project": "p"}, "belong to Vertex AI"),
        ({"vertex": True, "token_provider": token}, "GOOGLE_CLOUD_PROJECT"),
        ({"credentials": object()}, "GOOGLE_CLOUD_PROJECT"),
        ({"project": "p", "location": "evil.example/#", "token_provider": token}, "`location` must be like"),
        ({"project": "../p", "token_provider": token}, "`project` is not"),
        ({"project": "p", "api_key": "k"}, "go together"),
        ({"api_kee": "k"}, "did you mean 'api_key'"),
    ],
)
def test_settings_that_do_not_suffice_name_the_fix(settings: dict[str, Any], problem: str) -> None:
    with pytest.raises(ConfigurationError, match=problem):
        GoogleConnector(settings)


def test_missing_key_is_a_missing_credential() -> None:
    with pytest.raises(MissingCredentialError):
        GoogleConnector()


def test_address_may_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", "https://gemini.example")
    monkeypatch.setenv("GOOGLE_VERTEX_BASE_URL", "https://vertex.example")
    assert GoogleConnector({"api_key": "k"}).base_url == "https://gemini.example"
    assert GoogleConnector({"api_key": "k", "vertex": True}).base_url == "https://vertex.example"
    assert GoogleConnector({"api_key": "k", "base_url": "http://localhost:1/x/"}).base_url == "http://localhost:1/x"


@pytest.mark.parametrize(
    ("settings", "model", "version"),
    [
        ({}, "gemini-3.8-flash", "v1"),
        ({}, "gemini-flash-latest", "v1beta"),
        ({}, "gemini-3.1-pro-preview", "v1beta"),
        ({"api_version": "v1alpha"}, "gemini-flash-latest", "v1alpha"),
        ({"api_version": "beta"}, "gemini-3.8-flash", "v1beta"),
        ({"vertex": True}, "gemini-3.8-flash", "v1beta1"),
        ({"vertex": True, "api_version": "v1"}, "gemini-3.1-pro-preview", "v1"),
        ({"vertex": True, "api_version": "beta"}, "gemini-3.8-flash", "v1beta1"),
    ],
)
def test_api_version_follows_from_host_and_model(settings: dict[str, Any], model: str, version: str) -> None:
    assert GoogleConnector({"api_key": "k", **settings}).version_for(model) == version


def test_api_version_of_the_environment_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_GENAI_API_VERSION", "beta")
    assert GoogleConnector({"api_key": "k"}).version_for("gemini-3.8-flash") == "v1beta"


async def test_connectors_are_shared_by_host_project_and_version() -> None:
    place: dict[str, Any] = {"project": "p", "location": "us", "token_provider": token}
    first = create_google_llm("gemini-3.8-flash", **place)
    assert create_google_llm("gemini-2.5-flash-lite", **place).connector is first.connector
    others = [
        create_google_llm("gemini-3.8-flash", **{**place, "project": "q"}),
        create_google_llm("gemini-3.8-flash", **{**place, "location": "eu"}),
        create_google_llm("gemini-3.8-flash", **place, api_version="v1"),
        create_google_llm("gemini-3.8-flash", api_key="k"),
    ]
    assert len({id(llm.connector) for llm in (first, *others)}) == 5


def test_secrets_are_not_shown() -> None:
    connector = GoogleConnector({"api_key": "hush"})
    assert "hush" not in repr(connector) + repr(connector.config) + repr(connector.auth)


async def test_service_account_has_a_project_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "the-machine-s")
    monkeypatch.setenv("GOOGLE_API_KEY", "the-machine-s")
    key = service_account("https://oauth2.googleapis.com")
    connector = GoogleConnector({"service_account": key})
    assert (connector.vertex, connector.scope) == (True, "projects/team-project/locations/global/")
    assert GoogleConnector({"service_account": key, "project": "p"}).scope == "projects/p/locations/global/"
    assert GoogleConnector({"service_account": key}).identity == connector.identity
    assert repr(connector.auth) == "GoogleAuth(service account)"
