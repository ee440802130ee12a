"""Azure OpenAI tells of each base model what it is for and until when. A call goes to a deployment, not to a model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from core.llms.providers.base.implementation import BaseLLM
from core.llms.providers.base.metadata import BaseMetadata
from core.llms.registry.detection.base.detector import CapabilityDetector
from core.llms.registry.detection.base.reading import day, flag, part, purpose
from core.llms.types.parameters import PARAM_MAX_TOKENS


class AzureDetector(CapabilityDetector):
    """Reads `capabilities` and `deprecation` of base models (Microsoft, "Models - List" 2024-10-21, read 2026-11-28).

    A probe goes to the deployment of the model's name, or to that of `deployment_name=`.
    """

    PROVIDER: ClassVar[str] = "azure"
    LISTS_WHAT_IS_CALLED: ClassVar[bool] = False

    def read_entry(self, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        able = entry.get("capabilities")
        chats = flag(part(able, "chat_completion"))
        return {
            **purpose(chats, flag(part(able, "embeddings"))),
            "retired": day(part(entry, "deprecation", "inference")),
            "is_deprecated": True if entry.get("lifecycle_status") in ("deprecating", "deprecated") else None,
        }

    def find_class(self, name: str) -> type[BaseMetadata] | None:
        # A model that the package does not know is newer than it, and takes the newer name of the limit.
        renamed = {"WIRE_NAMES": {PARAM_MAX_TOKENS: "max_completion_tokens"}}
        names = {"NAME": f"azure-{name}", "MODEL_ID": name, "PROVIDER": self.provider}
        return super().find_class(name) or type("UnlistedMetadata", (BaseMetadata,), names | renamed)

    def create_llm(self, model: str, **options: Any) -> BaseLLM:
        return super().create_llm(model, **{"deployment_name": model, **self.options, **options})
