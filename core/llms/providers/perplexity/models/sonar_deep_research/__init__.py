"""Sonar Deep Research."""

from core.llms.providers.perplexity.models.sonar_deep_research.metadata import SonarDeepResearchMetadata

__all__ = ["SonarDeepResearchMetadata"]
