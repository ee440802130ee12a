"""The one request that goes through the pipeline, whatever the vendor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.llms.types.messages import Message
from core.llms.types.quick_init import quick_init
from core.llms.types.tools import ResponseFormat, ServerTool, Tool, ToolChoice


@quick_init
@dataclass(frozen=True, slots=True)
class LLMRequest:
    """A checked request. `model` is what goes on the wire, `params` has neutral names and only what was set.

    `provider_options` are merged into the body untouched. `warnings` say what was changed or left out, and why.
    """

    model: str
    messages: tuple[Message, ...]
    params: Mapping[str, Any] = field(default_factory=dict)
    tools: tuple[Tool | ServerTool, ...] = ()
    tool_choice: ToolChoice | None = None
    response_format: ResponseFormat | None = None
    provider_options: Mapping[str, Any] = field(default_factory=dict)
    stream: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EmbeddingRequest:
    """Texts to embed. `dimensions` shortens the vectors where the model can; `input_type` is for models that ask."""

    model: str
    texts: tuple[str, ...]
    dimensions: int | None = None
    input_type: str | None = None
    provider_options: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
