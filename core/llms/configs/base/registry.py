"""Which configuration has which alias: `ConfigRegistry`, and `CONFIG_REGISTRY`, which has those of this package."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from importlib import import_module
from inspect import isabstract
from pkgutil import iter_modules
from typing import Any, Final, TypeVar, overload

from core.llms.configs.base.config import BaseModelConfig
from core.llms.configs.base.sources import ConfigSource
from core.llms.errors import ConfigurationError, UnknownModelError
from core.llms.runtime.fork_lock import ForkLock

ConfigClass = type[BaseModelConfig]
Registry = Mapping[str, ConfigClass]
ConfigT = TypeVar("ConfigT", bound=ConfigClass)
_PACKAGE: Final = "core.llms.configs"


class ConfigRegistry(Mapping[str, ConfigClass]):
    """A mapping of alias to configuration class. An alias belongs to one class, until it is replaced or removed.

    A class of this package gives way to one of yours: it is a default, and a later version may bring more of them.

    `sources` hold aliases that appear and change while the process runs: a handler asks them first.
    """

    def __init__(self, configs: Iterable[ConfigClass] = ()) -> None:
        self._configs: dict[str, ConfigClass] = {}
        self._lock = ForkLock()
        self.sources: tuple[ConfigSource, ...] = ()
        self.register_all(configs)

    def register(self, config: ConfigT, *, replace: bool = False) -> ConfigT:
        """Register a class under its `alias()`. The same class again, or defined anew, is fine.

        Raises `ConfigurationError` for an alias that another class has, unless it is to be replaced, and for a class
        that is no configuration.
        """
        self.register_all((config,), replace=replace)
        return config

    def register_all(self, configs: Iterable[ConfigClass], *, replace: bool = False) -> None:
        """Register several classes, all of them or none. Raises as `register` does."""
        named: dict[str, ConfigClass] = {}
        for config in configs:
            _require_free(named, alias_of(config), config)
            named[alias_of(config)] = config
        with self._lock.held:
            if not replace:
                for alias, config in named.items():
                    _require_free(self._configs, alias, config)
            self._configs.update(named)

    def unregister(self, alias: str) -> None:
        """Remove an alias. Raises `UnknownModelError` for one that is not registered."""
        resolve_config(self, alias)
        with self._lock.held:
            self._configs.pop(alias, None)

    def add_source(self, source: ConfigSource) -> None:
        """Ask a source for aliases, after those that were added before and before what is registered."""
        self.sources = (*self.sources, source)

    def __getitem__(self, alias: str) -> ConfigClass:
        return self._configs[alias]

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._configs))

    def __len__(self) -> int:
        return len(self._configs)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(self)})"


class _PackagedRegistry(ConfigRegistry):
    """The registry that this package's own configurations are in once somebody asks for one, or registers another."""

    def __init__(self) -> None:
        super().__init__()
        self._loading = threading.RLock()
        self._loaded = False

    def _load(self) -> None:
        if not self._loaded:
            with self._loading:
                for room in _packaged_rooms():
                    import_module(room)
                self._loaded = True

    def register_all(self, configs: Iterable[ConfigClass], *, replace: bool = False) -> None:
        several = tuple(configs)
        # The rooms register while they are imported; whoever is not among them comes after them.
        if not all(map(_is_packaged, several)):
            self._load()
        super().register_all(several, replace=replace)

    def __getitem__(self, alias: str) -> ConfigClass:
        self._load()
        return super().__getitem__(alias)

    def __iter__(self) -> Iterator[str]:
        self._load()
        return super().__iter__()

    def __len__(self) -> int:
        self._load()
        return super().__len__()

    def __repr__(self) -> str:
        return "CONFIG_REGISTRY"


def _is_packaged(config: Any) -> bool:
    module = str(config.__module__)
    return module.startswith(f"{_PACKAGE}.") and not module.startswith(f"{_PACKAGE}.base.")


def _packaged_rooms() -> list[str]:
    package = import_module(_PACKAGE)
    return [f"{_PACKAGE}.{module.name}" for module in iter_modules(package.__path__) if module.name != "base"]


def alias_of(config: Any) -> str:
    """Return a class's alias. Raises `ConfigurationError` for what is no whole configuration."""
    if not isinstance(config, type) or not issubclass(config, BaseModelConfig):
        raise ConfigurationError(f"a configuration is a subclass of BaseModelConfig, not {config!r}")
    if isabstract(config):
        missing = ", ".join(sorted(config.__abstractmethods__))
        raise ConfigurationError(f"{config.__name__} cannot be registered: it does not define {missing}")
    alias = config.alias()
    if not isinstance(alias, str) or not alias or alias != alias.strip():
        raise ConfigurationError(f"{config.__name__}.alias() must return a name, not {alias!r}")
    return alias


def _require_free(known: Mapping[str, ConfigClass], alias: str, config: ConfigClass) -> None:
    other = known.get(alias)
    if other is None or other is config or _is_packaged(other) or _is_redefinition(other, config):
        return
    raise ConfigurationError(
        f"the alias {alias!r} is taken by {other.__module__}.{other.__qualname__}; choose another, or register with "
        "`replace=True`"
    )


def _is_redefinition(known: ConfigClass, config: ConfigClass) -> bool:
    """Tell whether a class statement was run again: in a notebook, or in a module that was reloaded."""
    return (
        known.__module__ == config.__module__
        and known.__qualname__ == config.__qualname__
        and "<locals>" not in config.__qualname__
    )


def resolve_config(registry: Registry, alias: str) -> ConfigClass:
    """Look a configuration up. Raises `UnknownModelError`, which says what may have been meant."""
    config = registry.get(alias) if isinstance(alias, str) else None
    if config is None:
        raise unknown_alias(alias, registry)
    return config


def unknown_alias(alias: object, known: Iterable[str]) -> UnknownModelError:
    """Make the error of an alias that nothing is registered under."""
    names = sorted(known)
    close = get_close_matches(str(alias), names, 1)
    if close:
        hint = f"; did you mean {close[0]!r}?"
    else:
        hint = f"; there are: {', '.join(names)}." if names else "; none is registered."
    return UnknownModelError(f"No configuration found for alias {alias!r}{hint}")


CONFIG_REGISTRY: Final[ConfigRegistry] = _PackagedRegistry()


@overload
def register_config(config: ConfigT, *, registry: ConfigRegistry | None = None, replace: bool = False) -> ConfigT: ...
@overload
def register_config(
    config: None = None, *, registry: ConfigRegistry | None = None, replace: bool = False
) -> Callable[[ConfigT], ConfigT]: ...
def register_config(
    config: ConfigT | None = None, *, registry: ConfigRegistry | None = None, replace: bool = False
) -> ConfigT | Callable[[ConfigT], ConfigT]:
    """Register a configuration class: `@register_config`, or `@register_config(registry=…)` for one of your own.

    Raises `ConfigurationError` for an alias that another class has, unless `replace` is set.
    """
    into = CONFIG_REGISTRY if registry is None else registry
    if config is not None:
        return into.register(config, replace=replace)
    return lambda later: into.register(later, replace=replace)
