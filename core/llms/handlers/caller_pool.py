"""One caller an alias, made at its first call, shared by all that follow, and closed when nobody uses it any more."""

from __future__ import annotations

import asyncio
import inspect
import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, TypeAlias
from weakref import WeakKeyDictionary

from core.llms.callers import BaseCaller
from core.llms.configs import BaseModelConfig
from core.llms.configs.base.validation import validate_config
from core.llms.errors import ConfigurationError
from core.llms.handlers.options import HandlerOptions
from core.llms.runtime.fork_lock import ForkLock
from core.llms.runtime.limits.limiter import RateLimiter
from core.llms.types.secrets import Secret

Configs: TypeAlias = Mapping[str, type[BaseModelConfig]]
_logger: Final = logging.getLogger("core.llms.handlers")


class _State:
    """All that the parameters of configurations depend on: their classes, and the variables that hold their keys."""

    __slots__ = ("_classes", "_keys")

    def __init__(self, classes: Sequence[type[BaseModelConfig]]) -> None:
        self._classes = classes
        self._keys: dict[str, str | None] | None = {}
        for config in classes:
            variable = _key_variable(config)
            if variable is None:
                # Its own code may say something new at every call.
                self._keys = None
                return
            self._keys[variable] = os.environ.get(variable)

    def holds(self, classes: Sequence[type[BaseModelConfig]]) -> bool:
        """Tell whether nothing of it has changed."""
        if self._keys is None or classes != self._classes:
            return False
        for variable, key in self._keys.items():  # noqa: SIM110 - every call comes here, and a generator costs more
            if os.environ.get(variable) != key:
                return False
        return True


@dataclass(frozen=True, slots=True)
class _Made:
    """What one configuration gives for a caller: its parameters, and the limits of its own."""

    alias: str
    params: Mapping[str, Any]
    limits: Mapping[str, Any]


class _Shared:
    """A caller, what it and those that stand in for it were made of, and how many calls it has running."""

    __slots__ = ("caller", "is_retired", "made_of", "running", "state")

    def __init__(self, made_of: Sequence[_Made], state: _State, caller: Any) -> None:
        self.made_of = made_of
        self.state = state
        self.caller = caller
        self.running = 0
        self.is_retired = False


