"""The Messages wire: Anthropic's own API, and the clouds that serve its models in the same form."""

from core.llms.wires.anthropic_messages.dialect import (
    API_VERSION,
    API_VERSION_2023,
    MessagesDialect,
    ThinkingStyle,
    version_takes_sampling,
)
from core.llms.wires.anthropic_messages.rate_limits import RateLimit, parse_rate_limits
from core.llms.wires.anthropic_messages.wire import AnthropicMessagesWire

__all__ = [
    "API_VERSION",
    "API_VERSION_2023",
    "AnthropicMessagesWire",
    "MessagesDialect",
    "RateLimit",
    "ThinkingStyle",
    "parse_rate_limits",
    "version_takes_sampling",
]
