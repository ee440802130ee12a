"""Kimi K3."""

from core.llms.providers.openrouter.models.kimi_k3.metadata import KimiK3Metadata

__all__ = ["KimiK3Metadata"]
