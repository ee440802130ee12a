"""Writing messages as `contents` and `systemInstruction`. What the wire has no place for is warned of, or refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from core.llms.errors import InvalidRequestError
from core.llms.types.content import AudioPart, FilePart, ImagePart, OpaquePart, Part, TextPart
from core.llms.types.messages import (
    AssistantMessage,
    DeveloperMessage,
    Message,
    SystemMessage,
    ToolMessage,
    UserMessage,
)
from core.llms.wires.gemini.dialect import ORIGIN, GeminiDialect
from core.llms.wires.gemini.media import render_media
from core.llms.wires.gemini.turns import render_model_parts, vendor_id


@dataclass(slots=True)
class Conversation:
    """A rendered conversation: its contents, and the instructions that stand above it."""

    contents: list[dict[str, Any]] = field(default_factory=list)
    instructions: list[dict[str, Any]] = field(default_factory=list)


def render_conversation(messages: Sequence[Message], dialect: GeminiDialect, warnings: list[str]) -> Conversation:
    """Write messages in order.

    System and developer messages become the system instruction, all of them; one that stands within the conversation
    moves to its front with a warning. The results of one turn go back in one content, by id and name, as `output`, or
    as `error` where they failed; their images and files are in the result where the model takes them there, else
    behind the results. A message's `name` is left out with a warning.
    """
    return _render_plainly(messages) or _Writer(messages, dialect, warnings).write()


def _render_plainly(messages: Sequence[Message]) -> Conversation | None:
    """Write instructions and what the user said, where there is nothing else, which is usual; else None."""
    conversation = Conversation()
    for message in messages:
        text, kind = message.content, type(message)
        if type(text) is not str or not text or message.name is not None:
            return None
        if kind is UserMessage:
            conversation.contents.append({"role": "user", "parts": [{"text": text}]})
        elif kind is SystemMessage and not conversation.contents:
            conversation.instructions.append({"text": text})
        else:
            return None
    return conversation


class _Writer:
    def __init__(self, messages: Sequence[Message], dialect: GeminiDialect, warnings: list[str]) -> None:
        self.messages = messages
        self.dialect = dialect
        self.warnings = warnings
        self.conversation = Conversation()
        self.calls: dict[str, tuple[str, str | None]] = {}
        self.results: list[dict[str, Any]] = []
        self.moved: list[dict[str, Any]] = []
        asked = [index for index, message in enumerate(messages) if isinstance(message, UserMessage)]
        self.turn_begin = asked[-1] if asked else -1

    def write(self) -> Conversation:
        for index, message in enumerate(self.messages):
            if isinstance(message, ToolMessage):
                self._add_result(message, f"messages[{index}]")
            elif isinstance(message, SystemMessage | DeveloperMessage):
                self._add_instructions(message, f"messages[{index}]")
            else:
                self._flush_results()
                self._add_message(message, index)
        self._flush_results()
        return self.conversation

    def _add_instructions(self, message: SystemMessage | DeveloperMessage, place: str) -> None:
        self._warn_of_name(message, place)
        if self.conversation.contents or self.results:
            self.warnings.append(
                f"{place}: the instructions moved to the front: the {ORIGIN} wire has one place for them"
            )
        parts = [{"text": part.text} for part in message.parts if isinstance(part, TextPart) and part.text]
        self.conversation.instructions.extend(parts)

    def _add_message(self, message: UserMessage | AssistantMessage, index: int) -> None:
        place = f"messages[{index}]"
        self._warn_of_name(message, place)
        if isinstance(message, UserMessage):
            role, parts = "user", self._user_parts(message, place)
        else:
            in_turn = self.dialect.checks_signatures and index > self.turn_begin
            role, parts = "model", render_model_parts(message, place, self.warnings, fill_signature=in_turn)
            self.calls.update((call.id, (call.name, vendor_id(call))) for call in message.tool_calls)
        if parts:
            self.conversation.contents.append({"role": role, "parts": parts})
        else:
            self.warnings.append(f"{place}: the message was left out: nothing in it can be sent on the {ORIGIN} wire")

    def _warn_of_name(self, message: Message, place: str) -> None:
        if message.name is not None:
            self.warnings.append(f"{place}: `name` was left out: the {ORIGIN} wire has no place for it")

    def _user_parts(self, message: UserMessage, place: str) -> list[dict[str, Any]]:
        if isinstance(message.content, str):
            return [{"text": message.content}]
        parts: list[dict[str, Any]] = []
        for part in message.content:
            if isinstance(part, OpaquePart) and part.origin != ORIGIN:
                self.warnings.append(f"{place}: a block of {part.origin} was left out: it is not of the {ORIGIN} wire")
            else:
                parts.append(self._user_part(part, place))
        return parts

    def _user_part(self, part: Part, place: str) -> dict[str, Any]:
        match part:
            case TextPart():
                return {"text": part.text}
            case ImagePart() | FilePart() | AudioPart():
                if isinstance(part, ImagePart) and part.detail not in (None, "auto"):
                    self.warnings.append(
                        f"{place}: `detail` of an image was left out; set it for the whole request by "
                        "provider_options={'generationConfig': {'mediaResolution': …}}"
                    )
                if isinstance(part, FilePart) and part.citations:
                    self.warnings.append(f"{place}: `citations` was left out: the {ORIGIN} wire cites no documents")
                return render_media(part, self.dialect, place)
            case OpaquePart():
                return dict(part.data)
        raise InvalidRequestError(f"{place}: {type(part).__name__} has no place in this message")

    def _add_result(self, message: ToolMessage, place: str) -> None:
        known = self.calls.get(message.tool_call_id)
        name = message.name or (known[0] if known else None)
        if name is None:
            raise InvalidRequestError(
                f"{place}: no call {message.tool_call_id!r} stands before this result, so its function is not known; "
                "keep the assistant message with the call, or give the tool message its `name`"
            )
        text = "".join(part.text for part in message.parts if isinstance(part, TextPart))
        key = "error" if message.is_error else "output"
        result: dict[str, Any] = {"name": name, "response": {key: text}}
        if known is None or known[1] is not None:
            result = {"id": known[1] if known else message.tool_call_id, **result}
        media = [part for part in message.parts if isinstance(part, ImagePart | FilePart)]
        if media:
            self._add_media([render_media(part, self.dialect, place) for part in media], result, key, text, place)
        self.results.append({"functionResponse": result})

    def _add_media(self, media: list[dict[str, Any]], result: dict[str, Any], key: str, text: str, place: str) -> None:
        if self.dialect.media_in_results:
            result["parts"] = media
            return
        result["response"] = {key: text or "The result follows."}
        self.moved.append({"text": f"What the function {result['name']} returned:"})
        self.moved.extend(media)
        self.warnings.append(
            f"{place}: the media of a tool result went behind the results: this model takes none in them"
        )

    def _flush_results(self) -> None:
        if self.results:
            self.conversation.contents.append({"role": "user", "parts": [*self.results, *self.moved]})
            self.results, self.moved = [], []
