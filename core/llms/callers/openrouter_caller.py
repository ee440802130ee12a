"""Calls OpenRouter's models."""

from __future__ import annotations

from typing import ClassVar

from core.llms.callers.base.caller import BaseCaller


class OpenRouterCaller(BaseCaller):
    """Calls one of OpenRouter's models."""

    PROVIDER: ClassVar[str] = "openrouter"
