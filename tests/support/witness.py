"""Looks for a secret in everything that a user, a log or a crash report may come to see."""

from __future__ import annotations

import pickle
from traceback import TracebackException
from typing import Any


class Witness:
    """Everything that a user, a log or a crash report may come to see."""

    def __init__(self) -> None:
        self.seen: dict[str, str] = {}

    def see(self, what: str, value: Any) -> None:
        self.seen[f"repr of {what}"] = repr(value)
        self.seen[f"str of {what}"] = f"{value}"
        self.seen[f"fields of {what}"] = repr(getattr(value, "__dict__", None))
        try:
            self.seen[f"pickle of {what}"] = pickle.dumps(value).decode("latin-1")
        except (TypeError, AttributeError, pickle.PicklingError) as error:
            self.seen[f"refusal to pickle {what}"] = str(error)

    def see_error(self, error: BaseException) -> None:
        self.see(type(error).__name__, error)
        told = TracebackException.from_exception(error, capture_locals=True)
        while told is not None:
            (summary,) = told.format_exception_only()
            frames = [frame for frame in told.stack if "/core/llms/" in frame.filename]
            self.seen[f"traceback of {summary}"] = "".join(f"{frame.line} {frame.locals}" for frame in frames)
            told = told.__cause__ or told.__context__  # type: ignore[assignment]

    def where(self, secret: str) -> list[str]:
        return [place for place, text in self.seen.items() if secret in place + text]
