"""Calls IBM watsonx.ai's models."""

from __future__ import annotations

from typing import ClassVar

from core.llms.callers.base.caller import BaseCaller


class WatsonxCaller(BaseCaller):
    """Calls one of IBM watsonx.ai's models."""

    PROVIDER: ClassVar[str] = "watsonx"
