"""The models the simulated Google knows, as data.

Limits and levels of thinking: models.dev snapshot of 2026-09-30, litellm 1.109.1 of 2026-11-12, and Google's guides on
Gemini 4 Argon and on thinking, read 2026-11-21. Shortest cached prompts: Google, "Context caching", the same day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["generate", "embed"]


@dataclass(frozen=True, slots=True)
class Model:
    """What one model takes and gives; limits and budgets are in tokens.

    It thinks by `levels`, or else by `budget` (least and most; 0 turns it off where `can_rest`). `alias_of` names the
    model behind an alias; what is only in `v1beta` is marked `preview`. An embedding model has `dimensions`.
    """

    name: str
    display_name: str
    input_limit: int = 1_048_576
    output_limit: int = 65_536
    kind: Kind = "generate"
    levels: tuple[str, ...] = ()
    default_level: str = "HIGH"
    budget: tuple[int, int] | None = None
    can_rest: bool = False
    rests_by_default: bool = False
    preview: bool = False
    unified_window: bool = False
    cache_minimum: int = 1024
    alias_of: str | None = None
    dimensions: int = 0

    @property
    def late(self) -> bool:
        """Whether it is of the third generation or later: levels, ids of calls, signatures that must come back."""
        return bool(self.levels)


_LOW_TO_HIGH = ("LOW", "MEDIUM", "HIGH")
_FROM_MINIMAL = ("MINIMAL", *_LOW_TO_HIGH)


def _flash(name: str, display_name: str, *, minimal: bool = True, preview: bool = False) -> Model:
    levels = _FROM_MINIMAL if minimal else _LOW_TO_HIGH
    return Model(name, display_name, levels=levels, default_level="MEDIUM", preview=preview)


def _alias(name: str, display_name: str, target: str, levels: tuple[str, ...]) -> Model:
    return Model(name, display_name, levels=levels, default_level="MEDIUM", preview=True, alias_of=target)


_ROWS = (
    Model(
        "gemini-4-argon",
        "Gemini 4 Argon",
        output_limit=1_048_576,
        levels=_LOW_TO_HIGH,
        default_level="MEDIUM",
        unified_window=True,
        cache_minimum=6144,
    ),
    _flash("gemini-3.8-flash", "Gemini 3.8 Flash", minimal=False),
    _flash("gemini-3.7-flash", "Gemini 3.7 Flash", minimal=False),
    _flash("gemini-3.6-flash", "Gemini 3.6 Flash"),
    _flash("gemini-3.5-flash", "Gemini 3.5 Flash"),
    _flash("gemini-3.5-flash-lite", "Gemini 3.5 Flash-Lite"),
    _flash("gemini-3.1-flash-lite", "Gemini 3.1 Flash-Lite"),
    Model("gemini-3.1-pro-preview", "Gemini 3.1 Pro Preview", levels=_LOW_TO_HIGH, preview=True, cache_minimum=4096),
    _flash("gemini-3-flash-preview", "Gemini 3 Flash Preview", preview=True),
    Model("gemini-2.5-pro", "Gemini 2.5 Pro", budget=(128, 32_768), cache_minimum=4096),
    Model("gemini-2.5-flash", "Gemini 2.5 Flash", budget=(1, 24_576), can_rest=True),
    Model("gemini-2.5-flash-lite", "Gemini 2.5 Flash-Lite", budget=(512, 24_576), can_rest=True, rests_by_default=True),
    _alias("gemini-flash-latest", "Gemini Flash Latest", "gemini-3.8-flash", _LOW_TO_HIGH),
    _alias("gemini-flash-lite-latest", "Gemini Flash-Lite Latest", "gemini-3.5-flash-lite", _FROM_MINIMAL),
    _alias("gemini-pro-latest", "Gemini Pro Latest", "gemini-3.1-pro-preview", _LOW_TO_HIGH),
    Model("gemini-embedding-001", "Gemini Embedding 001", 2048, 1, kind="embed", dimensions=3072),
    Model("gemini-embedding-2", "Gemini Embedding 2", 8192, 1, kind="embed", dimensions=3072),
)
MODELS: dict[str, Model] = {row.name: row for row in _ROWS}
VERTEX_EMBEDDINGS: dict[str, Model] = {
    name: Model(name, name, 2048, 1, kind="embed", dimensions=768)
    for name in ("text-embedding-004", "text-embedding-005", "text-multilingual-embedding-002")
}
