"""`core-llms simulate`: the simulator as a process, for programs of any language and for a first look without a key."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from core.llms.cli.event_loop import listen_for_stop, run
from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.failures import guard
from core.llms.cli.options import DebugOption
from core.llms.cli.terminal import Terminal
from core.llms.errors import ConfigurationError

if TYPE_CHECKING:
    from core.llms.simulator import Simulator


def simulate(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = 8765,
    api_key: Annotated[list[str] | None, typer.Option(help="A key to accept, instead of any; repeatable.")] = None,
    rate_limit: Annotated[int | None, typer.Option(min=1, help="Requests a minute, for each key and model.")] = None,
    token_limit: Annotated[int | None, typer.Option(min=1, help="Tokens a minute, for each key and model.")] = None,
    fault: Annotated[str | None, typer.Option(help="What goes wrong with every reply: '{\"status\": 503}'.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON line, with url and environment, once it listens.")] = (
        False
    ),
    debug: DebugOption = False,
) -> int:
    """Run a server that speaks the vendors' wires, until Ctrl-C or SIGTERM. Nothing is billed and nothing is random."""
    terminal = Terminal(as_json=json, debug=debug)

    def serve() -> ExitCode:
        simulator = _create(host, port, api_key, fault)
        simulator.rate_limit(requests_per_minute=rate_limit, tokens_per_minute=token_limit)
        return run(_serve(simulator, f"{host}:{port}", terminal))

    return guard(serve, terminal)


def _create(host: str, port: int, api_keys: list[str] | None, fault: str | None) -> Simulator:
    from core.llms.simulator.faults import parse_fault
    from core.llms.simulator.server import Simulator

    simulator = Simulator(host=host, port=port, api_key=api_keys or None)
    if fault is not None:
        try:
            simulator.faults.append(parse_fault(fault))
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint="--fault") from error
    return simulator


async def _serve(simulator: Simulator, place: str, terminal: Terminal) -> ExitCode:
    stopped = listen_for_stop()
    try:
        await simulator.start()
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno is not None and error.errno > 0 else str(error)
        raise ConfigurationError(f"cannot listen on {place}: {reason}") from error
    try:
        _announce(simulator, terminal)
        await stopped.wait()
    finally:
        await simulator.close()
    return ExitCode.OK


def _announce(simulator: Simulator, terminal: Terminal) -> None:
    environment = simulator.environment()
    if terminal.as_json:
        terminal.write_json({"url": simulator.url, "environment": environment})
        return
    lines = [
        f"# The simulator listens on {simulator.url}; Ctrl-C ends it.",
        f"# OpenAI: {simulator.openai_base_url}   Azure: {simulator.azure_endpoint}",
        *(f"export {name}={value}" for name, value in environment.items()),
    ]
    terminal.write("\n".join(lines) + "\n")
