"""The simulated vendors that speak OpenAI's chat wire with a dialect: one file of data each, one room for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.llms.simulator.compatible import groq, mistral
from core.llms.simulator.compatible.room import CompatibleVendor

if TYPE_CHECKING:
    from core.llms.simulator.rate_limits import RateLimits

DIALECTS = (groq.DIALECT, mistral.DIALECT)

__all__ = ["DIALECTS", "CompatibleVendor", "create_rooms"]


def create_rooms(keys: frozenset[str] | None, rate_limits: RateLimits) -> tuple[CompatibleVendor, ...]:
    """Make a room for every dialect."""
    return tuple(CompatibleVendor(dialect, keys, rate_limits) for dialect in DIALECTS)
