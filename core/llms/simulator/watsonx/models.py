"""The models the simulated watsonx.ai knows, as data.

Limits, tools and images: litellm 1.109.1 of 2026-11-12. How many images: public reports of users. Functions: the list
of models that IBM's SDK for Java is tested with. Embedding models: IBM, "Supported encoder foundation models". The last
three were read 2026-11-27. What has no source (tools and reasoning of gpt-oss, later versions of an embedding model) is
as with its maker or its forerunner.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Model:
    """What one model takes and gives; limits are in tokens, `images` is how many it takes in one request.

    `generates` marks those that take the older route of bare text, too. An embedding model has `dimensions`. One that
    is withdrawn is in the list, and answers no more.
    """

    name: str
    provider: str
    context_window: int
    output_limit: int
    version: str = "1.0.0"
    tools: bool = False
    images: int = 0
    reasons: bool = False
    generates: bool = False
    dimensions: int = 0
    since: str = "2025-01-15"
    withdrawn: bool = False

    @property
    def functions(self) -> tuple[str, ...]:
        """What may be asked of it, by the vendor's names."""
        if self.dimensions:
            return ("embedding",)
        if self.images:
            return ("image_chat", "text_chat")
        return ("text_chat", "text_generation") if self.generates else ("text_chat",)

    @property
    def tasks(self) -> tuple[str, ...]:
        """What it is good for, by the vendor's names."""
        if self.dimensions:
            return ()
        return ("generation", "function_calling") if self.tools else ("generation",)


_WIDE = 131_072
_ROWS = (
    Model("ibm/granite-4-h-small", "IBM", _WIDE, _WIDE, "4.0.0", tools=True, generates=True),
    Model("ibm/granite-3-3-8b-instruct", "IBM", _WIDE, 8_192, "3.3.0", tools=True, generates=True),
    Model("ibm/granite-vision-3-2-2b", "IBM", 8_192, 8_192, "3.2.0", images=5),
    Model("ibm/granite-guardian-3-3-8b", "IBM", 8_192, 8_192, "3.3.0", generates=True),
    Model("meta-llama/llama-3-3-70b-instruct", "Meta", _WIDE, _WIDE, tools=True, generates=True),
    Model("meta-llama/llama-3-2-11b-vision-instruct", "Meta", _WIDE, _WIDE, tools=True, images=1),
    Model("meta-llama/llama-4-maverick-17b-128e-instruct-fp8", "Meta", _WIDE, 8_192, "4.0.0", tools=True, images=5),
    Model("mistralai/mistral-medium-2505", "Mistral AI", _WIDE, _WIDE, tools=True, images=5),
    Model("mistralai/mistral-small-3-1-24b-instruct-2503", "Mistral AI", _WIDE, 16_384, "3.1.0", tools=True, images=5),
    Model("openai/gpt-oss-120b", "OpenAI", _WIDE, _WIDE, tools=True, reasons=True),
    Model("google/flan-ul2", "Google", 4_096, 4_095, generates=True, withdrawn=True),
    Model("ibm/slate-125m-english-rtrvr-v2", "IBM", 512, 512, "2.0.0", dimensions=768),
    Model("ibm/granite-embedding-278m-multilingual", "IBM", 512, 512, dimensions=768),
    Model("intfloat/multilingual-e5-large", "intfloat", 512, 512, dimensions=1_024),
)
MODELS: dict[str, Model] = {row.name: row for row in _ROWS}
_DEPLOYED = MODELS["ibm/granite-4-h-small"]


def deployed_model(name: str) -> Model:
    """The model of a deployment: the one it is called after (`gpt_oss_120b`), if any."""
    called = (model for model in _ROWS if "text_chat" in model.functions and _short_name(model) == name)
    return next(called, _DEPLOYED)


def _short_name(model: Model) -> str:
    return model.name.rpartition("/")[2].replace("-", "_")
