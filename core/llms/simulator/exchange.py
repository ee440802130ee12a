"""One exchange between a client and a vendor: the call that came in and the reply that goes out.

Values and the protocol a vendor's room fulfils; how bytes travel is in `delivery`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from pydantic_core import to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from multidict import MultiMapping

    from core.llms.simulator.conversation import Answer, Conversation
    from core.llms.simulator.faults import Fault


@dataclass(frozen=True, slots=True)
class Call:
    """A request as a vendor's room sees it: `path` is relative to the room, header names are lower case.

    `target` is the whole path with its query as it was sent, escapes included: signatures cover it.
    `decide` answers a conversation (a scripted reply, else the brain); its second argument is the number of the
    choice. `number` counts the calls of this simulator.
    """

    method: str
    path: str
    target: str
    query: MultiMapping[str]
    headers: Mapping[str, str]
    body: bytes
    number: int
    decide: Callable[[Conversation, int], Answer]


@dataclass(frozen=True, slots=True)
class HttpReply:
    """A reply: a whole `body`, or `events`, the encoded events of a stream in order."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    events: tuple[bytes, ...] | None = None
    content_type: str = "application/json"


class Vendor(Protocol):
    """A vendor's room: the wires below one path prefix.

    `provider` is the name that users of the SDK know it by; `base_path` is where that provider's base URL points. A
    room may have `unscripted_paths`: those that no step of a script is spent on.
    """

    prefix: str
    provider: str
    base_path: str

    def reply(self, call: Call) -> HttpReply:
        """Answer a call, or refuse it with the vendor's own error."""

    def fail(self, call: Call, fault: Fault) -> HttpReply:
        """The vendor's own error reply for `fault.status`."""

    def stream_error(self, call: Call, fault: Fault) -> bytes:
        """The encoded event with which this vendor reports an error inside a stream."""

    def environment(self, url: str) -> dict[str, str]:
        """Environment variables that point this vendor's SDKs at the simulator at `url`."""


def takes_script(vendor: Vendor, method: str, path: str) -> bool:
    """Whether a call, its path relative to the room, consumes a step of the script."""
    return method == "POST" and path not in getattr(vendor, "unscripted_paths", ())


def json_bytes(value: Any) -> bytes:
    """`value` as compact JSON."""
    return to_json(value)


def server_sent_event(value: Any, event: str | None = None) -> bytes:
    """`value` as one server-sent event, named when `event` is given."""
    head = f"event: {event}\n".encode() if event else b""
    return head + b"data: " + to_json(value) + b"\n\n"
