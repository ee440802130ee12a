"""Models and types that several end-to-end tests use."""

from __future__ import annotations

from pydantic import BaseModel

from core.llms import Capability
from core.llms.providers.base.metadata import BaseMetadata
from core.llms.wires.openai_parameters import CHAT_PARAMS

MODEL = "gpt-4.1-mini"
REASONER = "gpt-5.4"
EMBEDDER = "text-embedding-3-small"
WIRES = ("chat", "responses")


class Person(BaseModel):
    name: str
    age: int
    city: str


class TextOnlyMetadata(BaseMetadata):
    """A model that calls tools, but sees nothing and knows no JSON schema."""

    NAME = "openai-text-only"
    MODEL_ID = "gpt-4"
    PROVIDER = "openai"
    MAX_TOKENS = 8_192
    SUPPORTED_PARAMS = CHAT_PARAMS
    CAPABILITIES = {Capability.VISION: False, Capability.STRUCTURED_OUTPUT: False, Capability.TOOLS: True}


class HearingMetadata(BaseMetadata):
    """A model that hears."""

    NAME = "openai-hears"
    MODEL_ID = "gpt-audio"
    PROVIDER = "openai"
    SUPPORTED_PARAMS = CHAT_PARAMS
    CAPABILITIES = {Capability.AUDIO_INPUT: True}


def get_weather(city: str) -> str:
    """Weather of a city."""
    return {"Paris": "18 degrees", "London": "rain"}.get(city, "unknown")
