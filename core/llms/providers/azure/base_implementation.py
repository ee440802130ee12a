"""What all Azure OpenAI models share: OpenAI's wires, with the older name of the output limit on chat."""

from __future__ import annotations

from typing import Any, ClassVar

from core.llms.providers.azure.entra import APPLICATION
from core.llms.providers.base.api_versions import ApiVersions
from core.llms.providers.base.credential_forms import CredentialForm
from core.llms.providers.base.credentials import from_environment
from core.llms.providers.base.metadata import Capability
from core.llms.providers.base.openai_family import OpenAIFamilyLLM
from core.llms.types import parameters as names
from core.llms.wires.openai_chat import ChatDialect
from core.llms.wires.openai_responses import ResponsesDialect


class AzureBaseLLM(OpenAIFamilyLLM):
    """Works for most Azure models. `model` is the deployment's name: given, or AZURE_OPENAI_DEPLOYMENT, or the model's.

    Chat completions take `max_tokens` here, since older deployments and dated API versions know no other; models that
    reason refuse it, and are sent `max_completion_tokens`.
    """

    PROVIDER: ClassVar[str] = "azure"
    DISPLAY_NAME: ClassVar[str] = "Azure OpenAI"
    TELEMETRY_NAME: ClassVar[str] = "azure.ai.openai"
    # The v1 route is without a date; before it, a version was a date (Microsoft's "API version lifecycle", read
    # 2026-11-21).
    API_VERSIONS: ClassVar[ApiVersions | None] = ApiVersions(
        ("v1", "latest", "preview", "2024-10-21"), form=r"\d{4}-\d{2}-\d{2}(-preview)?"
    )
    CREDENTIAL_FORMS: ClassVar[tuple[CredentialForm, ...]] = (CredentialForm(("api_key",)), APPLICATION)
    CHAT_DIALECT: ClassVar[ChatDialect] = ChatDialect(max_tokens_field="max_tokens")
    RESPONSES_DIALECT: ClassVar[ResponsesDialect | None] = ResponsesDialect()

    def _transform_parameters(self, params: dict[str, Any]) -> dict[str, Any]:
        renamed = super()._transform_parameters(params)
        reasons = self.metadata.REASONING_EFFORTS or self.metadata.supports(Capability.REASONING)
        if reasons and names.PARAM_MAX_TOKENS in renamed:
            # Every model that reasons refuses the older name, those of the catalogue alone among them.
            renamed = {**renamed, "max_completion_tokens": renamed[names.PARAM_MAX_TOKENS]}
            del renamed[names.PARAM_MAX_TOKENS]
        return renamed

    def _default_model(self) -> str:
        return from_environment("AZURE_OPENAI_DEPLOYMENT") or self.metadata.MODEL_ID
