"""Configurations: how a model is called, under an alias. Each provider's are in a module, loaded when asked for."""

from typing import TYPE_CHECKING, Any

from core.llms.configs.base.config import BaseModelConfig
from core.llms.configs.base.provider_base import ProviderBaseConfig
from core.llms.configs.base.registry import CONFIG_REGISTRY, ConfigRegistry, register_config, resolve_config
from core.llms.configs.base.sources import ConfigSource

if TYPE_CHECKING:
    from core.llms.configs.base.creating import create_model
    from core.llms.configs.base.definitions import AliasDefinition, define_config
    from core.llms.configs.base.files import FileProblem, check_file, load_configs

# Names whose modules are loaded when they are asked for: they bring the callers with them.
_ON_DEMAND = {
    "AliasDefinition": "definitions",
    "FileProblem": "files",
    "check_file": "files",
    "create_model": "creating",
    "define_config": "definitions",
    "load_configs": "files",
}


def __getattr__(name: str) -> Any:
    if name not in _ON_DEMAND:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"core.llms.configs.base.{_ON_DEMAND[name]}"), name)


__all__ = [
    "CONFIG_REGISTRY",
    "AliasDefinition",
    "BaseModelConfig",
    "ConfigRegistry",
    "ConfigSource",
    "FileProblem",
    "ProviderBaseConfig",
    "check_file",
    "create_model",
    "define_config",
    "load_configs",
    "register_config",
    "resolve_config",
]
