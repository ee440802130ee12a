"""The simulated vendors that speak OpenAI's chat wire with a dialect: one file of data each, one room for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.llms.simulator.compatible import (
    cerebras,
    deepseek,
    fireworks,
    groq,
    huggingface,
    mistral,
    nvidia,
    openai_compatible,
    openrouter,
    perplexity,
    together,
    xai,
)
from core.llms.simulator.compatible.room import CompatibleVendor

if TYPE_CHECKING:
    from core.llms.simulator.rate_limits import RateLimits

DIALECTS = (
    cerebras.DIALECT,
    deepseek.DIALECT,
    fireworks.DIALECT,
    groq.DIALECT,
    huggingface.DIALECT,
    mistral.DIALECT,
    nvidia.DIALECT,
    openai_compatible.DIALECT,
    openrouter.DIALECT,
    perplexity.DIALECT,
    together.DIALECT,
    xai.DIALECT,
)

__all__ = ["DIALECTS", "CompatibleVendor", "create_rooms"]


def create_rooms(keys: frozenset[str] | None, rate_limits: RateLimits) -> tuple[CompatibleVendor, ...]:
    """Make a room for every dialect."""
    return tuple(CompatibleVendor(dialect, keys, rate_limits) for dialect in DIALECTS)
