"""HTTP to Google: the Gemini API with a key, or Vertex AI with Google Cloud's credentials or a key."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, ClassVar, Final

from core.llms.providers.base.connector import BaseConnector
from core.llms.providers.base.credentials import from_environment, settings_from
from core.llms.providers.google.account import (
    BASE_URL_VARIABLES,
    GEMINI_URL,
    KEY_VARIABLES,
    GoogleConfig,
    resolve_account,
)

__all__ = ["GoogleConfig", "GoogleConnector"]

# google-genai 3.4: the aliases exist on v1beta alone. Previews are not promised on v1.
_UNSTABLE: Final = ("preview", "-latest", "-exp")


class GoogleConnector(BaseConnector):
    """Serves every model of one host, project and location.

    Takes a `GoogleConfig`, a mapping of its fields, or nothing. Paths begin with the
    API version, as in `connector.request("POST", "/v1/models/gemini-3.8-flash:countTokens", data)`.
    """

    PROVIDER: ClassVar[str] = "google"
    BASE_URL: ClassVar[str] = GEMINI_URL
    KEY_VARIABLES: ClassVar[tuple[str, ...]] = KEY_VARIABLES
    BASE_URL_VARIABLES: ClassVar[tuple[str, ...]] = BASE_URL_VARIABLES

    def __init__(self, config: GoogleConfig | Mapping[str, Any] | None = None) -> None:
        self.config: GoogleConfig = settings_from(GoogleConfig, config or {})
        account = resolve_account(self.config)
        self.vertex: bool = account.vertex
        self.project: str | None = account.project
        self.location: str | None = account.location
        self._api_version = self.config.api_version or from_environment("GOOGLE_GENAI_API_VERSION")
        super().__init__(
            base_url=account.base_url,
            auth=account.auth,
            transport=self.config.transport,
            timeouts=self.config.timeouts,
        )

    @property
    def identity(self) -> Hashable:
        """The same, with host, project, location and API version."""
        return super().identity, self.vertex, self.project, self.location, self._api_version

    @property
    def scope(self) -> str:
        """What stands before a model in a path: project and location, or nothing."""
        return "" if self.project is None else f"projects/{self.project}/locations/{self.location}/"

    def version_for(self, model: str) -> str:
        """Return the API version for a model: the one that was set, else the host's own."""
        beta = "v1beta1" if self.vertex else "v1beta"
        if self._api_version is not None:
            return beta if self._api_version == "beta" else self._api_version
        return beta if self.vertex or any(mark in model for mark in _UNSTABLE) else "v1"
