"""What Bedrock's models are asked beyond the facts that every model has."""

from __future__ import annotations

from typing import ClassVar

from core.llms.providers.base.metadata import BaseMetadata
from core.llms.wires.bedrock_converse import ConverseDialect


class BedrockMetadata(BaseMetadata):
    """Metadata with the model's part of the wire's dialect. A class of your own may do without it."""

    PROVIDER: ClassVar[str] = "bedrock"

    @classmethod
    def dialect(cls) -> ConverseDialect:
        """Return the model's way of Converse."""
        return ConverseDialect()
