"""The table of Perplexity's rooms: every name that a model goes by, and where its classes are."""

from __future__ import annotations

from core.llms.providers.base.rooms import Room


def _room(package: str, metadata: str) -> Room:
    return Room(f"core.llms.providers.perplexity.models.{package}", metadata)


ROOMS = {
    "perplexity/sonar": _room("agent_sonar", "AgentSonarMetadata"),
    "sonar": _room("sonar", "SonarMetadata"),
    "sonar-pro": _room("sonar_pro", "SonarProMetadata"),
    "sonar-reasoning-pro": _room("sonar_reasoning_pro", "SonarReasoningProMetadata"),
    "sonar-deep-research": _room("sonar_deep_research", "SonarDeepResearchMetadata"),
    "pplx-embed-v1-0.6b": _room("embed_v1_06b", "EmbedV106BMetadata"),
    "pplx-embed-v1-4b": _room("embed_v1_4b", "EmbedV14BMetadata"),
}
