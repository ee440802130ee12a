"""`core-llms providers watch`: checking configured models by the clock, until it is stopped."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.llms.cli.event_loop import listen_for_stop
from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.options import DebugOption, JsonOption, require_positive
from core.llms.cli.providers.acting import ActorOption
from core.llms.cli.providers.configured import UpgradeOption, with_service
from core.llms.cli.terminal import Terminal

if TYPE_CHECKING:
    from core.llms.provider_config.health.policy import HealthPolicy
    from core.llms.provider_config.health.values import HealthCheck
    from core.llms.provider_config.service import ProviderConfigService


def watch(
    interval: Annotated[float, typer.Option(callback=require_positive, help="Seconds between checks of a model.")] = 60,
    timeout: Annotated[float, typer.Option(callback=require_positive, help="Seconds for one check.")] = 15,
    lease: Annotated[
        float, typer.Option(callback=require_positive, help="Seconds until another takes over where one is killed.")
    ] = 15,
    at_once: Annotated[int, typer.Option(min=1, help="How many are checked at once.")] = 4,
    deactivate: Annotated[
        bool, typer.Option("--deactivate", help="Switch off what fails, and on again what is back.")
    ] = False,
    failures: Annotated[int, typer.Option(min=1, help="With --deactivate: failures in a row.")] = 3,
    successes: Annotated[int, typer.Option(min=1, help="With --deactivate: successes in a row to come back.")] = 2,
    actor: ActorOption = None,
    upgrade: UpgradeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Check configured models by the clock, until Ctrl-C or SIGTERM. Of several that run one checks, and tells."""
    terminal = Terminal(as_json=json, debug=debug)

    async def act(service: ProviderConfigService) -> ExitCode:
        from core.llms.provider_config.health.policy import HealthPolicy

        policy = HealthPolicy(
            interval_seconds=interval,
            jitter_seconds=interval / 10,
            timeout_seconds=timeout,
            max_concurrency=at_once,
            deactivates=deactivate,
            failures_before_deactivation=failures,
            successes_before_return=successes,
        )
        return await _watch(service, policy, lease, terminal)

    return with_service(act, terminal, upgrade=upgrade, actor=actor)


async def _watch(
    service: ProviderConfigService, policy: HealthPolicy, lease_seconds: float, terminal: Terminal
) -> ExitCode:
    from core.llms.provider_config.health.scheduler import HealthScheduler
    from core.llms.provider_config.health.service import HealthService

    teller = _Teller(terminal, policy, listen_for_stop())
    scheduler = HealthScheduler(
        HealthService(service, policy),
        lease_seconds=lease_seconds,
        on_check=teller.tell_check,
        on_leader=teller.tell_leader,
    )
    tasks = [asyncio.create_task(scheduler.run()), asyncio.create_task(teller.stopped.wait())]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        ended, _ = await asyncio.gather(*tasks, return_exceptions=True)
    if isinstance(ended, Exception):
        raise ended
    return teller.exit_code


class _Teller:
    """Writes a line for each thing that happens; where nobody reads them any more it stops."""

    def __init__(self, terminal: Terminal, policy: HealthPolicy, stopped: asyncio.Event) -> None:
        self._terminal = terminal
        self._policy = policy
        self.stopped = stopped
        self.exit_code = ExitCode.OK

    def tell_leader(self, is_leader: bool) -> None:
        from core.llms.cli.providers.health_facts import policy_facts

        line = policy_facts(self._policy) if is_leader else "checks no more"
        self._tell("leader", {"is_leader": is_leader}, line)

    def tell_check(self, check: HealthCheck) -> None:
        from core.llms.cli.providers.health_facts import check_facts, check_line

        self._tell("check", check_facts(check), check_line(check))

    def _tell(self, event: str, facts: dict[str, Any], line: str) -> None:
        try:
            if self._terminal.as_json:
                self._terminal.write_json({"event": event, **facts})
            else:
                self._terminal.write(f"{line}\n")
        except BrokenPipeError:
            self.exit_code = ExitCode.BROKEN_PIPE
            self.stopped.set()
