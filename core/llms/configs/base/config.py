"""`BaseModelConfig`: what every configuration of a model is. How a provider's look is in `provider_base`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from core.llms.callers import BaseCaller


class BaseModelConfig(ABC):
    """How one model is called, under one alias. Subclass it, or a provider's own base configuration."""

    # Aliases that are asked where it fails, and arguments of the `RateLimiter` around it: those of its definition.
    FALLBACK: ClassVar[Sequence[str]] = ()
    LIMITS: ClassVar[Mapping[str, Any]] = MappingProxyType({})

    # Fields that a user set by name: these the model must take, where defaults may be left out.
    _chosen: frozenset[str] = frozenset()

    def __init__(self) -> None:  # noqa: B027  # a subclass sets its fields here; there is nothing to set in all
        """Set the fields."""

    @classmethod
    @abstractmethod
    def alias(cls) -> str:
        """Return the name that the configuration is looked up by."""

    @abstractmethod
    def get_params(self) -> dict[str, Any]:
        """Return the parameters that the caller needs: see `BaseCaller`."""

    @abstractmethod
    def caller_class(self) -> Any:
        """Return the class that calls the model, which takes the parameters."""

    def describe(self) -> dict[str, Any]:
        """Return the parameters without the key, for a table or a log."""
        return {name: value for name, value in self.get_params().items() if name != "api_key"}

    def validate(self) -> None:
        """Check the configuration, offline, against what is known of its model.

        Raises `ConfigurationError`, which names the field, the problem and the fix.
        """
        from core.llms.configs.base.validation import validate_config

        validate_config(self)

    def create_caller(self) -> BaseCaller:
        """Check the configuration and make its caller. Raises `ConfigurationError`, and what the caller raises."""
        self.validate()
        caller: BaseCaller = self.caller_class()(self.get_params())
        return caller
