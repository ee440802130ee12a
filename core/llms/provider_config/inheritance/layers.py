"""Parameters as layers: what a row says itself lies over what its parent says. Pure, and by neutral names alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, Final

from core.llms.provider_config.inheritance.presets import PRESETS

# What a row's `unset` has for the preset that it would inherit.
PRESET: Final = "preset"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """What one row says: values, names whose inherited value it switches off, and a preset. Nothing is in both."""

    values: Mapping[str, Any] = field(default_factory=dict)
    unset: frozenset[str] = frozenset()
    preset: str | None = None

    def over(self, lower: Layer) -> Layer:
        """Return what this layer over a lower one comes to: its own word holds, and else the lower one's."""
        kept = {name: value for name, value in lower.values.items() if name not in self.unset}
        said = {*self.values, PRESET} if self.preset is not None else set(self.values)
        inherits_preset = self.preset is None and PRESET not in self.unset
        return Layer(
            values={**kept, **self.values},
            unset=self.unset | (lower.unset - said),
            preset=lower.preset if inherits_preset else self.preset,
        )


@dataclass(frozen=True, slots=True)
class EffectiveValues:
    """What holds in the end. `stated` was said by a row, `offered` comes from the preset `preset` alone."""

    stated: Mapping[str, Any]
    offered: Mapping[str, Any]
    preset: str | None

    @property
    def all(self) -> dict[str, Any]:
        """Every value by its neutral name, wherever it comes from."""
        return {**self.offered, **self.stated}


def resolve_layers(layers: Iterable[Layer]) -> EffectiveValues:
    """Return what layers come to, the uppermost first.

    A preset that this version of the package does not have offers nothing.
    """
    whole = reduce(Layer.over, layers, Layer())
    preset = PRESETS.get(whole.preset or "")
    offered = {} if preset is None else preset.plain()
    spoken = whole.values.keys() | whole.unset
    return EffectiveValues(
        stated=dict(whole.values),
        offered={name: value for name, value in offered.items() if name not in spoken},
        preset=whole.preset,
    )
