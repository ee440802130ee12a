"""Calls DeepSeek's models."""

from __future__ import annotations

from typing import ClassVar

from core.llms.callers.base.caller import BaseCaller


class DeepSeekCaller(BaseCaller):
    """Calls one of DeepSeek's models."""

    PROVIDER: ClassVar[str] = "deepseek"
