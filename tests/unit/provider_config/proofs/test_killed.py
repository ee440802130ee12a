"""A process that is killed while it registers leaves all of a step or nothing, and nothing locked."""

from __future__ import annotations

import asyncio
import random
import signal
from itertools import count
from typing import Any

import pytest

from core.llms.provider_config.service import ProviderConfigService
from core.llms.storage.database import Database
from tests.support.config_processes import PROVIDER, Answering, register, register_and_die
from tests.support.forks import MOST_SECONDS, forking
from tests.support.killings import kill_at_random
from tests.support.wholeness import find_flaws

pytestmark = pytest.mark.proof


async def end_of(target: Any, *arguments: Any) -> int | None:
    process = forking().Process(target=target, args=arguments)
    process.start()
    await asyncio.to_thread(process.join, MOST_SECONDS)
    return process.exitcode


@pytest.mark.timeout(300)
async def test_a_registration_killed_at_any_step_is_whole_or_not_there(database_url: str) -> None:
    async with Database(database_url) as database:
        service = ProviderConfigService(database, verifier=Answering())
        states = []
        for step in count():
            model = f"m{step}"
            code = await end_of(register_and_die, database_url, model, step)
            config = await service.get_provider_model(PROVIDER, model)
            states.append(config and (config.verification_status, config.is_active))
            assert await find_flaws(service) == []
            again = await register(service, model)
            assert (again.is_verified, again.is_active) == (True, True)
            if code == 0:
                break
            assert code == -signal.SIGKILL
    # Nothing is there before the first transaction is kept; then it is pending, and off, until the second is.
    pending, verified = states.index(("pending", False)), states.index(("verified", True))
    assert states[:pending] == [None] * pending
    assert states[pending:verified] == [("pending", False)] * (verified - pending)


async def test_registrations_killed_at_random_moments_leave_no_half(database_url: str) -> None:
    killed = await kill_at_random(database_url, processes=2, kills=4, moments=random.Random(7))
    assert killed.flaws == []
    assert killed.registered > 0
