"""Codestral 2508."""

from core.llms.providers.mistral.models.codestral.metadata import CodestralMetadata

__all__ = ["CodestralMetadata"]
