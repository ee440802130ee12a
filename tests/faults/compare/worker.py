"""One library in a process of its own: each call in a fork, killed where it does not end.

`python -m tests.faults.compare.worker LIBRARY HEALTHY_URL` reads tasks as lines of JSON and answers each with a line.
It runs in an environment that may have no other library of this project, so it imports none.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import select
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from tests.faults.resolvers import resolving
from tests.support.clocks import stopwatch

Ask = Callable[[str, bool], Awaitable[str]]
MODEL = "gpt-4.1-mini"
WARM_UP_SECONDS = 60.0


def ask_core(task: dict[str, Any]) -> Ask:
    """This SDK: `timeout_seconds` of the context, and NO_RETRY where retries are switched off."""
    from core.llms import NO_RETRY, LLMContext, RetryPolicy, TransportOptions
    from core.llms.providers.openai import create_openai_llm

    retry = RetryPolicy() if task["retries"] else NO_RETRY
    transport = TransportOptions(trust_env=bool(task["environment"]))
    llm = create_openai_llm(MODEL, api_key="k", base_url=task["url"], retry=retry, transport=transport)

    async def ask(prompt: str, streamed: bool) -> str:
        ctx = LLMContext(timeout_seconds=task["timeout_seconds"])
        if not streamed:
            return (await llm.get_answer(prompt, ctx)).text
        async with llm.stream_answer(prompt, ctx) as answer:
            return "".join([text async for text in answer.text_deltas()])

    return ask


def ask_openai(task: dict[str, Any]) -> Ask:
    """The openai SDK: `timeout`, and `max_retries=0` where retries are switched off."""
    import openai

    retries: dict[str, Any] = {} if task["retries"] else {"max_retries": 0}
    client = openai.AsyncOpenAI(api_key="k", base_url=task["url"], timeout=task["timeout_seconds"], **retries)

    async def ask(prompt: str, streamed: bool) -> str:
        messages: Any = [{"role": "user", "content": prompt}]
        if not streamed:
            answer = await client.chat.completions.create(model=MODEL, messages=messages)
            return answer.choices[0].message.content or ""
        stream = await client.chat.completions.create(
            model=MODEL, messages=messages, stream=True, stream_options={"include_usage": True}
        )
        return "".join([choice.delta.content or "" async for chunk in stream for choice in chunk.choices])

    return ask


def ask_litellm(task: dict[str, Any]) -> Ask:
    """litellm: `timeout`, and both of its retry settings at 0 where retries are switched off."""
    import litellm

    litellm.suppress_debug_info = True
    options: dict[str, Any] = {} if task["retries"] else {"max_retries": 0, "num_retries": 0}
    options |= {"api_key": "k", "api_base": task["url"], "timeout": task["timeout_seconds"]}

    async def ask(prompt: str, streamed: bool) -> str:
        messages = [{"role": "user", "content": prompt}]
        if not streamed:
            answer = await litellm.acompletion(model=f"openai/{MODEL}", messages=messages, **options)
            return answer.choices[0].message.content or ""
        stream = await litellm.acompletion(
            model=f"openai/{MODEL}", messages=messages, stream=True, stream_options={"include_usage": True}, **options
        )
        return "".join([choice.delta.content or "" async for chunk in stream for choice in chunk.choices])

    return ask


LIBRARIES = {
    "core-llms": ("core.llms.providers.openai", ask_core),
    "openai": ("openai", ask_openai),
    "litellm": ("litellm", ask_litellm),
}
OWN_ERRORS = {"core-llms": "LLMError", "openai": "OpenAIError", "litellm": "OpenAIError"}


async def try_out(library: str, task: dict[str, Any]) -> dict[str, Any]:
    """Make the calls of a task, and say how the last of them ended, or the first that failed."""
    ask = LIBRARIES[library][1](task)
    texts: list[str] = []
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        async with stopwatch() as watch:
            for _ in range(task["calls"]):
                text = await ask(task["prompt"], task["streamed"])
                texts.append(text if len(text) < 1000 else f"{len(text)} characters")
        ended: dict[str, Any] = {"texts": texts}
    except Exception as error:  # noqa: BLE001 - which one it is, is the question
        classes = [kind.__name__ for kind in type(error).__mro__]
        module = type(error).__module__.partition(".")[0]
        own = OWN_ERRORS[library] in classes
        ended = {"classes": classes, "own": own, "name": classes[0] if own else f"{module}.{classes[0]}"}
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024
    return {**ended, "seconds": watch.own_seconds, "grown_mebibytes": grown}


async def warm_up(library: str, url: str) -> None:
    """Call and stream once from a healthy server, so that what is loaded at a first call takes no time of a fault's."""
    task = {"url": url, "retries": False, "timeout_seconds": WARM_UP_SECONDS, "environment": {}}
    ask = LIBRARIES[library][1](task)
    for streamed in (False, True):
        text = await ask("Hi", streamed)
        assert text == "Hello", text


async def meet(library: str, task: dict[str, Any], writing: int) -> None:
    """Warm up, tell that the clock runs, meet the fault, and tell how it ended."""
    await warm_up(library, task["healthy_url"])
    os.write(writing, b"\n")
    with resolving(task["resolver"]):
        result = await try_out(library, task)
        os.write(writing, json.dumps(result).encode())
        os._exit(0)


def run_forked(library: str, task: dict[str, Any]) -> dict[str, Any]:
    """Run a task in a child; one that does not end in time is killed, and one that dies has crashed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.environ.update(task["environment"])
        try:
            asyncio.new_event_loop().run_until_complete(meet(library, task, writing))
        finally:
            os._exit(1)
    os.close(writing)
    try:
        if not _read(reading, WARM_UP_SECONDS):
            return {"cold": True}
        text = _read(reading, task["limit_seconds"])
    finally:
        os.close(reading)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    if text is None:
        return {"hung": True}
    return dict(json.loads(text)) if text else {"crashed": True}


def _read(reading: int, seconds: float) -> bytes | None:
    ready, _, _ = select.select([reading], [], [], seconds)
    return os.read(reading, 60_000) if ready else None


def main() -> None:
    """Import the library, say which version it is, and answer tasks until there are no more."""
    library = sys.argv[1]
    module = LIBRARIES[library][0]
    __import__(module)
    from importlib.metadata import version

    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints is no answer
    asyncio.run(warm_up(library, sys.argv[2]))
    print(json.dumps({"version": version(library)}), file=answers, flush=True)
    for line in sys.stdin:
        print(json.dumps(run_forked(library, json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()