class CallerPool:
    """The callers of one handler. Safe in any number of threads and event loops at once."""

    def __init__(self, options: HandlerOptions) -> None:
        self._options = options
        self._shared: dict[str, _Shared] = {}
        self._limiters: dict[str, tuple[Mapping[str, Any], RateLimiter]] = {}
        self._to_close: list[Any] = []
        self._lock = ForkLock()
        self._is_closed = False

    def ensure(self, configs: Configs) -> None:
        """Make an alias's caller unless it is there. Raises `ConfigurationError` for what is wrong with it.

        `configs` has the configuration of the alias, and after it those of the aliases that stand in for it.
        """
        self._current(configs)

    def lease(self, configs: Configs) -> CallerLease:
        """Take an alias's caller for one call: `async with` gives it. Raises as `ensure` does.

        Where the configurations give other parameters than the caller was made with, there is a new caller, and the
        old one is closed when its last call has ended.
        """
        return CallerLease(self, self._current(configs, running=1))

    def _current(self, configs: Configs, running: int = 0) -> _Shared:
        alias, classes = next(iter(configs)), [*configs.values()]
        with self._lock.held:
            if self._is_closed:
                raise ConfigurationError("this handler was closed; create another")
            shared = self._shared.get(alias)
            if shared is None or not shared.state.holds(classes):
                shared = self._renew(alias, configs, shared)
            shared.running += running
            return shared

    def _renew(self, alias: str, configs: Configs, shared: _Shared | None) -> _Shared:
        # The keys are read before the parameters: one that changes in between is seen at the next call.
        state = _State([*configs.values()])
        made = {name: config() for name, config in configs.items()}
        made_of = [_Made(name, _sealed(config.get_params()), _limits_of(config)) for name, config in made.items()]
        if shared is not None and shared.made_of == made_of:
            shared.state = state
            return shared
        caller = self._create(made, made_of)
        if shared is not None:
            _logger.debug("the configuration of %r has changed: it has a new caller", alias)
            self._retire(shared)
        self._shared[alias] = _Shared(made_of, state, caller)
        return self._shared[alias]

    def _create(self, configs: Mapping[str, BaseModelConfig], made_of: Sequence[_Made]) -> Any:
        callers = {one.alias: _make_caller(one.alias, configs[one.alias], one.params) for one in made_of}
        caller = next(iter(callers.values()))
        is_bare = len(callers) == 1 and not made_of[0].limits and self._options.takes_any_caller
        if is_bare and not isinstance(caller, BaseCaller):
            return caller
        for name, one in callers.items():
            if not isinstance(one, BaseCaller):
                raise ConfigurationError(
                    f"configuration {name!r}: what a handler does goes around the callers of this package; "
                    f"{type(one).__name__} is none: derive it from BaseCaller"
                )
        limiters = {one.alias: self._limiter_of(one) for one in made_of if one.limits}
        # The caller is this pool's own; what its LLM held is given back when nothing refers to it.
        caller.llm = self._options.arrange({name: one.llm for name, one in callers.items()}, limiters)
        return caller

    def _limiter_of(self, made: _Made) -> RateLimiter:
        """Return the limiter of an alias, for its own calls and those in which it stands in, while its limits last."""
        limits, limiter = self._limiters.get(made.alias, (None, None))
        if limiter is None or limits != made.limits:
            limiter = RateLimiter(**made.limits)
            self._limiters[made.alias] = (made.limits, limiter)
        return limiter

    def _retire(self, shared: _Shared) -> None:
        shared.is_retired = True
        if not shared.running:
            self._to_close.append(shared.caller)

    def forget(self, alias: str) -> None:
        """Do without the caller of an alias that is no more; it is closed when its last call has ended."""
        with self._lock.held:
            self._limiters.pop(alias, None)
            shared = self._shared.pop(alias, None)
            if shared is not None:
                self._retire(shared)

    def give_back(self, shared: _Shared) -> bool:
        """End a call; tell whether there are callers to close."""
        with self._lock.held:
            shared.running -= 1
            if shared.is_retired and not shared.running:
                self._to_close.append(shared.caller)
            return bool(self._to_close)

    async def close_unused(self) -> None:
        """Close callers that were replaced and have no call running."""
        if not self._to_close:
            return
        with self._lock.held:
            callers, self._to_close = self._to_close, []
        # What was begun is ended also where the call that happens to do it is cancelled.
        await asyncio.shield(asyncio.gather(*(_close(caller) for caller in callers)))

    async def aclose(self) -> None:
        """Close all callers, those with calls running when these have ended; no call begins any more."""
        with self._lock.held:
            self._is_closed = True
            several, self._shared = self._shared, {}
            for shared in several.values():
                self._retire(shared)
        await self.close_unused()


_KEY_VARIABLES: Final[WeakKeyDictionary[type[BaseModelConfig], str | None]] = WeakKeyDictionary()


def _key_variable(config: type[BaseModelConfig]) -> str | None:
    # What the package itself defines is as it was when it was made, but for the key in its variable.
    if not config.__module__.startswith("core.llms.configs."):
        return None
    if config not in _KEY_VARIABLES:
        _KEY_VARIABLES[config] = getattr(config(), "api_key_env", None)
    return _KEY_VARIABLES[config]


def _make_caller(alias: str, config: BaseModelConfig, params: Mapping[str, Any]) -> Any:
    try:
        validate_config(config)
        return config.caller_class()(params)
    except ConfigurationError as error:
        if repr(alias) not in error.message:
            error.message = f"configuration {alias!r}: {error.message}"
        raise


class CallerLease:
    """A caller for the time of one call."""

    __slots__ = ("_pool", "_shared")

    def __init__(self, pool: CallerPool, shared: _Shared) -> None:
        self._pool = pool
        self._shared = shared

    async def __aenter__(self) -> Any:
        return self._shared.caller

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._pool.give_back(self._shared):
            await self._pool.close_unused()


async def _close(caller: Any) -> None:
    """Close a caller of any kind, as far as it can be closed. A failure is nobody's call's: it is logged."""
    close = getattr(caller, "aclose", None) or getattr(caller, "close", None)
    if close is None:
        return
    try:
        ended = close()
        if inspect.isawaitable(ended):
            await ended
    except Exception:
        _logger.exception("a caller that is not used any more could not be closed")


def _limits_of(config: Any) -> dict[str, Any]:
    # A configuration may be one by its looks alone.
    return dict(getattr(config, "LIMITS", ()))


def _sealed(params: Mapping[str, Any]) -> dict[str, Any]:
    """Copy the parameters of a configuration of any kind, with the key where it cannot be printed."""
    key = params.get("api_key")
    return {**params, "api_key": Secret(key)} if isinstance(key, str) and key else dict(params)
