"""A loopback server that speaks the vendors' wires, as strict as they are, with faults on demand.

Public names only, loaded on first use: importing this package costs nothing. It shares no code with the wires of
the SDK, so that a mistake made on one side is caught by the other.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.llms.simulator.faults import Fault
    from core.llms.simulator.recording import RecordedRequest
    from core.llms.simulator.script import Reply, ScriptedToolCall
    from core.llms.simulator.server import Simulator

__all__ = ["Fault", "RecordedRequest", "Reply", "ScriptedToolCall", "Simulator"]

_HOMES = {
    "Fault": "faults",
    "RecordedRequest": "recording",
    "Reply": "script",
    "ScriptedToolCall": "script",
    "Simulator": "server",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
