"""`HandlerOptions`: what a handler puts around the LLM of every alias. Arguments of a handler are fields here."""

from __future__ import annotations

from dataclasses import dataclass

from core.llms.runtime.middleware import Middleware


@dataclass(frozen=True, slots=True)
class HandlerOptions:
    """What a handler was made with. `layers` turns it into middleware."""

    middleware: tuple[Middleware, ...] = ()

    def layers(self, alias: str) -> tuple[Middleware, ...]:
        """Return the middleware of one alias, the first outermost. It is asked once for each caller that is made."""
        return self.middleware
