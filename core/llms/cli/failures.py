"""How a command ends that fails: the line on stderr, the object on stdout, the exit code."""

from __future__ import annotations

import traceback
import warnings
from collections.abc import Callable
from typing import Any

from core.llms.cli.exit_codes import ExitCode, exit_code_for
from core.llms.cli.terminal import Terminal, one_line
from core.llms.errors import ConfigurationError, InvalidRequestError, LLMError
from core.llms.runtime.secret_patterns import mask_secrets

_FACTS = ("provider", "model", "status", "code", "request_id", "retry_after_seconds")


def guard(action: Callable[[], ExitCode], terminal: Terminal, reword: Callable[[str], str] = str) -> ExitCode:
    """Do the work of a command; an error of the SDK, or an unforeseen one, becomes its line and its exit code.

    A warning becomes a line, too. `reword` puts what the SDK says of its methods into words of the command.
    """
    warnings.showwarning = lambda message, *_: terminal.warn(str(message))
    try:
        return action()
    except BrokenPipeError:
        # Not raised: Typer would end the process with a code of its own.
        return ExitCode.BROKEN_PIPE
    except LLMError as error:
        return fail(error, str(error), terminal, reword)
    except OSError as error:
        # It is stdout that cannot be written.
        return _say(error, str(error), terminal)
    except Exception as error:
        if is_usage_error(error):
            raise
        return fail(error, f"unexpected {type(error).__name__}: {error} (--debug shows where)", terminal)


def fail(error: Exception, message: str, terminal: Terminal, reword: Callable[[str], str] = str) -> ExitCode:
    """Report an error and return its exit code."""
    terminal.end_line()
    if terminal.as_json:
        terminal.write_json({"error": error_facts(error, reword)})
    return _say(error, reword(message), terminal)


def _say(error: Exception, message: str, terminal: Terminal) -> ExitCode:
    if terminal.debug:
        terminal.trace("".join(traceback.format_exception(error)))
    terminal.error(_masked(error, message))
    return exit_code_for(error)


def _masked(error: Exception, text: str) -> str:
    # What the SDK words itself has no secret in it, but names the parameters that take one.
    return text if isinstance(error, ConfigurationError | InvalidRequestError) else mask_secrets(text)


def error_facts(error: Exception, reword: Callable[[str], str] = str) -> dict[str, Any]:
    """Return what is known of an error, for `--json`; what is not known is None."""
    if is_usage_error(error):
        return {"type": "UsageError", "message": one_line(describe_usage(error)), **dict.fromkeys(_FACTS)}
    message = error.message if isinstance(error, LLMError) else str(error)
    facts = {name: getattr(error, name, None) if isinstance(error, LLMError) else None for name in _FACTS}
    return {"type": type(error).__name__, "message": one_line(_masked(error, reword(message))), **facts}


def is_usage_error(error: Exception) -> bool:
    """Tell whether the command line is to blame. These are for `main`, which knows no command's options."""
    return isinstance(error, usage_error_class())


def describe_usage(error: Exception) -> str:
    """Return what is wrong with the command line, and with which of its parts."""
    describe: Callable[[], str] = getattr(error, "format_message", error.__str__)
    return describe()


def usage_error_class() -> type[Exception]:
    """Return the class of Typer's errors of usage, which newer versions keep in a copy of click of their own."""
    import typer

    base: type[Exception] = typer.BadParameter.__bases__[0]
    return base
