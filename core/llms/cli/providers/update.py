"""`core-llms providers update`: changing a configuration, its parameters and its template, all or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.options import BaseUrlOption
from core.llms.cli.providers.configured import (
    ExpectedVersionOption,
    ModelArgument,
    ModelNames,
    NamesArgument,
    report,
    tell_unsupported,
)
from core.llms.cli.providers.fields import (
    AliasOption,
    ApiKeyEnvOption,
    CredentialOption,
    DescriptionOption,
    ProviderVersionOption,
    find_credential,
    given,
)
from core.llms.cli.providers.option_groups import CommonOptions, SamplingOptions, TextOptions, with_option_groups
from core.llms.cli.terminal import Terminal

if TYPE_CHECKING:
    from core.llms.provider_config.schemas import ProviderModelConfigResponse
    from core.llms.provider_config.service import ProviderConfigService

_OWN: Final = ("alias", "description", "api_key_env", "credential_id", "base_url", "provider_version")
_OF_PARAMETERS: Final = ("temperature", "max_new_tokens", "top_k", "top_p", "parent", "preset")
_OF_TEMPLATE: Final = ("system_prompt", "context_prefix", "query_prefix", "answer_prefix")
_CALLED: Final = {"max_new_tokens": "max-tokens", "credential_id": "credential"}
_FIELDS: Final = {_CALLED.get(name, name.replace("_", "-")): name for name in (*_OWN, *_OF_PARAMETERS, *_OF_TEMPLATE)}


def _check_names(values: list[str] | None) -> list[str] | None:
    for value in values or ():
        if value not in _FIELDS:
            raise typer.BadParameter(f"one of {', '.join(_FIELDS)}, not {value!r}")
    return values


@with_option_groups
def update(
    provider: NamesArgument,
    model: ModelArgument = None,
    *,
    alias: AliasOption = None,
    description: DescriptionOption = None,
    sampling: SamplingOptions,
    texts: TextOptions,
    api_key_env: ApiKeyEnvOption = None,
    credential: CredentialOption = None,
    base_url: BaseUrlOption = None,
    provider_version: ProviderVersionOption = None,
    unset: Annotated[
        list[str] | None, typer.Option(callback=_check_names, help="Take a value away, as in top-k; repeatable.")
    ] = None,
    expected_version: ExpectedVersionOption = None,
    common: CommonOptions,
) -> int:
    """Change what is given, all or nothing; the rest stays.

    Parameters and template change for every configuration that uses them.
    """
    changes = given(
        alias=alias, description=description, api_key_env=api_key_env, base_url=base_url, credential_id=credential,
        provider_version=provider_version, **sampling.given(), **texts.given(),
    )  # fmt: skip
    changes = _with_unset(changes, unset or [])

    async def act(service: ProviderConfigService, terminal: Terminal) -> ExitCode:
        if credential is not None:
            changes["credential_id"] = await find_credential(service, credential)
        config = await service.update_provider_model(
            *await ModelNames(provider, model).find(service), _of(_OWN, changes),
            parameters=_of(_OF_PARAMETERS, changes), prompt_template=_of(_OF_TEMPLATE, changes),
            expected_version=expected_version,
        )  # fmt: skip
        await _tell_sharing(service, config, changes, terminal)
        tell_unsupported(config, terminal, changed=changes)
        return report(config, f"at version {config.version}", terminal)

    return common.run(act)


def _with_unset(changes: dict[str, Any], unset: list[str]) -> dict[str, Any]:
    for name in unset:
        if _FIELDS[name] in changes:
            raise typer.BadParameter(f"{name} is given a value, too", param_hint="--unset")
    changes = changes | {_FIELDS[name]: None for name in unset}
    if not changes:
        raise typer.BadParameter("there is nothing to change: give an option, as in --temperature 0.3")
    return changes


def _of(names: tuple[str, ...], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in changes.items() if name in names}


async def _tell_sharing(
    service: ProviderConfigService, config: ProviderModelConfigResponse, changes: dict[str, Any], terminal: Terminal
) -> None:
    ids = {"parameters_id": _OF_PARAMETERS, "prompt_template_id": _OF_TEMPLATE}
    changed = [column for column, names in ids.items() if _of(names, changes)]
    for other in (await service.list_providers()).providers if changed else ():
        if other.id != config.id and any(getattr(other, column) == getattr(config, column) for column in changed):
            terminal.note(f"changed with it: {other.provider_name}/{other.model_id}")
