"""Name servers that fail: `socket.getaddrinfo` for names that end in `.invalid`. Nothing else is imported here."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal, TypeAlias

Resolver: TypeAlias = Literal["system", "unknown", "silent", "dead first"]
_SILENT_SECONDS = 30.0


@contextmanager
def resolving(resolver: Resolver) -> Iterator[None]:
    """Let names be looked up so for the length of a block; a look-up that nobody answers ends with it."""
    system, ended = socket.getaddrinfo, threading.Event()

    def unknown(port: Any) -> list[Any]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    def silent(port: Any) -> list[Any]:
        ended.wait(_SILENT_SECONDS)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    def dead_first(port: Any) -> list[Any]:
        dead = (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", int(port), 0, 0))
        return [dead, (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", int(port)))]

    answers: dict[Resolver, Callable[[Any], list[Any]]]
    answers = {"unknown": unknown, "silent": silent, "dead first": dead_first}

    def look_up(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else str(host)
        if resolver != "system" and name.endswith(".invalid"):
            return answers[resolver](port)
        return system(host, port, *args, **kwargs)

    socket.getaddrinfo = look_up
    try:
        yield
    finally:
        ended.set()
        socket.getaddrinfo = system
