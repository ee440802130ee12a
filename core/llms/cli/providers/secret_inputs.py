"""Secrets from the environment, files, standard input or a prompt: never from the command line, as others read it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from getpass import getpass
from pathlib import Path
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
FromFileOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME=FILE", help="The file that holds a secret, as service_account=key.json; repeatable."),
]
FromStdinOption: TypeAlias = Annotated[
    bool, typer.Option("--from-stdin", help="Read the key from standard input; or a JSON object of several.")
]


def read_secrets(
    from_env: Iterable[str] | None, from_stdin: bool, from_file: Iterable[str] | None = None
) -> dict[str, Secret]:
    """Return secrets by the names that the provider's factory has for them. No message repeats one.

    Raises `typer.BadParameter`.
    """
    variables, files = list(from_env or ()), list(from_file or ())
    if bool(variables or files) == from_stdin:
        raise typer.BadParameter("give --from-env or --from-stdin, one of them; --from-file goes with --from-env")
    if from_stdin:
        return _from_stdin()
    secrets = _from_environment(variables)
    for name, secret in _from_files(files):
        if name in secrets:
            raise typer.BadParameter(f"{name} is given twice", param_hint="--from-file")
        secrets[name] = secret
    return secrets


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


def _from_files(texts: Iterable[str]) -> Iterator[tuple[str, Secret]]:
    for text in texts:
        name, equals, path = text.partition("=")
        if not equals or not name.isidentifier():
            raise typer.BadParameter("it takes NAME=FILE, as service_account=key.json", param_hint="--from-file")
        try:
            yield name, Secret(Path(path).read_text(encoding="utf-8").strip())
        except OSError as error:
            problem = f"the file of {name} cannot be read: {error.strerror}"
            raise typer.BadParameter(problem, param_hint="--from-file") from error
        except UnicodeDecodeError:
            # Without its cause, which holds the contents.
            raise typer.BadParameter(f"the file of {name} is no text", param_hint="--from-file") from None


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
