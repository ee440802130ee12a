"""What else differs between two models than the parameters that they take. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from core.llms.providers.base.metadata import BaseMetadata, Capability


def compare_models(old: type[BaseMetadata], new: type[BaseMetadata]) -> Iterator[str]:
    """Say what a user of the old model would miss, or pay, with the new one."""
    if not new.SOURCES and new.CONTEXT_WINDOW is None:
        yield f"nothing is known of {new.MODEL_ID}: its limits and its parameters are not checked"
        return
    lost = [able.value for able in Capability if old.supports(able) is True and new.supports(able) is False]
    if lost:
        yield f"it cannot: {', '.join(lost)}"
    for what, was, now in (
        ("context window", old.CONTEXT_WINDOW, new.CONTEXT_WINDOW),
        ("largest answer", old.MAX_TOKENS, new.MAX_TOKENS),
    ):
        if was is not None and now is not None and now < was:
            yield f"its {what} is {now:,} tokens, no longer {was:,}"
    yield from _prices(old, new)
    yield from tell_retirement(new)


def tell_retirement(metadata: type[BaseMetadata]) -> Iterator[str]:
    """Say since or from when a model is retired, and what its vendor names instead."""
    if metadata.RETIRED is not None:
        verb = "was" if date.today() >= metadata.RETIRED else "will be"
        instead = f"; its vendor names {metadata.REPLACEMENT} instead" if metadata.REPLACEMENT else ""
        yield f"{metadata.MODEL_ID} {verb} retired on {metadata.RETIRED}{instead}"


def _prices(old: type[BaseMetadata], new: type[BaseMetadata]) -> Iterator[str]:
    if old.PRICES is None or new.PRICES is None:
        return
    was, now = old.PRICES.on(date.today()), new.PRICES.on(date.today())
    if (was.input, was.output) != (now.input, now.output):
        yield (
            f"a million tokens cost ${now.input:f} in and ${now.output:f} out, no longer ${was.input:f} and "
            f"${was.output:f}"
        )
