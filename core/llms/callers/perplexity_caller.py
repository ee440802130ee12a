"""Calls Perplexity's models."""

from __future__ import annotations

from typing import ClassVar

from core.llms.callers.base.caller import BaseCaller


class PerplexityCaller(BaseCaller):
    """Calls one of Perplexity's models."""

    PROVIDER: ClassVar[str] = "perplexity"
