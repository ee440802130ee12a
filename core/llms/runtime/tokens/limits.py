"""How many tokens a prompt may have for a model, from what the registry knows of it."""

from __future__ import annotations

from core.llms.errors import InvalidRequestError


def find_input_limit(
    model: str | None, max_tokens: int | None, reserve_output: int, assumed_model_id: str
) -> tuple[str, int]:
    """Return the id to count for and the limit: `max_tokens`, or the model's context, less what the answer needs.

    Raises:
        InvalidRequestError: neither is given, the model's context is not known, or nothing is left.
        UnknownModelError: the registry does not know the model, and there is no `max_tokens`.
    """
    model_id, known = _look_up(model, needed=max_tokens is None) if model is not None else (assumed_model_id, None)
    limit = max_tokens if max_tokens is not None else known
    if limit is None:
        reason = "give `max_tokens` or `model`" if model is None else f"the context of {model} is not known"
        raise InvalidRequestError(f"the limit is not known: {reason}", model=model)
    if limit - reserve_output < 1 or reserve_output < 0:
        raise InvalidRequestError(f"of {limit:,} tokens nothing is left with reserve_output={reserve_output:,}")
    limit -= reserve_output
    return model_id, limit


def _look_up(model: str, *, needed: bool) -> tuple[str, int | None]:
    from core.llms.registry.current import default_registry

    registry = default_registry()
    profile = registry.get(model) if needed else registry.find(model)
    if profile is None:
        return model, None
    limits = (profile.capabilities.context_window, profile.capabilities.max_input_tokens)
    return profile.model_id, min((limit for limit in limits if limit is not None), default=None)
