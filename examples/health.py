"""A model whose provider fails is switched off by policy, refused to callers, and on again when the provider is back.

The outage is made here, so a simulator answers in any case, and nothing is billed.
"""

import asyncio
import logging
import os
import tempfile

from core.llms import LLMError
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
        answer = await generator.generate(*MODEL, "Say: hello.")
    except ConfigInactiveError as error:
        print(f"  a call: refused here, {error.message}")
    except LLMError as error:
        print(f"  a call: {type(error).__name__}")
    else:
        print(f"  a call: {answer.text}")


async def check(health: HealthService) -> None:
    found = await health.check(*MODEL)
    status = await health.status(*MODEL)
    switched = f", switched {found.switched}" if found.switched else ""
    print(f"  a check: {found.outcome.value}{switched}; {status.state}, failures in a row: {status.failures_in_a_row}")


async def show(service: ProviderConfigService, health: HealthService, simulator: Simulator) -> None:
    async with LiveHealth(health) as live, Generator(service, health=live) as generator:
        print("The provider answers:")
        await ask(generator)
        await check(health)
        print("It fails:")
        simulator.faults.append(Fault(status=500))
        for _ in range(POLICY.failures_before_deactivation):
            await check(health)
        await ask(generator)
        print("It is back:")
        simulator.faults.clear()
        for _ in range(POLICY.successes_before_return):
            await check(health)
        await ask(generator)
    for entry in reversed(await service.audit.list_entries(by="health")):
        print(f"The audit: {entry.actor}, {entry.action}, {entry.name}")


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with Simulator() as simulator, Database(f"sqlite:///{folder}/team.db", upgrade=True) as database:
            os.environ |= simulator.environment()
            service = ProviderConfigService(database)
            await service.register_provider_model(*MODEL, LLMParametersCreate(name="support"), alias="support")
            await show(service, HealthService(service, POLICY), simulator)


if __name__ == "__main__":
    # What is switched is logged; here it is printed.
    logging.getLogger("core.llms.health").setLevel(logging.ERROR)
    asyncio.run(main())
