"""Calls Anthropic's models."""

from __future__ import annotations

from typing import ClassVar

from core.llms.callers.base.caller import BaseCaller


class AnthropicCaller(BaseCaller):
    """Calls one of Anthropic's models."""

    PROVIDER: ClassVar[str] = "anthropic"
