"""Which of Google's two hosts is meant, for which project and location, and with which credential."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from core.llms.errors import ConfigurationError
from core.llms.providers.base.auth import Auth, TokenAuth, TokenProvider
from core.llms.providers.base.credential_forms import join_names
from core.llms.providers.base.credentials import find_address, from_environment, resolve_auth
from core.llms.providers.base.transport import Timeouts, TransportOptions
from core.llms.providers.google.auth import GoogleAuth
from core.llms.types.secrets import HoldsSecrets, Secret

if TYPE_CHECKING:
    from google.auth.credentials import Credentials

GEMINI_URL: Final = "https://generativelanguage.googleapis.com"
KEY_VARIABLES: Final = ("GOOGLE_API_KEY", "GEMINI_API_KEY")
BASE_URL_VARIABLES: Final = ("GOOGLE_GEMINI_BASE_URL", "GOOGLE_VERTEX_BASE_URL")
_CREDENTIALS: Final = ("api_key", "credentials", "service_account", "token_provider")
_MULTI_REGIONS: Final = ("us", "eu")
_LOCATION: Final = re.compile(r"[a-z0-9-]{1,63}")
_PROJECT: Final = re.compile(r"[A-Za-z0-9.:_-]{1,128}")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleConfig(HoldsSecrets):
    """Settings of the connector; what is None comes from the environment, by the rules of google-genai 3.4.

    `vertex` chooses Vertex AI over the Gemini API (GOOGLE_GENAI_USE_ENTERPRISE, which wins, or
    GOOGLE_GENAI_USE_VERTEXAI); where neither says anything, a `project`, `location`, `credentials` or
    `service_account` does.
    `api_key` is GOOGLE_API_KEY, which wins, or GEMINI_API_KEY. On Vertex AI `project` (GOOGLE_CLOUD_PROJECT) and
    `location` (GOOGLE_CLOUD_LOCATION, else `global`) go with `credentials` of google-auth, by default the machine's
    own, with a `service_account`, the JSON text of its key, which knows its project, or with a `token_provider`; a key
    alone needs neither. There a project of the environment goes before a key of
    the environment. `base_url` is GOOGLE_GEMINI_BASE_URL or GOOGLE_VERTEX_BASE_URL, an address without a version;
    `api_version` (GOOGLE_GENAI_API_VERSION) is else `v1`, `v1beta` for previews, `v1beta1` on Vertex AI.
    """

    api_key: str | Secret | None = field(default=None, repr=False)
    base_url: str | None = None
    api_version: str | None = None
    vertex: bool | None = None
    project: str | None = None
    location: str | None = None
    credentials: Credentials | None = field(default=None, repr=False)
    service_account: str | Secret | None = field(default=None, repr=False)
    token_provider: TokenProvider | None = field(default=None, repr=False)
    timeouts: Timeouts | None = None
    transport: TransportOptions | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """A host, and who calls it; project and location are None where a key stands for both."""

    vertex: bool
    base_url: str
    auth: Auth
    project: str | None = None
    location: str | None = None


def resolve_account(config: GoogleConfig) -> Account:
    """Find out whom the settings and the environment mean.

    Where no project is given, the machine's credentials are asked for theirs, which may block. Raises
    `ConfigurationError` and `MissingCredentialError`.
    """
    given = [name for name in _CREDENTIALS if getattr(config, name) is not None]
    if len(given) > 1:
        raise ConfigurationError(f"give {join_names(given, 'or')}, not both", provider="google")
    return _vertex_account(config) if _wants_vertex(config) else _gemini_account(config)


def unconnected_config(settings: Mapping[str, Any]) -> GoogleConfig:
    """Return the settings of a connector to the host that a factory's arguments mean, which never gets a credential.

    Raises `ConfigurationError` for a place that there cannot be.
    """
    given = {name: settings[name] for name in ("vertex", "project", "location", "api_version") if name in settings}
    config = GoogleConfig(**given, token_provider=_refuse_token)
    if not _wants_vertex(config):
        return config
    return replace(config, project=config.project or "unconnected", location=config.location or "global")


def _refuse_token() -> str:
    raise ConfigurationError("this connection is not meant for calls", provider="google")


def _wants_vertex(config: GoogleConfig) -> bool:
    named = config.vertex
    if named is None:
        flag = from_environment("GOOGLE_GENAI_USE_ENTERPRISE") or from_environment("GOOGLE_GENAI_USE_VERTEXAI")
        named = None if flag is None else flag.lower() in ("true", "1")
    identifies = config.credentials is not None or config.service_account is not None
    cloud = bool(config.project or config.location or identifies)
    if named is False and cloud:
        raise ConfigurationError(
            "`project`, `location`, `credentials` and `service_account` belong to Vertex AI: pass `vertex=True`, or "
            "leave them out",
            provider="google",
        )
    return cloud if named is None else named


def _gemini_account(config: GoogleConfig) -> Account:
    base_url = config.base_url or find_address("google", BASE_URL_VARIABLES[0]) or GEMINI_URL
    if config.token_provider is not None:
        return Account(False, base_url, TokenAuth(config.token_provider))
    return Account(False, base_url, _key_auth(config.api_key))


def _key_auth(api_key: str | Secret | None) -> Auth:
    return resolve_auth(api_key, *KEY_VARIABLES, provider="google", header="x-goog-api-key", prefix="")


def _vertex_account(config: GoogleConfig) -> Account:
    # A service account's own project goes before the environment's, which is about the machine.
    environment = None if config.service_account is not None else from_environment("GOOGLE_CLOUD_PROJECT")
    project = config.project or environment
    location = config.location or from_environment("GOOGLE_CLOUD_LOCATION")
    if config.api_key is not None and not (config.project or config.location):
        project = location = None
    uses_key = config.api_key is not None or (
        not (config.credentials or config.service_account or config.token_provider or project or location)
        and from_environment(*KEY_VARIABLES) is not None
    )
    if uses_key:
        auth = _key_auth(config.api_key)
    else:
        auth = _cloud_auth(config)
        project, location = project or _find_project(auth), location or "global"
    _check_place(project, location)
    base_url = config.base_url or from_environment(BASE_URL_VARIABLES[1]) or _vertex_url(location)
    return Account(True, base_url, auth, project, location)


def _cloud_auth(config: GoogleConfig) -> Auth:
    if config.token_provider is not None:
        return TokenAuth(config.token_provider)
    account = config.service_account
    return GoogleAuth(config.credentials, None if account is None else Secret.of(account))


def _find_project(auth: Auth) -> str:
    project = auth.find_project() if isinstance(auth, GoogleAuth) else None
    if project is None:
        raise ConfigurationError(
            "no project for Vertex AI: pass `project=`, or set the environment variable GOOGLE_CLOUD_PROJECT",
            provider="google",
        )
    return project


def _check_place(project: str | None, location: str | None) -> None:
    if project is not None and not _PROJECT.fullmatch(project):
        raise ConfigurationError(f"`project` is not a project's id: {project!r}", provider="google")
    if location is not None and not _LOCATION.fullmatch(location):
        raise ConfigurationError(f"`location` must be like 'global' or 'europe-west4', not {location!r}")
    if (project is None) != (location is None):
        raise ConfigurationError("`project` and `location` go together on Vertex AI: give both", provider="google")


def _vertex_url(location: str | None) -> str:
    if location in (None, "global"):
        return "https://aiplatform.googleapis.com"
    if location in _MULTI_REGIONS:
        return f"https://aiplatform.{location}.rep.googleapis.com"
    return f"https://{location}-aiplatform.googleapis.com"
