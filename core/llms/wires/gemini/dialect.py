"""What differs between the hosts and the model generations of this wire, as data. Addresses and keys are not here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal
from urllib.parse import quote

from core.llms.types import parameters as names

ORIGIN: Final = "gemini"
INEXPRESSIBLE: Final = frozenset(
    {
        names.PARAM_LOGIT_BIAS,
        names.PARAM_PARALLEL_TOOL_CALLS,
        names.PARAM_VERBOSITY,
        names.PARAM_PROMPT_CACHE_KEY,
        names.PARAM_PROMPT_CACHE_RETENTION,
        names.PARAM_SAFETY_IDENTIFIER,
        names.PARAM_PREVIOUS_RESPONSE_ID,
    }
)


@dataclass(frozen=True, slots=True)
class GeminiDialect:
    """One host's and one model's way of speaking the wire; the defaults are the Gemini API's and the newest models'.

    The host:
        version: the API version, the first piece of every path.
        scope: what stands between version and model (a project and its location); it ends with a slash, or is empty.
        collection: the collection that a bare model name belongs to.
        wraps_count: whether the count of tokens takes a whole request, wrapped; else the request's fields themselves.
        embedding_method: `batchEmbedContents`, `embedContent` (one text a request) or `predict`.
        embeds_with_config: whether options of embeddings have an object of their own.
        requires_media_type: whether media given by address must say their type.
        inexpressible: neutral parameters that this host has no field for.

    The model:
        thinking: whether effort is a level or a budget of tokens.
        thinking_budgets: the smallest and the largest budget; a smallest of 0 means that thinking can be off.
        media_in_results: whether a tool's result can hold images and files itself.
        json_with_tools: whether an answer in JSON can be asked for beside functions.
        checks_signatures: whether the first call of a step must carry a signature.
        search_fee: what a web search is billed by, its queries or the prompt.
    """

    version: str = "v1"
    scope: str = ""
    collection: str = "models"
    wraps_count: bool = True
    embedding_method: Literal["batchEmbedContents", "embedContent", "predict"] = "batchEmbedContents"
    embeds_with_config: bool = False
    requires_media_type: bool = False
    inexpressible: frozenset[str] = INEXPRESSIBLE
    thinking: Literal["level", "budget"] = "level"
    thinking_budgets: tuple[int, int] = (0, 24_576)
    media_in_results: bool = True
    json_with_tools: bool = True
    checks_signatures: bool = True
    search_fee: Literal["query", "prompt"] = "query"

    def resource(self, model: str) -> str:
        """Return the resource name of a model; one that is a resource name already stays as it is."""
        if model.startswith(("models/", "tunedModels/", "publishers/", "projects/")):
            return model
        publisher, slash, name = model.partition("/")
        return f"publishers/{publisher}/models/{name}" if slash else f"{self.collection}/{model}"

    def path(self, model: str, method: str) -> str:
        """Return the path of a method of a model."""
        resource = self.resource(model)
        scope = "" if resource.startswith("projects/") else self.scope
        return f"/{self.version}/{_quote(scope + resource)}:{method}"


@lru_cache(maxsize=1024)
def _quote(resource: str) -> str:
    return quote(resource, safe="/@")
