"""What every command on configured models shares: opening the database, finding the model that is meant, saying so."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer

from core.llms.cli.event_loop import run
from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.failures import guard
from core.llms.cli.providers.acting import find_actor
from core.llms.cli.providers.wording import GROUP, reword
from core.llms.cli.terminal import Terminal

if TYPE_CHECKING:
    from core.llms.provider_config.schemas import ProviderModelConfigResponse
    from core.llms.provider_config.service import ProviderConfigService

NamesArgument: TypeAlias = Annotated[
    str, typer.Argument(metavar="PROVIDER", help="As in openai; or, alone, provider/model or an alias.")
]
ModelArgument: TypeAlias = Annotated[str | None, typer.Argument(metavar="[MODEL]", help="As in gpt-4.1-mini.")]
UpgradeOption: TypeAlias = Annotated[
    bool, typer.Option("--upgrade", help="Make the database's tables first, or bring them up to date.")
]
ExpectedVersionOption: TypeAlias = Annotated[
    int | None, typer.Option(help="Do it only while the configuration is at this version, which `show` says.")
]
# They decide which values there are, and which of them are sent.
_DECIDING: Final = frozenset({"provider_version", "parent", "preset"})


@dataclass(frozen=True, slots=True)
class ModelNames:
    """The one or two words that say which model is meant."""

    first: str
    model: str | None = None

    async def find(self, service: ProviderConfigService) -> tuple[str, str]:
        """Return provider and model id. Raises `ConfigNotFoundError` for one word that is neither alias nor both."""
        from core.llms.provider_config.errors import ConfigNotFoundError

        if self.model is not None:
            return self.first, self.model
        config = await service.get_by_alias(self.first)
        if config is not None:
            return config.provider_name, config.model_id
        provider, slash, model_id = self.first.partition("/")
        if not (provider and slash and model_id):
            raise ConfigNotFoundError(
                f"no configuration has the alias {self.first!r}; give PROVIDER MODEL, or an alias"
            )
        return provider, model_id

    async def read(self, service: ProviderConfigService) -> ProviderModelConfigResponse:
        """Return the configuration. Raises `ConfigNotFoundError`."""
        from core.llms.provider_config.errors import ConfigNotFoundError

        provider, model_id = await self.find(service)
        config = await service.get_provider_model(provider, model_id)
        if config is None:
            hint = f"it is not configured; `core-llms providers register {provider} {model_id}` does it"
            raise ConfigNotFoundError(hint, provider=provider, model=model_id)
        return config


def with_service(
    action: Callable[[ProviderConfigService], Awaitable[ExitCode]],
    terminal: Terminal,
    *,
    upgrade: bool,
    actor: str | None = None,
    group: str = GROUP,
) -> int:
    """Run a command's work over the database that the environment names, and return its exit code.

    `group` is what messages call the commands around it.
    """

    async def act() -> ExitCode:
        from core.llms.provider_config.service import ProviderConfigService
        from core.llms.storage.database import Database

        acting = find_actor(actor)
        async with Database(upgrade=upgrade) as database:
            return await action(ProviderConfigService(database, actor=acting))

    return guard(lambda: run(act()), terminal, lambda message: reword(message, group))


def tell_unsupported(
    config: ProviderModelConfigResponse, terminal: Terminal, *, changed: Collection[str] | None = None, of: str = ""
) -> None:
    """Warn of each parameter that is stored and never sent, with the reason.

    Where it is only what `changed` that is told of, that is all as soon as it decides what the others come to. `of` is
    what stands before each.
    """
    told_of = None if changed is None or not _DECIDING.isdisjoint(changed) else changed
    for name, reason in config.unsupported_reasons.items():
        if told_of is None or name in told_of:
            terminal.warn(f"{of}{name} is stored, and never sent: {reword(reason)}")


def report(config: ProviderModelConfigResponse, outcome: str, terminal: Terminal) -> ExitCode:
    """Say what became of a configuration: a line, or all its facts as JSON."""
    from core.llms.cli.providers.config_facts import config_facts

    if terminal.as_json:
        terminal.write_json(config_facts(config))
    else:
        terminal.write(f"{config.provider_name}/{config.model_id}: {outcome}\n")
    return ExitCode.OK
