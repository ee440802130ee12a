"""What a call asks of the cache, and what an answer out of the cache says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import inf
from typing import Literal, TypeAlias, get_args

from core.llms.types.quick_init import quick_init

CacheMode: TypeAlias = Literal["use", "bypass", "refresh", "only"]


@dataclass(frozen=True, slots=True)
class CacheControl:
    """How the calls of a context use the cache, where there is one.

    `use` is what happens anyway. `bypass` neither looks nor keeps; `refresh` does not look, and keeps the new answer;
    `only` sends nothing, and raises `CacheMissError` where no cache has an answer. `ttl_seconds` replaces the cache's
    own for what these calls keep.
    """

    mode: CacheMode = "use"
    ttl_seconds: float | None = None

    def __post_init__(self) -> None:
        if self.mode not in get_args(CacheMode):
            raise ValueError(f"`mode` must be one of {', '.join(get_args(CacheMode))}, not {self.mode!r}")
        if self.ttl_seconds is not None and not 0 < self.ttl_seconds < inf:
            raise ValueError(f"`ttl_seconds` must be a positive number, not {self.ttl_seconds!r}")


@quick_init
@dataclass(frozen=True, slots=True)
class CacheHit:
    """Where an answer came from that no vendor was asked for.

    `cost_saved` is what it cost in USD when it was made, None where that is not known. `similarity` is the cosine of
    the two questions where a `SemanticCache` found it; an equal request has none. `key` is the entry's in the store.
    """

    key: str
    cost_saved: Decimal | None
    age_seconds: float
    similarity: float | None = None
