"""What prompts and answers cost in tokens.

IBM ships no tokenizer that works offline: text is counted with `o200k_base`, which is near and not exact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic_core import to_json

from core.llms.simulator.conversation import Image, Text
from core.llms.simulator.tokens import load_tokenizer

if TYPE_CHECKING:
    from core.llms.simulator.conversation import Conversation, Turn
    from core.llms.simulator.tokens import Tokenizer

_TURN_TOKENS = 4
_CALL_TOKENS = 8
_IMAGE_TOKENS = 576


def load() -> Tokenizer:
    """The tokenizer that stands for those of all models."""
    return load_tokenizer("o200k_base")


def prompt_tokens(conversation: Conversation) -> int:
    """The tokens of all turns and of the tools on offer."""
    tools = sum(
        load().count(to_json([tool.name, tool.description, dict(tool.parameters)]).decode())
        for tool in conversation.tools
    )
    return tools + sum(_turn_tokens(turn) for turn in conversation.turns)


def call_tokens(name: str, arguments: str) -> int:
    """What a call of a tool costs, in prompts and in answers."""
    return load().count(name) + load().count(arguments) + _CALL_TOKENS


def _turn_tokens(turn: Turn) -> int:
    spoken = sum(load().count(part.text) for part in turn.parts if isinstance(part, Text))
    seen = _IMAGE_TOKENS * sum(isinstance(part, Image) for part in turn.parts)
    return _TURN_TOKENS + spoken + seen + sum(call_tokens(call.name, call.arguments) for call in turn.tool_calls)
