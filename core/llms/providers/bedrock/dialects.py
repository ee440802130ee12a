"""How each family of models on Bedrock is told to reason, and what else is its own, as dialects of Converse.

`reasoning_effort` goes out in `additionalModelRequestFields`, in the family's own form:
- Claude: `thinking` and `output_config` by the rules of Anthropic's own API (see `wires.anthropic_messages.thinking`);
- Nova 2: `reasoningConfig` with `maxReasoningEffort`, `none` turns it off; with `high` the vendor refuses `max_tokens`,
  `temperature` and `top_p` (Amazon's Nova 2 guide, read at second hand 2026-11-21);
- gpt-oss: `reasoning_effort`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from core.llms.errors import UnsupportedParameterError
from core.llms.types import parameters as names
from core.llms.wires.anthropic_messages import MessagesDialect, ThinkingStyle
from core.llms.wires.anthropic_messages.schemas import supported_schema
from core.llms.wires.anthropic_messages.thinking import render_thinking
from core.llms.wires.bedrock_converse import ConverseDialect, EmbeddingForm, RenderReasoning, base_model

_NOVA_EFFORTS: Final = ("low", "medium", "high")
_OPENAI_EFFORTS: Final = ("low", "medium", "high")
_NOT_BESIDE_HIGH: Final = (names.PARAM_MAX_TOKENS, names.PARAM_TEMPERATURE, names.PARAM_TOP_P)
_EMBEDDINGS: Final[Mapping[str, EmbeddingForm]] = {
    r"amazon\.titan-embed-": "titan",
    r"cohere\.embed-": "cohere",
    r"amazon\.nova-.*embed": "nova",
}


def claude_dialect(
    style: ThinkingStyle, max_output_tokens: int | None, *, forced_tool_use: bool = True
) -> ConverseDialect:
    """Return the dialect of a Claude that thinks in this style."""
    return ConverseDialect(
        reasoning=claude_reasoning(style, max_output_tokens),
        top_k=lambda value: {"top_k": value},
        schema=supported_schema,
        forced_tool_use=forced_tool_use,
    )


def claude_reasoning(style: ThinkingStyle, max_output_tokens: int | None) -> RenderReasoning:
    """Make the function that writes Anthropic's fields. `max_tokens` is left out where the caller gives none."""
    dialect = MessagesDialect(thinking=style, max_output_tokens=max_output_tokens)

    def render(params: Mapping[str, Any], *, stream: bool, warnings: list[str]) -> Mapping[str, Any]:
        fields = render_thinking(params, dialect, stream=stream, warnings=warnings)
        if params.get(names.PARAM_MAX_TOKENS) is None:
            fields.pop("max_tokens", None)
        return fields

    return render


def nova_reasoning(params: Mapping[str, Any], *, stream: bool, warnings: list[str]) -> Mapping[str, Any]:
    """Write Nova 2's `reasoningConfig`. Raises `UnsupportedParameterError`."""
    effort = _effort(params)
    if effort == "none":
        return {"reasoningConfig": {"type": "disabled"}}
    _require(effort, _NOVA_EFFORTS)
    beside = [name for name in _NOT_BESIDE_HIGH if effort == "high" and params.get(name) is not None]
    if beside:
        raise UnsupportedParameterError(
            f"`{beside[0]}` is not taken with reasoning_effort='high': leave it out, or choose 'medium'"
        )
    return {"reasoningConfig": {"type": "enabled", "maxReasoningEffort": effort}}


def openai_reasoning(params: Mapping[str, Any], *, stream: bool, warnings: list[str]) -> Mapping[str, Any]:
    """Write gpt-oss's `reasoning_effort`. Raises `UnsupportedParameterError`."""
    effort = _effort(params)
    _require(effort, _OPENAI_EFFORTS)
    return {"reasoning_effort": effort}


def _effort(params: Mapping[str, Any]) -> Any:
    if params.get(names.PARAM_REASONING_SUMMARY) is not None:
        raise UnsupportedParameterError("`reasoning_summary` is not known to this model: leave it out")
    return params.get(names.PARAM_REASONING_EFFORT)


def _require(effort: Any, known: tuple[str, ...]) -> None:
    if effort not in known:
        raise UnsupportedParameterError(f"`reasoning_effort` must be one of {', '.join(known)}, not {effort!r}")


def nova_top_k(value: int) -> Mapping[str, Any]:
    """Write `top_k` as Nova takes it."""
    return {"inferenceConfig": {"topK": value}}


NOVA: Final = ConverseDialect(top_k=nova_top_k)
NOVA_2: Final = ConverseDialect(reasoning=nova_reasoning, top_k=nova_top_k, unsigned_reasoning=True)
OPENAI: Final = ConverseDialect(reasoning=openai_reasoning, schema=supported_schema, cache_points=False)
MISTRAL: Final = ConverseDialect(schema=supported_schema, cache_points=False)
LLAMA: Final = ConverseDialect(forced_tool_use=False, cache_points=False)


def embedding_dialect(model: str) -> ConverseDialect | None:
    """Return the dialect of a model that makes vectors, None for another."""
    bare = base_model(model)
    return next(
        (ConverseDialect(embedding=form) for pattern, form in _EMBEDDINGS.items() if re.match(pattern, bare)), None
    )


def dialect_for(model: str) -> ConverseDialect:
    """Tell the dialect of a model that is not listed by its id: that of the newest of its family."""
    bare = base_model(model)
    if bare.startswith("anthropic."):
        return claude_dialect(ThinkingStyle(), None)
    for prefix, dialect in (("amazon.nova-2", NOVA_2), ("amazon.nova", NOVA), ("openai.gpt-oss", OPENAI)):
        if bare.startswith(prefix):
            return dialect
    return embedding_dialect(model) or ConverseDialect()
