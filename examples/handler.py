"""Answers by alias: one text, several models at once, a stream, a context, and middleware around all of them."""

import asyncio

from _environment import environment  # type: ignore[import-not-found]  # beside this file

from core.llms import AsyncModelHandler, LLMContext, LLMRequest, LLMResponse, Middleware, ModelHandler, create_model
from core.llms.runtime.middleware import CallNext

ALIASES = ("gpt-4.1-mini", "gpt-6-sol")


class Note(Middleware):
    """Prints which model was asked."""

    async def call(self, request: LLMRequest, ctx: LLMContext, call_next: CallNext) -> LLMResponse:
        response = await call_next(request, ctx)
        print(f"  [{request.model}: {response.usage.output_tokens} tokens]")
        return response


def wait_for_answers() -> None:
    with ModelHandler() as handler:
        print(
            f"{len([alias for alias in handler.list_available_models() if alias in ALIASES])} of the aliases are used"
        )
        print(handler.get_response("gpt-4.1-mini", "Say: hello."))
        with handler.stream_response("gpt-4.1-mini", "Count from 1 to 5.") as stream:
            for text in stream.text_deltas():
                print(text, end="")
        print(f" (${stream.response.cost})")

    # A configuration of an alias with fields of one's own makes a caller, too.
    with create_model("gpt-4.1-mini", system_message="Be brief.", max_tokens=50).create_caller() as caller:
        print(caller.call_llm("What is 6 * 7?"))


async def ask_several() -> None:
    ctx = LLMContext(user_id="u1", timeout_seconds=30, budget_usd="0.01")
    async with AsyncModelHandler(middleware=[Note()]) as handler:
        answers = await asyncio.gather(
            *(handler.get_response(alias, "What is 6 * 7?", ctx, max_tokens=300) for alias in ALIASES)
        )
    print(answers, ctx.ledger.call_count, "calls")


if __name__ == "__main__":
    with environment("openai/gpt-4.1-mini"):
        wait_for_answers()
        asyncio.run(ask_several())
