"""Sonar Reasoning Pro."""

from core.llms.providers.perplexity.models.sonar_reasoning_pro.metadata import SonarReasoningProMetadata

__all__ = ["SonarReasoningProMetadata"]
