"""What every `create_<provider>_llm` has in common: its optional arguments, and the sharing of connectors."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from difflib import get_close_matches
from inspect import signature
from typing import TYPE_CHECKING, Any, Final, TypedDict, TypeVar

from core.llms.errors import ConfigurationError
from core.llms.providers.base.connector import BaseConnector
from core.llms.providers.base.implementation import BaseLLM
from core.llms.providers.base.leases import Lease, lease_connector
from core.llms.providers.base.metadata import BaseMetadata, as_metadata
from core.llms.providers.base.rooms import Room, model_id_for, resolve_metadata
from core.llms.registry.current import peek_provider_registry
from core.llms.runtime.middleware import Middleware
from core.llms.runtime.retry import RetryPolicy
from core.llms.types.options import OnUnsupported
from core.llms.types.parameters import ALL_PARAMS
from core.llms.types.prices import Prices

if TYPE_CHECKING:
    from core.llms.registry.llm_registry import LLMRegistry

LLMT = TypeVar("LLMT", bound=BaseLLM)
ConnectorT = TypeVar("ConnectorT", bound=BaseConnector)
# Options that choose the classes of a model, and are not its LLM's.
_OF_LOOKUP: Final = ("metadata", "registry")


class LLMOptions(TypedDict, total=False):
    """Arguments that every factory takes besides its own.

    `metadata`: a class of your own for the model. `retry`: the policy of attempts. `middleware`: around every call.
    `defaults`: parameters for every call; one that the model refuses is left out with a warning.
    `on_unsupported`: `error` (default) or `drop`. `prices`: instead of the listed ones. `registry`: where facts of
    models are registered that go before the listed ones, instead of `default_registry()`.
    """

    metadata: type | None
    retry: RetryPolicy | None
    middleware: Sequence[Middleware]
    defaults: Mapping[str, Any] | None
    on_unsupported: OnUnsupported
    prices: Prices | None
    registry: LLMRegistry | None


def share_connector(
    connector: ConnectorT | None,
    create: Callable[[], ConnectorT],
    options: LLMOptions | None = None,
    factory: Callable[..., Any] | None = None,
) -> tuple[ConnectorT, Lease[ConnectorT] | None]:
    """Return the caller's own connector, or a share in the one with the same credentials, address and settings.

    The `options` that were given to the `factory` are checked first, so that a misspelt credential is told as that.
    Raises `ConfigurationError`.
    """
    check_options(options or {}, lambda: () if factory is None else signature(factory).parameters)
    if connector is not None:
        return connector, None
    candidate = create()
    lease = lease_connector(candidate.identity, lambda: candidate)
    return lease.connector, lease


def build_llm(
    base: type[LLMT],
    name: str,
    rooms: Mapping[str, Room],
    options: LLMOptions,
    *,
    connector: BaseConnector,
    lease: Lease[Any] | None,
    wire: str | None = None,
    model: str | None = None,
    settings: Mapping[str, Any] | None = None,
) -> LLMT:
    """Choose the classes for a model's name and make the LLM.

    `model` goes on the wire instead of the model's id; `settings` are arguments of the provider's own LLM class.
    """
    check_options(options)
    implementation: type[Any] | None = None
    metadata: type[BaseMetadata]
    own = options.get("metadata")
    if own is not None:
        metadata = as_metadata(own, base.PROVIDER)
    else:
        metadata, implementation = resolve_metadata(base.PROVIDER, name, rooms, options.get("registry"))
    kind: type[LLMT] = implementation or base
    rest: dict[str, Any] = {key: value for key, value in options.items() if key not in _OF_LOOKUP}
    rest |= settings or {}
    registered = _registered_parameters(base.PROVIDER, metadata)
    if registered:
        rest["defaults"] = {**registered, **(rest.get("defaults") or {})}
    return kind(connector, metadata, wire=wire, model=model or model_id_for(metadata, name), lease=lease, **rest)


def _registered_parameters(provider: str, metadata: type[BaseMetadata]) -> Mapping[str, Any]:
    """Return the parameters registered for every call of a provider's model."""
    registry = peek_provider_registry()
    known = None if registry is None else registry.find_registered(provider)
    if known is None:
        return {}
    names = (metadata.MODEL_ID, metadata.NAME, *metadata.ALIASES)
    return next((known.models[name].default_parameters for name in names if name in known.models), {})


def check_options(options: Mapping[str, Any], own: Callable[[], Collection[str]] = tuple) -> None:
    """Refuse an argument that not every factory takes, and say what may have been meant.

    `own` gives the names that the factory takes besides. Raises `ConfigurationError`.
    """
    unknown = [name for name in options if name not in LLMOptions.__annotations__]
    if unknown:
        known = dict.fromkeys((*own(), *LLMOptions.__annotations__))
        for name in unknown:
            if name not in known:
                raise ConfigurationError(_describe_unknown(name, [*known]))


def _describe_unknown(name: str, known: Sequence[str]) -> str:
    named = [other for other in known if other not in ("model_name", "options")]
    close = get_close_matches(name, [*named, *ALL_PARAMS], 1)
    hint = f"; did you mean {close[0]!r}?" if close else "."
    fix = " A parameter of every call goes into `defaults={…}`." if {name, *close} & ALL_PARAMS else ""
    return f"unknown argument {name!r}{hint} Known: {', '.join(named)}.{fix}"
