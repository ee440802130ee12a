"""`Actor`: on whose behalf something is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.llms.provider_config.errors import ConfigValidationError

_LONGEST: Final = 255
_OF_THE_PROCESS: Final = ("system", "health")
# Before the name of who runs the command.
OF_THE_COMMAND: Final = "cli:"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person, a service or a job, by a name that grants and the audit have.

    `is_trusted` is for code that has the database's URL and so could do anything anyway: it needs no grant. An actor
    whose name comes from outside, as from a request, must not be.
    """

    name: str
    is_trusted: bool = False

    def __post_init__(self) -> None:
        problem = None
        if not 1 <= len(self.name) <= _LONGEST:
            problem = f"it must have from 1 to {_LONGEST} characters"
        elif not self.name.isprintable() or self.name != self.name.strip():
            problem = "it must be printable, without white space at its ends"
        elif not self.is_trusted and self.name in _OF_THE_PROCESS:
            problem = f"{self.name!r} is the name of the process itself"
        elif not self.is_trusted and self.name.startswith(OF_THE_COMMAND):
            problem = f"names that begin with {OF_THE_COMMAND!r} are those of who runs the command"
        if problem is not None:
            raise ConfigValidationError({"actor": f"`actor`: {problem}"})

    def __str__(self) -> str:
        return self.name


SYSTEM: Final = Actor("system", is_trusted=True)
"""The process itself, which the service acts for where no actor is given."""


def as_actor(actor: Actor | str | None, default: Actor) -> Actor:
    """Return who acts. A name alone is trusted with nothing. Raises `ConfigValidationError`."""
    if actor is None:
        return default
    return Actor(actor) if isinstance(actor, str) else actor
