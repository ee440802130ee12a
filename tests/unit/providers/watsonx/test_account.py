"""Where watsonx.ai is and who calls it, from arguments and variables."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.llms import ConfigurationError, MissingCredentialError
from core.llms.providers.watsonx import WatsonxConfig, WatsonxConnector, create_watsonx_llm
from core.llms.providers.watsonx.account import resolve_account
from core.llms.providers.watsonx.auth import ExchangedTokenAuth, Login
from core.llms.types.secrets import Secret
from tests.support.raw_server import Exchange
from tests.support.watsonx_server import ANSWER, watsonx_server

KEY = Secret("k")
IAM = Login("iam", "https://iam.cloud.ibm.com/identity/token", KEY)
ACCOUNT = Login("account", "https://account-iam.platform.saas.ibm.com/api/2.0/apikeys/token", KEY)
CLUSTER = "https://cpd.example.com"


def login_of(**settings: Any) -> Login:
    auth = resolve_account(WatsonxConfig(**settings)).auth
    assert isinstance(auth, ExchangedTokenAuth)
    assert isinstance(auth.identity, tuple)
    login: Login = auth.identity[1]
    return login


@pytest.mark.parametrize(
    ("settings", "address"),
    [
        ({"region": "us-south"}, "https://us-south.ml.cloud.ibm.com"),
        ({"region": "ca-tor"}, "https://ca-tor.ml.cloud.ibm.com"),
        ({"region": "us-east-1"}, "https://us-east-1.aws.wxai.ibm.com"),
        ({"region": "ap-south-1"}, "https://ap-south-1.aws.wxai.ibm.com"),
        ({"base_url": CLUSTER}, CLUSTER),
    ],
)
def test_address_follows_from_region_or_is_given(settings: dict[str, str], address: str) -> None:
    assert WatsonxConnector({"api_key": "k", **settings}).base_url == address


@pytest.mark.parametrize("variable", ["WATSONX_URL", "WATSONX_API_BASE"])
def test_address_is_read_from_the_environment(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, f"{CLUSTER}/")
    assert WatsonxConnector({"api_key": "k"}).base_url == CLUSTER
    assert WatsonxConnector({"api_key": "k", "region": "eu-de"}).base_url == "https://eu-de.ml.cloud.ibm.com"


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({}, "pass `region=`.*WATSONX_URL or WATSONX_API_BASE"),
        ({"region": "eu-de", "base_url": CLUSTER}, "`region` or `base_url`"),
        ({"region": "eu.de/"}, "`region` must be like"),
        ({"region": "eu-de", "api_version": "newest"}, "`api_version` must be a date"),
        ({"region": "eu-de", "token": "t"}, "give one of `api_key`, `token`"),
        ({"base_url": "https://wxai.ibmforusgov.com"}, "`iam_url`"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(settings: dict[str, str], problem: str) -> None:
    with pytest.raises(ConfigurationError, match=problem):
        WatsonxConnector({"api_key": "k", **settings})


@pytest.mark.parametrize(
    ("settings", "login"),
    [
        ({"region": "us-south", "api_key": "k"}, IAM),
        ({"region": "us-east-1", "api_key": "k"}, ACCOUNT),
        ({"base_url": "https://private.us-east-1.aws.wxai.ibm.com", "api_key": "k"}, ACCOUNT),
        (
            {"region": "us-south", "api_key": "k", "iam_url": "https://iam.test/t"},
            Login("iam", "https://iam.test/t", KEY),
        ),
        (
            {"base_url": CLUSTER, "api_key": "k", "username": "u"},
            Login("key", f"{CLUSTER}/icp4d-api/v1/authorize", KEY, "u"),
        ),
        (
            {"base_url": CLUSTER, "password": "k", "username": "u"},
            Login("password", f"{CLUSTER}/icp4d-api/v1/authorize", KEY, "u"),
        ),
    ],
)
def test_credential_is_exchanged_where_its_kind_is(settings: dict[str, str], login: Login) -> None:
    assert login_of(**settings) == login


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"WATSONX_APIKEY": "k"}, IAM),
        ({"WATSONX_API_KEY": "k"}, IAM),
        ({"WATSONX_APIKEY": "k", "WATSONX_TOKEN": "t"}, IAM),
        ({"WATSONX_APIKEY": "k", "WATSONX_IAM_URL": "https://i/t"}, Login("iam", "https://i/t", KEY)),
        (
            {"WATSONX_USERNAME": "u", "WATSONX_PASSWORD": "k"},
            Login("password", "https://us-south.ml.cloud.ibm.com/icp4d-api/v1/authorize", KEY, "u"),
        ),
        ({"WATSONX_TOKEN": "t"}, "Bearer t"),
        ({"WATSONX_ZENAPIKEY": "dTprZXk=", "WATSONX_APIKEY": "k"}, "ZenApiKey dTprZXk="),
    ],
)
async def test_credential_is_read_from_the_environment(
    variables: dict[str, str], expected: Login | str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    if isinstance(expected, Login):
        assert login_of(region="us-south") == expected
    else:
        auth = resolve_account(WatsonxConfig(region="us-south")).auth
        assert await auth.headers("POST", "", None) == {"Authorization": expected}


@pytest.mark.parametrize("settings", [{}, {"api_key": ""}, {"password": "p"}, {"username": "u"}])
def test_missing_credential_is_an_error_that_names_the_variables(settings: dict[str, str]) -> None:
    with pytest.raises(MissingCredentialError, match="WATSONX_APIKEY or WATSONX_API_KEY or WATSONX_TOKEN"):
        WatsonxConnector({"region": "us-south", **settings})


async def test_function_that_gives_a_token_is_asked() -> None:
    async with watsonx_server() as service:
        options = {**service.options, "api_key": None, "token": lambda: "own-token"}
        async with create_watsonx_llm("ibm/granite-4-h-small", **options) as llm:
            await llm.get_answer("Hi")
        assert service.exchanges == []
        assert b"Authorization: Bearer own-token\r\n" in service.chats[0].head


@pytest.mark.parametrize(
    ("settings", "sent"),
    [
        ({"api_key": "k", "username": "u"}, {"username": "u", "api_key": "k"}),
        ({"api_key": None, "password": "p", "username": "u"}, {"username": "u", "password": "p"}),
    ],
)
async def test_cluster_is_logged_in_to_with_key_or_password(settings: dict[str, Any], sent: dict[str, str]) -> None:
    async with watsonx_server() as service:

        async def login(exchange: Exchange) -> None:
            if b" /icp4d-api/v1/authorize " in exchange.head:
                assert json.loads(exchange.body) == sent
                await exchange.answer(b'{"_messageCode_": "success", "message": "success", "token": "t-1"}')
            else:
                assert b"Authorization: Bearer t-1\r\n" in exchange.head
                await exchange.answer(json.dumps(ANSWER).encode())

        service.handle = login  # type: ignore[method-assign]
        options = {**service.options, "iam_url": None, **settings}
        async with create_watsonx_llm("ibm/granite-4-h-small", **options) as llm:
            assert (await llm.get_answer("Hi")).text == "Hi"


async def test_key_of_aws_is_exchanged_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    async with watsonx_server() as service:

        async def give(exchange: Exchange) -> None:
            assert json.loads(exchange.body) == {"apikey": "key-1"}
            await exchange.answer(b'{"token": "t-1", "expires_in": 3600}')

        monkeypatch.setattr("core.llms.providers.watsonx.account._AWS_HOSTS", ("127.0.0.1", "ibmforusgov.com"))
        service.exchange = give
        async with create_watsonx_llm("ibm/granite-4-h-small", **service.options) as llm:
            assert (await llm.get_answer("Hi")).text == "Hi"
