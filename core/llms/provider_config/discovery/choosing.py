"""Which models are worth proposing: those that chat and have a future; flagships first, then the newest."""

from __future__ import annotations

from datetime import date

from core.llms.configs import CONFIG_REGISTRY
from core.llms.provider_config.discovery.places import Place
from core.llms.registry.families import ModelFamily
from core.llms.registry.media_types import Modality
from core.llms.registry.models import LLMProfile


def order_models(place: Place) -> list[str]:
    """Return the names of a place's models, those first that may be most wanted.

    First come the models that an alias of the package is for, then those that the catalogue knows, the newest first.
    """
    flagships = {
        getattr(config, "model", None)
        for config in CONFIG_REGISTRY.values()
        if getattr(config, "PROVIDER", None) == place.provider
    }

    def rank(model: str) -> tuple[bool, bool, int, str]:
        profile = place.listed[model]
        is_flagship = bool(flagships & place.names_of(model))
        is_known = place.detector.registry.find(model, place.provider) is not None
        return not is_flagship, not is_known, -(profile.released or date.min).toordinal(), model

    return sorted(place.listed, key=rank)


def find_obstacle(place: Place, profile: LLMProfile, today: date) -> str | None:
    """Say why a model is not proposed; None where nothing speaks against it."""
    if not place.detector.LISTS_WHAT_IS_CALLED:
        return "what is listed is not what is called: register it with its deployment"
    if profile.is_retired_on(today):
        return f"it was retired on {profile.retired}"
    if profile.is_deprecated_on(today):
        return "its vendor advises against it" + (f", and for {profile.replacement}" if profile.replacement else "")
    return None if _chats(profile) else "it does not chat"


def _chats(profile: LLMProfile) -> bool:
    able = profile.capabilities
    if able.supports_embeddings or able.supports_streaming is False or profile.family is ModelFamily.EMBEDDING:
        return False
    modalities = (able.input_modalities, able.output_modalities)
    return all(each is None or Modality.TEXT in each for each in modalities)
