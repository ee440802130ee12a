"""The process that forks: it loads what the command can need, and runs every command line in a fork of its own."""

from __future__ import annotations

import array
import atexit
import gc
import marshal
import os
import pkgutil
import select
import signal
import socket
import sys
import threading
import time
from importlib import import_module
from io import TextIOWrapper
from typing import Any

from sqlalchemy.orm import configure_mappers

from core.llms.cli import main
from core.llms.create import list_providers

_WALKED = ("core.llms.cli", "core.llms.provider_config", "core.llms.storage", "core.llms.simulator")
_LOADED = (
    "aiosqlite", "alembic.command", "asyncpg", "rich.console", "rich.table", "sqlalchemy.dialects.postgresql.asyncpg",
    "sqlalchemy.dialects.sqlite.aiosqlite", "uvicorn", "yaml",
)  # fmt: skip
_NUMBER_BYTES = 8


def _load_everything() -> None:
    for name in _WALKED:
        package = import_module(name)
        for found in pkgutil.walk_packages(package.__path__, f"{name}."):
            # Revisions are loaded by Alembic, entry points run when they are.
            if not found.name.endswith("__main__") and ".versions." not in found.name:
                import_module(found.name)
    for name in _LOADED:
        import_module(name)
    for provider in list_providers():
        import_module(f"core.llms.providers.{provider}")
    configure_mappers()
    # What is shared with the forks is not to be copied by looking for garbage in it.
    gc.collect()
    gc.freeze()


def _serve(address: str) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen(128)
        _load_everything()
        # Nobody waits for those that have ended.
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        poll = select.poll()
        poll.register(listening, select.POLLIN)
        poll.register(sys.stdin, select.POLLIN)
        while all(descriptor != sys.stdin.fileno() for descriptor, _ in poll.poll()):
            connection, _ = listening.accept()
            with connection:
                if os.fork() == 0:
                    listening.close()
                    _handle(connection)


def _handle(connection: socket.socket) -> None:
    """Run one command line in a fork, and tell the caller which process it is and how that ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    received, ancillary, _, _ = connection.recvmsg(_NUMBER_BYTES, socket.CMSG_SPACE(12))
    files = array.array("i", ancillary[0][2])
    length, request = int.from_bytes(received, "big"), b""
    while len(request) < length:
        request += connection.recv(length - len(request))
    process = os.fork()
    if process == 0:
        connection.close()
        _become(files, *marshal.loads(request))
    for descriptor in (0, 1, 2):
        os.dup2(os.open(os.devnull, os.O_RDWR), descriptor)
    for descriptor in files:
        os.close(descriptor)
    connection.sendall(process.to_bytes(_NUMBER_BYTES, "big"))
    threading.Thread(target=_kill_without_caller, args=(connection, process), daemon=True).start()
    _, status = os.waitpid(process, 0)
    try:
        connection.sendall(status.to_bytes(_NUMBER_BYTES, "big"))
    except OSError:
        os._exit(1)  # the caller was killed
    os._exit(0)


def _kill_without_caller(connection: socket.socket, process: int) -> None:
    if not connection.recv(1):
        os.kill(process, signal.SIGKILL)


def _become(files: array.array[int], arguments: list[str], environment: dict[bytes, bytes], folder: str) -> None:
    """Be `core-llms` from here on, as if the interpreter had just started."""
    for number, descriptor in enumerate(files):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.environb.clear()
    os.environb.update(environment)
    os.chdir(folder)
    time.tzset()
    sys.stdin, sys.stdout, sys.stderr = (
        _reopen(number, stream) for number, stream in enumerate((sys.stdin, sys.stdout, sys.stderr))
    )
    sys.argv[:] = ["core-llms", *arguments]
    _leave(main())


def _leave(code: int) -> None:
    """End as the interpreter would, but for taking apart what is shared with the process that forks."""
    threading._shutdown()  # type: ignore[attr-defined]  # waits for threads, as the interpreter does
    atexit._run_exitfuncs()
    gc.collect()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)


def _reopen(descriptor: int, stream: Any) -> TextIOWrapper:
    binary = open(descriptor, "rb" if descriptor == 0 else "wb", closefd=False)  # noqa: SIM115 - open to the end
    buffering = descriptor == 2 or os.isatty(descriptor)
    return TextIOWrapper(binary, stream.encoding, stream.errors, line_buffering=buffering)


if __name__ == "__main__":
    _serve(sys.argv[1])
