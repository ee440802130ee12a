"""On whose behalf a command acts: whom `--actor` names, checked by its grants, else the person at the machine."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer

if TYPE_CHECKING:
    from core.llms.provider_config.access.actors import Actor

ACTOR_VARIABLE: Final = "CORE_LLMS_ACTOR"
ActorOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="NAME", envvar=ACTOR_VARIABLE, help="Do it on behalf of NAME, who needs a grant for it; else it is you."
    ),
]


def find_actor(name: str | None) -> Actor:
    """Return who acts. Whoever can run the command without a name has the database's URL, and so is trusted.

    Raises `ConfigValidationError` for a name that nobody can have.
    """
    from core.llms.provider_config.access.actors import OF_THE_COMMAND, Actor

    return Actor(f"{OF_THE_COMMAND}{_person()}", is_trusted=True) if name is None else Actor(name)


def _person() -> str:
    """Return who runs the process, by the system's list of users where there is one: variables say what one likes."""
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except ModuleNotFoundError:
        return os.environ.get("USERNAME") or "unknown"
    except KeyError:
        # As in a container that runs under some number.
        return f"uid-{os.getuid()}"
