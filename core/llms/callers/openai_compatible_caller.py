"""Calls the models of any server that speaks OpenAI's chat completions."""

from __future__ import annotations

from typing import ClassVar

from core.llms.callers.base.caller import BaseCaller


class OpenAICompatibleCaller(BaseCaller):
    """Calls a model of any server that speaks OpenAI's chat completions."""

    PROVIDER: ClassVar[str] = "openai_compatible"
