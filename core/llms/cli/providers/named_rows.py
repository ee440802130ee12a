"""What the commands on parameters and on templates share: both are rows under a name, that configurations use."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeAlias

import typer

from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.providers.config_facts import mask
from core.llms.cli.providers.configured import tell_unsupported
from core.llms.cli.providers.history import show_history
from core.llms.cli.providers.option_groups import CommonOptions
from core.llms.cli.providers.rollback import require_agreement
from core.llms.cli.providers.wording import GROUP
from core.llms.cli.tables import print_facts, print_table
from core.llms.cli.terminal import Terminal

if TYPE_CHECKING:
    from core.llms.cli.providers.history import ReadHistory
    from core.llms.provider_config.named_rows import NamedRows
    from core.llms.provider_config.schemas import (
        LLMParametersResponse,
        PromptTemplateResponse,
        ProviderModelConfigResponse,
    )
    from core.llms.provider_config.service import ProviderConfigService

    StoredRow: TypeAlias = LLMParametersResponse | PromptTemplateResponse

PARAMETERS: Final = "parameters"
RowNameArgument: TypeAlias = Annotated[str, typer.Argument(metavar="NAME", help="As `list` shows it.")]
NewNameArgument: TypeAlias = Annotated[str, typer.Argument(metavar="NAME", help="What configurations call it.")]
RenameOption: TypeAlias = Annotated[str | None, typer.Option(metavar="NAME", help="Another name for it.")]
LoseOption: TypeAlias = Annotated[bool, typer.Option("--yes", help="It may be lost.")]
RowVersionOption: TypeAlias = Annotated[
    int | None, typer.Option(help="Do it only while it is at this version, which `show` says.")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowKind:
    """One kind of row: what its commands are called, and where the service keeps it.

    `columns` are those of its table, and `cells` what a row has in them after its name and before its version; `facts`
    is what is shown of it besides what is stored, and `uses` tells whether a configuration uses it.
    """

    command: str
    columns: Sequence[str]
    rows: Callable[[ProviderConfigService], NamedRows[Any, Any, Any, Any]]
    history: Callable[[ProviderConfigService], ReadHistory]
    go_back: Callable[[ProviderConfigService], Callable[..., Any]]
    cells: Callable[[Any], Sequence[str]]
    facts: Callable[[Any], Mapping[str, Any]]
    uses: Callable[[ProviderModelConfigResponse, Any], bool]

    @property
    def group(self) -> str:
        """What messages call the commands on it."""
        return f"{GROUP} {self.command}"

    async def find(self, service: ProviderConfigService, name: str) -> Any:
        """Return a row. Raises `ConfigNotFoundError`."""
        from core.llms.provider_config.errors import ConfigNotFoundError

        row = await self.rows(service).get(name)
        if row is None:
            raise ConfigNotFoundError(f"there is no {self.command} {name!r}; `{self.group} create` makes one")
        return row

    async def users(self, service: ProviderConfigService, row: StoredRow) -> list[ProviderModelConfigResponse]:
        """Return the configurations that use a row, of those that may be seen."""
        return [config for config in (await service.list_providers()).providers if self.uses(config, row)]

    def list_all(self, common: CommonOptions) -> int:
        """Show a line of each row."""

        async def act(service: ProviderConfigService, terminal: Terminal) -> ExitCode:
            found = await self.rows(service).list_all()
            if terminal.as_json:
                terminal.write_json([row_facts(row) for row in found])
            elif found:
                cells = ((row.name, *self.cells(row), str(row.version)) for row in found)
                print_table((self.command, *self.columns, "version"), cells, (1 + len(self.columns),))
            else:
                terminal.warn(f"no {self.command}: none is stored")
            return ExitCode.OK

        return common.run(act, group=self.group)

    def show(self, name: str, common: CommonOptions) -> int:
        """Show one row, and which configurations use it."""

        async def act(service: ProviderConfigService, terminal: Terminal) -> ExitCode:
            row = await self.find(service, name)
            used_by = [names_of(config) for config in await self.users(service, row)]
            if terminal.as_json:
                terminal.write_json({**row_facts(row), "used_by": used_by})
            else:
                print_facts({**shown_facts(row, self.facts(row)), "used by": used_by})
            return ExitCode.OK

        return common.run(act, group=self.group)

    def delete(self, name: str, common: CommonOptions, *, yes: bool, expected_version: int | None) -> int:
        """Delete a row that nothing uses."""
        if not yes:
            raise typer.BadParameter(f"the {self.command} would be lost; give --yes if that may be")

        async def act(service: ProviderConfigService, terminal: Terminal) -> ExitCode:
            await self.rows(service).delete(name, expected_version=expected_version)
            if terminal.as_json:
                terminal.write_json({"deleted": name})
            else:
                terminal.write(f"{self.command} {name}: deleted\n")
            return ExitCode.OK

        return common.run(act, group=self.group)

    def show_history(self, name: str, common: CommonOptions, *, diff: str | None, limit: int) -> int:
        """Show the revisions of a row, or what differs between two."""

        async def act(service: ProviderConfigService, terminal: Terminal) -> ExitCode:
            return await show_history(self.history(service), (name,), diff, limit, terminal)

        return common.run(act, group=self.group)

    def roll_back(
        self, name: str, revision: int, common: CommonOptions, *, yes: bool, expected_version: int | None
    ) -> int:
        """Make a row what it was, for all that use it, once that may be."""

        async def act(service: ProviderConfigService, terminal: Terminal) -> ExitCode:
            current = await self.rows(service).get(name)
            await require_agreement(self.history(service), (name,), revision, terminal, yes=yes)
            seen = None if current is None else current.version
            version = seen if expected_version is None else expected_version
            row = await self.go_back(service)(name, revision, expected_version=version)
            await self.tell_users(service, row, None if self.command == PARAMETERS else (), terminal)
            return self.report(row, f"as at revision {revision}, at version {row.version}", terminal)

        return common.run(act, group=self.group)

    async def tell_users(
        self, service: ProviderConfigService, row: StoredRow, changed: Collection[str] | None, terminal: Terminal
    ) -> None:
        """Say which configurations changed with a row, and which of what `changed` their calls are not sent with."""
        for config in await self.users(service, row):
            terminal.note(f"changed with it: {names_of(config)}")
            tell_unsupported(config, terminal, changed=changed, of=f"{names_of(config)}: ")

    def report(self, row: StoredRow, outcome: str, terminal: Terminal) -> ExitCode:
        """Say what became of a row: a line, or all its facts as JSON."""
        if terminal.as_json:
            terminal.write_json(row_facts(row))
        else:
            terminal.write(f"{self.command} {row.name}: {outcome}\n")
        return ExitCode.OK


def names_of(config: ProviderModelConfigResponse) -> str:
    """Return what a configuration is called."""
    return f"{config.provider_name}/{config.model_id}"


def row_facts(row: StoredRow) -> dict[str, Any]:
    """Return all that is stored of a row, as JSON has it."""
    return mask(row.model_dump(mode="json"))


def shown_facts(row: StoredRow, besides: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a person reads of a row: what is set, with ids left out, and `besides`."""
    facts = {name: value for name, value in row_facts(row).items() if value not in (None, {}, [])}
    kept = {name: str(facts[name]) for name in ("version", "created_at", "updated_at")}
    said = {name: value for name, value in facts.items() if name not in (*kept, "id", "name", "ancestors")}
    return {"name": row.name, **said, **besides, **kept}
