"""The table of rooms, which is empty: what a server of your own runs is not ours to know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from core.llms.providers.base.rooms import Room

ROOMS: Final[Mapping[str, Room]] = {}
