"""What the base configurations of all providers have in common: their fields, and how those become parameters."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from core.llms.configs.base.config import BaseModelConfig
from core.llms.errors import MissingCredentialError
from core.llms.types.parameters import ALL_PARAMS
from core.llms.types.secrets import Secret

if TYPE_CHECKING:
    from core.llms.callers import BaseCaller
    from core.llms.configs.base.registry import Registry
    from core.llms.providers.base.transport import Timeouts, TransportOptions
    from core.llms.runtime.retry import RetryPolicy
    from core.llms.types.options import OnUnsupported
    from core.llms.types.prices import Prices

# These are among the parameters always, the others where they are set.
_ALWAYS: Final = (
    "model", "temperature", "max_tokens", "top_p", "frequency_penalty", "presence_penalty", "system_message", "stream",
    "stop",
)  # fmt: skip
_OF_FACTORY: Final = (
    "base_url", "wire", "timeouts", "transport", "retry", "prices", "on_unsupported", "provider_options",
)  # fmt: skip
_OTHERS: Final = tuple(sorted(ALL_PARAMS.difference(_ALWAYS)))
_KEY: Final = "api_key_env"


class ProviderBaseConfig(BaseModelConfig):
    """A configuration of one provider's model. None is not set: then the model's own default holds.

    A provider's room sets `PROVIDER`, `API_KEY_ENV` (the first variable that its own tools read a key from) and
    `SETTINGS`, arguments of its factory besides those that all factories take. The key is read from the variable
    `api_key_env` when `get_params` is called, and is kept nowhere.
    """

    PROVIDER: ClassVar[str] = ""
    API_KEY_ENV: ClassVar[str | None] = None
    SETTINGS: ClassVar[tuple[str, ...]] = ()

    model: str | None = None
    system_message: str | None = None
    stream: bool = False
    api_key_env: str | None = None

    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    stop: str | Sequence[str] | None = None
    seed: int | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    n: int | None = None
    logprobs: bool | None = None
    top_logprobs: int | None = None
    logit_bias: Mapping[str, float] | None = None
    parallel_tool_calls: bool | None = None
    reasoning_effort: str | None = None
    reasoning_summary: str | None = None
    verbosity: str | None = None
    service_tier: str | None = None
    store: bool | None = None
    metadata: Mapping[str, str] | None = None
    prompt_cache_key: str | None = None
    prompt_cache_retention: str | None = None
    safety_identifier: str | None = None
    previous_response_id: str | None = None

    base_url: str | None = None
    wire: str | None = None
    timeouts: Timeouts | None = None
    transport: TransportOptions | None = None
    retry: RetryPolicy | None = None
    prices: Prices | None = None
    on_unsupported: OnUnsupported | None = None
    provider_options: Mapping[str, Any] | None = None

    def __init__(self) -> None:
        self.api_key_env = self.API_KEY_ENV

    @classmethod
    def fields(cls) -> tuple[str, ...]:
        """Return the names of what can be set."""
        return (*_ALWAYS, *_OTHERS, _KEY, *_OF_FACTORY, *cls.SETTINGS)

    @classmethod
    def of_alias(cls, alias: str, registry: Registry | None, overrides: Mapping[str, Any]) -> Self:
        """Make the configuration of an alias, which must be one of this provider's; see `create_model`."""
        from core.llms.configs.base.creating import create_model_of

        config = create_model_of(cls, alias, registry, overrides)
        assert isinstance(config, cls)
        return config

    def describe(self) -> dict[str, Any]:
        # Asked at every call of a handler: whatever is not set costs one look.
        described = {name: getattr(self, name) for name in _ALWAYS}
        for names in (_OTHERS, _OF_FACTORY, self.SETTINGS):
            for name in names:
                value = getattr(self, name, None)
                if value is not None:
                    described[name] = value
        return described

    def get_params(self) -> dict[str, Any]:
        """Return the fields that are set, and the key that the environment has now: a `Secret`.

        `api_key` is None where the provider's usual variable is not set: the provider's factory may know others.
        Raises `MissingCredentialError` where a variable that was chosen is not set.
        """
        return {**self.describe(), "api_key": self._read_key()}

    def _read_key(self) -> Secret | None:
        name = self.api_key_env
        value = os.environ.get(name, "").strip() if name else ""
        if value:
            return Secret(value)
        if name and name != self.API_KEY_ENV:
            raise MissingCredentialError(
                f"no credential: set the environment variable {name}, which `api_key_env` names",
                provider=self.PROVIDER,
                model=self.model,
            )
        return None

    def caller_class(self) -> type[BaseCaller]:
        from core.llms.callers import find_caller

        return find_caller(self.PROVIDER)

    def __repr__(self) -> str:
        shown = {**self.describe(), _KEY: self.api_key_env}
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in shown.items() if value)})"
