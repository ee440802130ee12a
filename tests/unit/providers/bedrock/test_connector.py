"""Region, addresses and credentials, and who is asked for them."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest

from core.llms.errors import AuthenticationError, ConfigurationError, MissingCredentialError
from core.llms.providers.bedrock import BedrockConfig, BedrockConnector
from core.llms.providers.bedrock import credentials as credentials_module
from core.llms.providers.bedrock.credentials import FoundCredentials
from core.llms.providers.bedrock.sigv4 import SigV4Auth
from core.llms.types.secrets import Secret
from core.llms.wires.sigv4 import AWSCredentials

KEY: dict[str, Any] = {"access_key_id": "AKID", "secret_access_key": "canary-secret", "session_token": "canary-token"}
URL = "https://bedrock-runtime.us-east-1.amazonaws.com/model/m/converse"


async def sent_by(connector: BedrockConnector) -> dict[str, str]:
    return dict(await connector.auth.headers("POST", URL, b"{}"))


async def test_key_of_the_environment_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKID")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token")
    connector = BedrockConnector()
    headers = await sent_by(connector)

    assert headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKID/")
    assert "/eu-west-1/bedrock/aws4_request" in headers["authorization"]
    assert headers["x-amz-security-token"] == "token"
    assert connector.base_url == "https://bedrock-runtime.eu-west-1.amazonaws.com"
    assert connector.control.base_url == "https://bedrock.eu-west-1.amazonaws.com"


async def test_bearer_token_of_the_environment_wins_over_a_key_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKID")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", "bearer")
    monkeypatch.setenv("AWS_REGION", "us-east-1")

    assert await sent_by(BedrockConnector()) == {"Authorization": "Bearer bearer"}
    assert "authorization" in await sent_by(BedrockConnector(KEY))
    assert await sent_by(BedrockConnector({"api_key": "other"})) == {"Authorization": "Bearer other"}


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "AWS_REGION"),
        ({"region": "us east"}, "us-east-1"),
        ({"region": "us-east-1", "access_key_id": "AKID"}, "together"),
        ({"region": "us-east-1", "api_key": "k", **KEY}, "one of"),
        ({"region": "us-east-1", "access_key_id": "AK\nID", "secret_access_key": "s"}, "header"),
        ({"region": "us-east-1", "regoin": "x"}, "did you mean 'region'"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        BedrockConnector(settings)


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("cn-north-1", "bedrock-runtime.cn-north-1.amazonaws.com.cn"),
        ("us-gov-west-1", "bedrock-runtime.us-gov-west-1.amazonaws.com"),
        ("eusc-de-east-1", "bedrock-runtime.eusc-de-east-1.amazonaws.eu"),
    ],
)
def test_address_follows_the_region_s_partition(region: str, host: str) -> None:
    assert BedrockConnector({"region": region, **KEY}).base_url == f"https://{host}"


def test_addresses_of_the_environment_replace_amazon_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://all.example")
    monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK", "http://control.example")
    connector = BedrockConnector({"region": "us-east-1", **KEY})

    assert (connector.base_url, connector.control.base_url) == ("http://all.example", "http://control.example")


def test_connectors_are_shared_by_credential_and_region() -> None:
    one = BedrockConnector(BedrockConfig(region="us-east-1", **KEY))

    assert one.identity == BedrockConnector({"region": "us-east-1", **KEY}).identity
    assert one.identity != BedrockConnector({"region": "eu-west-1", **KEY}).identity
    assert one.identity != BedrockConnector({"region": "us-east-1", **KEY, "session_token": None}).identity
    hash(one.identity)


async def test_secrets_are_never_shown() -> None:
    connector = BedrockConnector({"region": "us-east-1", **KEY})
    shown = [
        repr(connector),
        repr(connector.config),
        repr(connector.auth),
        repr(await connector.auth.headers("GET", URL, None)),
    ]

    assert not any("canary" in text or "Signature=" in text for text in shown)
    assert {secret.get_secret_value() for secret in connector.secrets()} == {"canary-secret", "canary-token"}


async def test_profile_of_the_files_is_found_with_its_region(no_account: Path) -> None:
    (no_account / "config").write_text("[profile work]\nregion = ap-south-1\n")
    (no_account / "credentials").write_text("[work]\naws_access_key_id = AKFILE\naws_secret_access_key = s\n")
    connector = BedrockConnector({"profile": "work"})

    assert connector.region == "ap-south-1"
    assert "Credential=AKFILE/" in (await sent_by(connector))["authorization"]


async def test_search_that_finds_nothing_names_the_variables() -> None:
    with pytest.raises(MissingCredentialError, match="AWS_BEARER_TOKEN_BEDROCK"):
        await sent_by(BedrockConnector({"region": "us-east-1"}))
    with pytest.raises(ConfigurationError, match="nobody"):
        await sent_by(BedrockConnector({"region": "us-east-1", "profile": "nobody"}))


async def test_search_without_botocore_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "botocore.session", None)

    with pytest.raises(MissingCredentialError, match=r"core-llms\[aws\]"):
        await sent_by(BedrockConnector({"region": "us-east-1"}))
    with pytest.raises(ConfigurationError, match="AWS_REGION"):
        BedrockConnector()


class Renewing:
    """Credentials that end, as botocore's do: `seconds` is what is left of them."""

    def __init__(self) -> None:
        self.seconds = 0
        self.renewals = 0
        self.fails = False

    def refresh_needed(self, refresh_in: int | None = None) -> bool:
        return self.seconds < (15 * 60 if refresh_in is None else refresh_in)

    def get_frozen_credentials(self) -> Any:
        from botocore.credentials import ReadOnlyCredentials
        from botocore.exceptions import CredentialRetrievalError

        if self.fails:
            raise CredentialRetrievalError(provider="sso", error_msg="expired")
        self.renewals += 1
        self.seconds = 3_600
        return ReadOnlyCredentials(f"AK{self.renewals}", "secret", "token")


