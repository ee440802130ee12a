"""Ollama tells of each pulled model what it can do and its context, model by model (`/api/show`)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from core.llms.context import LLMContext
from core.llms.providers.base.implementation import BaseLLM
from core.llms.providers.ollama import OllamaBaseLLM
from core.llms.registry.detection.base.detector import CapabilityDetector
from core.llms.registry.detection.base.reading import count, has, part, purpose, stated, words
from core.llms.registry.detection.base.results import ListedModel
from core.llms.registry.detection.base.waiting import gather_or_cancel

_AT_ONCE: Final = 4


class OllamaDetector(CapabilityDetector):
    """Reads `capabilities` and `model_info` (ollama 0.6, `ShowResponse`, read 2026-11-28).

    What is not among the capabilities the server itself refuses. An older server tells none: then nothing is known.
    """

    PROVIDER: ClassVar[str] = "ollama"

    def read_entry(self, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        able = words(entry.get("capabilities"))
        family = part(entry, "model_info", "general.architecture")
        return {
            "supports_tools": has(able, "tools"),
            "supports_vision": has(able, "vision"),
            "supports_reasoning": has(able, "thinking"),
            **purpose(has(able, "completion"), has(able, "embedding")),
            "context_window": count(part(entry, "model_info", f"{family}.context_length")),
            "embedding_dimensions": (
                count(part(entry, "model_info", f"{family}.embedding_length")) if has(able, "embedding") else None
            ),
        }

    def names_of(self, model: str) -> frozenset[str]:
        # A tag that is left out is this one.
        return frozenset({model, model.removesuffix(":latest")})

    async def read_list(self, llm: BaseLLM, context: LLMContext) -> list[ListedModel]:
        assert isinstance(llm, OllamaBaseLLM)
        gate = asyncio.Semaphore(_AT_ONCE)

        async def read(model: str) -> ListedModel:
            async with gate:
                return ListedModel(model, stated(self.read_entry(await llm.show_model(model, context))))

        return await gather_or_cancel(read(each.id) for each in await llm.list_models(context))
