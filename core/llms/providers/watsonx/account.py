"""Which watsonx.ai is meant, and with which credential, from the settings and the environment."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from core.llms.errors import ConfigurationError, MissingCredentialError
from core.llms.providers.base.auth import Auth, KeyAuth, TokenProvider
from core.llms.providers.base.credentials import find_address, from_environment, resolve_auth
from core.llms.providers.base.transport import Timeouts, TransportOptions
from core.llms.providers.watsonx.auth import ExchangedTokenAuth, Login
from core.llms.types.secrets import HoldsSecrets, Secret

KEY_VARIABLES: Final = ("WATSONX_APIKEY", "WATSONX_API_KEY")
URL_VARIABLES: Final = ("WATSONX_URL", "WATSONX_API_BASE")
# Each entry is a credential: the names of one go together.
CREDENTIAL_VARIABLES: Final = (
    *((name,) for name in KEY_VARIABLES),
    ("WATSONX_TOKEN",),
    ("WATSONX_ZENAPIKEY",),
    ("WATSONX_USERNAME", "WATSONX_PASSWORD"),
)
# The newest that ibm-watsonx-ai 1.8.1 knows (`utils/API_VERSION_PARAM`).
API_VERSION: Final = "2026-10-14"
IAM_URL: Final = "https://iam.cloud.ibm.com/identity/token"
ACCOUNT_URL: Final = "https://account-iam.platform.saas.ibm.com/api/2.0/apikeys/token"
_LOGIN_PATH: Final = "/icp4d-api/v1/authorize"
_REGION: Final = re.compile(r"[a-z0-9-]{1,63}")
# Regions of AWS end in a number, those of IBM Cloud do not (ibm-watsonx-ai 1.8.1, `PROD_SVT_URL`).
_AWS_REGION: Final = re.compile(r"[a-z]+-[a-z]+-\d")
_AWS_HOSTS: Final = (".aws.wxai.ibm.com", "ibmforusgov.com")


@dataclass(frozen=True, slots=True, kw_only=True)
class WatsonxConfig(HoldsSecrets):
    """Settings of the connector; what is None comes from the environment.

    `region` (`us-south`, `eu-de`, `us-east-1` …) or `base_url` (WATSONX_URL, WATSONX_API_BASE) say where. One of four
    credentials says who: `api_key` (WATSONX_APIKEY, WATSONX_API_KEY), which is exchanged for tokens; `token`
    (WATSONX_TOKEN), a bearer token or a function that gives one; and at Cloud Pak for Data `zen_api_key`
    (WATSONX_ZENAPIKEY), or `username` (WATSONX_USERNAME) with `api_key` or `password` (WATSONX_PASSWORD). Of the
    environment's, those of Cloud Pak for Data come first, and a token last, since it ends. `iam_url`
    (WATSONX_IAM_URL) is the whole address of the exchange. `api_version` is the date of the API that is spoken.
    `project_id` or `space_id` is where an LLM over this connector runs that is not told another place.
    """

    api_key: str | Secret | None = field(default=None, repr=False)
    token: str | Secret | TokenProvider | None = field(default=None, repr=False)
    zen_api_key: str | Secret | None = field(default=None, repr=False)
    username: str | None = None
    password: str | Secret | None = field(default=None, repr=False)
    region: str | None = None
    base_url: str | None = None
    iam_url: str | None = None
    api_version: str | None = None
    project_id: str | None = None
    space_id: str | None = None
    timeouts: Timeouts | None = None
    transport: TransportOptions | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """An address, the version of the API there, and who calls it."""

    base_url: str
    api_version: str
    auth: Auth


def resolve_account(config: WatsonxConfig) -> Account:
    """Find out what the settings and the environment mean. Raises `ConfigurationError`, `MissingCredentialError`."""
    base_url = _resolve_url(config)
    version = config.api_version or API_VERSION
    try:
        date.fromisoformat(version)
    except ValueError as error:
        raise ConfigurationError(f"`api_version` must be a date like {API_VERSION!r}, not {version!r}") from error
    return Account(base_url, version, _resolve_auth(config, base_url))


def _resolve_url(config: WatsonxConfig) -> str:
    if config.region is not None and config.base_url is not None:
        raise ConfigurationError("give `region` or `base_url`, not both", provider="watsonx")
    if config.region is None:
        address = config.base_url or find_address("watsonx", *URL_VARIABLES)
        if address is None:
            raise ConfigurationError(
                "no address for watsonx: pass `region=` (such as 'us-south') or `base_url=`, or set the environment "
                f"variable {' or '.join(URL_VARIABLES)}",
                provider="watsonx",
            )
        return address
    if not _REGION.fullmatch(config.region):
        raise ConfigurationError(f"`region` must be like 'us-south', not {config.region!r}", provider="watsonx")
    if _AWS_REGION.fullmatch(config.region):
        return f"https://{config.region}.aws.wxai.ibm.com"
    return f"https://{config.region}.ml.cloud.ibm.com"


@dataclass(frozen=True, slots=True)
class _Credentials(HoldsSecrets):
    api_key: str | Secret | None = field(default=None, repr=False)
    token: str | Secret | TokenProvider | None = field(default=None, repr=False)
    zen_api_key: str | Secret | None = field(default=None, repr=False)
    password: str | Secret | None = field(default=None, repr=False)


def _resolve_auth(config: WatsonxConfig, base_url: str) -> Auth:
    username = config.username or from_environment("WATSONX_USERNAME")
    found = _given_credentials(config) or _credentials_of_environment(username)
    if found.zen_api_key is not None:
        return KeyAuth(Secret.of(found.zen_api_key), prefix="ZenApiKey ")
    if found.token is not None:
        return resolve_auth(found.token, provider="watsonx")
    secret = Secret.of(found.api_key or found.password or "")
    if not secret or (found.api_key is None and username is None):
        raise MissingCredentialError(
            f"no credential for watsonx: pass `api_key=` or `token=`, or set the environment variable "
            f"{' or '.join(KEY_VARIABLES)} or WATSONX_TOKEN; at Cloud Pak for Data also `zen_api_key=` "
            "(WATSONX_ZENAPIKEY), or `username=` (WATSONX_USERNAME) with a key or `password=` (WATSONX_PASSWORD)",
            provider="watsonx",
        )
    login = _create_login(config, base_url, secret, username, is_password=found.api_key is None)
    return ExchangedTokenAuth(login, config.transport, config.timeouts)


def _given_credentials(config: WatsonxConfig) -> _Credentials | None:
    given = {item.name: getattr(config, item.name) for item in fields(_Credentials)}
    names = [name for name, value in given.items() if value is not None]
    if len(names) > 1:
        raise ConfigurationError(f"give one of {', '.join(f'`{name}`' for name in names)}", provider="watsonx")
    return _Credentials(**given) if names else None


def _credentials_of_environment(username: str | None) -> _Credentials:
    if zen := from_environment("WATSONX_ZENAPIKEY"):
        return _Credentials(zen_api_key=zen)
    if key := from_environment(*KEY_VARIABLES):
        return _Credentials(api_key=key)
    if username is not None and (password := from_environment("WATSONX_PASSWORD")):
        return _Credentials(password=password)
    return _Credentials(token=from_environment("WATSONX_TOKEN"))


def _create_login(
    config: WatsonxConfig, base_url: str, secret: Secret, username: str | None, *, is_password: bool
) -> Login:
    given = config.iam_url or from_environment("WATSONX_IAM_URL")
    if username is not None:
        return Login("password" if is_password else "key", given or base_url + _LOGIN_PATH, secret, username)
    host = urlsplit(base_url).hostname or ""
    if host.endswith(_AWS_HOSTS):
        if given is None and not host.endswith(_AWS_HOSTS[0]):
            raise ConfigurationError(f"`iam_url` must say where a key is exchanged for {host}", provider="watsonx")
        return Login("account", given or ACCOUNT_URL, secret)
    return Login("iam", given or IAM_URL, secret)
