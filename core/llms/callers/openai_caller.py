"""Calls OpenAI's models."""

from __future__ import annotations

from typing import ClassVar

from core.llms.callers.base.caller import BaseCaller


class OpenAICaller(BaseCaller):
    """Calls one of OpenAI's models."""

    PROVIDER: ClassVar[str] = "openai"
