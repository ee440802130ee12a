"""Where the examples get their model: the credentials of the environment, else a simulator that is started here."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from core.llms.simulator import Simulator

# Vendors with one key and one address: the model to call, the key's variable, the address's, the vendor's own.
KEYED = {
    "openai": ("gpt-4.1-mini", "OPENAI_API_KEY", "OPENAI_BASE_URL", "https://api.openai.com"),
    "anthropic": ("claude-haiku-5-5", "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "https://api.anthropic.com"),
    "google": (
        "gemini-3.8-flash",
        "GOOGLE_API_KEY",
        "GOOGLE_GEMINI_BASE_URL",
        "https://generativelanguage.googleapis.com",
    ),
}
AZURE_CREDENTIALS = ("AZURE_OPENAI_API_KEY", "AZURE_OPENAI_KEY", "AZURE_OPENAI_AD_TOKEN")


@contextmanager
def environment(provider: str | None = None, usd: str = "0.01") -> Iterator[str]:
    """Give a model that can be called, as `provider/model`, and say who will answer, and for how many dollars at most.

    `provider` asks for that one alone, None for OpenAI or Azure. Without its credentials the environment points at a
    simulator.
    """
    address = find_vendor(provider)
    if address is not None:
        model, host = address
        print(f"{model} answers, at {host}. The calls are billed to your account: less than ${usd} at list prices.\n")
        yield model
        return
    azure = "AZURE_OPENAI_ENDPOINT and AZURE_OPENAI_API_KEY"
    wanted: dict[str | None, str] = {None: f"OPENAI_API_KEY, or {azure}", "azure": azure}
    wanted |= {name: key for name, (_, key, _, _) in KEYED.items()}
    with Simulator.in_thread() as simulator:
        os.environ |= simulator.environment()
        print(f"A simulator at {simulator.url}, on this machine, answers: its words are made up, nothing is billed.")
        print(f"For a real model set {wanted[provider]}.\n")
        yield f"{provider or 'openai'}/{KEYED.get(provider or 'openai', KEYED['openai'])[0]}"


def find_vendor(provider: str | None) -> tuple[str, str] | None:
    """Return model and host of the vendor whose credentials are set, or None."""
    name = provider or "openai"
    if name in KEYED:
        model, key, address, own = KEYED[name]
        if os.environ.get(key):
            return f"{name}/{model}", urlsplit(os.environ.get(address) or own).netloc
    endpoint = os.environ.get("AZURE_OPENAI_ENDPOINT")
    if provider in (None, "azure") and endpoint and any(os.environ.get(name) for name in AZURE_CREDENTIALS):
        return "azure/gpt-4.1-mini", urlsplit(endpoint).netloc
    return None
