"""The benchmark's other processes: the server, the workers, fresh interpreters."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any

from tests.benchmarks.system import pin_to_cpu
from tests.benchmarks.worker import CLIENT_CPU

_ROOT = Path(__file__).parents[2]
_IMPORT = "import time; begin = time.process_time(); {statement}; print(time.process_time() - begin)"


class WorkerProcess:
    """A client in its own process, waiting for tasks."""

    def __init__(self, sink: IO[str], source: IO[str]) -> None:
        self._sink = sink
        self._source = source

    def do(self, task: Any) -> dict[str, Any]:
        """Give a task and wait for its result. Raises `RuntimeError` where the process ended instead."""
        self._sink.write(json.dumps(task) + "\n")
        self._sink.flush()
        line = self._source.readline()
        if not line:
            raise RuntimeError(f"the worker ended without a result to {task!r}; its error is above")
        result: dict[str, Any] = json.loads(line)
        return result


@contextmanager
def start_server() -> Iterator[str]:
    """Start the server and give its address."""
    with _start("tests.benchmarks.server") as (_, source):
        yield f"http://127.0.0.1:{int(source.readline())}"


@contextmanager
def start_worker(client: str, address: str) -> Iterator[WorkerProcess]:
    """Start a client."""
    with _start("tests.benchmarks.worker", client, address) as (sink, source):
        yield WorkerProcess(sink, source)


@contextmanager
def _start(module: str, *arguments: str) -> Iterator[tuple[IO[str], IO[str]]]:
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=_ROOT) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield process.stdin, process.stdout
        except BaseException:
            process.kill()
            raise


def measure_import_seconds(statement: str) -> float:
    """Return the CPU seconds that an import takes in a fresh interpreter; the first one writes the bytecode."""
    command = [sys.executable, "-c", _IMPORT.format(statement=statement)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    answer = subprocess.run(
        command,
        check=True,
        capture_output=True,
        text=True,
        cwd=_ROOT,
        env=environment,
        preexec_fn=partial(pin_to_cpu, CLIENT_CPU),
    )
    return float(answer.stdout)
