"""Calls Groq's models."""

from __future__ import annotations

from typing import ClassVar

from core.llms.callers.base.caller import BaseCaller


class GroqCaller(BaseCaller):
    """Calls one of Groq's models."""

    PROVIDER: ClassVar[str] = "groq"
