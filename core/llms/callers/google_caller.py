"""Calls Google's models."""

from __future__ import annotations

from typing import ClassVar

from core.llms.callers.base.caller import BaseCaller


class GoogleCaller(BaseCaller):
    """Calls one of Google's models."""

    PROVIDER: ClassVar[str] = "google"
