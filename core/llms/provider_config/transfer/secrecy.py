"""What of a document may be a secret: it is not written, and refused where it is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

from core.llms.provider_config.errors import ConfigValidationError
from core.llms.provider_config.secret_settings import is_secret_setting
from core.llms.runtime.secret_patterns import SECRET_MARKS, credentials_of_environment, mask_secrets

Keys: TypeAlias = tuple[str, ...]
SETTINGS: Final = "settings"
_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_VARIABLE_FIELD: Final = "api_key_env"
# They are chosen by people, and some models are called as keys begin.
_NAMES: Final = frozenset(
    {"name", "provider", "provider_name", "model_id", "alias", "organisation", "workspace"}
    | {"parameters", "parent", "preset", "prompt_template", "credential"}
)


def _is_setting_secret(provider: str, name: str) -> bool:
    try:
        return is_secret_setting(provider, name)
    except ConfigValidationError:
        # A provider that is not known is refused where its configuration is stored.
        return is_secret_name(name)


def find_secrets(entry: Mapping[str, Any], provider: str | None = None) -> set[Keys]:
    """Return where in an entry something stands that may be a secret; settings are those of `provider`."""
    environment = credentials_of_environment()
    found = {keys for keys, text in _texts(entry) if _looks_secret(keys, text, environment)}
    settings = entry.get(SETTINGS)
    if provider is not None and isinstance(settings, Mapping):
        found |= {(SETTINGS, str(name)) for name in settings if _is_setting_secret(provider, str(name))}
        nested = (keys for keys, _ in _texts(settings) if len(keys) > 1)
        found |= {(SETTINGS, *keys) for keys in nested if is_secret_name(keys[-1])}
    return found


def without(entry: Mapping[str, Any], places: set[Keys]) -> dict[str, Any]:
    """Return an entry without what stands at some places. Of a list that has one of them nothing stays."""
    return {name: kept for name, value in entry.items() if (kept := _without(value, (name,), places)) is not None}


def _without(value: Any, own: Keys, places: set[Keys]) -> Any:
    if own in places:
        return None
    match value:
        case Mapping():
            kept = {name: _without(inner, (*own, str(name)), places) for name, inner in value.items()}
            return {name: inner for name, inner in kept.items() if inner is not None or value[name] is None}
        case list() if any(place[: len(own)] == own for place in places):
            return None
    return value


def keep_hidden(wanted: Mapping[str, Any], stored: Mapping[str, Any], places: set[Keys]) -> dict[str, Any]:
    """Return what is wanted, with what is stored at some places, unless something else is wanted there."""
    return _keep_hidden(wanted, stored, without(stored, places))


def _keep_hidden(wanted: Mapping[str, Any], stored: Mapping[str, Any], seen: Mapping[str, Any]) -> dict[str, Any]:
    kept = dict(wanted)
    for name, value in stored.items():
        shown, own = seen.get(name), wanted.get(name)
        if isinstance(value, Mapping) and isinstance(shown, Mapping) and isinstance(own, Mapping | None):
            inner = _keep_hidden(own or {}, value, shown)
            if inner or own is not None:
                kept[name] = inner
        elif value is not None and shown is None and own is None:
            kept[name] = value
    return kept


def _texts(value: Any, keys: Keys = ()) -> Iterator[tuple[Keys, str]]:
    match value:
        case str():
            yield keys, value
        case Mapping():
            for name, inner in value.items():
                yield from _texts(inner, (*keys, str(name)))
        case list():
            for index, inner in enumerate(value):
                yield from _texts(inner, (*keys, str(index)))


def _looks_secret(keys: Keys, text: str, environment: tuple[str, ...]) -> bool:
    if len(keys) == 1 and keys[0] in _NAMES:
        return False
    if keys == (_VARIABLE_FIELD,) and not _VARIABLE.fullmatch(text):
        return True
    return mask_secrets(text) != text or any(secret in text for secret in environment)


def is_secret_name(name: str) -> bool:
    """Tell whether something of this name may be a secret."""
    return name.lower() == "authorization" or any(mark in name.lower() for mark in SECRET_MARKS)
