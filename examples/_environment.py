"""Where the examples get their model: the credentials of the environment, else a simulator that is started here."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from core.llms.simulator import Simulator

AZURE_CREDENTIALS = ("AZURE_OPENAI_API_KEY", "AZURE_OPENAI_KEY", "AZURE_OPENAI_AD_TOKEN")


@contextmanager
def environment(provider: str | None = None, usd: str = "0.01") -> Iterator[str]:
    """Give a model that can be called, as `provider/model`, and say who will answer, and for how many dollars at most.

    `provider` asks for `openai` or `azure` alone. Without its credentials the environment points at a simulator.
    """
    address = find_vendor(provider)
    if address is not None:
        model, host = address
        print(f"{model} answers, at {host}. The calls are billed to your account: less than ${usd} at list prices.\n")
        yield model
        return
    wanted = {"openai": "OPENAI_API_KEY", "azure": "AZURE_OPENAI_ENDPOINT and AZURE_OPENAI_API_KEY"}
    missing = wanted.get(provider or "", "OPENAI_API_KEY, or AZURE_OPENAI_ENDPOINT and AZURE_OPENAI_API_KEY")
    with Simulator.in_thread() as simulator:
        os.environ |= simulator.environment()
        print(f"A simulator at {simulator.url}, on this machine, answers: its words are made up, nothing is billed.")
        print(f"For a real model set {missing}.\n")
        yield f"{provider or 'openai'}/gpt-4.1-mini"


def find_vendor(provider: str | None) -> tuple[str, str] | None:
    """Return model and host of the vendor whose credentials are set, or None."""
    if provider in (None, "openai") and os.environ.get("OPENAI_API_KEY"):
        return "openai/gpt-4.1-mini", urlsplit(os.environ.get("OPENAI_BASE_URL") or "https://api.openai.com").netloc
    endpoint = os.environ.get("AZURE_OPENAI_ENDPOINT")
    if provider in (None, "azure") and endpoint and any(os.environ.get(name) for name in AZURE_CREDENTIALS):
        return "azure/gpt-4.1-mini", urlsplit(endpoint).netloc
    return None
