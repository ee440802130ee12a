"""The command `core-llms` without its start-up: a process that has loaded everything forks for every command line.

What runs is the command's own `main`, in a process of its own with the caller's arguments, environment, directory and
files, and it ends with that process's exit code or signal.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

__all__ = ["forked_command"]

_HERE = Path(__file__).parent
_ROOT = _HERE.parents[2]
_READY = b"ready\n"


@cache
def forked_command() -> Path:
    """Start the process that forks, once, and return the program to run instead of the installed `core-llms`."""
    folder = tempfile.TemporaryDirectory(prefix="core-llms-")
    place = Path(folder.name)
    program = place / "core-llms"
    address = place / "socket"
    source = (_HERE / "client.py").read_text().replace("ADDRESS_OF_THE_SERVER", str(address))
    program.write_text(f"#!{sys.executable} -IS\n{source}")
    program.chmod(0o755)
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.support.forked_command.server", str(address)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=_ROOT,
        # As the installed command is started by the tests, with which the text encodings and the warnings are set up.
        env={"PATH": os.environ["PATH"], "PYTHONWARNINGS": "default::ResourceWarning"},
    )

    def end() -> None:
        server.communicate()
        folder.cleanup()

    atexit.register(end)
    assert server.stdout is not None
    assert server.stdout.readline() == _READY, "the process that forks did not start"
    return program
