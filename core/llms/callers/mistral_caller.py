"""Calls Mistral's models."""

from __future__ import annotations

from typing import ClassVar

from core.llms.callers.base.caller import BaseCaller


class MistralCaller(BaseCaller):
    """Calls one of Mistral's models."""

    PROVIDER: ClassVar[str] = "mistral"
