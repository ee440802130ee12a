"""watsonx.ai's wire: `/ml/v1/text/chat`, the older `…/generation`, their neighbours, and the exchange of keys."""

from core.llms.wires.watsonx.errors import ERRORS
from core.llms.wires.watsonx.scope import WatsonxScope
from core.llms.wires.watsonx.wire import WatsonxGenerationWire, WatsonxWire

__all__ = ["ERRORS", "WatsonxGenerationWire", "WatsonxScope", "WatsonxWire"]
