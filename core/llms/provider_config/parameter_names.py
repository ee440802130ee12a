"""The names that a stored parameter and a call's parameter have for the same thing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Final

from core.llms.types.parameters import (
    ALL_PARAMS,
    PARAM_FREQUENCY_PENALTY,
    PARAM_MAX_TOKENS,
    PARAM_PRESENCE_PENALTY,
    PARAM_SEED,
    PARAM_STOP,
    PARAM_TEMPERATURE,
    PARAM_TOP_K,
    PARAM_TOP_P,
)

# The field of a stored parameter, and the neutral name that a call has for it.
NEUTRAL_NAMES: Final[Mapping[str, str]] = {
    "max_new_tokens": PARAM_MAX_TOKENS,
    "temperature": PARAM_TEMPERATURE,
    "top_k": PARAM_TOP_K,
    "top_p": PARAM_TOP_P,
    "frequency_penalty": PARAM_FREQUENCY_PENALTY,
    "presence_penalty": PARAM_PRESENCE_PENALTY,
    "stop_sequences": PARAM_STOP,
    "seed": PARAM_SEED,
}
_FIELDS: Final = {neutral: field for field, neutral in NEUTRAL_NAMES.items()}
EXTRA_NAMES: Final = frozenset(ALL_PARAMS - _FIELDS.keys())


def field_of(neutral: str) -> str:
    """Return the stored name of a neutral one: a field of its own, or a key of `extra_parameters`."""
    return _FIELDS.get(neutral, neutral)


def neutral_of(field: str) -> str:
    """Return the neutral name of a stored one."""
    return NEUTRAL_NAMES.get(field, field)


def read_names(names: Iterable[str], besides: Iterable[str] = ()) -> list[str]:
    """Return names of either kind as stored ones, sorted. Raises `ValueError` for one that is no parameter."""
    known = {*NEUTRAL_NAMES, *EXTRA_NAMES, *besides}
    stored = sorted({field_of(name) for name in names})
    for name in stored:
        if name not in known:
            close = get_close_matches(name, sorted(known), 1)
            meant = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(sorted(known))}"
            raise ValueError(f"{name!r} is not a parameter; {meant}")
    return stored
