"""How many tokens a request has for a model whose tokenizer is not here: o200k_base's, set right by its family."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never

from pydantic_core import to_json

from core.llms.runtime.tokens.calibration import Calibration
from core.llms.runtime.tokens.encodings import O200K_BASE
from core.llms.runtime.tokens.files import count_audio_part, count_file_part, count_image_part
from core.llms.runtime.tokens.text import count_text_tokens
from core.llms.types.content import (
    AudioPart,
    CachePoint,
    FilePart,
    ImagePart,
    OpaquePart,
    Part,
    ReasoningPart,
    RefusalPart,
    TextPart,
    ToolCall,
)
from core.llms.types.messages import Message
from core.llms.types.response import TokenCount
from core.llms.types.tools import ResponseFormat, ServerTool, Tool


def estimate_tokens(
    messages: Sequence[Message],
    model_id: str,
    calibration: Calibration,
    tools: Iterable[Tool | ServerTool] = (),
    response_format: ResponseFormat | None = None,
) -> TokenCount:
    """Return about how many input tokens a request has. Files given by `path` are read.

    Raises:
        OSError: a file named by a part cannot be read.
    """
    estimator = Estimator(model_id, calibration)
    estimator.add_messages(messages)
    estimator.add_tools(tools)
    estimator.add_response_format(response_format)
    return estimator.result()


class Estimator:
    """Adds a request up by a family's figures, and keeps the notes on what else is not known."""

    def __init__(self, model_id: str, calibration: Calibration) -> None:
        self._model_id = model_id
        self._figures = calibration
        self._notes: dict[str, None] = {}
        self._text = float(calibration.prompt_tokens)
        self._tools = 0.0
        self._images = self._files = self._unseen = 0
        self._has_tools = False

    def _count(self, text: str) -> float:
        return count_text_tokens(text, O200K_BASE) * self._figures.text_factor

    def add_messages(self, messages: Sequence[Message]) -> None:
        """Add the messages, with the calls and results among them."""
        for message in messages:
            self._text += self._figures.message_tokens
            for part in message.parts:
                self._add_part(part)

    def _add_part(self, part: Part) -> None:
        match part:
            case TextPart() | RefusalPart():
                self._text += self._count(part.text)
            case ToolCall():
                self._tools += self._figures.call_tokens + self._count(part.name) + self._count(part.arguments_json)
            case ImagePart():
                image = count_image_part(part, self._model_id)
                self._images += image.tokens
                self._unseen += image.unseen
                self._notes[image.note or ""] = None
            case FilePart() | AudioPart():
                file = count_file_part(part) if isinstance(part, FilePart) else count_audio_part(part)
                self._files += file.tokens
                self._notes[file.note] = None
            case OpaquePart():
                self._text += self._count(to_json(part.data).decode())
                self._notes[f"a block of {part.origin} is counted as its JSON"] = None
            case ReasoningPart() | CachePoint():
                pass
            case _:
                assert_never(part)

    def add_tools(self, tools: Iterable[Tool | ServerTool]) -> None:
        """Add the definitions of the tools, each as its JSON."""
        definitions = [_definition(tool) for tool in tools]
        if definitions:
            self._has_tools = True
            counts = (count_text_tokens(definition, O200K_BASE) for definition in definitions)
            self._tools += self._figures.tools_tokens + self._figures.tools_factor * sum(counts)

    def add_response_format(self, response_format: ResponseFormat | None) -> None:
        """Add the schema of an answer as its JSON."""
        if response_format is not None and response_format.schema is not None:
            self._tools += self._count(to_json(response_format.schema).decode())
            self._notes["the response schema is counted as its JSON"] = None

    def result(self) -> TokenCount:
        """Return the estimate, in whole tokens."""
        text, tools = round(self._text), round(self._tools)
        return TokenCount(
            tokens=text + self._images + tools + self._files,
            exact=False,
            note="; ".join(filter(None, (self._figures.describe(with_tools=self._has_tools), *self._notes))),
            text_tokens=text,
            image_tokens=self._images,
            tool_tokens=tools,
            file_tokens=self._files,
            unseen_image_tokens=self._unseen,
        )


def _definition(tool: Tool | ServerTool) -> str:
    if isinstance(tool, ServerTool):
        return to_json(tool.definition).decode()
    definition = {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
    return to_json(definition).decode()