@pytest.fixture
def renewing(monkeypatch: pytest.MonkeyPatch) -> Renewing:
    found = Renewing()
    monkeypatch.setattr(credentials_module, "find_credentials", lambda profile: found)
    return found


async def test_all_who_wait_share_one_renewal(renewing: Renewing) -> None:
    source = FoundCredentials()
    given = await asyncio.gather(*(source.get() for _ in range(20)))

    assert renewing.renewals == 1
    assert set(given) == {AWSCredentials("AK1", Secret("secret"), Secret("token"))}


async def test_credentials_are_renewed_before_they_end(renewing: Renewing) -> None:
    source = FoundCredentials()
    await source.get()
    renewing.seconds = 12 * 60
    assert (await source.get()).access_key_id == "AK1"
    await asyncio.gather(*(task for task in asyncio.all_tasks() if task is not asyncio.current_task()))
    assert (await source.get()).access_key_id == "AK2"

    renewing.seconds = 60
    assert (await source.get()).access_key_id == "AK3"


async def test_renewal_that_fails_is_an_authentication_error_once_it_is_needed(renewing: Renewing) -> None:
    source = FoundCredentials()
    await source.get()
    renewing.fails, renewing.seconds = True, 12 * 60
    assert (await source.get()).access_key_id == "AK1"
    renewing.seconds = 60
    with pytest.raises(AuthenticationError, match="expired"):
        await source.get()
    renewing.fails = False
    assert (await source.get()).access_key_id == "AK2"


async def test_caller_that_gives_up_does_not_end_the_others_renewal(renewing: Renewing) -> None:
    source = FoundCredentials()
    first, second = asyncio.ensure_future(source.get()), asyncio.ensure_future(source.get())
    await asyncio.sleep(0)
    first.cancel()

    assert (await second).access_key_id == "AK1"
    assert renewing.renewals == 1


def test_auth_takes_plain_credentials() -> None:
    auth = SigV4Auth(AWSCredentials("AKID", Secret("s")), "us-east-1")

    assert repr(auth) == "SigV4Auth(us-east-1)"
    assert auth.identity == SigV4Auth(AWSCredentials("AKID", Secret("s")), "us-east-1").identity
