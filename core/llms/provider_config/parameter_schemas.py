"""Parameters as they go into the service and come out of it, with what they inherit."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import Field, field_validator, model_validator

from core.llms.provider_config.inheritance.layers import PRESET, EffectiveValues, Layer, resolve_layers
from core.llms.provider_config.inheritance.presets import find_preset
from core.llms.provider_config.parameter_names import EXTRA_NAMES, NEUTRAL_NAMES, neutral_of, read_names
from core.llms.provider_config.schema_base import Name, Owned, Placed, Schema


class _ParameterFields(Schema):
    description: str | None = None
    max_new_tokens: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    top_k: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    top_p: Annotated[float, Field(ge=0, le=1)] | None = None
    frequency_penalty: Annotated[float, Field(ge=-2, le=2)] | None = None
    presence_penalty: Annotated[float, Field(ge=-2, le=2)] | None = None
    stop_sequences: Annotated[list[Annotated[str, Field(min_length=1)]], Field(min_length=1)] | None = None
    seed: Annotated[int, Field(ge=-(2**31), le=2**31 - 1)] | None = None
    extra_parameters: dict[str, Any] = Field(default_factory=dict)
    parent: Name | None = None
    preset: Name | None = None
    unset: list[str] = Field(default_factory=list)

    @field_validator("extra_parameters")
    @classmethod
    def _are_neutral(cls, value: dict[str, Any]) -> dict[str, Any]:
        unknown = [name for name in value if name not in EXTRA_NAMES]
        if unknown:
            known = ", ".join(sorted(EXTRA_NAMES))
            raise ValueError(f"{', '.join(map(repr, unknown))}: not a parameter; known here: {known}")
        return value

    @field_validator("unset")
    @classmethod
    def _are_known(cls, value: list[str]) -> list[str]:
        return read_names(value, besides=[PRESET])

    @model_validator(mode="after")
    def _does_not_contradict_itself(self) -> Self:
        for name in self.unset:
            value = self.extra_parameters.get(name) if name in EXTRA_NAMES else getattr(self, name)
            if value is not None:
                raise ValueError(f"`{name}` is given the value {value!r}, and is in `unset`: leave one of them out")
        return self

    def neutral(self) -> dict[str, Any]:
        """Return what is set here, by the names that a call has for it; what is inherited is not."""
        own = {neutral: getattr(self, field) for field, neutral in NEUTRAL_NAMES.items()}
        return {name: value for name, value in {**own, **self.extra_parameters}.items() if value is not None}

    def layer(self) -> Layer:
        """Return what is said here, to be laid over what is inherited."""
        return Layer(
            values=self.neutral(), unset=frozenset(neutral_of(name) for name in self.unset), preset=self.preset
        )


class _ChosenFields(_ParameterFields):
    """What is stored may have a preset of a newer version; what is chosen may not."""

    @field_validator("preset")
    @classmethod
    def _is_packaged(cls, value: str | None) -> str | None:
        return value if value is None else find_preset(value).name


class LLMParametersBase(_ParameterFields):
    """Parameters of generation, all optional. `extra_parameters` takes all other neutral names.

    What is not set comes from the parameters that are named as `parent`, else from the packaged `preset`, else it is
    the model's own default; what `unset` names is that in any case.
    """

    name: Name

    def layers(self) -> tuple[Layer, ...]:
        """Return what is said here, and then what is inherited, the nearest first."""
        return (self.layer(),)

    def effective(self) -> EffectiveValues:
        """Return what holds, with what is inherited."""
        return resolve_layers(self.layers())


class LLMParametersCreate(LLMParametersBase, _ChosenFields, Placed):
    """Parameters to be stored."""


class LLMParametersUpdate(_ChosenFields):
    """Changes of parameters: what is not given stays, what is given as None is taken away.

    A value that is given is not unset any more, and what is unset has no value any more.
    """

    name: Name | None = None


class StoredLLMParameters(LLMParametersBase, Owned):
    """Parameters as stored, without what they inherit."""


class LLMParametersResponse(StoredLLMParameters):
    """Parameters as stored. `ancestors` are those that they inherit from, the nearest first."""

    ancestors: tuple[StoredLLMParameters, ...] = ()

    def layers(self) -> tuple[Layer, ...]:
        return (self.layer(), *(ancestor.layer() for ancestor in self.ancestors))
