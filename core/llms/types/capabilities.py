"""What a model may be able to do, and what may go into it and come out of it."""

from __future__ import annotations

from enum import StrEnum


class Capability(StrEnum):
    """What a model may be able to do."""

    VISION = "vision"
    FILES = "files"
    AUDIO_INPUT = "audio_input"
    AUDIO_OUTPUT = "audio_output"
    TOOLS = "tools"
    PARALLEL_TOOLS = "parallel_tools"
    STRUCTURED_OUTPUT = "structured_output"
    JSON_MODE = "json_mode"
    REASONING = "reasoning"
    STREAMING = "streaming"
    SYSTEM_MESSAGES = "system_messages"
    PROMPT_CACHING = "prompt_caching"
    EMBEDDINGS = "embeddings"
