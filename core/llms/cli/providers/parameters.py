"""`core-llms providers parameters`: parameters by themselves, that configurations use and other parameters inherit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeAlias

import typer

from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.providers.fields import (
    DescriptionOption,
    OrganisationOption,
    WorkspaceOption,
    given,
    read_pairs,
    read_schema,
)
from core.llms.cli.providers.named_rows import (
    PARAMETERS,
    NewNameArgument,
    RenameOption,
    RowKind,
    RowNameArgument,
    RowVersionOption,
)
from core.llms.cli.providers.option_groups import CommonOptions, SamplingOptions, with_option_groups
from core.llms.cli.providers.row_commands import add_row_commands
from core.llms.cli.terminal import Terminal

if TYPE_CHECKING:
    from core.llms.provider_config.schemas import LLMParametersResponse, ProviderModelConfigResponse
    from core.llms.provider_config.service import ProviderConfigService

SetOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--set", help="name=value, any parameter, as in seed=7; the value is JSON, or text; repeatable."),
]
SwitchOffOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(help="A parameter whose inherited value is not to hold, but the model's own default; repeatable."),
]
_EXTRA: Final = "extra_parameters"
_PRESET: Final = "preset"
_OWN: Final = ("description", "parent", _PRESET)

parameters = typer.Typer(
    rich_markup_mode=None,
    no_args_is_help=True,
    help="Look after parameters by themselves: configurations use them, and other parameters inherit from them.",
)


def _uses(config: ProviderModelConfigResponse, row: LLMParametersResponse) -> bool:
    return row.id in (config.parameters_id, *(above.id for above in config.parameters.ancestors))


def _holding(row: LLMParametersResponse) -> dict[str, Any]:
    return {"holding, with what is inherited": row.effective().all} if row.ancestors or row.preset else {}


def _told(values: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())


_KIND: Final = RowKind(
    command=PARAMETERS,
    columns=("parent", "preset", "values"),
    rows=lambda service: service.parameters,
    history=lambda service: service.revisions.parameters_history,
    go_back=lambda service: service.revisions.rollback_parameters,
    cells=lambda row: (row.parent or "", row.preset or "", _told(row.neutral())),
    facts=_holding,
    uses=_uses,
)


@parameters.command()
@with_option_groups
def create(
    name: NewNameArgument,
    *,
    description: DescriptionOption = None,
    sampling: SamplingOptions,
    set_: SetOption = None,
    switch_off: SwitchOffOption = None,
    organisation: OrganisationOption = None,
    workspace: WorkspaceOption = None,
    common: CommonOptions,
) -> int:
    """Store parameters. The same again changes nothing."""
    values = _values(sampling, set_)
    fields = given(description=description, organisation=organisation, workspace=workspace)

    async def act(service: ProviderConfigService, terminal: Terminal) -> ExitCode:
        from core.llms.provider_config.schemas import LLMParametersCreate

        off = _named(switch_off, [_PRESET])
        wanted = read_schema(LLMParametersCreate, name=name, unset=off, **fields, **_split(values, {}))
        return _KIND.report(await service.parameters.create(wanted), "stored", terminal)

    return common.run(act, group=_KIND.group)


@parameters.command()
@with_option_groups
def update(
    name: RowNameArgument,
    *,
    description: DescriptionOption = None,
    sampling: SamplingOptions,
    set_: SetOption = None,
    switch_off: SwitchOffOption = None,
    unset: Annotated[
        list[str] | None, typer.Option(help="Take away what they say of this, as of top-k or parent; repeatable.")
    ] = None,
    rename: RenameOption = None,
    expected_version: RowVersionOption = None,
    common: CommonOptions,
) -> int:
    """Change what is given, for every configuration that uses them or what inherits from them; the rest stays."""
    values = _values(sampling, set_)
    fields = given(description=description, name=rename)
    if not (values or fields or switch_off or unset):
        raise typer.BadParameter("there is nothing to change: give an option, as in --temperature 0.3")

    async def act(service: ProviderConfigService, terminal: Terminal) -> ExitCode:
        row = await _KIND.find(service, name)
        changes = {**fields, **_changes(row, values, _named(switch_off, [_PRESET]), _named(unset, _OWN))}
        # What a list or a mapping is to be was made of what was read.
        version = row.version if expected_version is None and changes.keys() & {_EXTRA, "unset"} else expected_version
        changed = await service.parameters.update(name, changes, expected_version=version)
        await _KIND.tell_users(service, changed, values, terminal)
        return _KIND.report(changed, f"at version {changed.version}", terminal)

    return common.run(act, group=_KIND.group)


add_row_commands(parameters, _KIND, "a set of parameters")


def _values(sampling: SamplingOptions, texts: Iterable[str] | None) -> dict[str, Any]:
    """Return what was given, by stored names. Raises `typer.BadParameter` for what is given twice."""
    values = sampling.given()
    for name, value in read_pairs(texts or (), "--set").items():
        (stored,) = _named([name])
        if stored in values:
            raise typer.BadParameter(f"{name!r} is given twice", param_hint="--set")
        values[stored] = value
    return values


def _named(names: Iterable[str] | None, besides: Iterable[str] = ()) -> list[str]:
    """Return names, with dashes or without, neutral or stored, as they are stored. Raises `typer.BadParameter`."""
    from core.llms.provider_config.parameter_names import read_names

    try:
        return read_names([name.replace("-", "_") for name in names or ()], besides)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def _split(values: dict[str, Any], extra: dict[str, Any]) -> dict[str, Any]:
    """Return values as fields: those without one of their own are laid over the `extra` ones."""
    from core.llms.provider_config.parameter_names import EXTRA_NAMES

    others = {name: value for name, value in values.items() if name in EXTRA_NAMES}
    own = {name: value for name, value in values.items() if name not in EXTRA_NAMES}
    return {**own, _EXTRA: {**extra, **others}} if others else own


def _changes(
    row: LLMParametersResponse, values: dict[str, Any], switched_off: list[str], unset: list[str]
) -> dict[str, Any]:
    """Return the fields that change; a value that is given is not switched off any more."""
    if both := sorted({*values, *switched_off} & {*unset}):
        raise typer.BadParameter(f"{both[0]} is given a value, or switched off, too", param_hint="--unset")
    silent = {name: None for name in unset if name in type(row).model_fields and name not in row.unset}
    changes = {**silent, **_split(values, row.extra_parameters)}
    if row.extra_parameters.keys() & {*unset}:
        extra = changes.get(_EXTRA, row.extra_parameters)
        changes[_EXTRA] = {name: value for name, value in extra.items() if name not in unset}
    off = sorted({*row.unset, *switched_off} - {*unset, *values})
    return changes if off == sorted(row.unset) else {**changes, "unset": off}
