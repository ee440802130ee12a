"""Calls NVIDIA's models."""

from __future__ import annotations

from typing import ClassVar

from core.llms.callers.base.caller import BaseCaller


class NvidiaCaller(BaseCaller):
    """Calls one of NVIDIA's models."""

    PROVIDER: ClassVar[str] = "nvidia"
