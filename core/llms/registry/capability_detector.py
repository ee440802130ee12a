"""`ModelCapabilityDetectorFactory`: finds out from the providers themselves what their models can do.

What a vendor's list tells is read; the rest is asked of the models by probes, only where the caller wants that, within
a budget. A provider's own detector is one class, in `core.llms.registry.detection`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from core.llms.create import list_providers
from core.llms.errors import ConfigurationError
from core.llms.registry.detection.base import registering
from core.llms.registry.detection.base.detector import CapabilityDetector
from core.llms.registry.detection.base.finding import register_detector
from core.llms.registry.detection.base.registering import Money, Probes, create_detector
from core.llms.registry.detection.base.results import (
    DetectedModel,
    DetectionReport,
    Disagreement,
    PlannedProbe,
    ProbePlan,
    ProbeResult,
)
from core.llms.registry.llm_registry import LLMRegistry
from core.llms.registry.models import LLMProfile
from core.llms.types.secrets import Secret

__all__ = [
    "CapabilityDetector",
    "DetectedModel",
    "DetectionReport",
    "Disagreement",
    "ModelCapabilityDetectorFactory",
    "PlannedProbe",
    "ProbePlan",
    "ProbeResult",
    "register_detector",
]

_KEY_SUFFIX: Final = "_api_key"


class _NamedModel:
    """Detects and registers one model by name; see `ModelCapabilityDetectorFactory.register_model`."""

    def __init__(self, provider: str, model: str) -> None:
        self._provider, self._model = provider, model

    async def __call__(self, api_key: str | Secret | None = None, **options: Any) -> LLMProfile:
        return await ModelCapabilityDetectorFactory.register_model(self._provider, self._model, api_key, **options)


class ModelCapabilityDetectorFactory:
    """Detects what models can do, and registers it. All of it is called on the class.

    What is detected goes before the catalogue's facts and behind the user's own; `detected_at` and `detected_by` of a
    profile say when it was found, and how: `list`, or `probe` with the probes that settled something. `registry` is
    `default_registry()` where none is given. `max_usd` bounds what all probes of a call cost; None sets no limit.
    `options` are arguments of the provider's factory, an address say; without a key the environment's is used.
    """

    register_claude_3_5_sonnet_latest = _NamedModel("anthropic", "claude-3-5-sonnet-latest")
    register_claude_haiku_5_5 = _NamedModel("anthropic", "claude-haiku-5-5")
    register_claude_sonnet_5_5 = _NamedModel("anthropic", "claude-sonnet-5-5")
    register_claude_opus_5_5 = _NamedModel("anthropic", "claude-opus-5-5")
    register_gpt_4o = _NamedModel("openai", "gpt-4o")
    register_gpt_4o_mini = _NamedModel("openai", "gpt-4o-mini")
    register_gpt_4_1_mini = _NamedModel("openai", "gpt-4.1-mini")
    register_gpt_6_sol = _NamedModel("openai", "gpt-6-sol")
    register_gemini_3_8_flash = _NamedModel("google", "gemini-3.8-flash")
    register_mistral_large_4 = _NamedModel("mistral", "mistral-large-4")

    @staticmethod
    def create_detector(provider: str, registry: LLMRegistry | None = None, **options: Any) -> CapabilityDetector:
        """Make the detector of a provider. Raises `ConfigurationError` for a name that is no provider's."""
        return create_detector(provider, registry, **options)

    @staticmethod
    def register_detector(detector: type[CapabilityDetector]) -> type[CapabilityDetector]:
        """Use a detector for its `PROVIDER` from now on, instead of the package's own."""
        return register_detector(detector)

    @staticmethod
    async def plan_probes(
        provider: str,
        models: str | Sequence[str] | None = None,
        *,
        probes: Probes = True,
        registry: LLMRegistry | None = None,
        **options: Any,
    ) -> ProbePlan:
        """Say what `detect` would ask of the models named, else of all that the vendor lists, and the highest cost.

        Nothing that costs is sent. Raises what the vendor's list raises, `ConfigurationError` for an unknown probe.
        """
        return await create_detector(provider, registry, **options).plan_probes(models, probes)

    @staticmethod
    async def detect(
        provider: str,
        models: str | Sequence[str] | None = None,
        *,
        probes: Probes = False,
        max_usd: Money | None = "1",
        registry: LLMRegistry | None = None,
        **options: Any,
    ) -> DetectionReport:
        """Detect what the models named, else all that the vendor lists, can do; nothing is registered.

        Raises what the vendor's list raises, and `ConfigurationError` for an unknown probe.
        """
        return await create_detector(provider, registry, **options).detect(models, probes=probes, max_usd=max_usd)

    @staticmethod
    async def register_model(
        provider: str,
        model: str,
        api_key: str | Secret | None = None,
        *,
        probes: Probes = False,
        max_usd: Money | None = "1",
        registry: LLMRegistry | None = None,
        **options: Any,
    ) -> LLMProfile:
        """Detect one model, register it, and return all that is known of it.

        A retired model is a `RetiredModelWarning`; one that is known and not listed stays as it is known, with a
        `DetectionWarning`. Raises `UnknownModelError` for one that nobody knows, and what the vendor's list raises.
        """
        given = options if api_key is None else {"api_key": api_key, **options}
        return await registering.register_one(
            provider, model, probes=probes, max_usd=max_usd, registry=registry, options=given
        )

    @staticmethod
    async def register_all_models(
        *,
        providers: Iterable[str] = (),
        probes: Probes = False,
        max_usd: Money | None = "1",
        registry: LLMRegistry | None = None,
        options: Mapping[str, Mapping[str, Any]] | None = None,
        **api_keys: str | Secret | None,
    ) -> LLMRegistry:
        """Detect and register all models of several providers; return the registry.

        A key is given as `<provider>_api_key=`; `providers` are asked with the environment's credentials. `options`
        are arguments of factories, by provider. A provider that fails is a `DetectionWarning`; where all fail, the
        first error is raised. Raises `ConfigurationError` where no provider is named.
        """
        keys = {_provider_of(name): key for name, key in api_keys.items()}
        given = {name: {} if key is None else {"api_key": key} for name, key in keys.items()}
        named: dict[str, Mapping[str, Any]] = {**{name: {} for name in providers}, **given}
        if not named:
            raise ConfigurationError("say which providers: anthropic_api_key=…, or providers=['anthropic'], …")
        for provider, more in (options or {}).items():
            named[provider] = {**named.get(provider, {}), **more}
        return await registering.register_all(named, probes=probes, max_usd=max_usd, registry=registry)


def _provider_of(name: str) -> str:
    if name.endswith(_KEY_SUFFIX):
        return name.removesuffix(_KEY_SUFFIX)
    close = get_close_matches(name, [f"{each}{_KEY_SUFFIX}" for each in list_providers()], 1)
    raise TypeError(f"unknown argument {name!r}" + (f"; did you mean {close[0]!r}?" if close else ""))
