"""What runs in the place of `core-llms`: it hands everything to the process that forks, and ends as the fork did.

It imports what an interpreter has loaded anyway, and no more: it is started hundreds of times.
"""

import _socket
import marshal
import os
import signal
import sys

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
_NUMBER_BYTES = 8


def _main() -> None:
    server = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    server.connect("ADDRESS_OF_THE_SERVER")
    early: list[int] = []
    for number in _SIGNALS:
        signal.signal(number, lambda number, _: early.append(number))
    request = marshal.dumps((sys.argv[1:], dict(os.environb), os.getcwd()))  # noqa: PTH109 - pathlib takes long to load
    files = b"".join(descriptor.to_bytes(4, sys.byteorder) for descriptor in (0, 1, 2))
    length = len(request).to_bytes(_NUMBER_BYTES, "big")
    server.sendmsg([length], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, files)])
    server.sendall(request)
    for descriptor in (0, 1, 2):
        os.close(descriptor)
    process = _read_number(server)
    for number in _SIGNALS:
        signal.signal(number, lambda number, _: os.kill(process, number))
    for caught in early:
        os.kill(process, caught)
    _end(_read_number(server))


def _read_number(server: _socket.socket) -> int:
    received = b""
    while len(received) < _NUMBER_BYTES:
        more = server.recv(_NUMBER_BYTES - len(received))
        if not more:
            os._exit(125)
        received += more
    return int.from_bytes(received, "big")


def _end(status: int) -> None:
    if os.WIFSIGNALED(status):
        signal.signal(os.WTERMSIG(status), signal.SIG_DFL)
        os.kill(os.getpid(), os.WTERMSIG(status))
    os._exit(os.waitstatus_to_exitcode(status))


_main()
