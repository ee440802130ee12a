"""The neutral names of sampling and output parameters, one meaning each for every vendor."""

from __future__ import annotations

from typing import Final

PARAM_MAX_TOKENS: Final = "max_tokens"
PARAM_TEMPERATURE: Final = "temperature"
PARAM_TOP_P: Final = "top_p"
PARAM_TOP_K: Final = "top_k"
PARAM_STOP: Final = "stop"
PARAM_SEED: Final = "seed"
PARAM_FREQUENCY_PENALTY: Final = "frequency_penalty"
PARAM_PRESENCE_PENALTY: Final = "presence_penalty"
PARAM_N: Final = "n"
PARAM_LOGPROBS: Final = "logprobs"
PARAM_TOP_LOGPROBS: Final = "top_logprobs"
PARAM_LOGIT_BIAS: Final = "logit_bias"
PARAM_PARALLEL_TOOL_CALLS: Final = "parallel_tool_calls"
PARAM_REASONING_EFFORT: Final = "reasoning_effort"
PARAM_REASONING_SUMMARY: Final = "reasoning_summary"
PARAM_VERBOSITY: Final = "verbosity"
PARAM_SERVICE_TIER: Final = "service_tier"
PARAM_STORE: Final = "store"
PARAM_METADATA: Final = "metadata"
PARAM_PROMPT_CACHE_KEY: Final = "prompt_cache_key"
PARAM_PROMPT_CACHE_RETENTION: Final = "prompt_cache_retention"
PARAM_SAFETY_IDENTIFIER: Final = "safety_identifier"
PARAM_PREVIOUS_RESPONSE_ID: Final = "previous_response_id"

SAMPLING_PARAMS: Final = frozenset(
    {
        PARAM_TEMPERATURE,
        PARAM_TOP_P,
        PARAM_TOP_K,
        PARAM_FREQUENCY_PENALTY,
        PARAM_PRESENCE_PENALTY,
        PARAM_LOGPROBS,
        PARAM_TOP_LOGPROBS,
        PARAM_LOGIT_BIAS,
    }
)

ALL_PARAMS: Final = SAMPLING_PARAMS | {
    PARAM_MAX_TOKENS,
    PARAM_STOP,
    PARAM_SEED,
    PARAM_N,
    PARAM_PARALLEL_TOOL_CALLS,
    PARAM_REASONING_EFFORT,
    PARAM_REASONING_SUMMARY,
    PARAM_VERBOSITY,
    PARAM_SERVICE_TIER,
    PARAM_STORE,
    PARAM_METADATA,
    PARAM_PROMPT_CACHE_KEY,
    PARAM_PROMPT_CACHE_RETENTION,
    PARAM_SAFETY_IDENTIFIER,
    PARAM_PREVIOUS_RESPONSE_ID,
}

REASONING_EFFORTS: Final = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
