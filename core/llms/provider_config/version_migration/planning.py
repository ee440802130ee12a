"""Deciding what becomes of each parameter when a model is replaced by another. Pure: facts of both in, steps out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.llms.provider_config.called_models import WireRefusal
from core.llms.provider_config.inheritance.layers import EffectiveValues
from core.llms.provider_config.parameter_names import field_of
from core.llms.provider_config.version_migration.plan import ParameterStep
from core.llms.providers.base.metadata import BaseMetadata
from core.llms.types.parameters import (
    PARAM_MAX_TOKENS,
    PARAM_REASONING_EFFORT,
    REASONING_EFFORTS,
    SAMPLING_PARAMS,
)

_NO_REASONING = {PARAM_REASONING_EFFORT: "none"}


@dataclass(frozen=True, slots=True)
class Side:
    """A model as a configuration uses it: its facts, what each parameter is called on the wire, and which of those that
    were asked for the wire refuses.
    """

    metadata: type[BaseMetadata]
    wire_names: Mapping[str, str]
    wire_refusals: Mapping[str, WireRefusal]

    def refusal_of(self, name: str, values: Mapping[str, Any]) -> str | None:
        """Say why the model refuses one of these values, or None where it does not."""
        refusal = self.metadata.refusal_of(name, values[name], values)
        of_wire = self.wire_refusals.get(name)
        return refusal if refusal is not None or of_wire is None else of_wire.reason


def plan_steps(
    values: EffectiveValues, old: Side, new: Side, decisions: Mapping[str, Any]
) -> tuple[ParameterStep, ...]:
    """Return a step for each value, and for each decision, by neutral names.

    A decision is a value instead of the stored one, None for none. What a preset offers is not changed: it was chosen
    for a use, and each model is sent what it takes of it.
    """
    stated = dict(values.stated)
    wanted = {name: value for name, value in {**stated, **decisions}.items() if value is not None}
    effort = _settle_effort(wanted, new)
    if effort is not None:
        wanted[PARAM_REASONING_EFFORT] = effort.after
    steps = []
    for name in dict.fromkeys((*stated, *decisions)):
        if name == PARAM_REASONING_EFFORT and effort is not None:
            steps.append(replace(effort, before=stated.get(name)))
        elif name in decisions:
            steps.append(_decided(name, stated.get(name), wanted, new))
        else:
            steps.append(_step(name, stated, wanted, old, new))
    return (*steps, *_offers(values, wanted, new, decisions))


def _settle_effort(wanted: Mapping[str, Any], new: Side) -> ParameterStep | None:
    """Return the step of an effort that the new model does not have, or None where it has it or takes none at all."""
    value = wanted.get(PARAM_REASONING_EFFORT)
    efforts = new.metadata.REASONING_EFFORTS
    if value not in REASONING_EFFORTS or not efforts or value in efforts:
        return None
    place = REASONING_EFFORTS.index(value)
    known = [effort for effort in efforts if effort in REASONING_EFFORTS]
    # Of two as near, the one that costs less.
    nearest = min(known, key=lambda effort: (abs(REASONING_EFFORTS.index(effort) - place), effort in efforts[1:]))
    return ParameterStep(
        name=PARAM_REASONING_EFFORT,
        field=PARAM_REASONING_EFFORT,
        fate="clamped",
        before=value,
        after=nearest,
        reason=f"it has no effort {value!r}; the nearest of {', '.join(efforts)}",
    )


def _decided(name: str, before: Any, wanted: Mapping[str, Any], new: Side) -> ParameterStep:
    after = wanted.get(name)
    refusal = None if after is None else new.refusal_of(name, wanted)
    return ParameterStep(
        name=name,
        field=field_of(name),
        fate="decided" if refusal is None else "undecided",
        before=before,
        after=after if refusal is None else before,
        reason="as was decided" if refusal is None else f"what was decided does not do: {refusal}",
    )


def _step(name: str, stated: Mapping[str, Any], wanted: Mapping[str, Any], old: Side, new: Side) -> ParameterStep:
    value = stated[name]
    step = ParameterStep(name=name, field=field_of(name), fate="kept", before=value, after=value, reason="")
    refusal = new.refusal_of(name, wanted)
    was_sent = old.refusal_of(name, stated) is None
    if refusal is None:
        return _kept(step, was_sent, wanted, old, new)
    if name == PARAM_MAX_TOKENS and new.metadata.MAX_TOKENS is not None and value > new.metadata.MAX_TOKENS:
        return replace(step, fate="clamped", after=new.metadata.MAX_TOKENS, reason=refusal)
    if name in SAMPLING_PARAMS and new.refusal_of(name, {**wanted, **_NO_REASONING}) is None:
        return replace(step, fate="undecided", reason=refusal, choices=({name: None}, _NO_REASONING))
    if not was_sent:
        return replace(step, reason=f"stored and not sent, as before: {refusal}")
    if _is_taken(name, new):
        return replace(step, fate="undecided", reason=refusal, choices=({name: None},))
    return replace(step, fate="dropped", after=None, reason=refusal)


def _kept(step: ParameterStep, was_sent: bool, wanted: Mapping[str, Any], old: Side, new: Side) -> ParameterStep:
    was, now = (side.wire_names.get(step.name) for side in (old, new))
    if not was_sent:
        return replace(step, reason="it was stored and never sent; from now on it is")
    if was is not None and now is not None and was != now:
        return replace(step, fate="renamed", reason=f"it goes out as `{now}`, no longer as `{was}`")
    reasons_now = new.metadata.is_reasoning(wanted) and not old.metadata.is_reasoning(wanted)
    if step.name == PARAM_MAX_TOKENS and reasons_now:
        return replace(step, reason="the model takes it; what it thinks counts into it, so leave room for the answer")
    return replace(step, reason="the model takes it")


def _is_taken(name: str, side: Side) -> bool:
    known = side.metadata.SUPPORTED_PARAMS
    if name in side.wire_refusals:
        return side.wire_refusals[name].is_of_value
    return (known is None or name in known) and not (name in SAMPLING_PARAMS and side.metadata.SAMPLING != "always")


def _offers(
    values: EffectiveValues, wanted: Mapping[str, Any], new: Side, decisions: Mapping[str, Any]
) -> list[ParameterStep]:
    steps = []
    for name, value in values.offered.items():
        if name not in decisions:
            refusal = new.refusal_of(name, {**wanted, name: value})
            told = "the model takes it" if refusal is None else f"left out: {refusal}"
            reason = f"the preset {values.preset!r} offers it; {told}"
            steps.append(
                ParameterStep(name=name, field=field_of(name), fate="kept", before=value, after=value, reason=reason)
            )
    return steps
