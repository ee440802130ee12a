"""Calls Cerebras's models."""

from __future__ import annotations

from typing import ClassVar

from core.llms.callers.base.caller import BaseCaller


class CerebrasCaller(BaseCaller):
    """Calls one of Cerebras's models."""

    PROVIDER: ClassVar[str] = "cerebras"
