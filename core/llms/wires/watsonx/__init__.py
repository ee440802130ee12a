"""watsonx.ai's wire: `/ml/v1/text/chat`, its neighbours, and the exchange of a key for a token."""

from core.llms.wires.watsonx.errors import ERRORS
from core.llms.wires.watsonx.scope import WatsonxScope
from core.llms.wires.watsonx.wire import WatsonxWire

__all__ = ["ERRORS", "WatsonxScope", "WatsonxWire"]
