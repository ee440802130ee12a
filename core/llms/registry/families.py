"""The families that models belong to, found in a model's id."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Final


class ModelFamily(StrEnum):
    """A line of models, whoever serves them. `OTHER` is any that is not listed."""

    GPT = "gpt"
    GPT_OSS = "gpt-oss"
    O_SERIES = "o-series"
    CLAUDE = "claude"
    GEMINI = "gemini"
    GEMMA = "gemma"
    LLAMA = "llama"
    MISTRAL = "mistral"
    COMMAND = "command"
    GRANITE = "granite"
    QWEN = "qwen"
    DEEPSEEK = "deepseek"
    GROK = "grok"
    NOVA = "nova"
    TITAN = "titan"
    JAMBA = "jamba"
    KIMI = "kimi"
    GLM = "glm"
    MINIMAX = "minimax"
    PHI = "phi"
    NEMOTRON = "nemotron"
    SONAR = "sonar"
    EMBEDDING = "embedding"
    OTHER = "other"


# Where several providers serve a model, a bare name means the one that makes it.
MAKERS: Final[Mapping[ModelFamily, str]] = {
    ModelFamily.GPT: "openai",
    ModelFamily.O_SERIES: "openai",
    ModelFamily.CLAUDE: "anthropic",
    ModelFamily.GEMINI: "google",
    ModelFamily.MISTRAL: "mistral",
    ModelFamily.COMMAND: "cohere",
    ModelFamily.GROK: "xai",
    ModelFamily.DEEPSEEK: "deepseek",
    ModelFamily.SONAR: "perplexity",
    ModelFamily.NOVA: "bedrock",
    ModelFamily.GRANITE: "watsonx",
}

# The first pattern that a model's id holds decides: what is derived from another line is of its own line.
_PATTERNS: Final = tuple(
    (family, re.compile(pattern))
    for family, pattern in (
        (ModelFamily.EMBEDDING, r"embed|\bbge-|\be5-|\bgte-"),
        (ModelFamily.NEMOTRON, r"nemotron"),
        (ModelFamily.GPT_OSS, r"gpt-oss"),
        (ModelFamily.DEEPSEEK, r"deepseek"),
        (ModelFamily.CLAUDE, r"claude"),
        (ModelFamily.GEMINI, r"gemini|learnlm"),
        (ModelFamily.GEMMA, r"gemma"),
        (ModelFamily.SONAR, r"sonar"),
        (ModelFamily.LLAMA, r"llama"),
        (ModelFamily.MISTRAL, r"mi[sx]tral|ministral|magistral|devstral|codestral|pixtral|voxtral"),
        (ModelFamily.COMMAND, r"\bcommand|\baya-|c4ai"),
        (ModelFamily.GRANITE, r"granite"),
        (ModelFamily.QWEN, r"qw[eq]n|qwq|qvq"),
        (ModelFamily.GROK, r"grok"),
        (ModelFamily.NOVA, r"\bnova-"),
        (ModelFamily.TITAN, r"\btitan-"),
        (ModelFamily.JAMBA, r"jamba"),
        (ModelFamily.KIMI, r"kimi|moonshot"),
        (ModelFamily.GLM, r"\bglm-"),
        (ModelFamily.MINIMAX, r"minimax"),
        (ModelFamily.PHI, r"\bphi-"),
        (ModelFamily.O_SERIES, r"\bo[1-9](?![\w.])"),
        (ModelFamily.GPT, r"gpt|davinci|babbage|\bcodex"),
    )
)


@lru_cache(maxsize=8192)
def find_family(model_id: str) -> ModelFamily:
    """Return the family of a model by its id on any provider: `us.anthropic.claude-sonnet-5-5` is a Claude."""
    name = model_id.lower().replace("_", "-")
    return next((family for family, pattern in _PATTERNS if pattern.search(name)), ModelFamily.OTHER)
