"""The secrets of one credential: arguments of the provider's factory by name, and the text of them that is encrypted.

They are `Secret` wherever a variable holds them, for a traceback may show every variable.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from core.llms.callers.base.params import settings_of, takes_secret
from core.llms.create import list_providers
from core.llms.features import find_llm_class
from core.llms.provider_config.errors import ConfigValidationError, CredentialDamagedError
from core.llms.provider_config.factories import require_factory
from core.llms.providers.base.credential_forms import CredentialForm, choose_form
from core.llms.types.secrets import Secret

_LONGEST: Final = 65_536


def wrap_secrets(given: Mapping[str, Any]) -> dict[str, Secret | None]:
    """Wrap what was given as strings, with None for what is no string, before anything can fail."""
    return {name: _wrap(value) for name, value in given.items()}


def check_secrets(provider: str, wrapped: Mapping[str, Secret | None]) -> dict[str, Secret]:
    """Return the secrets of a credential. Raises `ConfigValidationError` for what a provider's credential cannot be."""
    known = _arguments_of(provider)
    problems = {name: f"`{name}`: {problem}" for name, secret in wrapped.items() if (problem := _problem_of(secret))}
    if known is not None:
        problems |= {
            name: f"`{name}`: {provider} has no such credential; known: {', '.join(known)}"
            for name in wrapped
            if name not in known
        }
    if not wrapped:
        problems["secrets"] = "`secrets`: give at least one" + (f" of {', '.join(known)}" if known else "")
    secrets = {name: secret for name, secret in wrapped.items() if secret is not None}
    forms = _forms_of(provider)
    if not problems and forms:
        problems = choose_form(forms, secrets).find_problems(secrets)
    if problems:
        raise ConfigValidationError(problems, provider=provider)
    return secrets


def pack(secrets: Mapping[str, Secret]) -> Secret:
    """Return the text that is encrypted."""
    return Secret(json.dumps({name: secret.get_secret_value() for name, secret in sorted(secrets.items())}))


def unpack(text: Secret, name: str) -> dict[str, Secret]:
    """Return the secrets of a text that was decrypted. Raises `CredentialDamagedError`."""
    try:
        return {key: Secret.of(value) for key, value in json.loads(text.get_secret_value()).items()}
    except (ValueError, TypeError, AttributeError):
        # Without its cause, which would hold the text.
        raise CredentialDamagedError(f"credential {name!r}: what was decrypted holds no secrets") from None


def _wrap(value: Any) -> Secret | None:
    return Secret.of(value) if isinstance(value, str) or hasattr(value, "get_secret_value") else None


def _problem_of(secret: Secret | None) -> str | None:
    if secret is None:
        return "it must be a string or a Secret"
    if not secret or len(secret.get_secret_value()) > _LONGEST:
        return f"it must have from 1 to {_LONGEST} characters"
    if _has_loose_ends(secret):
        return "it begins or ends with white space"
    if any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in secret.get_secret_value()):
        return "it has a character that no credential has"
    return None


def _has_loose_ends(secret: Secret) -> bool:
    # Those of a text of several lines, as a file has it, are nothing of it.
    stripped = Secret(secret.get_secret_value().strip())
    return stripped != secret and "\n" not in stripped.get_secret_value()


def _arguments_of(provider: str) -> list[str] | None:
    """Return what the credential of a provider may consist of, None where only its factory knows."""
    factory = require_factory(provider, "provider")
    known = settings_of(provider, factory)
    if known is None or provider not in list_providers():
        return None if known is None else sorted(known)
    forms = _forms_of(provider)
    if forms:
        return sorted({name for form in forms for name in form.arguments})
    return sorted(name for name in known if takes_secret(factory, name))


def _forms_of(provider: str) -> tuple[CredentialForm, ...]:
    return find_llm_class(provider).CREDENTIAL_FORMS if provider in list_providers() else ()
