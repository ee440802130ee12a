"""Which neutral parameters OpenAI's models take, on both of its wires together."""

from __future__ import annotations

from typing import Final

from core.llms.types import parameters as names

COMMON: Final = frozenset(
    {
        names.PARAM_MAX_TOKENS,
        names.PARAM_N,
        names.PARAM_STOP,
        names.PARAM_SEED,
        names.PARAM_PARALLEL_TOOL_CALLS,
        names.PARAM_SERVICE_TIER,
        names.PARAM_STORE,
        names.PARAM_METADATA,
        names.PARAM_PROMPT_CACHE_KEY,
        names.PARAM_PROMPT_CACHE_RETENTION,
        names.PARAM_SAFETY_IDENTIFIER,
        names.PARAM_PREVIOUS_RESPONSE_ID,
    }
)
SAMPLING: Final = frozenset(
    {
        names.PARAM_TEMPERATURE,
        names.PARAM_TOP_P,
        names.PARAM_FREQUENCY_PENALTY,
        names.PARAM_PRESENCE_PENALTY,
        names.PARAM_LOGPROBS,
        names.PARAM_TOP_LOGPROBS,
        names.PARAM_LOGIT_BIAS,
    }
)
REASONING: Final = frozenset({names.PARAM_REASONING_EFFORT, names.PARAM_REASONING_SUMMARY, names.PARAM_VERBOSITY})

CHAT_PARAMS: Final = COMMON | SAMPLING
REASONING_PARAMS: Final = COMMON | SAMPLING | REASONING
