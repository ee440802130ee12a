"""Settings of a configuration that could be secret: which they are, and what is shown of them. No I/O."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.llms.callers.base.params import settings_of, takes_secret
from core.llms.provider_config.errors import ConfigValidationError
from core.llms.provider_config.factories import require_factory
from core.llms.runtime.secret_patterns import SECRET_MARKS, mask_secrets
from core.llms.types.secrets import MASK


def is_secret_setting(provider: str, name: str) -> bool:
    """Tell whether an argument of a provider's factory is a credential. Raises `ConfigValidationError`."""
    factory = require_factory(provider, "provider_name")
    known = settings_of(provider, factory)
    return takes_secret(factory, name) if known is not None and name in known else _sounds_secret(name)


def require_no_secrets(provider: str, settings: Mapping[str, Any]) -> None:
    """Raise `ConfigValidationError` where settings hold what could be secret, a mask included."""
    told = "a setting holds no credential: name its variable in `api_key_env`, or store it, and give `credential_id`"
    found = {
        name: value
        for name, value in settings.items()
        if is_secret_setting(provider, name) or hide_secrets(value, name) != value or MASK in str(value)
    }
    if found:
        problems = {f"settings.{name}": f"`settings.{name}`: {told}" for name in found}
        raise ConfigValidationError(problems, provider=provider)


def hide_secrets(value: Any, name: str = "") -> Any:
    """Return a setting with a mask for every text that by its name or its form could be secret."""
    match value:
        case str():
            return MASK if _sounds_secret(name) else mask_secrets(value)
        case Mapping():
            return {inner: hide_secrets(entry, str(inner)) for inner, entry in value.items()}
        case list() | tuple():
            return [hide_secrets(entry, name) for entry in value]
    return value


def _sounds_secret(name: str) -> bool:
    return any(mark in name.lower() for mark in SECRET_MARKS)
