"""Finding out how a model would be called, without a connection: what each parameter becomes on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.llms.configs.base.validation import create_unconnected
from core.llms.create import list_providers
from core.llms.errors import ConfigurationError, InvalidRequestError
from core.llms.provider_config.compatibility import find_metadata
from core.llms.provider_config.version_migration.planning import Side
from core.llms.providers.base.implementation import BaseLLM


def find_side(
    provider: str, model_id: str, settings: Mapping[str, Any], values: Mapping[str, Any]
) -> tuple[Side, str | None]:
    """Return a model's side of a migration, and the name of its wire where that is known.

    `values` are the parameters whose names on the wire are asked for.
    """
    metadata = find_metadata(provider, model_id, settings)
    llm = _create(provider, model_id, settings)
    if llm is None:
        return Side(metadata, {}, {}), None
    sent = {name: value for name, value in values.items() if metadata.refusal_of(name, value, values) is None}
    return Side(metadata, *_ask_wire(llm, sent)), llm.wire.name


def _create(provider: str, model_id: str, settings: Mapping[str, Any]) -> BaseLLM | None:
    if provider not in list_providers():
        return None
    try:
        return create_unconnected(provider, model_id, settings)
    except ConfigurationError:
        # The factory wants what only the environment has: then it is not known what would be sent.
        return None


def _ask_wire(llm: BaseLLM, values: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    """Return what each parameter becomes in the body, and why the wire refuses the others."""
    names: dict[str, str] = {}
    refusals: dict[str, str] = {}
    plain = _leaves(llm, {})
    for name, value in values.items():
        try:
            leaves = _leaves(llm, {name: value})
        except InvalidRequestError as error:
            refusals[name] = error.message
            continue
        changed = sorted(path for path, leaf in leaves.items() if plain.get(path) != leaf)
        if changed:
            names[name] = ", ".join(changed)
    return names, refusals


def _leaves(llm: BaseLLM, options: Mapping[str, Any]) -> dict[str, Any]:
    given: Any = options
    return dict(_walk("", llm.render_answer("Hi", **given).body))


def _walk(path: str, body: Mapping[str, Any]) -> list[tuple[str, Any]]:
    leaves: list[tuple[str, Any]] = []
    for name, value in body.items():
        place = f"{path}{name}"
        leaves += _walk(f"{place}.", value) if isinstance(value, Mapping) else [(place, value)]
    return leaves
