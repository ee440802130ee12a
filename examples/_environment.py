"""Where the examples get their model: the credentials of the environment, else a simulator that is started here."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from core.llms import ConfigurationError, create_llm
from core.llms.simulator import Simulator

ANY = ("openai/gpt-4.1-mini", "azure/gpt-4.1-mini")
# A provider without credentials answers where this variable says that it runs.
PLACES = {"ollama": "OLLAMA_HOST"}


@contextmanager
def environment(model: str | None = None, usd: str = "0.01") -> Iterator[str]:
    """Give a model that can be called, as `provider/model`, and say who will answer, and for how many dollars at most.

    `model` asks for that one alone, None for OpenAI's or Azure's. Without credentials for it the environment points at
    a simulator.
    """
    wanted = (model,) if model else ANY
    reasons = {}
    for name in wanted:
        try:
            host = find_host(name)
        except ConfigurationError as error:
            reasons[name] = error.message.removeprefix("no ")
            continue
        bill = f"The calls are billed to your account: less than ${usd} at list prices." if usd != "0" else ""
        print(f"{name} answers, at {host}. {bill}\n")
        yield name
        return
    with Simulator.in_thread() as simulator:
        os.environ |= simulator.environment()
        print(f"A simulator at {simulator.url}, on this machine, answers: its words are made up, nothing is billed.")
        for reason in reasons.values():
            print(f"Missing for a real model: {reason}")
        print()
        yield wanted[0]


def find_host(model: str) -> str:
    """Return the host that answers for a model. Raises `ConfigurationError` without its address or credentials."""
    place = PLACES.get(model.partition("/")[0])
    if place and not os.environ.get(place):
        raise ConfigurationError(f"no address: set {place}")
    return urlsplit(create_llm(model).connector.base_url).netloc
