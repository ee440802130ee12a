"""Rows that inherit from rows: what is asked for as columns, and chains without rings that end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from core.llms.provider_config.errors import ConfigNotFoundError, ConfigValidationError
from core.llms.provider_config.inheritance.layers import PRESET
from core.llms.provider_config.models import MAX_CHAIN, LLMParameters
from core.llms.provider_config.parameter_names import EXTRA_NAMES, NEUTRAL_NAMES
from core.llms.provider_config.recording import Change
from core.llms.provider_config.shared_access import require_read_shared

_EXTRA: Final = "extra_parameters"


async def as_columns(change: Change, fields: Mapping[str, Any], row: LLMParameters | None = None) -> dict[str, Any]:
    """Return fields of parameters as the columns that keep them; `row` is what they are to change.

    What is given a value is not unset any more, and what is unset has no value any more. Raises `ConfigNotFoundError`
    for a parent that there is not, `ConfigValidationError` for a chain that would be a ring or too long, and
    `AccessDeniedError` for a parent that the actor may not read.
    """
    columns = dict(fields) if row is None else _settle_unset(row, dict(fields))
    if "parent" in columns:
        parent = columns.pop("parent")
        columns["parent_id"] = None if parent is None else (await _find_parent(change, parent, fields, row)).id
    return columns


async def _find_parent(
    change: Change, name: str, fields: Mapping[str, Any], row: LLMParameters | None
) -> LLMParameters:
    own = fields["name"] if row is None else row.name
    if name == own:
        raise _refuse("inherit from themselves", [own, own])
    parent = await change.repository.find_named(LLMParameters, name)
    if parent is None:
        raise ConfigNotFoundError(f"`parent`: no parameters are called {name!r}; create them first")
    await require_read_shared(change, parent)
    above = [parent, *parent.ancestors]
    names = [own, *(one.name for one in above)]
    below: Sequence[str] = ()
    if row is not None:
        if row in above:
            raise _refuse("inherit from themselves", names[: 2 + above.index(row)])
        below = await _longest_below(change, row)
    if len(names) + len(below) > MAX_CHAIN:
        raise _refuse(f"make a chain of more than {MAX_CHAIN}", [*reversed(below), *names])
    return parent


async def _longest_below(change: Change, row: LLMParameters) -> Sequence[str]:
    """Return the longest chain of names that inherit from a row, the nearest first."""
    chains = [
        [*reversed(ancestors[: ancestors.index(row)]), below]
        for below in await change.repository.rows_below(row)
        if row in (ancestors := below.ancestors)
    ]
    return [one.name for one in max(chains, key=len, default=[])]


def _refuse(what: str, chain: Iterable[str]) -> ConfigValidationError:
    return ConfigValidationError({"parent": f"`parent`: the parameters would {what}: {' → '.join(chain)}"})


def _settle_unset(row: LLMParameters, changed: dict[str, Any]) -> dict[str, Any]:
    if "unset" not in changed:
        given = _given(changed)
        if given.intersection(row.unset):
            changed["unset"] = [name for name in row.unset if name not in given]
        return changed
    for name in changed["unset"]:
        if name in NEUTRAL_NAMES or name == PRESET:
            changed.setdefault(name, None)
    extra = changed.get(_EXTRA, row.extra_parameters)
    changed[_EXTRA] = {name: value for name, value in extra.items() if name not in changed["unset"]}
    return changed


def _given(changed: Mapping[str, Any]) -> set[str]:
    own = {name for name in (*NEUTRAL_NAMES, PRESET) if changed.get(name) is not None}
    extra = changed.get(_EXTRA) or {}
    return own | {name for name, value in extra.items() if value is not None and name in EXTRA_NAMES}
