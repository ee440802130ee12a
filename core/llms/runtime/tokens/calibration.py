"""How far the tokens of a model's prompt are from o200k_base's, for families whose tokenizer is not public or not here.

Figures alone. They were fitted to the prompts of recorded exchanges of 2024 to November 2026 that are whole in the
record, so that the sum of the errors is least; the errors that stand beside them are those of each prompt by the
figures that fit all the others. How a prompt is counted by them is in `estimating`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final


@dataclass(frozen=True, slots=True)
class Errors:
    """How far off the estimates of recorded prompts are, in percent: the middle one, and the 95th percentile."""

    prompts: int
    median: int
    worst: int


_UNMEASURED: Final = Errors(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Calibration:
    """A family's figures, in tokens. `names` finds its models by their names; it is empty for all others.

    `text_factor` times the o200k_base tokens of all text, `prompt_tokens` once, `message_tokens` for each message;
    where there are tools `tools_tokens` once and `tools_factor` times their definitions as JSON; `call_tokens` for each
    call with its result. `plain` and `tooled` are the errors of prompts without and with tools.
    """

    family: str
    names: str
    text_factor: float
    prompt_tokens: int
    message_tokens: int
    tools_tokens: int
    tools_factor: float
    call_tokens: int
    plain: Errors = _UNMEASURED
    tooled: Errors = _UNMEASURED

    def describe(self, *, with_tools: bool) -> str:
        """Say in words how good an estimate by these figures is."""
        errors, kind = (self.tooled, "with tools") if with_tools else (self.plain, "without tools")
        if not errors.prompts:
            return f"estimated for {self.family}: no prompt {kind} was measured"
        return (
            f"estimated for {self.family}: of {errors.prompts} recorded prompts {kind} half were within"
            f" {errors.median}%, 95 of 100 within {errors.worst}%"
        )


_LATER_CLAUDE: Final = r"claude-(?:opus|sonnet|haiku|fable|mythos)-(?:4[-.][5-9]|[5-9])"
_MISTRAL: Final = r"(?:mi|mini|magi)stral|(?:mix|pix|vox)tral|codestral|devstral"
CALIBRATIONS: Final = (
    Calibration("Claude 4.5 and later", _LATER_CLAUDE, 1.2, 2, 4, 575, 1.0, 0, Errors(8, 18, 67), Errors(6, 8, 12)),
    Calibration("Claude up to 4.1", r"claude", 1.24, 5, 0, 345, 1.0, 40, Errors(7, 11, 19), Errors(13, 3, 66)),
    Calibration("Gemini", r"gemini", 1.05, 0, 0, 20, 0.3, 15, Errors(7, 6, 11), Errors(24, 46, 92)),
    Calibration("Mistral", _MISTRAL, 1.05, 1, 2, 45, 1.0, 20, Errors(9, 4, 42), Errors(2, 17, 17)),
    Calibration("Command", r"command-?[ar]", 1.05, 54, 11, 1340, 1.0, 70, Errors(3, 85, 93), Errors(5, 4, 58)),
    Calibration("DeepSeek", r"deepseek", 1.05, 0, 3, 245, 1.0, 15, Errors(5, 0, 89), Errors(12, 16, 22)),
    Calibration("Llama", r"llama", 1.05, 29, 5, 155, 1.0, 125, Errors(9, 5, 144), Errors(2, 138, 138)),
    Calibration("Grok", r"grok", 1.05, 0, 0, 215, 1.0, 125, Errors(1, 100, 100), Errors(18, 22, 41)),
    Calibration("Qwen", r"qwen|qwq", 1.0, 3, 5, 85, 1.0, 20, Errors(8, 5, 10), Errors(9, 16, 80)),
    Calibration("Nova", r"nova-", 1.05, 4, 3, 350, 1.0, 25, Errors(0, 0, 0), Errors(5, 0, 45)),
    Calibration("GLM", r"glm-?\d", 1.05, 2, 3, 115, 1.0, 30, Errors(1, 15, 15), Errors(4, 14, 18)),
    Calibration("Kimi", r"kimi", 1.05, 4, 3, 30, 1.0, 25, Errors(0, 0, 0), Errors(10, 16, 22)),
    Calibration("Sonar", r"sonar", 1.0, 1, 0, 100, 1.0, 20, Errors(5, 5, 14), Errors(0, 0, 0)),
)
_OTHERS: Final = Calibration("a family of which nothing was recorded", "", 1.05, 4, 3, 100, 1.0, 20)
_PATTERNS: Final = tuple((re.compile(each.names, re.IGNORECASE), each) for each in CALIBRATIONS)
_ENCODED: Final = re.compile(
    r"(?:^|[/.:])(?:(?:chatgpt|gpt|codex|computer-use|o\d|text-embedding|davinci|babbage)(?![a-z]))", re.IGNORECASE
)


@lru_cache(maxsize=1024)
def find_calibration(model_id: str) -> Calibration | None:
    """Return the figures of a model's family; None for OpenAI's models, whose encodings are public."""
    if _ENCODED.search(model_id):
        return None
    return next((each for pattern, each in _PATTERNS if pattern.search(model_id)), _OTHERS)
