"""Secrets from the environment, standard input or a prompt: never from the command line, which others can read."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from getpass import getpass
from typing import Annotated, Any, Final, TypeAlias

import typer

from core.llms.types.secrets import Secret

_USUAL: Final = "api_key"
FromEnvOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        metavar="VARIABLE",
        help="The variable that holds the key; or NAME=VARIABLE, as for a secret_access_key; repeatable.",
    ),
]
FromStdinOption: TypeAlias = Annotated[
    bool, typer.Option("--from-stdin", help="Read the key from standard input; or a JSON object of several.")
]


def read_secrets(from_env: Iterable[str] | None, from_stdin: bool) -> dict[str, Secret]:
    """Return secrets by the names that the provider's factory has for them. No message repeats one.

    Raises `typer.BadParameter`.
    """
    variables = list(from_env or ())
    if bool(variables) == from_stdin:
        raise typer.BadParameter("give --from-env or --from-stdin, one of them")
    return _from_stdin() if from_stdin else _from_environment(variables)


def _from_environment(texts: Iterable[str]) -> dict[str, Secret]:
    secrets: dict[str, Secret] = {}
    for text in texts:
        name, equals, variable = text.rpartition("=")
        name = name if equals else _USUAL
        if not variable.isidentifier() or not name.isidentifier():
            raise typer.BadParameter("it takes the name of a variable, never the secret", param_hint="--from-env")
        if not os.environ.get(variable):
            raise typer.BadParameter(f"the variable for {name} is not set", param_hint="--from-env")
        if name in secrets:
            raise typer.BadParameter(f"{name} is given twice", param_hint="--from-env")
        secrets[name] = Secret(os.environ[variable])
    return secrets


def _from_stdin() -> dict[str, Secret]:
    if sys.stdin.isatty():
        return {_USUAL: Secret(getpass(f"{_USUAL}: ").strip())}
    text = Secret(sys.stdin.read().strip())
    if not text.get_secret_value().startswith("{"):
        return {_USUAL: text}
    return {name: Secret(value) for name, value in _read_object(text).items()}


def _read_object(text: Secret) -> dict[str, Any]:
    from pydantic_core import from_json

    try:
        found = from_json(text.get_secret_value())
    except ValueError:
        # Without its cause, which may hold a part of the text.
        raise typer.BadParameter("it is no JSON object", param_hint="--from-stdin") from None
    if not all(isinstance(value, str) for value in found.values()):
        raise typer.BadParameter("its values must be texts", param_hint="--from-stdin")
    return dict(found)
