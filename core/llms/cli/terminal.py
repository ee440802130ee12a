"""The two streams of the command: stdout for the answer alone, stderr for what is said about it. No call to an LLM."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any, Final, TextIO

from pydantic_core import to_json

from core.llms.runtime.secret_patterns import credentials_of_environment, mask_secrets
from core.llms.types.secrets import MASK

_STYLES: Final[Mapping[str, str]] = {"error": "1;31", "warning": "33", "note": "2"}
# Answers and errors are of foreign origin: on a terminal their control characters could move the cursor, rename the
# window or fake a prompt. Tab and newline stay.
_CONTROLS: Final = dict.fromkeys([*(code for code in range(32) if code not in (9, 10)), *range(127, 160)])


class Terminal:
    """Writes at once, without control characters where it is a terminal, coloured there unless NO_COLOR is set.

    `as_json` is what the user asked for with `--json`, `debug` with `--debug`. `warnings` keeps what was warned of.
    """

    def __init__(self, *, as_json: bool = False, debug: bool = False) -> None:
        self.as_json = as_json
        self.debug = debug
        self.warnings: list[str] = []
        self._cleans = sys.stdout.isatty()
        self._at_line_start = True

    def write(self, text: str) -> None:
        """Write a piece of the answer to stdout. Raises `BrokenPipeError` where nobody reads it any more."""
        if text:
            shown = text.translate(_CONTROLS) if self._cleans else text
            sys.stdout.write(shown)
            sys.stdout.flush()
            self._at_line_start = text.endswith("\n")

    def end_line(self) -> None:
        """End the answer's last line, where it is not ended."""
        if not self._at_line_start:
            self.write("\n")

    def write_json(self, value: Any) -> None:
        """Write a value to stdout as JSON: one line, or indented for a reader at a terminal."""
        indent = 2 if self._cleans and not self.as_json else None
        self.write(to_json(value, indent=indent, inf_nan_mode="null").decode() + "\n")

    def error(self, message: str) -> None:
        """Say on stderr, in one line, what failed."""
        self._say("error: ", message, "error")

    def warn(self, message: str) -> None:
        """Say a warning on stderr, once."""
        line = one_line(message)
        if line not in self.warnings:
            self.warnings.append(line)
            self._say("warning: ", line, "warning")

    def note(self, message: str) -> None:
        """Say a fact on stderr."""
        self._say("", message, "note")

    def trace(self, text: str) -> None:
        """Write a traceback to stderr, masked."""
        sys.stderr.write(hide_credentials(mask_secrets(text)))

    def _say(self, head: str, message: str, style: str) -> None:
        line = f"{head}{one_line(message)}"
        sys.stderr.write(f"\x1b[{_STYLES[style]}m{line}\x1b[0m\n" if shows_colour(sys.stderr) else f"{line}\n")
        sys.stderr.flush()


def shows_colour(stream: TextIO) -> bool:
    """Tell whether a stream is a terminal that takes colours, and NO_COLOR is not set."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def one_line(text: str) -> str:
    """Write a text of any origin as one line, without control characters and without a credential."""
    line = " ".join(text.split()).translate(_CONTROLS)
    return hide_credentials(line.encode("utf-8", "replace").decode())


def hide_credentials(text: str) -> str:
    """Replace the values of environment variables that by their names hold a credential."""
    for value in credentials_of_environment():
        text = text.replace(value, MASK)
    return text
