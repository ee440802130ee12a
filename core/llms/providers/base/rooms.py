"""From a model's name to its classes. A provider has a table of rooms; each is imported when it is asked for.

A model without a room has a row in the catalogue, of which the class is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from core.llms.catalog.classes import catalogued_metadata, override_class
from core.llms.catalog.store import load_provider
from core.llms.notices import UnknownModelWarning, warn_caller
from core.llms.providers.base.metadata import BaseMetadata
from core.llms.registry.current import peek_registry

if TYPE_CHECKING:
    from core.llms.registry.llm_registry import LLMRegistry
    from core.llms.registry.models import LLMProfile


@dataclass(frozen=True, slots=True)
class Room:
    """Where a model's classes are: a package, its metadata class, and its LLM class where it differs."""

    package: str
    metadata: str
    implementation: str | None = None

    def load(self) -> tuple[type[BaseMetadata], type[Any] | None]:
        """Import the classes."""
        module = import_module(self.package)
        return getattr(module, self.metadata), getattr(module, self.implementation) if self.implementation else None


def resolve_metadata(
    provider: str, name: str, rooms: Mapping[str, Room], registry: LLMRegistry | None = None
) -> tuple[type[BaseMetadata], type[Any] | None]:
    """Find a model by its name in the catalogue, its id on the wire or a snapshot's id: its room, else its row.

    What a user has registered of it, with `registry` or the default one, goes before both, fact by fact. A name that
    nothing is known of gives metadata without facts, and one `UnknownModelWarning` a process, save for a provider that
    lists no models at all.
    """
    override = _find_override(provider, name, registry)
    metadata, implementation = find_listed(provider, name if override is None else override.model_id, rooms)
    if override is not None:
        metadata = _override(provider, metadata, override)
    elif metadata is None and not rooms:
        return unlisted_metadata(provider, name), None
    elif metadata is None:
        bare = name.removeprefix(f"{provider}-")
        close = get_close_matches(bare, [*rooms, *load_provider(provider).rows], 1)
        return unknown_metadata(provider, name, close[0] if close else None), None
    metadata.warn_if_retired()
    return metadata, implementation


def find_listed(
    provider: str, name: str, rooms: Mapping[str, Room]
) -> tuple[type[BaseMetadata] | None, type[Any] | None]:
    """Find what the package itself knows of a model: its room, else its row in the catalogue, else None."""
    bare = name.removeprefix(f"{provider}-")
    room = rooms.get(name) or rooms.get(bare)
    if room is not None:
        return room.load()
    return catalogued_metadata(provider, name) or catalogued_metadata(provider, bare), None


def _find_override(provider: str, name: str, registry: LLMRegistry | None) -> LLMProfile | None:
    registry = registry or peek_registry()
    return None if registry is None else registry.find_override(provider, name)


def _override(provider: str, listed: type[BaseMetadata] | None, override: LLMProfile) -> type[BaseMetadata]:
    from core.llms.registry.profiles import stated_facts

    names = {"NAME": override.name, "MODEL_ID": override.model_id, "PROVIDER": provider}
    return override_class(listed or type("RegisteredMetadata", (BaseMetadata,), names), stated_facts(override))


def model_id_for(metadata: type[BaseMetadata], name: str) -> str:
    """Return what goes on the wire: the name that was asked for, and for the catalogue's name the model's id.

    Some vendors' ids begin with the vendor's own name: an id is never shortened.
    """
    if name in (metadata.MODEL_ID, *metadata.ALIASES):
        return name
    return metadata.MODEL_ID if name == metadata.NAME else name.removeprefix(f"{metadata.PROVIDER}-")


@cache
def unknown_metadata(provider: str, name: str, close: str | None = None) -> type[BaseMetadata]:
    """Make the metadata of a model that nothing is known of; `close` is the listed one that may have been meant."""
    hint = f" (did you mean {close!r}?)" if close is not None else ""
    warn_caller(
        f"{provider}/{name} is not a listed model{hint}: it is called as asked, but its limits are not checked and its "
        "cost is not known; give the factory `metadata=` or `prices=`",
        UnknownModelWarning,
    )
    return unlisted_metadata(provider, name)


@cache
def unlisted_metadata(provider: str, name: str) -> type[BaseMetadata]:
    """Make the metadata of a model of which nothing is known but its name."""
    facts = {"NAME": f"{provider}-{name}", "MODEL_ID": name, "PROVIDER": provider}
    return type("UnknownModelMetadata", (BaseMetadata,), facts)
