"""Reading credentials and addresses from arguments, else from the environment. Values never reach an error's text."""

from __future__ import annotations

import os
from dataclasses import fields
from difflib import get_close_matches
from typing import Any, TypeVar

from core.llms.errors import ConfigurationError, MissingCredentialError
from core.llms.providers.base.auth import Auth, KeyAuth, TokenAuth, TokenProvider
from core.llms.registry.current import peek_provider_registry
from core.llms.types.secrets import Secret

SettingsT = TypeVar("SettingsT")


def from_environment(*names: str) -> str | None:
    """Return the first of the variables that is set and not empty."""
    return next((value for name in names if (value := os.environ.get(name, "").strip())), None)


def find_address(provider: str, *names: str) -> str | None:
    """Return the address of the first variable that is set, else the one registered of the provider."""
    registry = peek_provider_registry()
    registered = None if registry is None else registry.find_registered(provider)
    return from_environment(*names) or (None if registered is None else registered.api_base)


def resolve_auth(
    key: str | Secret | TokenProvider | None,
    *names: str,
    provider: str,
    header: str = "Authorization",
    prefix: str = "Bearer ",
) -> Auth:
    """Make the authentication of a key, a token function, or a variable. Raises `MissingCredentialError`."""
    if callable(key):
        return TokenAuth(key)
    value = key if key is not None else from_environment(*names)
    if value is None or not Secret.of(value):
        raise MissingCredentialError(
            f"no credential for {provider}: pass `api_key=`, or set the environment variable {' or '.join(names)}",
            provider=provider,
        )
    return KeyAuth(Secret.of(value), header, prefix)


def settings_from(kind: type[SettingsT], settings: Any) -> SettingsT:
    """Return the settings, given as they are or as a mapping, with each secret (a field out of `repr`) sealed.

    Raises `ConfigurationError` for an unknown key.
    """
    known = {item.name: item for item in fields(kind)}  # type: ignore[arg-type]  # every settings class is a dataclass
    given = {name: getattr(settings, name) for name in known} if isinstance(settings, kind) else dict(settings)
    for name, value in given.items():
        if name not in known:
            close = get_close_matches(name, known, 1)
            hint = f"; did you mean {close[0]!r}?" if close else "."
            raise ConfigurationError(f"unknown setting {name!r}{hint} Known: {', '.join(known)}")
        if type(value) is str and not known[name].repr:
            given[name] = Secret(value)
    return kind(**given)
