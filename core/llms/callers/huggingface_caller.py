"""Calls Hugging Face's models."""

from __future__ import annotations

from typing import ClassVar

from core.llms.callers.base.caller import BaseCaller


class HuggingFaceCaller(BaseCaller):
    """Calls one of Hugging Face's models."""

    PROVIDER: ClassVar[str] = "huggingface"
