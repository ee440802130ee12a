"""`additionalModelRequestFields`: what each family of models takes there, and how long it reasons because of it.

Facts: Amazon's pages on the parameters of each family, and public reports of what Nova refuses, read 2026-11-21. A
family without parameters that are known here takes none.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, NotRequired, TypeAlias

from pydantic import Discriminator, Field, TypeAdapter, ValidationError, with_config
from typing_extensions import TypedDict

from core.llms.simulator.anthropic.block_shapes import EXACT
from core.llms.simulator.anthropic.request_shapes import (
    AdaptiveThinking,
    BetweenToolsThinking,
    DisabledThinking,
    EnabledThinking,
)
from core.llms.simulator.anthropic.thinking import ThinkingPlan
from core.llms.simulator.anthropic.validation import complaint
from core.llms.simulator.bedrock.claude import check_claude, plan_claude
from core.llms.simulator.bedrock.errors import model_error

if TYPE_CHECKING:
    from core.llms.simulator.bedrock.models import Model

_Effort: TypeAlias = Literal["low", "medium", "high"]
_NOT_BESIDE_HIGH = ("maxTokens", "temperature", "topP")
_NOVA_TOKENS = {"low": 16, "medium": 48, "high": 96}
_GPT_TOKENS = {"low": 8, "medium": 24, "high": 64}
_REFORMAT = ", please reformat your input and try again."


@with_config(EXACT)
class ClaudeOutput(TypedDict):
    """How much effort a Claude makes."""

    effort: NotRequired[Literal["low", "medium", "high", "xhigh", "max"]]


@with_config(EXACT)
class ClaudeFields(TypedDict):
    """What a Claude takes."""

    anthropic_beta: NotRequired[list[str]]
    output_config: NotRequired[ClaudeOutput]
    thinking: NotRequired[
        Annotated[EnabledThinking | AdaptiveThinking | DisabledThinking | BetweenToolsThinking, Discriminator("type")]
    ]
    top_k: NotRequired[Annotated[int, Field(ge=0, le=500)]]


@with_config(EXACT)
class NovaInference(TypedDict):
    """Nova's own sampling."""

    topK: NotRequired[Annotated[int, Field(ge=1, le=128)]]


@with_config(EXACT)
class NovaFields(TypedDict):
    """What Nova takes."""

    inferenceConfig: NotRequired[NovaInference]


@with_config(EXACT)
class NovaReasoning(TypedDict):
    """Whether, and how hard, Nova 2 reasons."""

    type: Literal["enabled", "disabled"]
    maxReasoningEffort: NotRequired[_Effort]


@with_config(EXACT)
class Nova2Fields(NovaFields):
    """What Nova 2 takes."""

    reasoningConfig: NotRequired[NovaReasoning]


@with_config(EXACT)
class GptFields(TypedDict):
    """What gpt-oss takes."""

    reasoning_effort: NotRequired[_Effort]


@with_config(EXACT)
class MistralFields(TypedDict):
    """What Mistral's models take."""

    top_k: NotRequired[Annotated[int, Field(ge=0, le=200)]]


@with_config(EXACT)
class NoFields(TypedDict):
    """Nothing."""


_SHAPES: dict[str, Any] = {
    "claude": ClaudeFields,
    "nova": NovaFields,
    "nova2": Nova2Fields,
    "gpt-oss": GptFields,
    "mistral": MistralFields,
}


def check_model_fields(body: dict[str, Any], model: Model) -> dict[str, Any]:
    """The model's own fields, once they go with the model and the request. Raises: ApiError."""
    given = body.get("additionalModelRequestFields", {})
    try:
        fields: dict[str, Any] = _adapter(model.family).validate_python(given)
    except ValidationError as error:
        raise model_error(_complaint(error, model)) from error
    if model.family == "claude":
        check_claude(body, fields, model)
    elif _effort(fields) == "high":
        inference = body.get("inferenceConfig", {})
        beside = [name for name in _NOT_BESIDE_HIGH if name in inference]
        if beside:
            raise model_error(
                f"Malformed input request: {beside[0]} must not be set when maxReasoningEffort is high{_REFORMAT}"
            )
    return fields


def plan_reasoning(body: dict[str, Any], fields: dict[str, Any], model: Model) -> ThinkingPlan:
    """How many tokens the model reasons, and whether it shows what."""
    match model.family:
        case "claude":
            return plan_claude(body, fields, model)
        case "nova2":
            reasoning = fields.get("reasoningConfig", {"type": "disabled"})
            effort = reasoning.get("maxReasoningEffort", "medium")
            return ThinkingPlan(_NOVA_TOKENS[effort] if reasoning["type"] == "enabled" else 0, is_shown=False)
        case "gpt-oss":
            return ThinkingPlan(_GPT_TOKENS[fields.get("reasoning_effort", "medium")], is_shown=True)
    return ThinkingPlan(0, is_shown=False)


def _effort(fields: dict[str, Any]) -> str | None:
    reasoning = fields.get("reasoningConfig") or {}
    return reasoning.get("maxReasoningEffort") if reasoning.get("type") == "enabled" else None


@lru_cache
def _adapter(family: str) -> TypeAdapter[Any]:
    return TypeAdapter(_SHAPES.get(family, NoFields))


def _complaint(error: ValidationError, model: Model) -> str:
    detail = error.errors(include_url=False)[0]
    if model.family == "claude":
        return complaint(detail)
    if detail["loc"][:1] == ("reasoningConfig",):
        return f"Malformed input request: the provided reasoning config value is invalid{_REFORMAT}"
    *place, name = detail["loc"] or ("",)
    path = "".join(f"/{step}" for step in place)
    if detail["type"] == "extra_forbidden":
        return f"Malformed input request: #{path}: extraneous key [{name}] is not permitted{_REFORMAT}"
    return f"Malformed input request: #{path}/{name}: {detail['msg']}{_REFORMAT}"
