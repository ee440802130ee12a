from __future__ import annotations

import pytest

from core.llms import ConfigurationError, MissingCredentialError, Secret
from core.llms.providers.anthropic import AnthropicConfig, AnthropicConnector


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


async def headers_of(connector: AnthropicConnector) -> dict[str, str]:
    return dict(await connector.auth.headers("POST", connector.base_url, None))


async def test_key_of_the_environment_wins_over_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "token")
    assert await headers_of(AnthropicConnector()) == {"Authorization": "Bearer token"}
    monkeypatch.setenv("ANTHROPIC_API_KEY", "key")
    assert await headers_of(AnthropicConnector()) == {"Authorization": "Bearer key"}


async def test_arguments_win_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "environment")
    assert await headers_of(AnthropicConnector({"auth_token": "argument"})) == {"Authorization": "Bearer argument"}
    connector = AnthropicConnector(AnthropicConfig(api_key=Secret("argument")))
    assert await headers_of(connector) == {"Authorization": "Bearer argument"}
    assert "argument" not in repr(connector) + repr(connector.config)


async def test_key_goes_into_the_older_header_where_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await headers_of(AnthropicConnector({"api_key": "k", "key_header": "x-api-key"})) == {"x-api-key": "k"}
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "token")
    assert await headers_of(AnthropicConnector({"key_header": "x-api-key"})) == {"Authorization": "Bearer token"}


async def test_key_may_be_a_function_that_gives_a_token() -> None:
    assert await headers_of(AnthropicConnector({"api_key": lambda: "fresh"})) == {"Authorization": "Bearer fresh"}


def test_key_and_token_at_once_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="`api_key` or `auth_token`, not both"):
        AnthropicConnector({"api_key": "a", "auth_token": "b"})


def test_missing_credential_names_the_variables() -> None:
    with pytest.raises(MissingCredentialError, match="ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN"):
        AnthropicConnector()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, "https://api.anthropic.com"),
        ("https://gateway.example.com/claude/", "https://gateway.example.com/claude"),
        ("https://gateway.example.com/v1/", "https://gateway.example.com"),
    ],
)
def test_address_is_the_host_without_version(given: str | None, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert AnthropicConnector({"api_key": "k", "base_url": given}).base_url == expected
    if given is not None:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", given)
        assert AnthropicConnector({"api_key": "k"}).base_url == expected
