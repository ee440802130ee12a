"""Errors and retries. A vendor does not fail on demand, so a simulator answers here in any case."""

import asyncio
import os

from core.llms import NO_RETRY, LLMContext, LLMError, RateLimitError, StreamInterruptedError
from core.llms.providers.openai import create_openai_llm
from core.llms.simulator import Fault, Simulator


async def main() -> None:
    async with Simulator() as simulator:
        os.environ |= simulator.environment()
        async with create_openai_llm("gpt-4.1-mini") as llm:
            simulator.script(Fault(status=503, retry_after="0.1"))
            response = await llm.get_answer("Say hello.")
            print(f"tried again: {[attempt.outcome for attempt in response.attempts]}")

            simulator.script(Fault(status=429, retry_after="3600"))
            try:
                await llm.get_answer("Say hello.")
            except RateLimitError as error:
                print(f"too long to wait: status {error.status}, again in {error.retry_after_seconds:.0f} s")

            simulator.script(Fault(cut_after_events=4))
            try:
                await llm.stream_answer("Count from 1 to 10.").get_response()
            except StreamInterruptedError as error:
                print(f"cut: {error.partial.text!r} had arrived, at a cost of ${error.partial.cost}")

            try:
                await llm.get_answer("Say hello.", reasoning_effort="high")
            except LLMError as error:
                print(f"{type(error).__name__}, nothing sent: {str(error)[:70]}…")

            simulator.script(Fault(hang=True))
            try:
                await llm.get_answer("Say hello.", LLMContext(timeout_seconds=0.2))
            except TimeoutError as error:
                print(f"{type(error).__name__}: {error}")

        async with create_openai_llm("gpt-4.1-mini", retry=NO_RETRY) as llm:
            simulator.script(Fault(status=500))
            try:
                await llm.get_answer("Say hello.")
            except LLMError as error:
                print(f"{type(error).__name__} after {len(error.attempts)} attempt")


if __name__ == "__main__":
    asyncio.run(main())
