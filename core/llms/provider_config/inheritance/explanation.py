"""Why each parameter has the value that it has: who says it, who said something else, and whether it is sent. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from core.llms.provider_config.called_models import CalledModel
from core.llms.provider_config.compatibility import Compatibility, check_compatibility
from core.llms.provider_config.inheritance.presets import PRESETS
from core.llms.provider_config.parameter_names import EXTRA_NAMES, NEUTRAL_NAMES, field_of
from core.llms.provider_config.schemas import LLMParametersResponse
from core.llms.providers.base.metadata import BaseMetadata
from core.llms.types.parameters import PARAM_REASONING_EFFORT

SourceKind: TypeAlias = Literal["parameters", "ancestor", "preset", "model"]
_ORDER: Final = (*NEUTRAL_NAMES.values(), *sorted(EXTRA_NAMES))


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """One word on a parameter. `name` is that of the parameters, of the preset or of the model.

    `depth` is 0 for the configuration's own parameters and their number for those above. Where `is_unset`, it says that
    there is to be no value. `reason` is the preset's.
    """

    source: SourceKind
    name: str
    depth: int = 0
    value: Any = None
    is_unset: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterExplanation:
    """One parameter: its effective value, who says it, and whom that overrode, the nearest first.

    `field` is its stored name. Where nobody sets it, `origin` is the model, whose own default holds; `value` is that
    default where it is known. `reason` says why it is not sent with every call.
    """

    name: str
    field: str
    value: Any
    origin: Origin
    overrode: tuple[Origin, ...]
    is_sent: bool
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParametersExplanation:
    """All parameters of a configuration. `chain` names its parameters and what they inherit from, the nearest first.

    `preset` is the one that holds, and `preset_from` the parameters that chose it.
    """

    provider: str
    model_id: str
    chain: tuple[str, ...]
    preset: str | None
    preset_from: str | None
    parameters: tuple[ParameterExplanation, ...]

    def __getitem__(self, name: str) -> ParameterExplanation:
        """Return one parameter, by its neutral name or its stored one. Raises `KeyError`."""
        for one in self.parameters:
            if name in (one.name, one.field):
                return one
        raise KeyError(name)


def explain(
    provider: str, model_id: str, called: CalledModel, parameters: LLMParametersResponse
) -> ParametersExplanation:
    """Explain parameters as they are used with a model."""
    known = check_compatibility(called, parameters)
    preset = parameters.effective().preset
    chain = tuple(row.name for row in (parameters, *parameters.ancestors))
    all_words = [(name, _words(name, parameters, preset)) for name in _ORDER]
    chosen = [name for name, layer in zip(chain, parameters.layers(), strict=True) if layer.preset is not None]
    return ParametersExplanation(
        provider=provider,
        model_id=model_id,
        chain=chain,
        preset=preset,
        preset_from=chosen[0] if preset is not None else None,
        parameters=tuple(_explain(name, model_id, called.metadata, words, known) for name, words in all_words),
    )


def _words(name: str, parameters: LLMParametersResponse, preset: str | None) -> list[Origin]:
    """Return all that is said of a parameter, the nearest first."""
    rows = (parameters, *parameters.ancestors)
    words = [
        Origin(
            source="ancestor" if depth else "parameters",
            name=row.name,
            depth=depth,
            value=layer.values.get(name),
            is_unset=name in layer.unset,
        )
        for depth, (row, layer) in enumerate(zip(rows, parameters.layers(), strict=True))
        if name in layer.values or name in layer.unset
    ]
    packaged = PRESETS.get(preset or "")
    if packaged is not None and name in packaged.values:
        offered = packaged.values[name]
        words.append(Origin(source="preset", name=packaged.name, value=offered.value, reason=offered.reason))
    return words


def _explain(
    name: str, model_id: str, metadata: type[BaseMetadata], words: list[Origin], known: Compatibility
) -> ParameterExplanation:
    own_default = metadata.DEFAULT_REASONING_EFFORT if name == PARAM_REASONING_EFFORT else None
    model = Origin(source="model", name=model_id, value=own_default)
    origin = words[0] if words else model
    return ParameterExplanation(
        name=name,
        field=field_of(name),
        value=model.value if origin.is_unset else origin.value,
        origin=origin,
        overrode=tuple(words[1:]),
        is_sent=name in known.sendable,
        reason=_reason(name, metadata, origin, known.reasons),
    )


def _reason(name: str, metadata: type[BaseMetadata], origin: Origin, refusals: Mapping[str, str]) -> str | None:
    if origin.is_unset:
        return f"{origin.name!r} switches it off: the model's own default holds"
    if origin.source != "model":
        return refusals.get(name)
    if metadata.SUPPORTED_PARAMS is not None and name not in metadata.SUPPORTED_PARAMS:
        return "nothing sets it, and the model does not take it"
    return "nothing sets it: the model's own default holds"
