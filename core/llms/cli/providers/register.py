"""`core-llms providers register`: storing a model with its parameters and its template, verified and switched on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.options import BaseUrlOption
from core.llms.cli.providers.configured import report, tell_unsupported
from core.llms.cli.providers.fields import (
    AliasOption,
    ApiKeyEnvOption,
    CredentialOption,
    DescriptionOption,
    OrganisationOption,
    ProviderVersionOption,
    SettingOption,
    WorkspaceOption,
    find_credential,
    given,
    read_schema,
    read_settings,
)
from core.llms.cli.providers.option_groups import CommonOptions, SamplingOptions, TextOptions, with_option_groups
from core.llms.cli.terminal import Terminal

if TYPE_CHECKING:
    from core.llms.provider_config.schemas import (
        LLMParametersCreate,
        PromptTemplateCreate,
        ProviderModelConfigResponse,
    )
    from core.llms.provider_config.service import ProviderConfigService


@with_option_groups
def register(
    provider: Annotated[str, typer.Argument(help="As in openai.")],
    model: Annotated[str, typer.Argument(help="As in gpt-4.1-mini.")],
    *,
    alias: AliasOption = None,
    description: DescriptionOption = None,
    parameters: Annotated[
        str | None, typer.Option(help="The name of its parameters, by default PROVIDER/MODEL; alone: those stored.")
    ] = None,
    sampling: SamplingOptions,
    template: Annotated[
        str | None, typer.Option(help="The name of its template, by default PROVIDER/MODEL; alone: the one stored.")
    ] = None,
    texts: TextOptions,
    api_key_env: ApiKeyEnvOption = None,
    credential: CredentialOption = None,
    base_url: BaseUrlOption = None,
    provider_version: ProviderVersionOption = None,
    organisation: OrganisationOption = None,
    workspace: WorkspaceOption = None,
    setting: SettingOption = None,
    inactive: Annotated[bool, typer.Option("--inactive", help="Leave it switched off.")] = False,
    no_verify: Annotated[bool, typer.Option("--no-verify", help="Do not ask the provider.")] = False,
    common: CommonOptions,
) -> int:
    """Store a model with its parameters and template, ask the provider for it, and switch it on.

    What fails to verify stays stored, and off. The same again changes nothing.
    """
    own = f"{provider}/{model}"

    async def act(service: ProviderConfigService, terminal: Terminal) -> ExitCode:
        config = await service.register_provider_model(
            provider, model, await _parameters(service, parameters, own, sampling.given()),
            await _template(service, template, own, texts.given()), is_active=not inactive, verify=not no_verify,
            settings=read_settings(provider, setting or ()),
            **given(
                alias=alias, description=description, api_key_env=api_key_env, base_url=base_url,
                organisation=organisation, workspace=workspace, provider_version=provider_version,
                credential_id=await find_credential(service, credential),
            ),
        )  # fmt: skip
        tell_unsupported(config, terminal)
        return report(config, outcome_of(config), terminal)

    return common.run(act)


async def _parameters(
    service: ProviderConfigService, name: str | None, own: str, fields: Mapping[str, Any]
) -> LLMParametersCreate:
    from core.llms.provider_config.schemas import LLMParametersCreate

    stored = None if name is None or fields else await service.parameters.get(name)
    if stored is not None:
        return LLMParametersCreate(**stored.model_dump(include=set(LLMParametersCreate.model_fields)))
    return read_schema(LLMParametersCreate, name=own if name is None else name, **fields)


async def _template(
    service: ProviderConfigService, name: str | None, own: str, fields: Mapping[str, Any]
) -> PromptTemplateCreate | None:
    from core.llms.provider_config.errors import ConfigNotFoundError
    from core.llms.provider_config.schemas import PromptTemplateCreate

    if fields:
        return read_schema(PromptTemplateCreate, name=own if name is None else name, **fields)
    if name is None:
        return None
    stored = await service.prompt_templates.get(name)
    if stored is None:
        raise ConfigNotFoundError(f"no prompt template is called {name!r}; give its texts, as by --system-prompt")
    return PromptTemplateCreate(**stored.model_dump(include=set(PromptTemplateCreate.model_fields)))


def outcome_of(config: ProviderModelConfigResponse) -> str:
    """Say what became of a configuration that was registered."""
    verified = "verified" if config.is_verified else "not verified"
    return f"registered, {verified}, switched {'on' if config.is_active else 'off'}"
