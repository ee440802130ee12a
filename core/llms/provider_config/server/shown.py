"""What is shown of configurations, now and in their history: everything but settings that could be secret."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.llms.provider_config.schemas import ProviderModelConfigResponse
from core.llms.provider_config.secret_settings import hide_secrets

_SETTINGS: Final = "settings"


def shown(config: ProviderModelConfigResponse) -> ProviderModelConfigResponse:
    """Return a configuration as it is answered."""
    return config.model_copy(update={_SETTINGS: hide_secrets(config.settings)})


def shown_content(content: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return what a revision says as it is answered."""
    if content is None or _SETTINGS not in content:
        return None if content is None else dict(content)
    return {**content, _SETTINGS: hide_secrets(content[_SETTINGS])}


def shown_value(field: str, value: Any) -> Any:
    """Return a value of a field that is named by its path, as `settings.region`."""
    place, _, name = field.partition(".")
    return hide_secrets(value, name) if place == _SETTINGS else value
