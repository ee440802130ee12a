"""`core-llms providers update`: changing a configuration, its parameters and its template, all or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.options import BaseUrlOption, DebugOption, JsonOption
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
from core.llms.cli.providers.fields import (
    AliasOption,
    AnswerPrefixOption,
    ApiKeyEnvOption,
    ContextPrefixOption,
    CredentialOption,
    DescriptionOption,
    MaxTokensOption,
    ParentOption,
    PresetOption,
    ProviderVersionOption,
    QueryPrefixOption,
    SystemPromptOption,
    TemperatureOption,
    TopKOption,
    TopPOption,
    find_credential,
    given,
)
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


def update(
    provider: NamesArgument,
    model: ModelArgument = None,
    alias: AliasOption = None,
    description: DescriptionOption = None,
    temperature: TemperatureOption = None,
    max_tokens: MaxTokensOption = None,
    top_k: TopKOption = None,
    top_p: TopPOption = None,
    parent: ParentOption = None,
    preset: PresetOption = None,
    system_prompt: SystemPromptOption = None,
    context_prefix: ContextPrefixOption = None,
    query_prefix: QueryPrefixOption = None,
    answer_prefix: AnswerPrefixOption = None,
    api_key_env: ApiKeyEnvOption = None,
    credential: CredentialOption = None,
    base_url: BaseUrlOption = None,
    provider_version: ProviderVersionOption = None,
    unset: Annotated[
        list[str] | None, typer.Option(callback=_check_names, help="Take a value away, as in top-k; repeatable.")
    ] = None,
    expected_version: ExpectedVersionOption = None,
    actor: ActorOption = None,
    upgrade: UpgradeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Change what is given, all or nothing; the rest stays.

    Parameters and template change for every configuration that uses them.
    """
    terminal = Terminal(as_json=json, debug=debug)
    changes = given(
        alias=alias, description=description, api_key_env=api_key_env, base_url=base_url, temperature=temperature,
        max_new_tokens=max_tokens, top_k=top_k, top_p=top_p, system_prompt=system_prompt,
        context_prefix=context_prefix, query_prefix=query_prefix, answer_prefix=answer_prefix,
        credential_id=credential, provider_version=provider_version, parent=parent, preset=preset,
    )  # fmt: skip
    changes = _with_unset(changes, unset or [])

    async def act(service: ProviderConfigService) -> ExitCode:
        if credential is not None:
            changes["credential_id"] = await find_credential(service, credential)
        config = await service.update_provider_model(
            *await ModelNames(provider, model).find(service), _of(_OWN, changes),
            parameters=_of(_OF_PARAMETERS, changes), prompt_template=_of(_OF_TEMPLATE, changes),
            expected_version=expected_version,
        )  # fmt: skip
        await _tell_sharing(service, config, changes, terminal)
        return report(config, f"at version {config.version}", terminal)

    return with_service(act, terminal, upgrade=upgrade, actor=actor)


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
