"""What every vendor's request means, vendor neutral: turns, tools, and the form the answer must take.

Values only. Vendors translate their wire into these; the brain reads them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_GIST_CHARACTERS = 2000


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of text."""

    text: str


@dataclass(frozen=True, slots=True)
class Image:
    """An image, either its bytes or the address it was given by (which is never fetched)."""

    data: bytes | None = None
    url: str | None = None
    detail: str = "auto"


@dataclass(frozen=True, slots=True)
class File:
    """A document: its name, and its bytes or the reference it was given by."""

    name: str
    data: bytes | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Audio:
    """A sound clip in its container format, such as `wav`."""

    data: bytes
    format: str


Part: TypeAlias = Text | Image | File | Audio


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call the model made earlier, or makes now; `arguments` is JSON text."""

    name: str
    arguments: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """One message; `tool_call_id` is set on the results of tools."""

    role: Literal["system", "user", "assistant", "tool"]
    parts: tuple[Part, ...] = ()
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None

    @property
    def text(self) -> str:
        """All text of the turn, pieces joined by a line break."""
        return "\n".join(part.text for part in self.parts if isinstance(part, Text))


@dataclass(frozen=True, slots=True)
class Tool:
    """A function on offer, with the JSON schema of its arguments."""

    name: str
    description: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ToolChoice:
    """Whether tools may or must be called; `names`, when given, are the only ones allowed."""

    mode: Literal["auto", "none", "required"] = "auto"
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutputForm:
    """The form of the answer's text: free text, any JSON object, or JSON that fits `schema`."""

    kind: Literal["text", "json_object", "json_schema"] = "text"
    schema: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Conversation:
    """A whole request to a model."""

    turns: tuple[Turn, ...]
    tools: tuple[Tool, ...] = ()
    tool_choice: ToolChoice = ToolChoice()
    parallel_tool_calls: bool = True
    output_form: OutputForm = OutputForm()
    web_search: bool = False

    @property
    def last_user_index(self) -> int:
        """The position of the newest turn of the user, or -1."""
        return max((index for index, turn in enumerate(self.turns) if turn.role == "user"), default=-1)

    @property
    def last_user_text(self) -> str:
        """The newest words of the user, or an empty string."""
        index = self.last_user_index
        return self.turns[index].text if index >= 0 else ""

    @property
    def gist(self) -> str:
        """`last_user_text`, or its beginning and end where it is long: enough to understand what is asked."""
        text = self.last_user_text
        return text if len(text) <= 2 * _GIST_CHARACTERS else f"{text[:_GIST_CHARACTERS]}\n{text[-_GIST_CHARACTERS:]}"

    @property
    def instructions(self) -> str:
        """All system turns, joined by a line break."""
        return "\n".join(turn.text for turn in self.turns if turn.role == "system" and turn.text)

    def texts(self, roles: Iterable[str]) -> list[str]:
        """The texts of the turns with one of these roles, oldest first."""
        wanted = set(roles)
        return [turn.text for turn in self.turns if turn.role in wanted and turn.text]


@dataclass(frozen=True, slots=True)
class Citation:
    """A source for the characters from `start` to `end` of the answer's text."""

    url: str
    title: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model decided to say or to do, before any limit of length."""

    text: str = ""
    refusal: str | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    citations: tuple[Citation, ...] = ()
    reasoning_summary: str = ""
    finish_reason: str | None = None
