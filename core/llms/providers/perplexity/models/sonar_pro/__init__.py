"""Sonar Pro."""

from core.llms.providers.perplexity.models.sonar_pro.metadata import SonarProMetadata

__all__ = ["SonarProMetadata"]
