"""Calls xAI's models."""

from __future__ import annotations

from typing import ClassVar

from core.llms.callers.base.caller import BaseCaller


class XaiCaller(BaseCaller):
    """Calls one of xAI's models."""

    PROVIDER: ClassVar[str] = "xai"
