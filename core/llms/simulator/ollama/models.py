"""The models the simulated server has pulled, as data.

Sizes, contexts and what they can do: Ollama's library and its readme, in public copies read 2026-11-28, and the makers'
own figures; embedding models: a comparison of 2026-04. Digests are made up.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

_HOST = "registry.ollama.ai"
_NAMESPACE = "library"
_TAG = "latest"


@dataclass(frozen=True, slots=True)
class Model:
    """A pulled model: `context_length` in tokens, `size` in bytes, `can` by the vendor's names."""

    name: str
    family: str
    parameter_size: str
    size: int
    context_length: int
    embedding_length: int
    can: tuple[str, ...]
    levels: bool = False
    quantization: str = "Q4_K_M"
    modified_at: str = "2026-09-30T12:00:00.123456789Z"

    @property
    def full_name(self) -> str:
        """The name with its host and namespace."""
        return f"{_HOST}/{_NAMESPACE}/{self.name}"

    @property
    def digest(self) -> str:
        """64 hexadecimal digits."""
        return hashlib.sha256(self.name.encode()).hexdigest()


_TALK = ("completion",)
_CALLS = (*_TALK, "tools")
_THINKS = (*_CALLS, "thinking")
_SEES = (*_TALK, "vision")
_EMBEDS = ("embedding",)
_ROWS = (
    Model("qwen3:4b", "qwen3", "4.0B", 2_500_000_000, 262_144, 2_560, _THINKS),
    Model("qwen3:latest", "qwen3", "8.2B", 5_200_000_000, 40_960, 4_096, _THINKS),
    Model("qwen3-vl:4b", "qwen3vl", "4.4B", 3_300_000_000, 262_144, 2_560, (*_SEES, "tools", "thinking")),
    Model("gpt-oss:20b", "gptoss", "20.9B", 14_000_000_000, 131_072, 2_880, _THINKS, True, "MXFP4"),
    Model("llama3.2:3b", "llama", "3.2B", 2_000_000_000, 131_072, 3_072, _CALLS),
    Model("llama3.2:latest", "llama", "3.2B", 2_000_000_000, 131_072, 3_072, _CALLS),
    Model("gemma3:4b", "gemma3", "4.3B", 3_300_000_000, 131_072, 2_560, _SEES),
    Model("gemma3:1b", "gemma3", "999.89M", 815_000_000, 32_768, 1_152, _TALK),
    Model("nomic-embed-text:latest", "nomic-bert", "137M", 274_000_000, 2_048, 768, _EMBEDS, False, "F16"),
    Model("all-minilm:latest", "bert", "23M", 46_000_000, 256, 384, _EMBEDS, False, "F16"),
)
MODELS: dict[str, Model] = {row.name: row for row in _ROWS}


def find_model(name: str) -> Model | None:
    """The model of a name: in any case, with or without host and namespace; a tag that is left out is `latest`."""
    short = name.lower().removeprefix(f"{_HOST}/").removeprefix(f"{_NAMESPACE}/")
    return MODELS.get(short if ":" in short else f"{short}:{_TAG}")
