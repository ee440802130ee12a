"""The models the simulated OpenAI knows, as data.

Limits and reasoning efforts: models.dev snapshot of 2026-09-30 (gpt-6.1-terra: litellm 1.109.1, 2026-11-12).
Default efforts and sampling: openai 3.52.0 types and pydantic-ai 2.68.0 profiles, read 2026-11-21.
Snapshot names: recorded responses, 2025-05 to 2026-08. Image rules: OpenAI, "Images and vision" guide, read through
third-party counters on 2026-11-21; for models newer than gpt-5.2 they are not confirmed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["chat", "embedding"]


@dataclass(frozen=True, slots=True)
class TileRule:
    """Images cost `base` tokens and, unless detail is low, `tile` for each 512-pixel tile."""

    base: int
    tile: int


@dataclass(frozen=True, slots=True)
class PatchRule:
    """Images cost `multiplier` tokens for each 32-pixel patch, after shrinking to at most `most_patches`."""

    multiplier: float
    most_patches: int = 1536


@dataclass(frozen=True, slots=True)
class Model:
    """What one model takes and gives. Windows and limits are in tokens; `created` is a Unix time."""

    name: str
    snapshot: str
    created: int
    context_window: int
    max_output: int
    max_input: int | None = None
    kind: Kind = "chat"
    encoding: str = "o200k_base"
    efforts: tuple[str, ...] = ()
    default_effort: str | None = None
    images: TileRule | PatchRule | None = None
    audio: bool = False
    web_search_chat: bool = False
    json_object: bool = True
    json_schema: bool = True
    dimensions: int = 0
    shortens: bool = False

    @property
    def reasons(self) -> bool:
        """Whether it is a reasoning model."""
        return bool(self.efforts)

    @property
    def late(self) -> bool:
        """Whether it is of the families since gpt-5.6, which keep reasoning over turns and bill cache writes."""
        return self.name.startswith(("gpt-5.6", "gpt-6"))

    @property
    def marks_phases(self) -> bool:
        """Whether its messages say if they are commentary or the final answer (recorded on gpt-5.4 and later)."""
        return self.late or self.name.startswith(("gpt-5.4", "gpt-5.5"))

    @property
    def priming_tokens(self) -> int:
        """Tokens that begin the answer: 3 on older models, 2 measured on gpt-5 and later recordings."""
        return 2 if self.name.startswith(("gpt-5", "gpt-6")) else 3


_LOW_TO_HIGH = ("low", "medium", "high")
_GPT_5 = ("minimal", *_LOW_TO_HIGH)
_GPT_5_1 = ("none", *_LOW_TO_HIGH)
_GPT_5_2 = (*_GPT_5_1, "xhigh")
_GPT_5_6 = (*_GPT_5_2, "max")
_ALWAYS_ON = (*_LOW_TO_HIGH, "xhigh", "max")
_PRO = ("medium", "high", "xhigh")
_TILES = TileRule(85, 170)
_O_TILES = TileRule(75, 150)
_GPT_5_TILES = TileRule(70, 140)
_MINI_PATCHES = PatchRule(1.62)
_NANO_PATCHES = PatchRule(2.46)
_LARGE_PATCHES = PatchRule(1.0, 2500)


def _early(name: str, snapshot: str, created: int, window: int, output: int) -> Model:
    return Model(name, snapshot, created, window, output, encoding="cl100k_base", json_schema=False)


def _gpt_4(name: str, snapshot: str, created: int, images: TileRule | PatchRule, window: int = 128_000) -> Model:
    return Model(name, snapshot, created, window, 16_384 if window == 128_000 else 32_768, images=images)


def _o_series(name: str, snapshot: str, created: int, images: TileRule | PatchRule | None) -> Model:
    return Model(
        name, snapshot, created, 200_000, 100_000, efforts=_LOW_TO_HIGH, default_effort="medium", images=images
    )


def _gpt_5(
    name: str,
    snapshot: str,
    created: int,
    efforts: tuple[str, ...],
    default_effort: str,
    images: TileRule | PatchRule = _GPT_5_TILES,
) -> Model:
    return Model(
        name,
        snapshot,
        created,
        400_000,
        128_000,
        272_000,
        efforts=efforts,
        default_effort=default_effort,
        images=images,
    )


def _large(
    name: str, snapshot: str, created: int, efforts: tuple[str, ...] = _GPT_5_6, default_effort: str = "medium"
) -> Model:
    return Model(
        name,
        snapshot,
        created,
        1_050_000,
        128_000,
        922_000,
        efforts=efforts,
        default_effort=default_effort,
        images=_LARGE_PATCHES,
    )


def _embedding(name: str, snapshot: str, created: int, dimensions: int, shortens: bool) -> Model:
    return Model(
        name,
        snapshot,
        created,
        8_192,
        0,
        kind="embedding",
        encoding="cl100k_base",
        dimensions=dimensions,
        shortens=shortens,
    )


_ROWS = (
    _early("gpt-3.5-turbo", "gpt-3.5-turbo-0125", 1677610602, 16_385, 4_096),
    replace(_early("gpt-4", "gpt-4-0613", 1687882411, 8_192, 8_192), json_object=False),
    replace(_early("gpt-4-turbo", "gpt-4-turbo-2024-04-09", 1712361441, 128_000, 4_096), images=_TILES),
    _gpt_4("gpt-4o", "gpt-4o-2024-08-06", 1715367049, _TILES),
    replace(_gpt_4("gpt-4o-2024-05-13", "gpt-4o-2024-05-13", 1715368132, _TILES), max_output=4_096, json_schema=False),
    _gpt_4("gpt-4o-2024-11-20", "gpt-4o-2024-11-20", 1739331543, _TILES),
    _gpt_4("gpt-4o-mini", "gpt-4o-mini-2024-07-18", 1721172741, TileRule(2833, 5667)),
    replace(
        _gpt_4("gpt-4o-search-preview", "gpt-4o-search-preview-2025-03-11", 1741388720, _TILES),
        web_search_chat=True,
        images=None,
    ),
    replace(
        _gpt_4("gpt-4o-mini-search-preview", "gpt-4o-mini-search-preview-2025-03-11", 1741391161, _TILES),
        web_search_chat=True,
        images=None,
    ),
    replace(
        _gpt_4("gpt-4o-audio-preview", "gpt-4o-audio-preview-2025-06-03", 1727460443, _TILES),
        audio=True,
        images=None,
        json_schema=False,
    ),
    replace(
        _gpt_4("gpt-audio", "gpt-audio-2025-08-28", 1756339249, _TILES), audio=True, images=None, json_schema=False
    ),
    _gpt_4("gpt-4.1", "gpt-4.1-2025-04-14", 1744316542, _TILES, 1_047_576),
    _gpt_4("gpt-4.1-mini", "gpt-4.1-mini-2025-04-14", 1744318173, _MINI_PATCHES, 1_047_576),
    _gpt_4("gpt-4.1-nano", "gpt-4.1-nano-2025-04-14", 1744321707, _NANO_PATCHES, 1_047_576),
    _o_series("o1", "o1-2024-12-17", 1734375816, _O_TILES),
    _o_series("o1-pro", "o1-pro-2025-03-19", 1742251504, _O_TILES),
    _o_series("o3", "o3-2025-04-16", 1744225308, _O_TILES),
    _o_series("o3-mini", "o3-mini-2025-01-31", 1737146383, None),
    _o_series("o3-pro", "o3-pro-2025-06-10", 1748475349, _O_TILES),
    _o_series("o4-mini", "o4-mini-2025-04-16", 1744225351, PatchRule(1.72)),
    _gpt_5("gpt-5", "gpt-5-2025-08-07", 1754425777, _GPT_5, "medium"),
    _gpt_5("gpt-5-mini", "gpt-5-mini-2025-08-07", 1754425928, _GPT_5, "medium", _MINI_PATCHES),
    _gpt_5("gpt-5-nano", "gpt-5-nano-2025-08-07", 1754426384, _GPT_5, "medium", _NANO_PATCHES),
    replace(_gpt_5("gpt-5-pro", "gpt-5-pro-2025-10-06", 1759469822, ("high",), "high"), max_output=272_000),
    _gpt_5("gpt-5.1", "gpt-5.1-2025-11-13", 1762800673, _GPT_5_1, "none"),
    _gpt_5("gpt-5.2", "gpt-5.2-2025-12-11", 1765313051, _GPT_5_2, "none"),
    _gpt_5("gpt-5.2-pro", "gpt-5.2-pro-2025-12-11", 1765343983, _PRO, "medium"),
    _gpt_5("gpt-5.4-mini", "gpt-5.4-mini-2026-03-17", 1773451123, _GPT_5_2, "none", _MINI_PATCHES),
    _gpt_5("gpt-5.4-nano", "gpt-5.4-nano-2026-03-17", 1773451253, _GPT_5_2, "none", _NANO_PATCHES),
    _large("gpt-5.4", "gpt-5.4-2026-03-05", 1772654062, _GPT_5_2, "none"),
    _large("gpt-5.4-pro", "gpt-5.4-pro-2026-03-05", 1772659657, _PRO),
    _large("gpt-5.5", "gpt-5.5-2026-04-23", 1776876691, _GPT_5_2),
    _large("gpt-5.5-pro", "gpt-5.5-pro-2026-04-23", 1776898441, _PRO),
    _large("gpt-5.6", "gpt-5.6-sol", 1783555200),
    _large("gpt-5.6-sol", "gpt-5.6-sol", 1783555200),
    _large("gpt-5.6-terra", "gpt-5.6-terra", 1783555200),
    _large("gpt-5.6-luna", "gpt-5.6-luna", 1783555200),
    _large("gpt-6-astra", "gpt-6-astra", 1788480000, _ALWAYS_ON),
    _large("gpt-6-sol", "gpt-6-sol", 1790035200),
    _large("gpt-6-luna", "gpt-6-luna", 1790035200),
    _large("gpt-6.1-sol", "gpt-6.1-sol", 1790640000, _ALWAYS_ON),
    _large("gpt-6.1-terra", "gpt-6.1-terra", 1790640000),
    _embedding("text-embedding-ada-002", "text-embedding-ada-002-v2", 1671217299, 1536, False),
    _embedding("text-embedding-3-small", "text-embedding-3-small", 1705948997, 1536, True),
    _embedding("text-embedding-3-large", "text-embedding-3-large", 1705953180, 3072, True),
)
MODELS: dict[str, Model] = {row.name: row for row in _ROWS}
_BY_SNAPSHOT: dict[str, Model] = {row.snapshot: row for row in reversed(_ROWS)}
# Names the vendor answers for by saying that they are deprecated (recorded 2024; retired by 2025-09).
RETIRED = frozenset(
    {
        "gpt-3.5-turbo-0301",
        "gpt-3.5-turbo-0613",
        "gpt-4-0314",
        "gpt-4-32k",
        "gpt-4-vision-preview",
        "gpt-4.5-preview",
        "o1-mini",
        "o1-preview",
    }
)


def find_model(name: str) -> Model | None:
    """The model of a name or of a snapshot's name."""
    return MODELS.get(name) or _BY_SNAPSHOT.get(name)
