"""Handlers: any model by its alias. `core.llms.handlers.base_handler` has both."""

from core.llms.handlers.base_handler import AsyncModelHandler, ModelHandler
from core.llms.handlers.options import HandlerOptions

__all__ = ["AsyncModelHandler", "HandlerOptions", "ModelHandler"]
