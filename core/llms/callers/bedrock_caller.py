"""Calls Amazon Bedrock's models."""

from __future__ import annotations

from typing import ClassVar

from core.llms.callers.base.caller import BaseCaller


class BedrockCaller(BaseCaller):
    """Calls one of Amazon Bedrock's models."""

    PROVIDER: ClassVar[str] = "bedrock"
