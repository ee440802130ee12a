"""`ConfigSource`: the interface of what holds aliases that appear and change while the process runs."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from core.llms.configs.base.config import BaseModelConfig


class ConfigSource(Protocol):
    """A database, say. A handler asks it at every call: what is slow keeps what it found for as long as it thinks fit.

    A class of an alias may be another one each time: as long as its `get_params()` gives the same, the same caller goes
    on. `define_config` makes a class of plain values; one with a `get_params` of its own may bring its own key.
    """

    async def find_config(self, alias: str) -> type[BaseModelConfig] | None:
        """Return the configuration of an alias, or None where the source has none."""
        ...

    async def list_aliases(self) -> Collection[str]:
        """Return all aliases that the source has now."""
        ...
