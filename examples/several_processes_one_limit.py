"""Three processes that share one rate limit through a database: together they never ask faster than it allows."""

import asyncio
import os
import sys
import tempfile
import time

from _environment import environment  # type: ignore[import-not-found]  # beside this file

from core.llms import LLMContext, RateLimiter, RateLimitMiddleware, create_llm
from core.llms.storage.database import Database
from core.llms.storage.limit_store import DatabaseLimitStore

PROCESSES, CALLS = 3, 6
REQUESTS_PER_MINUTE, AT_ONCE = 600, 3


async def call(model: str, url: str, name: str) -> None:
    """What each process does: all of its calls at once, which the limiter lets go one by one."""
    async with Database(url) as database:
        limiter = RateLimiter(
            requests_per_minute=REQUESTS_PER_MINUTE,
            burst_share=AT_ONCE / REQUESTS_PER_MINUTE,
            store=DatabaseLimitStore(database),
        )
        async with create_llm(model, middleware=[RateLimitMiddleware(limiter)]) as llm:
            calls = (llm.get_answer("Say: hello.", LLMContext(user_id=name), max_tokens=20) for _ in range(CALLS))
            answers = await asyncio.gather(*calls)
        longest = max(answer.attempts[0].queued_seconds for answer in answers)
        print(f"{name}: {len(answers)} answers; {limiter.statistics.queued} waited, the longest {longest:.1f} s")


async def main(model: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = os.environ.get("CORE_LLMS_DATABASE_URL") or f"sqlite:///{folder}/limits.db"
        async with Database(url) as database:
            await database.upgrade()
        begin = time.monotonic()
        names = [f"process {number}" for number in range(1, PROCESSES + 1)]
        command = (sys.executable, __file__, model, url)
        processes = [await asyncio.create_subprocess_exec(*command, name, stdout=-1) for name in names]
        for process in processes:
            output, _ = await process.communicate()
            print(output.decode().strip())
        total, seconds = PROCESSES * CALLS, time.monotonic() - begin
        allowed = (total - AT_ONCE) * 60 / REQUESTS_PER_MINUTE
        print(f"{total} calls; by the limit they take {allowed:.1f} s at least, and did: {seconds >= allowed}")


if __name__ == "__main__":
    if len(sys.argv) == 4:
        asyncio.run(call(*sys.argv[1:]))
    else:
        with environment() as model:
            asyncio.run(main(model))
