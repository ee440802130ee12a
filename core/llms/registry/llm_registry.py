"""`LLMRegistry`: every model that is known, found by name and by what it can do, with what a user says of it."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import UTC, date, datetime
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from core.llms.catalog.store import list_catalogued, load_provider, on_reload
from core.llms.errors import ConfigurationError, UnknownModelError
from core.llms.registry.current import default_registry as default_registry
from core.llms.registry.families import MAKERS, ModelFamily
from core.llms.registry.index import ProfileIndex
from core.llms.registry.models import LLMProfile
from core.llms.registry.overrides import merge_profiles
from core.llms.registry.profiles import profile_of_row
from core.llms.registry.queries import ModelQuery, SortKey, sort_profiles
from core.llms.types.capabilities import Capability

if TYPE_CHECKING:
    from core.llms.registry.stores import ProfileStore

Key = tuple[str, str]


class LLMRegistry:
    """All models that are known: the shipped catalogue, and what was registered over it.

    A profile that is registered for a catalogued model goes before the catalogue fact by fact: what it leaves out
    stays as it is there. What was detected stands between the two: a user's word goes before it. Registering
    changes this registry alone; `default_registry()` is the one that the factories `create_<provider>_llm` ask.
    `catalog=False` begins empty. It may be used from several threads.
    """

    def __init__(self, profiles: Iterable[LLMProfile] = (), *, catalog: bool = True) -> None:
        self._has_catalog = catalog
        self._own: dict[Key, LLMProfile] = {}
        self._detected: dict[Key, LLMProfile] = {}
        self._merged: dict[Key, LLMProfile] = {}
        self._everything: list[LLMProfile] | None = None
        self._sorted: dict[tuple[SortKey, date], ProfileIndex] = {}
        self._found: dict[tuple[str, str | None], LLMProfile] = {}
        self._lock = threading.RLock()
        _REGISTRIES.add(self)
        for profile in profiles:
            self.register(profile)

    def register(self, profile: LLMProfile, *, replace: bool = False) -> LLMProfile:
        """Add a model, or facts of one, and return what is known of it now.

        Registering the same again changes nothing. Raises `ConfigurationError` for other facts under the same name,
        unless `replace`.
        """
        with self._lock:
            layer = self._detected if profile.origin == "detected" else self._own
            known = layer.get(profile.key)
            if known is not None and known != profile and not replace:
                raise ConfigurationError(
                    f"{profile.provider}/{profile.model_id} is registered with other facts; pass `replace=True`"
                )
            layer[profile.key] = profile
            self._forget(profile.key)
            return self._merge(profile.key)

    def register_model(self, provider: str, model_id: str, *, replace: bool = False, **facts: Any) -> LLMProfile:
        """Register a model by its facts: those of `LLMProfile`, as in `capabilities={"context_window": 32_000}`.

        Raises pydantic's ValidationError, which names the field.
        """
        return self.register(LLMProfile(provider=provider, model_id=model_id, **facts), replace=replace)

    def unregister(self, name: str, provider: str | None = None) -> None:
        """Take back what was registered, or detected, of a model. Raises `UnknownModelError` where nothing was."""
        with self._lock:
            keys = [each.key for each in self.own_profiles if _answers_to(each, name, provider)]
            if not keys:
                raise UnknownModelError(f"nothing is registered under {name!r}", provider=provider)
            for layer in (self._own, self._detected):
                layer.pop(keys[0], None)
            self._forget(keys[0])

    def deprecate(self, name: str, *, replacement: str | None = None, on: date | None = None) -> LLMProfile:
        """Mark a model as one to leave, from a day on (today by default). Raises `UnknownModelError`."""
        with self._lock:
            profile = self.get(name)
            facts = {"is_deprecated": True, "deprecated": on or datetime.now(UTC).date(), "replacement": replacement}
            own = self._own.get(profile.key) or LLMProfile(provider=profile.provider, model_id=profile.model_id)
            stated = {field: value for field, value in facts.items() if value is not None}
            return self.register(own.model_copy(update=stated), replace=True)

    @property
    def own_profiles(self) -> list[LLMProfile]:
        """What was registered and what was detected, without the catalogue, a profile a model: what `save` writes."""
        with self._lock:
            stated = (self._stated(key) for key in sorted({*self._own, *self._detected}))
            return [profile for profile in stated if profile is not None]

    def find(self, name: str, provider: str | None = None) -> LLMProfile | None:
        """Return a model by `provider/model`, the catalogue's name, its id or another name of it, or None."""
        found = self._found.get((name, provider))
        if found is None:
            with self._lock:
                found = self._look_up(name, provider)
                if found is not None:
                    self._found[name, provider] = found
        return found

    def _look_up(self, name: str, provider: str | None) -> LLMProfile | None:
        head, slash, tail = name.partition("/")
        if provider is None and slash and (found := self._of_provider(head, tail)) is not None:
            return found
        if provider is not None:
            return self._of_provider(provider, name)
        serving = self._serving(name)
        if len(serving) > 1:
            return serving.get(MAKERS.get(next(iter(serving.values())).family, ""))
        return next(iter(serving.values()), None)

    def get(self, name: str, provider: str | None = None) -> LLMProfile:
        """Return a model as `find` does. Raises `UnknownModelError`, which names what comes close."""
        found = self.find(name, provider)
        if found is not None:
            return found
        serving = self._serving(name) if provider is None else {}
        if serving:
            choices = ", ".join(f"{each}/{name}" for each in serving)
            raise UnknownModelError(f"several providers serve {name!r}: say which, one of {choices}")
        raise UnknownModelError(self._no_model(name, provider), provider=provider)

    def validate_model(self, name: str, provider: str | None = None) -> LLMProfile:
        """Return a model that can be called today.

        Raises `UnknownModelError` for one that is not known, `ConfigurationError` for one that is retired.
        """
        profile = self.get(name, provider)
        if profile.is_retired_on(datetime.now(UTC).date()):
            instead = f"; use {profile.replacement}" if profile.replacement else ""
            raise ConfigurationError(
                f"{profile.name} was retired on {profile.retired}{instead}", provider=profile.provider
            )
        return profile

    def list_providers(self) -> list[str]:
        """Return the providers that models are known of."""
        listed = set(list_catalogued()) if self._has_catalog else set()
        return sorted(listed | {provider for layer in (self._own, self._detected) for provider, _ in layer})

    def list_models(self, provider: str | None = None, family: ModelFamily | str | None = None) -> list[LLMProfile]:
        """Return all models, or those of a provider or a family, by name."""
        wanted = None if family is None else ModelFamily(family)
        found = self._all() if provider is None else self._provider_profiles(provider)
        return sorted((each for each in found if wanted in (None, each.family)), key=lambda each: each.name)

    def get_models_by_capability(
        self,
        capability: Capability | str | Iterable[Capability | str] = (),
        *more: Capability | str,
        sort_by: SortKey = "price",
        limit: int | None = None,
        **conditions: Any,
    ) -> list[LLMProfile]:
        """Return the models that have every capability and fulfil every condition, sorted.

        `conditions` are the fields of `ModelQuery`: `min_context_window=16_000, max_cost_per_1k=0.01,
        providers=["anthropic"], families=["claude"], input_modalities=["pdf"], released_after=date(2026, 1, 1)`, …
        Raises ValueError for a capability, family or sort key that there is not, TypeError for such a condition.
        """
        first = (capability,) if isinstance(capability, str) else tuple(capability)
        query = ModelQuery(capabilities=(*first, *more), **conditions)
        return query.select(self._in_order(sort_by, query.today))[:limit]

    def save(self, path: str | Path) -> None:
        """Write what was registered to a JSON or YAML file; see `registry.files`."""
        from core.llms.registry.files import save_profiles

        save_profiles(Path(path), self.own_profiles)

    def load(self, path: str | Path) -> None:
        """Register what a JSON or YAML file holds, over what is registered now. Raises `ConfigurationError`."""
        from core.llms.registry.files import load_profiles

        self._register_all(load_profiles(Path(path)))

    async def save_to(self, store: ProfileStore) -> None:
        """Write what was registered to a store, as a database; of other models there nothing changes."""
        await store.save(self.own_profiles)

    async def load_from(self, store: ProfileStore) -> None:
        """Register what a store holds, over what is registered now; where a part of it is corrupt, none of it."""
        self._register_all(await store.load())

    def _register_all(self, profiles: Iterable[LLMProfile]) -> None:
        for profile in profiles:
            self.register(profile, replace=True)

    def find_override(self, provider: str, name: str) -> LLMProfile | None:
        """Return what was registered or detected of a provider's model, without the catalogue's facts."""
        layers = [layer for layer in (self._own, self._detected) if layer]
        if not layers:
            return None
        for key in ((provider, name), (provider, name.removeprefix(f"{provider}-"))):
            if any(key in layer for layer in layers):
                return self._stated(key)
        named = (each.key for layer in layers for each in layer.values() if _answers_to(each, name, provider))
        found = next(named, None)
        return None if found is None else self._stated(found)

    def _stated(self, key: Key) -> LLMProfile | None:
        own, detected = self._own.get(key), self._detected.get(key)
        return detected if own is None else merge_profiles(own, detected)

    def _serving(self, name: str) -> dict[str, LLMProfile]:
        found = ((provider, self._of_provider(provider, name)) for provider in self.list_providers())
        return {provider: profile for provider, profile in found if profile is not None}

    def _of_provider(self, provider: str, name: str) -> LLMProfile | None:
        override = self.find_override(provider, name)
        if override is not None:
            return self._merge(override.key)
        if not self._has_catalog:
            return None
        listed = load_provider(provider)
        row = listed.find(name) or listed.find(name.removeprefix(f"{provider}-"))
        return None if row is None else self._merge((provider, row["id"]))

    def _merge(self, key: Key) -> LLMProfile:
        merged = self._merged.get(key)
        if merged is None:
            own = self._stated(key)
            listed = _catalogued(*key) if self._has_catalog else None
            merged = merge_profiles(own, listed) if own is not None else listed
            assert merged is not None
            self._merged[key] = merged
        return merged

    def _forget(self, key: Key) -> None:
        self._merged.pop(key, None)
        self._everything = None
        self._sorted.clear()
        self._found.clear()

    def _forget_catalog(self) -> None:
        with self._lock:
            self._merged.clear()
            self._everything = None
            self._sorted.clear()
            self._found.clear()

    def _provider_profiles(self, provider: str) -> list[LLMProfile]:
        rows = load_provider(provider).rows if self._has_catalog else {}
        own = (id for layer in (self._own, self._detected) for name, id in layer if name == provider)
        ids = dict.fromkeys([*rows, *own])
        return [self._merge((provider, id)) for id in ids]

    def _all(self) -> list[LLMProfile]:
        with self._lock:
            if self._everything is None:
                found = [self._provider_profiles(provider) for provider in self.list_providers()]
                self._everything = [profile for profiles in found for profile in profiles]
            return self._everything

    def _in_order(self, by: SortKey, today: date) -> ProfileIndex:
        with self._lock:
            if (by, today) not in self._sorted:
                self._sorted = {key: order for key, order in self._sorted.items() if key[1] == today}
                self._sorted[by, today] = ProfileIndex(sort_profiles(self._all(), by, today))
            return self._sorted[by, today]

    def _no_model(self, name: str, provider: str | None) -> str:
        known = self._all() if provider is None else self._provider_profiles(provider)
        names = [*(f"{each.provider}/{each.model_id}" for each in known), *(each.model_id for each in known)]
        close = get_close_matches(name, dict.fromkeys(names), 3)
        return f"no model is called {name!r}" + (f"; did you mean {' or '.join(map(repr, close))}?" if close else "")


def _answers_to(profile: LLMProfile, name: str, provider: str | None) -> bool:
    if provider not in (None, profile.provider):
        return False
    return name in (profile.model_id, profile.name, f"{profile.provider}/{profile.model_id}", *profile.aliases)


@cache
def _catalogued(provider: str, id: str) -> LLMProfile | None:
    listed = load_provider(provider)
    row = listed.rows.get(id)
    return None if row is None else profile_of_row(provider, row, listed)


_REGISTRIES: WeakSet[LLMRegistry] = WeakSet()


def _forget_catalog() -> None:
    _catalogued.cache_clear()
    for registry in list(_REGISTRIES):
        registry._forget_catalog()


on_reload(_forget_catalog)


def register_model(provider: str, model_id: str, *, replace: bool = False, **facts: Any) -> LLMProfile:
    """Register a model, or facts of one, with `default_registry()`; see `LLMRegistry.register_model`."""
    return default_registry().register_model(provider, model_id, replace=replace, **facts)
