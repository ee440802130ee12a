"""`core-llms providers`: what each can do, and the models that a team has configured. A file holds one command, or two
that are the same work.
"""

from __future__ import annotations

from typing import Final

import typer

from core.llms.cli.groups import FEATURES, LIST, FeaturesGroup
from core.llms.cli.providers.audit import audit
from core.llms.cli.providers.credential import credential
from core.llms.cli.providers.delete import delete
from core.llms.cli.providers.discover import discover
from core.llms.cli.providers.explain import explain
from core.llms.cli.providers.export import export
from core.llms.cli.providers.features import features
from core.llms.cli.providers.generate import generate
from core.llms.cli.providers.grants import deny, grant, grants, revoke
from core.llms.cli.providers.health import check, health
from core.llms.cli.providers.history import history
from core.llms.cli.providers.import_ import import_
from core.llms.cli.providers.list import list_configured
from core.llms.cli.providers.migrate import migrate
from core.llms.cli.providers.register import register
from core.llms.cli.providers.rollback import rollback
from core.llms.cli.providers.rotate_keys import rotate_keys
from core.llms.cli.providers.show import show
from core.llms.cli.providers.switch import disable, enable
from core.llms.cli.providers.token import token
from core.llms.cli.providers.update import update
from core.llms.cli.providers.verify import verify
from core.llms.cli.providers.watch import watch

_MODELS: Final = "Configured models"
_HEALTH: Final = "Their health"
_DOCUMENTS: Final = "All of them as a file"
_HISTORY: Final = "What was, and who did it"
_CREDENTIALS: Final = "Stored credentials"
_ACCESS: Final = "Who may do what"

providers = typer.Typer(
    cls=FeaturesGroup,
    rich_markup_mode=None,
    help="Show what each provider can do (`providers [PROVIDER]`, as `features`), and look after the models that are "
    "configured in the database that CORE_LLMS_DATABASE_URL names.",
)
providers.command(FEATURES, rich_help_panel="Providers")(features)
providers.command(rich_help_panel="Providers")(discover)
providers.command(rich_help_panel=_MODELS)(register)
providers.command(LIST, rich_help_panel=_MODELS)(list_configured)
providers.command(rich_help_panel=_MODELS)(show)
providers.command(rich_help_panel=_MODELS)(verify)
providers.command(rich_help_panel=_MODELS)(enable)
providers.command(rich_help_panel=_MODELS)(disable)
providers.command(rich_help_panel=_MODELS)(update)
providers.command(rich_help_panel=_MODELS)(delete)
providers.command(rich_help_panel=_MODELS)(generate)
providers.command(rich_help_panel=_MODELS)(explain)
providers.command(rich_help_panel=_MODELS)(migrate)
providers.command(rich_help_panel=_HEALTH)(health)
providers.command(rich_help_panel=_HEALTH)(check)
providers.command(rich_help_panel=_HEALTH)(watch)
providers.command("import", rich_help_panel=_DOCUMENTS)(import_)
providers.command(rich_help_panel=_DOCUMENTS)(export)
providers.command(rich_help_panel=_HISTORY)(history)
providers.command(rich_help_panel=_HISTORY)(rollback)
providers.command(rich_help_panel=_HISTORY)(audit)
providers.add_typer(credential, name="credential", rich_help_panel=_CREDENTIALS)
providers.command("rotate-keys", rich_help_panel=_CREDENTIALS)(rotate_keys)
providers.command(rich_help_panel=_ACCESS)(grant)
providers.command(rich_help_panel=_ACCESS)(deny)
providers.command(rich_help_panel=_ACCESS)(revoke)
providers.command(rich_help_panel=_ACCESS)(grants)
providers.add_typer(token, name="token", rich_help_panel=_ACCESS)
