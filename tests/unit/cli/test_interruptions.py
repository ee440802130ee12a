from __future__ import annotations

import array
import fcntl
import os
import signal
import subprocess
import sys
import termios
from collections import Counter
from time import monotonic
from typing import IO

import pytest

from core.llms.simulator import Fault, Reply, Simulator
from tests.unit.cli.command import COMMAND, MODEL, Command, Installed, wait_until

_PIPE_BYTES = 60_000
_POLLS_OF_A_FULL_PIPE = 20


@pytest.fixture
def command(simulator: Simulator) -> Command:
    """The true one: what a signal ends is the interpreter."""
    return Installed(simulator.environment())


def _stdout(process: subprocess.Popen[bytes]) -> IO[bytes]:
    assert process.stdout is not None
    return process.stdout


def _interrupt(process: subprocess.Popen[bytes]) -> tuple[int, float, bytes]:
    begin = monotonic()
    process.send_signal(signal.SIGINT)
    code = process.wait(timeout=30)
    seconds = monotonic() - begin
    assert process.stderr is not None
    return code, seconds, process.stderr.read()


def test_text_arrives_before_the_answer_ends_and_ctrl_c_ends_it(command: Command, simulator: Simulator) -> None:
    simulator.script(Reply("first and then never more", fault=Fault(hang_after_events=2)))
    with command.running("ask", "Hello!", "-m", MODEL) as process:
        assert _stdout(process).read(5) == b"first"
        assert (process.poll(), simulator.active_requests) == (None, 1)
        code, seconds, stderr = _interrupt(process)
    assert (code, stderr) == (130, b"")
    assert seconds < 1
    wait_until(lambda: simulator.clients_disconnected == 1, "the simulator saw the client go")


def test_ctrl_c_before_the_first_byte_ends_the_request(command: Command, simulator: Simulator) -> None:
    simulator.script(Fault(hang=True))
    with command.running("ask", "Hello!", "-m", MODEL, "--json") as process:
        wait_until(lambda: simulator.active_requests == 1, "the request arrived")
        code, seconds, stderr = _interrupt(process)
        assert _stdout(process).read() == b""
    assert (code, stderr) == (130, b"")
    assert seconds < 1
    wait_until(lambda: simulator.clients_disconnected == 1, "the simulator saw the client go")


def test_ctrl_c_ends_a_write_that_nobody_reads(command: Command, simulator: Simulator) -> None:
    simulator.script("word " * 60_000)
    with command.running("ask", "Hello!", "-m", MODEL) as process:
        waiting = array.array("i", [0])
        seen: Counter[int] = Counter()

        def pipe_is_full() -> bool:
            fcntl.ioctl(_stdout(process), termios.FIONREAD, waiting)
            seen[waiting[0]] += 1
            return waiting[0] > _PIPE_BYTES and seen[waiting[0]] > _POLLS_OF_A_FULL_PIPE

        wait_until(pipe_is_full, "the pipe filled up")
        code, seconds, stderr = _interrupt(process)
    assert (code, stderr) == (130, b"")
    assert seconds < 1


def test_a_reader_that_goes_away_ends_the_command_quietly(command: Command, simulator: Simulator) -> None:
    simulator.script(Reply("word " * 2_000, fault=Fault(pacing=0.001)))
    with command.running("ask", "Hello!", "-m", MODEL) as process:
        assert _stdout(process).read(4) == b"word"
        _stdout(process).close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
        assert process.wait(timeout=30) == 141
    wait_until(lambda: simulator.active_requests == 0, "the simulator saw the client go")


def test_an_input_that_stays_silent_is_mentioned(command: Command, simulator: Simulator) -> None:
    reading, writing = os.pipe()
    with subprocess.Popen(
        [COMMAND, "ask", "Read:", "-m", MODEL], stdin=reading, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=command.environment(),
    ) as process:  # fmt: skip
        os.close(reading)
        assert process.stderr is not None
        note = process.stderr.readline()
        os.write(writing, b"late text")
        os.close(writing)
        process.communicate(timeout=30)
    assert note == b"waiting for standard input to end; `< /dev/null` leaves it out\n"
    assert process.returncode == 0
    assert simulator.requests[-1].body["messages"][0]["content"] == "Read:\n\nlate text"


def test_a_thread_that_hangs_does_not_keep_the_command_from_ending() -> None:
    program = (
        "import sys, threading; from core.llms.cli import main; "
        "threading.Thread(target=threading.Event().wait).start(); sys.exit(main(['models', 'azur']))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=30, check=False)
    assert done.returncode == 3
    assert done.stderr.startswith(b"error: no provider is called 'azur'")
