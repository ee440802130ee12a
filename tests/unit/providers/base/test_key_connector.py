from __future__ import annotations

from typing import ClassVar

import pytest

from core.llms import ConfigurationError, MissingCredentialError, Secret
from core.llms.providers.base.key_connector import KeyConfig, KeyConnector


class ExampleConnector(KeyConnector):
    PROVIDER: ClassVar[str] = "example"
    BASE_URL: ClassVar[str] = "https://api.example.com/v1"
    KEY_VARIABLES: ClassVar[tuple[str, ...]] = ("EXAMPLE_API_KEY", "EXAMPLE_TOKEN")
    BASE_URL_VARIABLES: ClassVar[tuple[str, ...]] = ("EXAMPLE_BASE_URL",)
    KEY_HEADER: ClassVar[str] = "x-key"
    KEY_PREFIX: ClassVar[str] = ""


class HomelessConnector(ExampleConnector):
    BASE_URL: ClassVar[str] = ""


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("EXAMPLE_API_KEY", "EXAMPLE_TOKEN", "EXAMPLE_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


async def headers_of(connector: KeyConnector) -> dict[str, str]:
    return dict(await connector.auth.headers("POST", connector.base_url, None))


async def test_key_and_address_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXAMPLE_TOKEN", "t")
    monkeypatch.setenv("EXAMPLE_BASE_URL", "https://eu.example.com/v1/")
    connector = ExampleConnector()
    assert connector.base_url == "https://eu.example.com/v1"
    assert await headers_of(connector) == {"x-key": "t"}


async def test_arguments_win_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXAMPLE_API_KEY", "environment")
    connector = ExampleConnector(KeyConfig(api_key=Secret("argument"), base_url="http://localhost:1"))
    assert connector.base_url == "http://localhost:1"
    assert await headers_of(connector) == {"x-key": "argument"}
    assert "argument" not in repr(connector) + repr(connector.config)


async def test_key_may_be_a_function_that_gives_a_token() -> None:
    assert await headers_of(ExampleConnector({"api_key": lambda: "fresh"})) == {"Authorization": "Bearer fresh"}


@pytest.mark.parametrize("key", [None, "", Secret("")])
def test_missing_key_names_its_variables(key: str | Secret | None) -> None:
    with pytest.raises(MissingCredentialError, match="EXAMPLE_API_KEY or EXAMPLE_TOKEN"):
        ExampleConnector({"api_key": key})


def test_missing_address_names_its_variable() -> None:
    with pytest.raises(ConfigurationError, match=r"pass `base_url=`, or set the environment variable EXAMPLE_BASE_URL"):
        HomelessConnector({"api_key": "k"})


def test_unknown_setting_gets_a_suggestion() -> None:
    with pytest.raises(ConfigurationError, match="unknown setting 'api_kye'; did you mean 'api_key'"):
        ExampleConnector({"api_kye": "k"})


class HostConnector(ExampleConnector):
    BASE_URL_SUFFIX: ClassVar[str] = "/openai/v1"


@pytest.mark.parametrize(
    "address", ["https://host", "https://host/", "https://host/openai/v1", "https://host/openai/v1/"]
)
def test_variable_with_the_host_alone_gets_the_path(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("EXAMPLE_BASE_URL", address)
    assert HostConnector({"api_key": "k"}).base_url == "https://host/openai/v1"
    assert HostConnector({"api_key": "k", "base_url": "https://proxy/x"}).base_url == "https://proxy/x"


class SilentConnector(ExampleConnector):
    BASE_URL_VARIABLES: ClassVar[tuple[str, ...]] = ()


def test_vendor_without_a_variable_for_its_address_has_one_of_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    assert SilentConnector({"api_key": "k"}).base_url == "https://api.example.com/v1"
    monkeypatch.setenv("EXAMPLE_BASE_URL", "http://localhost:1/v1/")
    assert SilentConnector({"api_key": "k"}).base_url == "http://localhost:1/v1"
