"""Calls Together AI's models."""

from __future__ import annotations

from typing import ClassVar

from core.llms.callers.base.caller import BaseCaller


class TogetherCaller(BaseCaller):
    """Calls one of Together AI's models."""

    PROVIDER: ClassVar[str] = "together"
