"""A model whose provider fails is switched off by policy, refused, and on again when the provider is back."""

import asyncio
import logging
import os
import tempfile

from core.llms.provider_config.errors import ConfigInactiveError
from core.llms.provider_config.generation import Generator
from core.llms.provider_config.health.live import LiveHealth
from core.llms.provider_config.health.policy import HealthPolicy
from core.llms.provider_config.health.service import HealthService
from core.llms.provider_config.schemas import LLMParametersCreate
from core.llms.provider_config.service import ProviderConfigService
from core.llms.simulator import Fault, Simulator
from core.llms.storage.database import Database

MODEL = ("openai", "gpt-4.1-mini")
POLICY = HealthPolicy(deactivates=True, failures_before_deactivation=3, successes_before_return=2)


async def ask(generator: Generator) -> None:
    try:
        print(f"  a call: {(await generator.generate(*MODEL, 'Say: hello.')).text}")
    except ConfigInactiveError as error:
        print(f"  a call: refused here, {error.message}")


async def check(health: HealthService) -> None:
    found = await health.check(*MODEL)
    status = await health.status(*MODEL)
    print(f"  a check: {found.outcome.value}; {status.state}, failures in a row: {status.failures_in_a_row}")


async def show(service: ProviderConfigService, health: HealthService, simulator: Simulator) -> None:
    async with LiveHealth(health) as live, Generator(service, health=live) as generator:
        for what, faults, checks in (
            ("The provider answers:", [], 1),
            ("It fails:", [Fault(status=500)], POLICY.failures_before_deactivation),
            ("It is back:", [], POLICY.successes_before_return),
        ):
            print(what)
            simulator.faults[:] = faults
            for _ in range(checks):
                await check(health)
            await ask(generator)


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with Simulator() as simulator, Database(f"sqlite:///{folder}/team.db", upgrade=True) as database:
            os.environ |= simulator.environment()
            service = ProviderConfigService(database)
            await service.register_provider_model(*MODEL, LLMParametersCreate(name="support"), alias="support")
            await show(service, HealthService(service, POLICY), simulator)


if __name__ == "__main__":
    logging.getLogger("core.llms.health").setLevel(logging.ERROR)
    asyncio.run(main())
