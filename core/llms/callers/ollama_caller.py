"""Calls Ollama's models."""

from __future__ import annotations

from typing import ClassVar

from core.llms.callers.base.caller import BaseCaller


class OllamaCaller(BaseCaller):
    """Calls one of Ollama's models."""

    PROVIDER: ClassVar[str] = "ollama"
