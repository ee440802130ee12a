"""A secret that cannot be printed, logged, pickled or formatted by accident."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import fields
from functools import partial
from typing import Any, NoReturn, Self

MASK = "**********"
_LONG_BYTES = 8


class Secret:
    """A credential. `get_secret_value()` is the one way to its text.

    It has the methods of `pydantic.SecretStr` that callers use, and is stricter: it refuses to be pickled.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    @classmethod
    def of(cls, value: Any) -> Secret:
        """Wrap a string, a `Secret`, or anything with `get_secret_value()` (as `pydantic.SecretStr` has)."""
        if isinstance(value, Secret):
            return value
        if isinstance(value, str):
            return cls(value)
        reveal = getattr(value, "get_secret_value", None)
        if reveal is None:
            raise TypeError(f"a secret must be a string or a SecretStr, not {type(value).__name__}")
        return cls(reveal())

    def get_secret_value(self) -> str:
        """Return the text itself."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __repr__(self) -> str:
        return f"Secret('{MASK}')"

    def __str__(self) -> str:
        return MASK

    def __format__(self, format_spec: str) -> str:
        return format(MASK, format_spec)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret cannot be pickled or copied; pass the environment variable's name instead")

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Secret:
        return self


class HoldsSecrets:
    """A frozen dataclass with fields that no `repr` shows: it refuses to be pickled while one of them is set."""

    __slots__ = ()

    def __reduce__(self) -> tuple[Callable[[], Any], tuple[()]]:
        values = {}
        for each in fields(self):  # type: ignore[arg-type]  # this class is no dataclass, those made of it are
            value = getattr(self, each.name)
            if value and not each.repr:
                problem = f"a {type(self).__name__} with `{each.name}` cannot be pickled: it may be secret"
                raise TypeError(f"{problem}; each process makes its own")
            values[each.name] = value
        return partial(type(self), **values), ()

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self


def show_value(value: Any, known: Iterable[str] = ()) -> str:
    """Tell a value in an error, where it cannot be a secret: a number, a constant, or a text that is `known`."""
    if value is None or isinstance(value, bool | int | float) or (isinstance(value, str) and value in known):
        return repr(value)
    return "a text (not shown: it may be secret)" if isinstance(value, str) else type(value).__name__


def redact(text: str, *secrets: Secret | None) -> str:
    """Replace every occurrence of the secrets in `text` by a mask."""
    for secret in secrets:
        if secret:
            text = text.replace(secret.get_secret_value(), MASK)
    return text


def mask_secrets_in(body: bytes, secrets: Iterable[Secret]) -> bytes:
    """Replace the secrets in `body` by a mask: a short one, as servers of one's own take any, only as a whole word."""
    for secret in secrets:
        value = secret.get_secret_value().encode()
        if len(value) >= _LONG_BYTES:
            body = body.replace(value, MASK.encode())
        elif value:
            body = re.sub(rb"(?<![\w-])" + re.escape(value) + rb"(?![\w-])", MASK.encode(), body)
    return body


class MaskedText(str):
    """The text of a header that holds a secret: a plain string to HTTP, a mask to `repr` and to tracebacks' locals."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"'{MASK}'"
