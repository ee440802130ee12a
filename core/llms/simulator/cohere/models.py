"""The models the simulated Cohere knows, as data; windows, limits and prompts are in tokens.

Windows, limits, modalities: models.dev snapshot of 2026-09-30; vectors and ranking: litellm 1.109.1 of 2026-11-12;
what `tool_choice`, `safety_mode` and `relevant_spans` need: cohere 7.3.1, read 2026-11-21. Preambles: how much longer
recorded prompts were than what was billed of them. Dimensions: Cohere, "Embed", for version 4; those of version 5 are
litellm's largest and the same steps. Removals: recorded exchanges of 2025.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from core.llms.simulator.cohere.errors import ApiError, invalid_request, model_not_found


@dataclass(frozen=True, slots=True)
class ChatModel:
    """What a model that answers takes and gives; `preamble` is what the vendor itself puts before a prompt."""

    name: str
    context_window: int
    max_output: int
    preamble: int = 496
    reasons: bool = False
    sees: bool = False
    calls_tools: bool = True
    chooses_tools: bool = True
    safety_can_be_off: bool = False


@dataclass(frozen=True, slots=True)
class EmbeddingModel:
    """A model that makes vectors: of so many dimensions, the first one where none is asked for."""

    name: str
    context_window: int
    dimensions: tuple[int, ...]
    dimensions_can_be_chosen: bool = True


@dataclass(frozen=True, slots=True)
class RankingModel:
    """A model that ranks documents."""

    name: str
    context_window: int
    finds_spans: bool = False


Model: TypeAlias = ChatModel | EmbeddingModel | RankingModel

_K = 1_000
_V4_DIMENSIONS = (1536, 1024, 512, 256)
_V5_DIMENSIONS = (2048, *_V4_DIMENSIONS)

_ROWS: tuple[Model, ...] = (
    ChatModel("command-a-plus-05-2026", 128 * _K, 64 * _K, preamble=26, reasons=True, sees=True),
    ChatModel("command-a-03-2025", 256 * _K, 8 * _K),
    ChatModel("command-a-reasoning-08-2025", 256 * _K, 32 * _K, preamble=1405, reasons=True),
    ChatModel("command-a-vision-07-2025", 128 * _K, 8 * _K, preamble=237, sees=True, calls_tools=False),
    ChatModel("command-a-translate-08-2025", 8 * _K, 8 * _K),
    ChatModel("command-r7b-12-2024", 128 * _K, 4 * _K),
    ChatModel("command-r7b-arabic-02-2025", 128 * _K, 4 * _K),
    ChatModel("command-r-08-2024", 128 * _K, 4 * _K, preamble=66, chooses_tools=False, safety_can_be_off=True),
    ChatModel("command-r-plus-08-2024", 128 * _K, 4 * _K, preamble=66, chooses_tools=False, safety_can_be_off=True),
    ChatModel("north-mini-code-1-0", 256 * _K, 64 * _K, reasons=True),
    ChatModel("c4ai-aya-expanse-8b", 8 * _K, 4 * _K, calls_tools=False),
    ChatModel("c4ai-aya-expanse-32b", 128 * _K, 4 * _K, calls_tools=False),
    ChatModel("c4ai-aya-vision-8b", 16 * _K, 4 * _K, sees=True, calls_tools=False),
    ChatModel("c4ai-aya-vision-32b", 16 * _K, 4 * _K, sees=True, calls_tools=False),
    EmbeddingModel("embed-v5.0-pro", 128 * _K, _V5_DIMENSIONS),
    EmbeddingModel("embed-v5.0-fast", 128 * _K, _V5_DIMENSIONS),
    EmbeddingModel("embed-v4.0", 128 * _K, _V4_DIMENSIONS),
    EmbeddingModel("embed-english-v3.0", 512, (1024,), dimensions_can_be_chosen=False),
    EmbeddingModel("embed-english-light-v3.0", 512, (384,), dimensions_can_be_chosen=False),
    EmbeddingModel("embed-multilingual-v3.0", 512, (1024,), dimensions_can_be_chosen=False),
    EmbeddingModel("embed-multilingual-light-v3.0", 512, (384,), dimensions_can_be_chosen=False),
    RankingModel("rerank-v5.0-pro", 32_768, finds_spans=True),
    RankingModel("rerank-v5.0-fast", 32_768, finds_spans=True),
    RankingModel("rerank-v4.0-pro", 32_768),
    RankingModel("rerank-v4.0-fast", 32_768),
    RankingModel("rerank-v3.5", 4_096),
)
MODELS: dict[str, Model] = {row.name: row for row in _ROWS}
_REMOVED = dict.fromkeys(("command", "command-r", "command-r-plus"), "September 15, 2025")


def find_model(name: str) -> Model:
    """The model of a name. Raises: ApiError with status 404, also for one that was removed."""
    if name in _REMOVED:
        raise ApiError(
            f"model '{name}' was removed on {_REMOVED[name]}. See https://docs.cohere.com/docs/models#command for a "
            "list of models you can use instead.",
            status=404,
        )
    if name not in MODELS:
        raise model_not_found(name)
    return MODELS[name]


def find_chat_model(name: str) -> ChatModel:
    """The model of a name, which must answer. Raises: ApiError."""
    model = find_model(name)
    if not isinstance(model, ChatModel):
        raise _unsupported(name, "chat")
    return model


def find_embedding_model(name: str) -> EmbeddingModel:
    """The model of a name, which must make vectors. Raises: ApiError."""
    model = find_model(name)
    if not isinstance(model, EmbeddingModel):
        raise _unsupported(name, "embed")
    return model


def find_ranking_model(name: str) -> RankingModel:
    """The model of a name, which must rank. Raises: ApiError."""
    model = find_model(name)
    if not isinstance(model, RankingModel):
        raise _unsupported(name, "rerank")
    return model


def _unsupported(name: str, api: str) -> ApiError:
    """A model that another API serves."""
    return invalid_request(f"model '{name}' is not supported by the {api} API")
