"""Sonar."""

from core.llms.providers.perplexity.models.sonar.metadata import SonarMetadata

__all__ = ["SonarMetadata"]
