"""Which region, address and credential are meant, from the settings and the environment."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from core.llms.errors import ConfigurationError
from core.llms.providers.base.auth import Auth, TokenProvider
from core.llms.providers.base.credentials import find_address, from_environment, resolve_auth
from core.llms.providers.base.transport import Timeouts, TransportOptions
from core.llms.providers.bedrock.credentials import FoundCredentials, find_region
from core.llms.providers.bedrock.sigv4 import SigV4Auth
from core.llms.types.secrets import HoldsSecrets, Secret
from core.llms.wires.sigv4 import AWSCredentials

BEARER_VARIABLE: Final = "AWS_BEARER_TOKEN_BEDROCK"
ACCESS_KEY_VARIABLES: Final = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
BASE_URL_VARIABLES: Final = ("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "AWS_ENDPOINT_URL")
_REGION: Final = re.compile(r"[a-z0-9-]{1,63}")
_SUFFIXES: Final = {
    "cn-": "amazonaws.com.cn",
    "eusc-": "amazonaws.eu",
    "us-iso-": "c2s.ic.gov",
    "us-isob-": "sc2s.sgov.gov",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BedrockConfig(HoldsSecrets):
    """Settings of the connector; what is None comes from the environment, by the rules of botocore 1.44.

    `region` is AWS_REGION or AWS_DEFAULT_REGION, else that of the AWS configuration files. `api_key` is a Bedrock API
    key (AWS_BEARER_TOKEN_BEDROCK, which wins over an access key of the environment), or a function that gives one.
    `access_key_id`, `secret_access_key` and `session_token` are AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and
    AWS_SESSION_TOKEN. Where there is neither, and for a `profile`, botocore of the extra `aws` searches as the AWS
    tools do. `base_url` (AWS_ENDPOINT_URL_BEDROCK_RUNTIME, AWS_ENDPOINT_URL) replaces the runtime's address,
    `control_url` (AWS_ENDPOINT_URL_BEDROCK, AWS_ENDPOINT_URL) that of the control plane, which lists the models.
    """

    region: str | None = None
    api_key: str | Secret | TokenProvider | None = field(default=None, repr=False)
    access_key_id: str | None = None
    secret_access_key: str | Secret | None = field(default=None, repr=False)
    session_token: str | Secret | None = field(default=None, repr=False)
    profile: str | None = None
    base_url: str | None = None
    control_url: str | None = None
    timeouts: Timeouts | None = None
    transport: TransportOptions | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """A region with its two addresses, and who calls them."""

    region: str
    base_url: str
    control_url: str
    auth: Auth


def resolve_account(config: BedrockConfig) -> Account:
    """Find out what the settings and the environment mean. Raises `ConfigurationError`, `MissingCredentialError`."""
    region = config.region or from_environment("AWS_REGION", "AWS_DEFAULT_REGION") or find_region(config.profile)
    if region is None:
        raise ConfigurationError(
            "no region for bedrock: pass `region=`, or set the environment variable AWS_REGION", provider="bedrock"
        )
    if not _REGION.fullmatch(region):
        raise ConfigurationError(f"`region` must be like 'us-east-1', not {region!r}", provider="bedrock")
    suffix = next((name for begin, name in _SUFFIXES.items() if region.startswith(begin)), "amazonaws.com")
    own = f"https://bedrock-runtime.{region}.{suffix}"
    base_url = config.base_url or find_address("bedrock", *BASE_URL_VARIABLES) or own
    control = config.control_url or from_environment("AWS_ENDPOINT_URL_BEDROCK", "AWS_ENDPOINT_URL")
    return Account(region, base_url, control or f"https://bedrock.{region}.{suffix}", _resolve_auth(config, region))


def _resolve_auth(config: BedrockConfig, region: str) -> Auth:
    signs = config.access_key_id is not None or config.secret_access_key is not None
    if sum((config.api_key is not None, signs, config.profile is not None)) > 1:
        raise ConfigurationError(
            "give one of `api_key`, `access_key_id` with `secret_access_key`, and `profile`", provider="bedrock"
        )
    if config.profile is not None:
        return SigV4Auth(FoundCredentials(config.profile), region)
    if signs:
        return SigV4Auth(_given_key(config.access_key_id, config.secret_access_key, config.session_token), region)
    if config.api_key is not None or from_environment(BEARER_VARIABLE) is not None:
        return resolve_auth(config.api_key, BEARER_VARIABLE, provider="bedrock")
    key_id, secret = (from_environment(name) for name in ACCESS_KEY_VARIABLES)
    if key_id is not None and secret is not None:
        return SigV4Auth(_given_key(key_id, secret, from_environment("AWS_SESSION_TOKEN")), region)
    return SigV4Auth(FoundCredentials(), region)


def _given_key(key_id: str | None, secret: str | Secret | None, token: str | Secret | None) -> AWSCredentials:
    if not key_id or not secret:
        raise ConfigurationError("`access_key_id` and `secret_access_key` go together: give both", provider="bedrock")
    return AWSCredentials(key_id, Secret.of(secret), Secret.of(token) if token else None)
