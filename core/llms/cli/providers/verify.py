"""`core-llms providers verify`: asking a provider whether it answers for a configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.options import DebugOption, JsonOption
from core.llms.cli.providers.acting import ActorOption
from core.llms.cli.providers.configured import (
    ModelArgument,
    ModelNames,
    NamesArgument,
    UpgradeOption,
    report,
    with_service,
)
from core.llms.cli.terminal import Terminal

if TYPE_CHECKING:
    from core.llms.provider_config.service import ProviderConfigService


def verify(
    provider: NamesArgument,
    model: ModelArgument = None,
    actor: ActorOption = None,
    upgrade: UpgradeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Ask the provider for a configured model, for at most 16 tokens, and store the outcome. Nothing is switched."""
    terminal = Terminal(as_json=json, debug=debug)

    async def act(service: ProviderConfigService) -> ExitCode:
        names = await ModelNames(provider, model).find(service)
        return report(await service.verify_provider_model(*names), "verified", terminal)

    return with_service(act, terminal, upgrade=upgrade, actor=actor)
