"""What a call consumed, in one meaning for every vendor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from core.llms.types.quick_init import quick_init


@quick_init
@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call.

    `input_tokens` is all of the prompt, cached tokens included; `output_tokens` all that was generated, reasoning
    included. The other counts are parts of these two. Vendors count differently: the wire settles it.
    `cache_write_1h_tokens` are those of `cache_write_tokens` that the vendor keeps for its longer time (Anthropic's
    hour, OpenAI's 12 hours). `estimated` is true where the vendor did not say (a stream that was aborted) and the
    figures are ours. `reported_cost` is what the vendor itself says that it charges, in USD; it goes before any price.
    `image_input_tokens` and `image_output_tokens` are those of images, as far as the vendor tells them apart. Where it
    tells which sound and images came from a cache, these count as cached alone, since they are billed so.
    `server_tool_requests` are calls of the vendor's billed tools; `other_tool_requests` those of them that do not cost
    what a search does: images cost the tokens of another model, code a container, a look into files a fee of its own.
    `raw` is None where the vendor reported nothing.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    cache_write_1h_tokens: int = 0
    reasoning_tokens: int = 0
    audio_input_tokens: int = 0
    audio_output_tokens: int = 0
    image_input_tokens: int = 0
    image_output_tokens: int = 0
    server_tool_requests: int = 0
    other_tool_requests: int = 0
    service_tier: str | None = None
    estimated: bool = False
    reported_cost: Decimal | None = None
    raw: Mapping[str, Any] | None = field(default=None, repr=False, compare=False)

    @property
    def total_tokens(self) -> int:
        """Input and output together."""
        return self.input_tokens + self.output_tokens

    def __add__(self, other: Usage) -> Usage:
        """Add two calls up; `raw`, a service tier that differs and a cost that one of them lacks are not carried."""
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cache_read_tokens + other.cache_read_tokens,
            self.cache_write_tokens + other.cache_write_tokens,
            self.cache_write_1h_tokens + other.cache_write_1h_tokens,
            self.reasoning_tokens + other.reasoning_tokens,
            self.audio_input_tokens + other.audio_input_tokens,
            self.audio_output_tokens + other.audio_output_tokens,
            self.image_input_tokens + other.image_input_tokens,
            self.image_output_tokens + other.image_output_tokens,
            self.server_tool_requests + other.server_tool_requests,
            self.other_tool_requests + other.other_tool_requests,
            self.service_tier if self.service_tier == other.service_tier else None,
            self.estimated or other.estimated,
            None
            if self.reported_cost is None or other.reported_cost is None
            else self.reported_cost + other.reported_cost,
        )
