"""Amazon Bedrock's control plane tells modalities, streaming and life of each model, and its inference profiles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from core.llms.context import LLMContext
from core.llms.providers.base.implementation import BaseLLM
from core.llms.registry.detection.base.detector import CapabilityDetector
from core.llms.registry.detection.base.reading import day, flag, has, part, stated, text, words
from core.llms.registry.detection.base.results import ListedModel


class BedrockDetector(CapabilityDetector):
    """Reads `inputModalities`, `outputModalities`, `modelLifecycle` (botocore 1.44, bedrock 2023-04-20).

    An inference profile has the facts of the model that it leads to. One that is only called by profiles is left out.
    """

    PROVIDER: ClassVar[str] = "bedrock"

    def read_entry(self, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        into, out = words(entry.get("inputModalities")), words(entry.get("outputModalities"))
        life = entry.get("modelLifecycle")
        streams = flag(entry.get("responseStreamingSupported"))
        return {
            "display_name": text(entry.get("modelName")),
            "retired": day(part(life, "endOfLifeTime")),
            "is_deprecated": True if part(life, "status") == "LEGACY" else None,
            "supports_vision": has(into, "image"),
            "supports_audio_input": has(into, "speech", "audio"),
            "supports_embeddings": has(out, "embedding"),
            "supports_streaming": False if has(out, "text") is False else streams,
        }

    async def read_list(self, llm: BaseLLM, context: LLMContext) -> list[ListedModel]:
        listed = await llm.list_models(context)
        models = {each.id: each.raw for each in listed if "modelId" in each.raw}
        found = [
            ListedModel(id, stated(self.read_entry(entry)))
            for id, entry in models.items()
            if has(words(entry.get("inferenceTypesSupported")), "on_demand", "provisioned") is not False
        ]
        for each in listed:
            if each.id not in models:
                entry = models.get(_target(each.raw), {})
                found.append(ListedModel(each.id, stated(self.read_entry(entry))))
        return found


def _target(profile: Mapping[str, Any]) -> str:
    """Return the model that a profile leads to."""
    models = profile.get("models")
    arn = part(models[0], "modelArn") if isinstance(models, list) and models else None
    return str(arn).rpartition("foundation-model/")[2]
