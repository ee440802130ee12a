"""The command `core-llms`: its entry point. The commands are in modules of their own, loaded when it runs."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence
from importlib.util import find_spec
from io import TextIOWrapper

from core.llms.cli.exit_codes import ExitCode

__all__ = ["main"]

_EXTRA = ("typer", "rich")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `core-llms` with these arguments (by default the process's own) and return its exit code."""
    if isinstance(sys.stdout, TextIOWrapper):
        # A model may write what the terminal's encoding has no sign for.
        sys.stdout.reconfigure(errors="replace")
    try:
        code = _run(sys.argv[1:] if arguments is None else list(arguments))
    except KeyboardInterrupt:
        code = ExitCode.INTERRUPTED
    except BrokenPipeError:
        code = ExitCode.BROKEN_PIPE
    return _leave(code)


def _run(arguments: list[str]) -> int:
    missing = [name for name in _EXTRA if find_spec(name) is None]
    if missing:
        sys.stderr.write(
            f"error: the command needs {' and '.join(missing)}, which the extra `cli` brings: "
            'pip install "core-llms[cli]"\n'
        )
        return ExitCode.CONFIGURATION
    from core.llms.cli.app import run_app

    return run_app(arguments)


def _leave(code: int) -> int:
    """Return the code, unless something would keep the process from ending with it.

    After an interrupt nothing more is written: it may be that nobody reads, and the write is what was interrupted. A
    name lookup that hangs has a thread that the interpreter would wait for. An output that cannot be written would be
    complained of at the end.
    """
    if code == ExitCode.INTERRUPTED:
        os._exit(code)
    try:
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = code or (ExitCode.BROKEN_PIPE if isinstance(error, BrokenPipeError) else ExitCode.UNEXPECTED)
    if any(not thread.daemon and thread is not threading.main_thread() for thread in threading.enumerate()):
        os._exit(code)
    return code
