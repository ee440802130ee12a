"""`core-llms providers rotate-keys`: every credential under the current encryption key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.options import DebugOption, JsonOption
from core.llms.cli.providers.acting import ActorOption
from core.llms.cli.providers.configured import UpgradeOption, with_service
from core.llms.cli.terminal import Terminal

if TYPE_CHECKING:
    from core.llms.provider_config.service import ProviderConfigService


def rotate_keys(
    actor: ActorOption = None,
    upgrade: UpgradeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Encrypt every credential's data key with the current encryption key, while all goes on. Secrets stay."""
    terminal = Terminal(as_json=json, debug=debug)

    async def act(service: ProviderConfigService) -> ExitCode:
        done = await service.credentials.rotate_keys()
        if terminal.as_json:
            terminal.write_json({"key_id": done.key_id, "rewrapped": done.rewrapped, "failures": done.failures})
        else:
            terminal.write(f"{done.rewrapped} credentials got the key {done.key_id}\n")
        for name, reason in done.failures.items():
            terminal.error(f"credential {name!r}: {reason}")
        return ExitCode.OK if done.is_complete else ExitCode.CONFIGURATION

    return with_service(act, terminal, upgrade=upgrade, actor=actor)
