"""Calls Cohere's models."""

from __future__ import annotations

from typing import ClassVar

from core.llms.callers.base.caller import BaseCaller


class CohereCaller(BaseCaller):
    """Calls one of Cohere's models."""

    PROVIDER: ClassVar[str] = "cohere"
