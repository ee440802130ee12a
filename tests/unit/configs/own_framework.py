"""A framework of configurations that knows nothing of this package but a caller, as somebody may bring along."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from typing import Any


class BaseModelConfig(ABC):
    """
    Abstract base class for all model configurations.
    """

    def __init__(self) -> None:  # noqa: B027
        """
        Abstract initialization method that subclasses must implement.
        """
        pass  # noqa: PIE790

    @classmethod
    @abstractmethod
    def alias(cls) -> str:
        """Returns a unique string identifier for this model configuration."""
        pass  # noqa: PIE790

    @abstractmethod
    def get_params(self) -> dict[str, Any]:
        """Returns a dictionary of parameters needed by the caller."""
        pass  # noqa: PIE790

    @abstractmethod
    def caller_class(self) -> Any:
        """Returns the reference to the appropriate caller class."""
        pass  # noqa: PIE790


# Global registry
CONFIG_REGISTRY: dict[str, Any] = {}


# Registration decorator
def register_config(cls: Any) -> Any:
    alias = cls.alias()
    CONFIG_REGISTRY[alias] = cls
    return cls


def define_groq_base(BaseModelConfig: Any) -> Any:
    """The same base configuration, over any `BaseModelConfig`."""

    class GroqBaseConfig(BaseModelConfig):  # type: ignore[misc]  # the base is the one given
        def __init__(self) -> None:
            # Initialize provider-specific parameters
            self.temperature = 0.7
            self.max_tokens = 1024
            self.api_key_env = "GROQ_API_KEY"
            self.top_p = 1.0
            self.frequency_penalty = 0.0
            self.presence_penalty = 0.0
            self.model: str | None = None  # Will be set by model subclasses
            self.system_message = "You are a helpful assistant."
            self.stream = False
            self.stop = None

        def get_params(self) -> dict[str, Any]:
            return {
                "model": self.model,
                "temperature": self.temperature,
                "max_tokens": self.max_tokens,
                "top_p": self.top_p,
                "frequency_penalty": self.frequency_penalty,
                "presence_penalty": self.presence_penalty,
                "api_key": os.getenv(self.api_key_env, ""),
                "system_message": self.system_message,
                "stream": self.stream,
                "stop": self.stop,
            }

        def caller_class(self) -> Any:
            from core.llms.callers.groq_caller import GroqCaller

            return GroqCaller

    return GroqBaseConfig


GroqBaseConfig: Any = define_groq_base(BaseModelConfig)


@register_config
class MixtralEightXSevenBConfig(GroqBaseConfig):  # type: ignore[misc]  # see `define_groq_base`
    @classmethod
    def alias(cls) -> str:
        return "mixtral-8x7b"  # Example: alias for Mixtral on Groq

    def __init__(self) -> None:
        super().__init__()  # Get Groq provider defaults
        self.model = "mixtral-8x7b-32768"
        self.max_tokens = 32768


def create_groq_model(model_alias: str, **kwargs: Any) -> Any:
    """Factory function to create and configure a Groq model with custom parameters."""
    if model_alias not in CONFIG_REGISTRY:
        raise ValueError(f"Model alias '{model_alias}' not found.")

    config_cls = CONFIG_REGISTRY[model_alias]
    config_obj = config_cls()

    # Apply custom parameters
    for key, value in kwargs.items():
        if hasattr(config_obj, key):
            setattr(config_obj, key, value)

    return config_obj
