"""HTTP to OpenAI: its address, its key, its organisation and project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from core.llms.providers.base.auth import TokenProvider
from core.llms.providers.base.connector import BaseConnector
from core.llms.providers.base.credentials import find_address, from_environment, resolve_auth, settings_from
from core.llms.providers.base.transport import Timeouts, TransportOptions
from core.llms.types.secrets import HoldsSecrets, Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAIConfig(HoldsSecrets):
    """Settings of the connector; what is None comes from the environment.

    `api_key` (OPENAI_API_KEY) may be a function that gives a token. `base_url` (OPENAI_BASE_URL), `organization`
    (OPENAI_ORG_ID) and `project` (OPENAI_PROJECT_ID) are as in OpenAI's own SDK (openai 3.52, read 2026-11-21).
    """

    api_key: str | Secret | TokenProvider | None = field(default=None, repr=False)
    base_url: str | None = None
    organization: str | None = None
    project: str | None = None
    timeouts: Timeouts | None = None
    transport: TransportOptions | None = None


class OpenAIConnector(BaseConnector):
    """Serves every OpenAI model. Takes an `OpenAIConfig`, a mapping of its fields, or nothing."""

    PROVIDER: ClassVar[str] = "openai"
    BASE_URL: ClassVar[str] = "https://api.openai.com/v1"
    KEY_VARIABLES: ClassVar[tuple[str, ...]] = ("OPENAI_API_KEY",)
    BASE_URL_VARIABLES: ClassVar[tuple[str, ...]] = ("OPENAI_BASE_URL",)

    def __init__(self, config: OpenAIConfig | Mapping[str, Any] | None = None) -> None:
        self.config: OpenAIConfig = settings_from(OpenAIConfig, config or {})
        headers = {
            "OpenAI-Organization": self.config.organization or from_environment("OPENAI_ORG_ID"),
            "OpenAI-Project": self.config.project or from_environment("OPENAI_PROJECT_ID"),
        }
        super().__init__(
            base_url=self.config.base_url or find_address(self.PROVIDER, *self.BASE_URL_VARIABLES) or self.BASE_URL,
            auth=resolve_auth(self.config.api_key, *self.KEY_VARIABLES, provider=self.PROVIDER),
            transport=self.config.transport,
            timeouts=self.config.timeouts,
            headers={name: value for name, value in headers.items() if value is not None},
        )
