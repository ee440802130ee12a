"""One call, three vendors: where one fails the next is asked, with the same messages, tools and forms."""

import asyncio
import os

from pydantic import BaseModel

from core.llms import AllTargetsFailedError, LLMContext, create_llm
from core.llms.simulator import Fault, Simulator

MODELS = ("openai/gpt-4.1-mini", "anthropic/claude-haiku-4-5", "google/gemini-2.5-flash")


class Person(BaseModel):
    name: str
    age: int


async def main(vendors: Simulator) -> None:
    ctx = LLMContext(timeout_seconds=30)
    first, *others = [create_llm(name) for name in MODELS]
    async with first.with_fallback(*others) as llm:
        vendors.script(Fault(status=503))
        response = await llm.get_answer("Say: hello.", ctx, max_tokens=100)
        print(f"{response.text} said {response.provider}")
        for attempt in response.attempts:
            print(f"  {attempt.provider}/{attempt.model}: {attempt.outcome} in {attempt.seconds:.3f} s")

        vendors.script(Fault(status=529), Fault(cut_after_events=0))
        stream = llm.stream_answer("Ada is 36 years old.", ctx, response_model=Person, max_tokens=200)
        response = await stream.get_response()
        print(f"{response.parsed!r} from {response.provider}")

        vendors.script(Fault(status=503, repeat=9))
        try:
            await llm.get_answer("Say: hello.", ctx, max_tokens=100)
        except AllTargetsFailedError as error:
            print("nobody answers:", ", ".join(f"{each.provider} {type(each).__name__}" for each in error.errors))
    print(f"{ctx.ledger.call_count} calls took {ctx.ledger.attempt_count} requests")


if __name__ == "__main__":
    # Vendors fail here when they are told to: it is a simulator, whatever keys there are.
    with Simulator.in_thread() as simulator:
        os.environ |= simulator.environment()
        asyncio.run(main(simulator))
