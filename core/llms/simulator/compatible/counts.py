"""What a completion took, in the usual names: the numbers of which every vendor's usage object is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.llms.simulator.compatible.models import HostedModel

if TYPE_CHECKING:
    from core.llms.simulator.openai.chat import Completion


@dataclass(frozen=True, slots=True)
class Counts:
    """Tokens of the prompt, cached ones among them, and of the answer, those of its thoughts among them."""

    model: HostedModel
    prompt: int
    cached: int
    written: int
    thought: int

    @classmethod
    def of(cls, completion: Completion) -> Counts:
        """The numbers of a completion of a hosted model."""
        usage, model = completion.usage, completion.model
        assert isinstance(model, HostedModel)
        cached = usage["prompt_tokens_details"]["cached_tokens"]
        thought = usage["completion_tokens_details"]["reasoning_tokens"]
        return cls(model, usage["prompt_tokens"], cached, usage["completion_tokens"], thought)

    @property
    def usual(self) -> dict[str, Any]:
        """The three numbers that all vendors tell."""
        return {
            "prompt_tokens": self.prompt,
            "completion_tokens": self.written,
            "total_tokens": self.prompt + self.written,
        }

    @property
    def cached_details(self) -> dict[str, Any]:
        """How much of the prompt was cached, as most vendors tell it."""
        return {"prompt_tokens_details": {"cached_tokens": self.cached}}


def usual_usage(completion: Completion) -> dict[str, Any]:
    """The usual numbers, and how much of the prompt was cached."""
    counts = Counts.of(completion)
    return counts.usual | counts.cached_details
