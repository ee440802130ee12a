"""Sonar (Agent API)."""

from core.llms.providers.perplexity.models.agent_sonar.metadata import AgentSonarMetadata

__all__ = ["AgentSonarMetadata"]
