"""A configuration's parameters, sorted: what makes the LLM, what goes with every call, what the caller itself does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from inspect import Parameter, signature
from typing import Any, Final

from core.llms.create import list_providers
from core.llms.errors import ConfigurationError, MissingCredentialError
from core.llms.providers.base.key_factory import KeyLLMOptions
from core.llms.providers.base.parameter_checks import check_value
from core.llms.types.options import SETTINGS, AnswerOptions
from core.llms.types.parameters import ALL_PARAMS
from core.llms.types.secrets import Secret, show_value

_OWN: Final = ("model", "system_message", "stream")
_VENDORS_OWN: Final = "provider_options"
_OPTIONS: Final = SETTINGS - {"on_unsupported", _VENDORS_OWN}
# Arguments of factories that a caller gives itself.
_GIVEN: Final = frozenset({"model_name", "options", "defaults"})


class CallOptions(AnswerOptions, total=False):
    """What one call may set: all of `AnswerOptions`, and another system message."""

    system_message: str | None


@dataclass(frozen=True, slots=True)
class CallerParams:
    """Checked parameters of a caller.

    `settings` are arguments of the provider's factory, `defaults` parameters of every call that the model may refuse,
    `provider_options` its vendor's own fields, which those that stand in for it are not sent, `options` what goes with
    every call as it is.
    """

    model: str
    system_message: str | None = None
    stream: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict, repr=False)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    provider_options: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)


def read_params(provider: str, factory: Callable[..., Any], params: Mapping[str, Any]) -> CallerParams:
    """Sort and check what a configuration's `get_params()` gives; None is not set.

    Raises `ConfigurationError`, which names the field, the problem and the fix, and `MissingCredentialError`.
    """
    given = {name: value for name, value in params.items() if value is not None}
    own = _read_own(provider, given)
    vendors_own = given.pop(_VENDORS_OWN, {})
    if not isinstance(vendors_own, Mapping):
        raise ConfigurationError(f"`{_VENDORS_OWN}` must be a mapping, not {type(vendors_own).__name__}")
    settings: dict[str, Any] = {}
    defaults: dict[str, Any] = {}
    options: dict[str, Any] = {}
    for name, value in given.items():
        if name in ALL_PARAMS and not isinstance(value, type):
            if problem := check_value(name, value):
                raise ConfigurationError(problem, provider=provider, model=own["model"])
            defaults[name] = value
        elif name in _OPTIONS:
            options[name] = value
        else:
            _require_known(provider, factory, name)
            settings[name] = _read_key(provider, value) if name == "api_key" else as_argument(factory, name, value)
    return CallerParams(**own, settings=settings, defaults=defaults, provider_options=vendors_own, options=options)


def _read_own(provider: str, given: dict[str, Any]) -> dict[str, Any]:
    own: dict[str, Any] = {name: given.pop(name) for name in _OWN if name in given}
    model = own.get("model")
    if not isinstance(model, str) or not model:
        raise ConfigurationError(
            f"`model` must be the name of a model, not {show_value(model, ('',))}", provider=provider
        )
    for name, kind, wanted in (("system_message", str, "a string"), ("stream", bool, "true or false")):
        if name in own and not isinstance(own[name], kind):
            raise ConfigurationError(
                f"`{name}` must be {wanted}, not {show_value(own[name])}", provider=provider, model=model
            )
    return own


def _read_key(provider: str, key: Any) -> Any:
    if callable(key):
        return key
    secret = Secret.of(key)
    if not secret:
        # Taking another key from the environment instead might charge another account.
        raise MissingCredentialError(
            "the configuration's `api_key` is empty: is the environment variable set that it is read from? "
            "Where no key is needed it is None",
            provider=provider,
        )
    return secret


def as_argument(factory: Callable[..., Any], name: str, value: Any) -> Any:
    """Return a value as a factory takes it: the text of a `Secret` where it takes nothing but texts, as for a name."""
    return value.get_secret_value() if isinstance(value, Secret) and not takes_secret(factory, name) else value


def takes_secret(factory: Callable[..., Any], name: str) -> bool:
    """Tell whether an argument of a factory may be a `Secret`; where the factory does not say, it may."""
    argument = signature(factory).parameters.get(name)
    declared = KeyLLMOptions.__annotations__.get(name, "Secret") if argument is None else argument.annotation
    return declared is Parameter.empty or "Secret" in str(declared)


def settings_of(provider: str, factory: Callable[..., Any]) -> frozenset[str] | None:
    """Return the names of the arguments that a factory takes; None where one of another package takes any."""
    parameters = signature(factory).parameters
    takes_any = any(each.kind is Parameter.VAR_KEYWORD for each in parameters.values())
    if provider in list_providers():
        return frozenset({*parameters, *KeyLLMOptions.__annotations__}) - _GIVEN
    return None if takes_any else frozenset(parameters) - _GIVEN


def _require_known(provider: str, factory: Callable[..., Any], name: str) -> None:
    known = settings_of(provider, factory)
    if known is not None and name not in known:
        raise ConfigurationError(
            unknown_field(name, {*known, *ALL_PARAMS, *_OPTIONS, _VENDORS_OWN, *_OWN}), provider=provider
        )


def unknown_field(name: str, known: set[str]) -> str:
    """Say that a field is not known, and which was meant, else which there are."""
    close = get_close_matches(name, sorted(known), 1)
    return f"unknown field {name!r}" + (f"; did you mean {close[0]!r}?" if close else f". Known: {_join(known)}")


def _join(names: set[str]) -> str:
    return ", ".join(sorted(names))
