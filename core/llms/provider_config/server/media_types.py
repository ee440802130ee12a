"""Which of several media types a caller wants, and which one it sends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

JSON: Final = "application/json"
YAML: Final = "application/yaml"
"""As RFC 9512 registers it."""
_YAML_NAMES: Final = frozenset({YAML, "application/x-yaml", "text/yaml", "text/x-yaml", "text/vnd.yaml"})


def choose(accept: str | None, offered: Sequence[str]) -> str | None:
    """Return which of the offered types an `Accept` header prefers, the first of equals; None where it takes none."""
    if not (accept or "").strip():
        return offered[0]
    weights = {one: _weigh(one, accept or "") for one in offered}
    best = max(offered, key=lambda one: weights[one])
    return best if weights[best] > 0 else None


def read_media_type(content_type: str) -> str | None:
    """Return whether a body is JSON or YAML, by whichever of their names; None for anything else."""
    name = _plain(content_type)
    if name == JSON or name.endswith("+json"):
        return JSON
    return YAML if name in _YAML_NAMES or name.endswith("+yaml") else None


def _weigh(offered: str, accept: str) -> float:
    """Return the weight that the most exact range of a header gives a type."""
    found = (-1, 0.0)
    for part in accept.split(","):
        name, *parameters = part.split(";")
        exactness = _match(_plain(name), offered)
        if exactness is not None:
            found = max(found, (exactness, _weight(parameters)))
    return found[1]


def _match(wanted: str, offered: str) -> int | None:
    if wanted == offered or (offered == YAML and wanted in _YAML_NAMES):
        return 2
    if wanted == f"{offered.partition('/')[0]}/*":
        return 1
    return 0 if wanted == "*/*" else None


def _weight(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0


def _plain(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()
