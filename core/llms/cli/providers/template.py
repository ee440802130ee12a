"""`core-llms providers template`: prompt templates by themselves, that configurations use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, TypeAlias

import typer

from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.providers.fields import (
    DescriptionOption,
    OrganisationOption,
    WorkspaceOption,
    given,
    read_schema,
)
from core.llms.cli.providers.named_rows import (
    NewNameArgument,
    RenameOption,
    RowKind,
    RowNameArgument,
    RowVersionOption,
)
from core.llms.cli.providers.option_groups import CommonOptions, TextOptions, with_option_groups
from core.llms.cli.providers.row_commands import add_row_commands
from core.llms.cli.terminal import Terminal

if TYPE_CHECKING:
    from core.llms.provider_config.schemas import PromptTemplateResponse
    from core.llms.provider_config.service import ProviderConfigService

ProviderOption: TypeAlias = Annotated[str | None, typer.Option(help="The provider that it is written for.")]
_TEXTS: Final = ("system_prompt", "context_prefix", "query_prefix", "answer_prefix")
_FIELDS: Final = ("description", "provider", *_TEXTS)

template = typer.Typer(
    rich_markup_mode=None,
    no_args_is_help=True,
    help="Look after prompt templates by themselves, which configurations use.",
)


def _brief(row: PromptTemplateResponse) -> tuple[str, str]:
    said = [name.replace("_", " ") for name in _TEXTS if getattr(row, name) is not None]
    return row.provider or "", ", ".join(said)


_KIND: Final = RowKind(
    command="template",
    columns=("provider", "has"),
    rows=lambda service: service.prompt_templates,
    history=lambda service: service.revisions.prompt_template_history,
    go_back=lambda service: service.revisions.rollback_prompt_template,
    cells=_brief,
    facts=lambda row: {},
    uses=lambda config, row: config.prompt_template_id == row.id,
)


def _check_names(values: list[str] | None) -> list[str] | None:
    known = [name.replace("_", "-") for name in _FIELDS]
    for value in values or ():
        if value not in known:
            raise typer.BadParameter(f"one of {', '.join(known)}, not {value!r}")
    return values


@template.command()
@with_option_groups
def create(
    name: NewNameArgument,
    *,
    provider: ProviderOption = None,
    description: DescriptionOption = None,
    texts: TextOptions,
    organisation: OrganisationOption = None,
    workspace: WorkspaceOption = None,
    common: CommonOptions,
) -> int:
    """Store a template. The same again changes nothing."""
    fields = given(provider=provider, description=description, organisation=organisation, workspace=workspace)

    async def act(service: ProviderConfigService, terminal: Terminal) -> ExitCode:
        from core.llms.provider_config.schemas import PromptTemplateCreate

        wanted = read_schema(PromptTemplateCreate, name=name, **fields, **texts.given())
        return _KIND.report(await service.prompt_templates.create(wanted), "stored", terminal)

    return common.run(act, group=_KIND.group)


@template.command()
@with_option_groups
def update(
    name: RowNameArgument,
    *,
    provider: ProviderOption = None,
    description: DescriptionOption = None,
    texts: TextOptions,
    unset: Annotated[
        list[str] | None, typer.Option(callback=_check_names, help="Take a text away, as query-prefix; repeatable.")
    ] = None,
    rename: RenameOption = None,
    expected_version: RowVersionOption = None,
    common: CommonOptions,
) -> int:
    """Change what is given, for every configuration that uses it; the rest stays."""
    changes = given(provider=provider, description=description, name=rename, **texts.given())
    changes = _with_unset(changes, [one.replace("-", "_") for one in unset or ()])

    async def act(service: ProviderConfigService, terminal: Terminal) -> ExitCode:
        changed = await service.prompt_templates.update(name, changes, expected_version=expected_version)
        await _KIND.tell_users(service, changed, (), terminal)
        return _KIND.report(changed, f"at version {changed.version}", terminal)

    return common.run(act, group=_KIND.group)


add_row_commands(template, _KIND, "a template")


def _with_unset(changes: dict[str, Any], unset: list[str]) -> dict[str, Any]:
    for name in unset:
        if name in changes:
            raise typer.BadParameter(f"{name.replace('_', '-')} is given a value, too", param_hint="--unset")
    changes = changes | dict.fromkeys(unset)
    if not changes:
        raise typer.BadParameter("there is nothing to change: give an option, as in --system-prompt")
    return changes
