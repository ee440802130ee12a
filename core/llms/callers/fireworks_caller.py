"""Calls Fireworks AI's models."""

from __future__ import annotations

from typing import ClassVar

from core.llms.callers.base.caller import BaseCaller


class FireworksCaller(BaseCaller):
    """Calls one of Fireworks AI's models."""

    PROVIDER: ClassVar[str] = "fireworks"
