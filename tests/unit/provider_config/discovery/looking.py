"""What several tests of discovery say of a report, and servers that are none of the simulator's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest

from core.llms.provider_config.discovery.discover import discover
from core.llms.provider_config.discovery.findings import DiscoveredModel, DiscoveredProvider, DiscoveryReport
from core.llms.simulator import Simulator
from tests.support.raw_server import Exchange, Handler

# No busy machine makes a server of the test's own seem not to answer.
patiently = partial(discover, timeout_seconds=240, connect_seconds=120)


def point(monkeypatch: pytest.MonkeyPatch, sim: Simulator, *variables: str, **others: str) -> None:
    """Set some of the variables that point at the simulator, and others."""
    for name, value in ({each: sim.environment()[each] for each in variables} | others).items():
        monkeypatch.setenv(name, value)


def only(report: DiscoveryReport) -> DiscoveredProvider:
    (provider,) = report.providers
    return provider


def models_of(provider: DiscoveredProvider) -> dict[str, DiscoveredModel]:
    return {model.model: model for model in provider.models}


def answers(bodies: Mapping[str, Any]) -> Handler:
    """A server that answers JSON at these paths, and 404 at others."""

    async def answer(exchange: Exchange) -> None:
        path = exchange.head.split(b" ")[1].decode()
        if path in bodies:
            await exchange.answer(json.dumps(bodies[path]).encode())
        else:
            await exchange.answer(b"not here", "404 Not Found", "text/plain")

    return answer


# As llama.cpp's server answers at both of its paths (a recorded answer of 2026, shortened).
LLAMA_CPP = {
    "object": "list",
    "models": [{"name": "gemma-4-12b", "model": "gemma-4-12b", "digest": "", "capabilities": ["completion"]}],
    "data": [
        {
            "id": "gemma-4-12b",
            "object": "model",
            "owned_by": "llamacpp",
            "meta": {"n_ctx": 16384, "n_ctx_train": 262144},
        }
    ],
}
# As LM Studio answers ("REST API v0", read 2026-11-28, shortened).
LM_STUDIO = {
    "/api/v0/models": {
        "object": "list",
        "data": [
            {"id": "qwen2-vl-7b-instruct", "type": "vlm", "compatibility_type": "mlx", "state": "not-loaded",
             "max_context_length": 32768},
            {"id": "meta-llama-3.1-8b-instruct", "type": "llm", "compatibility_type": "gguf", "state": "loaded",
             "max_context_length": 131072, "loaded_context_length": 4096, "capabilities": ["tool_use"]},
            {"id": "text-embedding-nomic-embed-text-v1.5", "type": "embeddings", "compatibility_type": "gguf",
             "state": "not-loaded", "max_context_length": 2048},
        ],
    },
    "/v1/models": {
        "object": "list",
        "data": [
            {"id": name, "object": "model", "owned_by": "organization_owner"}
            for name in ("qwen2-vl-7b-instruct", "meta-llama-3.1-8b-instruct", "text-embedding-nomic-embed-text-v1.5")
        ],
    },
}  # fmt: skip
