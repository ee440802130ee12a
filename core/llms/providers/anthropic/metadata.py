"""What Anthropic's models are asked beyond the facts that every model has."""

from __future__ import annotations

from typing import ClassVar

from core.llms.providers.base.metadata import BaseMetadata
from core.llms.wires.anthropic_messages.dialect import ThinkingStyle


class AnthropicMetadata(BaseMetadata):
    """Metadata with the model's part of the wire's dialect (see `MessagesDialect`); a class without it has these.

    `SAMPLING` and `SUPPORTED_PARAMS` say what the model takes in some API version; the LLM leaves out what its own
    version does not have.
    """

    PROVIDER: ClassVar[str] = "anthropic"
    THINKING: ClassVar[ThinkingStyle] = ThinkingStyle()
    FORCED_TOOL_USE: ClassVar[bool] = True
    SYSTEM_IN_MESSAGES: ClassVar[bool] = False
