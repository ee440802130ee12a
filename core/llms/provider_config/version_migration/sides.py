"""Finding out how a model would be called, without a connection: what each parameter becomes on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.llms.provider_config.called_models import find_called_model
from core.llms.provider_config.version_migration.planning import Side
from core.llms.providers.base.implementation import BaseLLM


def find_side(
    provider: str, model_id: str, settings: Mapping[str, Any], values: Mapping[str, Any]
) -> tuple[Side, str | None]:
    """Return a model's side of a migration, and the name of its wire where that is known.

    `values` are the parameters whose names on the wire are asked for.
    """
    called = find_called_model(provider, model_id, settings)
    metadata, llm = called.metadata, called.llm
    if llm is None:
        return Side(metadata, {}, {}), None
    taken = {name: value for name, value in values.items() if metadata.refusal_of(name, value, values) is None}
    refusals = called.wire_refusals(taken)
    alone = {name: value for name, value in taken.items() if called.refusal_of({name: value}) is None}
    return Side(metadata, _name_on_wire(llm, alone), refusals), llm.wire.name


def _name_on_wire(llm: BaseLLM, values: Mapping[str, Any]) -> dict[str, str]:
    """Return what each parameter, by itself, becomes in the body."""
    names: dict[str, str] = {}
    plain = _leaves(llm, {})
    for name, value in values.items():
        changed = sorted(path for path, leaf in _leaves(llm, {name: value}).items() if plain.get(path) != leaf)
        if changed:
            names[name] = ", ".join(changed)
    return names


def _leaves(llm: BaseLLM, options: Mapping[str, Any]) -> dict[str, Any]:
    given: Any = options
    return dict(_walk("", llm.render_answer("Hi", **given).body))


def _walk(path: str, body: Mapping[str, Any]) -> list[tuple[str, Any]]:
    leaves: list[tuple[str, Any]] = []
    for name, value in body.items():
        place = f"{path}{name}"
        leaves += _walk(f"{place}.", value) if isinstance(value, Mapping) else [(place, value)]
    return leaves
