"""Calls Azure OpenAI's models."""

from __future__ import annotations

from typing import ClassVar

from core.llms.callers.base.caller import BaseCaller


class AzureCaller(BaseCaller):
    """Calls one of Azure OpenAI's models."""

    PROVIDER: ClassVar[str] = "azure"
