"""How much a store may hold."""

from __future__ import annotations

from dataclasses import dataclass

from core.llms.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Bounds:
    """At most so many entries, and so many bytes of keys and values. Raises `ConfigurationError` below one."""

    max_entries: int
    max_bytes: int

    def __post_init__(self) -> None:
        for name in ("max_entries", "max_bytes"):
            if getattr(self, name) < 1:
                raise ConfigurationError(f"`{name}` must be at least 1, not {getattr(self, name)}")

    def hold(self, entries: int, size_bytes: int) -> bool:
        """Whether that much fits."""
        return entries <= self.max_entries and size_bytes <= self.max_bytes
