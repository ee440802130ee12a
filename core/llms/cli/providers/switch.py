"""`core-llms providers enable` and `disable`: whether a configuration may be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.options import DebugOption, JsonOption
from core.llms.cli.providers.acting import ActorOption
from core.llms.cli.providers.configured import (
    ExpectedVersionOption,
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


def enable(
    provider: NamesArgument,
    model: ModelArgument = None,
    expected_version: ExpectedVersionOption = None,
    actor: ActorOption = None,
    upgrade: UpgradeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Switch a configuration on. The provider is not asked."""
    names = ModelNames(provider, model)
    return _switch(names, True, expected_version, upgrade, actor, Terminal(as_json=json, debug=debug))


def disable(
    provider: NamesArgument,
    model: ModelArgument = None,
    expected_version: ExpectedVersionOption = None,
    actor: ActorOption = None,
    upgrade: UpgradeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Switch a configuration off: every process refuses it soon after."""
    names = ModelNames(provider, model)
    return _switch(names, False, expected_version, upgrade, actor, Terminal(as_json=json, debug=debug))


def _switch(
    names: ModelNames, on: bool, version: int | None, upgrade: bool, actor: str | None, terminal: Terminal
) -> int:
    async def act(service: ProviderConfigService) -> ExitCode:
        found = await names.find(service)
        config = await service.update_provider_model(*found, {"is_active": on}, expected_version=version)
        return report(config, f"switched {'on' if on else 'off'}", terminal)

    return with_service(act, terminal, upgrade=upgrade, actor=actor)
