"""Running the command `core-llms` as a process of its own, with an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from tests.support.forked_command import forked_command

COMMAND = Path(sys.executable).parent / "core-llms"
MODEL = "openai/gpt-4.1-mini"
_PATIENCE_SECONDS = 30.0


class Command:
    """Runs `core-llms` against a simulator's environment variables and no others.

    It is a fork of a process that has loaded everything; see `Installed` for the true one.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        own = {name: os.environ[name] for name in ("PATH", "CORE_LLMS_CACHE_DIR")}
        self._environment = {**own, "PYTHONWARNINGS": "default::ResourceWarning", **environment}

    @property
    def program(self) -> Path:
        """What is run."""
        return forked_command()

    def environment(self, **changes: str) -> dict[str, str]:
        """The environment it runs in; an empty value is as good as none."""
        return {**self._environment, **changes}

    def run(self, *arguments: str, stdin: bytes | None = None, **changes: str) -> subprocess.CompletedProcess[str]:
        """Run to the end. Without `stdin` there is no pipe to read a prompt from."""
        done = subprocess.run(
            [self.program, *arguments],
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            env=self.environment(**changes),
            timeout=_PATIENCE_SECONDS,
            check=False,
        )
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    def ask(
        self, prompt: str, *arguments: str, stdin: bytes | None = None, **changes: str
    ) -> subprocess.CompletedProcess[str]:
        """Ask the model of the tests."""
        return self.run("ask", prompt, "-m", MODEL, *arguments, stdin=stdin, **changes)

    @contextmanager
    def running(self, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run in the background; whatever is left of it at the end is killed."""
        process = subprocess.Popen(
            [self.program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment(),
        )
        try:
            with process:
                try:
                    yield process
                finally:
                    process.kill()
        finally:
            assert process.returncode is not None


class Installed(Command):
    """Runs the installed command, whose start takes long: for what an interpreter does at its start and its end."""

    @property
    def program(self) -> Path:
        return COMMAND


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Wait for something that another process or thread does."""
    deadline = monotonic() + _PATIENCE_SECONDS
    pause = threading.Event()
    while not condition():
        assert monotonic() < deadline, f"never happened: {what}"
        pause.wait(0.005)
