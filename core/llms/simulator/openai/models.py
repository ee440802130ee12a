"""The models the simulated OpenAI knows, as data.

Limits and reasoning efforts: models.dev snapshot of 2026-09-30 (gpt-6.1-terra: litellm 1.109.1, 2026-11-12).
Default efforts and sampling: openai 3.52.0 types and pydantic-ai 2.68.0 profiles, read 2026-11-21.
Snapshot names: recorded responses, 2025-05 to 2026-08. Image rules: the source named in `runtime.tokens.images`; models
that it does not name (pro models, gpt-4-turbo, and those after gpt-6-astra) take the rule of their nearest relative.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from core.llms.simulator.openai import image_tokens as rules

Kind: TypeAlias = Literal["chat", "embedding"]


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
    images: rules.ImageRule | None = None
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


def _early(name: str, snapshot: str, created: int, window: int, output: int) -> Model:
    return Model(name, snapshot, created, window, output, encoding="cl100k_base", json_schema=False)


def _gpt_4(name: str, snapshot: str, created: int, images: rules.ImageRule, window: int = 128_000) -> Model:
    return Model(name, snapshot, created, window, 16_384 if window == 128_000 else 32_768, images=images)


def _o_series(name: str, snapshot: str, created: int, images: rules.ImageRule | None) -> Model:
    return Model(
        name, snapshot, created, 200_000, 100_000, efforts=_LOW_TO_HIGH, default_effort="medium", images=images
    )


def _gpt_5(
    name: str,
    snapshot: str,
    created: int,
    efforts: tuple[str, ...],
    default_effort: str,
    images: rules.ImageRule = rules.GPT_5_TILES,
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
    name: str,
    snapshot: str,
    created: int,
    images: rules.ImageRule,
    efforts: tuple[str, ...] = _GPT_5_6,
    default_effort: str = "medium",
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
        images=images,
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
    replace(_early("gpt-4-turbo", "gpt-4-turbo-2024-04-09", 1712361441, 128_000, 4_096), images=rules.GPT_4_TILES),
    _gpt_4("gpt-4o", "gpt-4o-2024-08-06", 1715367049, rules.GPT_4_TILES),
    replace(
        _gpt_4("gpt-4o-2024-05-13", "gpt-4o-2024-05-13", 1715368132, rules.GPT_4_TILES),
        max_output=4_096,
        json_schema=False,
    ),
    _gpt_4("gpt-4o-2024-11-20", "gpt-4o-2024-11-20", 1739331543, rules.GPT_4_TILES),
    _gpt_4("gpt-4o-mini", "gpt-4o-mini-2024-07-18", 1721172741, rules.GPT_4O_MINI_TILES),
    replace(
        _gpt_4("gpt-4o-search-preview", "gpt-4o-search-preview-2025-03-11", 1741388720, rules.GPT_4_TILES),
        web_search_chat=True,
        images=None,
    ),
    replace(
        _gpt_4("gpt-4o-mini-search-preview", "gpt-4o-mini-search-preview-2025-03-11", 1741391161, rules.GPT_4_TILES),
        web_search_chat=True,
        images=None,
    ),
    replace(
        _gpt_4("gpt-4o-audio-preview", "gpt-4o-audio-preview-2025-06-03", 1727460443, rules.GPT_4_TILES),
        audio=True,
        images=None,
        json_schema=False,
    ),
    replace(
        _gpt_4("gpt-audio", "gpt-audio-2025-08-28", 1756339249, rules.GPT_4_TILES),
        audio=True,
        images=None,
        json_schema=False,
    ),
    _gpt_4("gpt-4.1", "gpt-4.1-2025-04-14", 1744316542, rules.GPT_4_TILES, 1_047_576),
    _gpt_4("gpt-4.1-mini", "gpt-4.1-mini-2025-04-14", 1744318173, rules.GPT_4_1_MINI_PATCHES, 1_047_576),
    _gpt_4("gpt-4.1-nano", "gpt-4.1-nano-2025-04-14", 1744321707, rules.GPT_4_1_NANO_PATCHES, 1_047_576),
    _o_series("o1", "o1-2024-12-17", 1734375816, rules.O_TILES),
    _o_series("o1-pro", "o1-pro-2025-03-19", 1742251504, rules.O_TILES),
    _o_series("o3", "o3-2025-04-16", 1744225308, rules.O_TILES),
    _o_series("o3-mini", "o3-mini-2025-01-31", 1737146383, None),
    _o_series("o3-pro", "o3-pro-2025-06-10", 1748475349, rules.O_TILES),
    _o_series("o4-mini", "o4-mini-2025-04-16", 1744225351, rules.O4_MINI_PATCHES),
    _gpt_5("gpt-5", "gpt-5-2025-08-07", 1754425777, _GPT_5, "medium"),
    _gpt_5("gpt-5-mini", "gpt-5-mini-2025-08-07", 1754425928, _GPT_5, "medium", rules.GPT_5_MINI_PATCHES),
    _gpt_5("gpt-5-nano", "gpt-5-nano-2025-08-07", 1754426384, _GPT_5, "medium", rules.GPT_5_NANO_PATCHES),
    replace(_gpt_5("gpt-5-pro", "gpt-5-pro-2025-10-06", 1759469822, ("high",), "high"), max_output=272_000),
    _gpt_5("gpt-5.1", "gpt-5.1-2025-11-13", 1762800673, _GPT_5_1, "none"),
    _gpt_5("gpt-5.2", "gpt-5.2-2025-12-11", 1765313051, _GPT_5_2, "none", rules.GPT_5_2_PATCHES),
    _gpt_5("gpt-5.2-pro", "gpt-5.2-pro-2025-12-11", 1765343983, _PRO, "medium", rules.GPT_5_2_PATCHES),
    _gpt_5("gpt-5.4-mini", "gpt-5.4-mini-2026-03-17", 1773451123, _GPT_5_2, "none", rules.GPT_5_4_PATCHES),
    _gpt_5("gpt-5.4-nano", "gpt-5.4-nano-2026-03-17", 1773451253, _GPT_5_2, "none", rules.GPT_5_4_PATCHES),
    _large("gpt-5.4", "gpt-5.4-2026-03-05", 1772654062, rules.GPT_5_4_PATCHES, _GPT_5_2, "none"),
    _large("gpt-5.4-pro", "gpt-5.4-pro-2026-03-05", 1772659657, rules.GPT_5_4_PATCHES, _PRO),
    _large("gpt-5.5", "gpt-5.5-2026-04-23", 1776876691, rules.GPT_5_5_PATCHES, _GPT_5_2),
    _large("gpt-5.5-pro", "gpt-5.5-pro-2026-04-23", 1776898441, rules.GPT_5_5_PATCHES, _PRO),
    _large("gpt-5.6", "gpt-5.6-sol", 1783555200, rules.GPT_5_6_PATCHES),
    _large("gpt-5.6-sol", "gpt-5.6-sol", 1783555200, rules.GPT_5_6_PATCHES),
    _large("gpt-5.6-terra", "gpt-5.6-terra", 1783555200, rules.GPT_5_6_PATCHES),
    _large("gpt-5.6-luna", "gpt-5.6-luna", 1783555200, rules.GPT_5_6_PATCHES),
    _large("gpt-6-astra", "gpt-6-astra", 1788480000, rules.GPT_6_PATCHES, _ALWAYS_ON),
    _large("gpt-6-sol", "gpt-6-sol", 1790035200, rules.GPT_6_PATCHES),
    _large("gpt-6-luna", "gpt-6-luna", 1790035200, rules.GPT_6_PATCHES),
    _large("gpt-6.1-sol", "gpt-6.1-sol", 1790640000, rules.GPT_6_PATCHES, _ALWAYS_ON),
    _large("gpt-6.1-terra", "gpt-6.1-terra", 1790640000, rules.GPT_6_PATCHES),
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
