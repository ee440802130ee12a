"""Tools, the choice among them, and the shape of a structured answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Tool:
    """A function the model may ask for. `parameters` is a JSON schema of type object.

    `strict` asks the vendor to hold the arguments to the schema; `function` is what `run_tools` calls.
    """

    name: str
    description: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=lambda: {"type": "object", "properties": {}})
    strict: bool | None = None
    function: Callable[..., Any] | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"tool name {self.name!r} must be 1 to 64 letters, digits, `_` or `-`")
        if not isinstance(self.parameters, Mapping):
            raise ValueError(f"tool {self.name!r}: `parameters` must be a JSON schema (a mapping)")


@dataclass(frozen=True, slots=True)
class ServerTool:
    """A tool that the vendor runs itself (web search, say): its wire form, passed on as it is."""

    definition: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ToolChoice:
    """Whether the model may, must or must not call a tool, or which one it must call (`mode="named"`)."""

    mode: Literal["auto", "none", "required", "named"]
    name: str | None = None

    @classmethod
    def of(cls, choice: str | Mapping[str, Any] | ToolChoice) -> ToolChoice:
        """Read `auto`, `none`, `required`, a tool's name, or OpenAI's `{"type": "function", …}` form."""
        if isinstance(choice, ToolChoice):
            return choice
        if isinstance(choice, Mapping):
            function = choice.get("function", choice)
            name = function.get("name") if isinstance(function, Mapping) else None
            if not isinstance(name, str):
                raise ValueError("`tool_choice` as a mapping must name a function: {'name': …}")
            return cls("named", name)
        match choice:
            case "auto" | "none" | "required":
                return cls(choice)
            case str():
                return cls("named", choice)
        raise ValueError(f"`tool_choice` is auto, none, required or a tool's name, not {choice!r}")


@dataclass(frozen=True, slots=True)
class ResponseFormat:
    """The form of the answer: free text, any JSON object, or JSON that holds to `schema`."""

    kind: Literal["text", "json_object", "json_schema"]
    name: str = "answer"
    schema: Mapping[str, Any] | None = None
    strict: bool | None = True
    description: str | None = None

    def __post_init__(self) -> None:
        if (self.kind == "json_schema") != (self.schema is not None):
            raise ValueError("`schema` goes with kind='json_schema', and only with it")
