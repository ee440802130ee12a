"""vLLM, at port 8000: each of its models is `owned_by` it (recorded 2026), with the context as `max_model_len`."""

from __future__ import annotations

from typing import Final

from core.llms.provider_config.discovery.servers.kind import MODELS_PATH, ServerKind, is_owned_by

KIND: Final = ServerKind(
    name="vLLM", provider="openai_compatible", ports=(8000,), path=MODELS_PATH, recognises=is_owned_by("vllm")
)
