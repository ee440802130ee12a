"""`core-llms providers`: what each can do, and the models that a team has configured. A file holds one command, or two
that are the same work.
"""

from __future__ import annotations

import typer

from core.llms.cli.groups import FEATURES, LIST, FeaturesGroup
from core.llms.cli.providers.delete import delete
from core.llms.cli.providers.discover import discover
from core.llms.cli.providers.features import features
from core.llms.cli.providers.generate import generate
from core.llms.cli.providers.health import check, health
from core.llms.cli.providers.list import list_configured
from core.llms.cli.providers.register import register
from core.llms.cli.providers.show import show
from core.llms.cli.providers.switch import disable, enable
from core.llms.cli.providers.token import token
from core.llms.cli.providers.update import update
from core.llms.cli.providers.verify import verify
from core.llms.cli.providers.watch import watch

providers = typer.Typer(
    cls=FeaturesGroup,
    rich_markup_mode=None,
    help="Show what each provider can do (`providers [PROVIDER]`, as `features`), and look after the models that are "
    "configured in the database that CORE_LLMS_DATABASE_URL names.",
)
providers.command(FEATURES)(features)
providers.command()(discover)
providers.command()(register)
providers.command(LIST)(list_configured)
providers.command()(show)
providers.command()(verify)
providers.command()(enable)
providers.command()(disable)
providers.command()(update)
providers.command()(delete)
providers.command()(generate)
providers.add_typer(token, name="token")
providers.command()(health)
providers.command()(check)
providers.command()(watch)
