"""What a user says of a model over what is known of it: fact by fact, and nothing that was there is changed."""

from __future__ import annotations

from core.llms.registry.models import LLMProfile


def merge_profiles(own: LLMProfile, listed: LLMProfile | None) -> LLMProfile:
    """Return the known profile with the facts that the user's states itself, or the user's where none is known."""
    if listed is None:
        return own
    stated = {name: getattr(own, name) for name in own.model_fields_set}
    if "capabilities" in stated:
        able = own.capabilities
        stated["capabilities"] = listed.capabilities.model_copy(
            update={name: getattr(able, name) for name in able.model_fields_set}
        )
    return listed.model_copy(update=stated | {"origin": own.origin})
