"""Callers: what a configuration names to call its model. Each provider's is a module of its own, `<provider>_caller`.

A caller is an LLM with a configuration's parameters, its system message, and blocking methods beside the others.
"""

from core.llms.callers.base.blocking_stream import BlockingAnswerStream
from core.llms.callers.base.caller import BaseCaller
from core.llms.callers.base.finding import find_caller
from core.llms.callers.base.params import CallerParams, CallOptions

__all__ = ["BaseCaller", "BlockingAnswerStream", "CallOptions", "CallerParams", "find_caller"]
