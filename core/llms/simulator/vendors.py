"""Which vendors the simulator speaks for: one room each, asked in this order. What they say is in the rooms."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.llms.simulator.access_tokens import AccessTokens
    from core.llms.simulator.exchange import Vendor
    from core.llms.simulator.rate_limits import RateLimits


def create_vendors(
    keys: frozenset[str] | None,
    deployments: Mapping[str, str] | None,
    rate_limits: RateLimits,
    access_tokens: AccessTokens,
) -> tuple[Vendor, ...]:
    """Make every room.

    `keys` are the accepted keys, `deployments` those of Azure; None accepts what is plausible.
    """
    from core.llms.simulator.anthropic import AnthropicVendor
    from core.llms.simulator.azure import AzureVendor
    from core.llms.simulator.bedrock import BedrockVendor
    from core.llms.simulator.cohere import CohereVendor
    from core.llms.simulator.compatible import create_rooms
    from core.llms.simulator.google import GeminiVendor, VertexVendor
    from core.llms.simulator.ollama import OllamaVendor
    from core.llms.simulator.openai import OpenAIVendor
    from core.llms.simulator.watsonx import WatsonxVendor

    return (
        AzureVendor(keys, deployments, rate_limits),
        OpenAIVendor(keys, rate_limits),
        AnthropicVendor(keys, rate_limits),
        GeminiVendor(keys, rate_limits),
        VertexVendor(keys, rate_limits),
        BedrockVendor(keys, rate_limits),
        *create_rooms(keys, rate_limits),
        OllamaVendor(rate_limits),
        WatsonxVendor(keys, rate_limits, access_tokens),
        CohereVendor(keys, rate_limits),
    )
