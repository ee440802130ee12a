"""The commands that parameters and templates have alike: to list, show, delete, and look and go back."""

from __future__ import annotations

import typer

from core.llms.cli.groups import LIST
from core.llms.cli.providers.history import DiffOption, LimitOption
from core.llms.cli.providers.named_rows import LoseOption, RowKind, RowNameArgument, RowVersionOption
from core.llms.cli.providers.option_groups import CommonOptions, with_option_groups
from core.llms.cli.providers.rollback import AgreeOption, RevisionArgument


def add_row_commands(group: typer.Typer, kind: RowKind, what: str) -> None:
    """Give a group these commands on its kind of row; `what` is what `--help` calls it."""

    @group.command(LIST, help=f"List all {kind.command} that are stored.")
    @with_option_groups
    def list_all(*, common: CommonOptions) -> int:
        return kind.list_all(common)

    @group.command(help=f"Show {what} in full: what holds, and which configurations use it.")
    @with_option_groups
    def show(name: RowNameArgument, *, common: CommonOptions) -> int:
        return kind.show(name, common)

    @group.command(help=f"Delete {what} that nothing uses.")
    @with_option_groups
    def delete(
        name: RowNameArgument,
        *,
        yes: LoseOption = False,
        expected_version: RowVersionOption = None,
        common: CommonOptions,
    ) -> int:
        return kind.delete(name, common, yes=yes, expected_version=expected_version)

    @group.command(help=f"List the revisions of {what}, newest first, also of one that was deleted.")
    @with_option_groups
    def history(
        name: RowNameArgument, *, diff: DiffOption = None, limit: LimitOption = 20, common: CommonOptions
    ) -> int:
        return kind.show_history(name, common, diff=diff, limit=limit)

    @group.command(help=f"Make {what} what it was at REVISION, as a new revision, for all that use it.")
    @with_option_groups
    def rollback(
        name: RowNameArgument,
        revision: RevisionArgument,
        *,
        yes: AgreeOption = False,
        expected_version: RowVersionOption = None,
        common: CommonOptions,
    ) -> int:
        return kind.roll_back(name, revision, common, yes=yes, expected_version=expected_version)
