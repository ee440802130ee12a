"""llama.cpp's server, at port 8080: its model is `owned_by` it (recorded 2026), with the context as `meta.n_ctx`."""

from __future__ import annotations

from typing import Final

from core.llms.provider_config.discovery.servers.kind import MODELS_PATH, ServerKind, is_owned_by

KIND: Final = ServerKind(
    name="llama.cpp", provider="openai_compatible", ports=(8080,), path=MODELS_PATH, recognises=is_owned_by("llamacpp")
)
