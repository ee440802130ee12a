"""`core-llms providers`: what each can do, and the models that a team has configured. A file holds one command, or two
that are the same work.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

import typer

from core.llms.cli.groups import FEATURES, LIST, FeaturesGroup
from core.llms.cli.lazy import LazyGroup, Place

_PROVIDERS: Final = "Providers"
_MODELS: Final = "Configured models"
_SHARED: Final = "What they share"
_HEALTH: Final = "Their health"
_DOCUMENTS: Final = "All of them as a file"
_HISTORY: Final = "What was, and who did it"
_CREDENTIALS: Final = "Stored credentials"
_ACCESS: Final = "Who may do what"


class _Commands(LazyGroup, FeaturesGroup):
    """In the order of `--help`."""

    places: ClassVar[Mapping[str, Place]] = {
        FEATURES: Place("core.llms.cli.providers.features", "features", _PROVIDERS),
        "discover": Place("core.llms.cli.providers.discover", "discover", _PROVIDERS),
        "register": Place("core.llms.cli.providers.register", "register", _MODELS),
        LIST: Place("core.llms.cli.providers.list", "list_configured", _MODELS),
        "show": Place("core.llms.cli.providers.show", "show", _MODELS),
        "verify": Place("core.llms.cli.providers.verify", "verify", _MODELS),
        "enable": Place("core.llms.cli.providers.switch", "enable", _MODELS),
        "disable": Place("core.llms.cli.providers.switch", "disable", _MODELS),
        "update": Place("core.llms.cli.providers.update", "update", _MODELS),
        "delete": Place("core.llms.cli.providers.delete", "delete", _MODELS),
        "generate": Place("core.llms.cli.providers.generate", "generate", _MODELS),
        "explain": Place("core.llms.cli.providers.explain", "explain", _MODELS),
        "migrate": Place("core.llms.cli.providers.migrate", "migrate", _MODELS),
        "parameters": Place("core.llms.cli.providers.parameters", "parameters", _SHARED),
        "template": Place("core.llms.cli.providers.template", "template", _SHARED),
        "health": Place("core.llms.cli.providers.health", "health", _HEALTH),
        "check": Place("core.llms.cli.providers.health", "check", _HEALTH),
        "watch": Place("core.llms.cli.providers.watch", "watch", _HEALTH),
        "import": Place("core.llms.cli.providers.import_", "import_", _DOCUMENTS),
        "export": Place("core.llms.cli.providers.export", "export", _DOCUMENTS),
        "history": Place("core.llms.cli.providers.history", "history", _HISTORY),
        "rollback": Place("core.llms.cli.providers.rollback", "rollback", _HISTORY),
        "audit": Place("core.llms.cli.providers.audit", "audit", _HISTORY),
        "credential": Place("core.llms.cli.providers.credential", "credential", _CREDENTIALS),
        "rotate-keys": Place("core.llms.cli.providers.rotate_keys", "rotate_keys", _CREDENTIALS),
        "grant": Place("core.llms.cli.providers.grants", "grant", _ACCESS),
        "deny": Place("core.llms.cli.providers.grants", "deny", _ACCESS),
        "revoke": Place("core.llms.cli.providers.grants", "revoke", _ACCESS),
        "grants": Place("core.llms.cli.providers.grants", "grants", _ACCESS),
        "token": Place("core.llms.cli.providers.token", "token", _ACCESS),
    }


providers = typer.Typer(
    cls=_Commands,
    rich_markup_mode=None,
    help="Show what each provider can do (`providers [PROVIDER]`, as `features`), and look after the models that are "
    "configured in the database that CORE_LLMS_DATABASE_URL names.",
)
