"""The options that parameters, templates and settings are given by, and what they mean as fields. No I/O."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, TypeVar

import typer
from pydantic_core import from_json

if TYPE_CHECKING:
    from pydantic import BaseModel

    from core.llms.provider_config.service import ProviderConfigService

T = TypeVar("T", bound="BaseModel")

TemperatureOption: TypeAlias = Annotated[float | None, typer.Option(help="How large a part chance plays.")]
MaxTokensOption: TypeAlias = Annotated[int | None, typer.Option(help="The longest answer, in tokens.")]
TopKOption: TypeAlias = Annotated[int | None, typer.Option(help="Choose among this many tokens.")]
TopPOption: TypeAlias = Annotated[float | None, typer.Option(help="Choose among tokens of this share together.")]
ParentOption: TypeAlias = Annotated[
    str | None, typer.Option(metavar="NAME", help="The parameters whose values hold where none is given.")
]
PresetOption: TypeAlias = Annotated[
    str | None, typer.Option(metavar="NAME", help="The packaged values for a use, as in extraction, that hold then.")
]
ProviderVersionOption: TypeAlias = Annotated[
    str | None, typer.Option(help="The version of the provider's API, where it is not the usual one.")
]
SystemPromptOption: TypeAlias = Annotated[str | None, typer.Option(help="Instructions before every conversation.")]
ContextPrefixOption: TypeAlias = Annotated[str | None, typer.Option(help="What stands before a context.")]
QueryPrefixOption: TypeAlias = Annotated[str | None, typer.Option(help="What stands before a prompt.")]
AnswerPrefixOption: TypeAlias = Annotated[str | None, typer.Option(help="What stands at the end of a prompt.")]
AliasOption: TypeAlias = Annotated[str | None, typer.Option(help="A short name of the configuration.")]
DescriptionOption: TypeAlias = Annotated[str | None, typer.Option(help="What it is for.")]
ApiKeyEnvOption: TypeAlias = Annotated[
    str | None, typer.Option(help="The environment variable that holds the key, where it is not the usual one.")
]
CredentialOption: TypeAlias = Annotated[
    str | None, typer.Option(metavar="NAME", help="The stored credential that it uses, instead of a variable.")
]
OrganisationOption: TypeAlias = Annotated[str | None, typer.Option(help="The organisation that it belongs to.")]
WorkspaceOption: TypeAlias = Annotated[str | None, typer.Option(help="The workspace that it belongs to.")]
SettingOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(help="name=value, an argument of the provider's factory; the value is JSON, or text; repeatable."),
]


def given(**fields: Any) -> dict[str, Any]:
    """Return the fields that were given."""
    return {name: value for name, value in fields.items() if value is not None}


def read_settings(provider: str, texts: Iterable[str]) -> dict[str, Any]:
    """Read `name=value`, with a value that is not JSON as text. Raises `typer.BadParameter`, as for a credential."""
    settings: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        name = name.strip()
        if not equals or not name.isidentifier():
            raise typer.BadParameter(f"{name!r} must look like name=value", param_hint="--setting")
        if name in settings:
            raise typer.BadParameter(f"{name!r} is given twice", param_hint="--setting")
        _require_no_secret(provider, name)
        settings[name] = _read_value(value)
    return settings


def read_pairs(texts: Iterable[str], option: str) -> dict[str, Any]:
    """Read `name=value`, with a value that is not JSON as text. Raises `typer.BadParameter`."""
    pairs: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise typer.BadParameter(f"{text!r} must look like name=value", param_hint=option)
        if name in pairs:
            raise typer.BadParameter(f"{name!r} is given twice", param_hint=option)
        pairs[name] = _read_value(value)
    return pairs


def _require_no_secret(provider: str, name: str) -> None:
    from core.llms.callers.base.params import settings_of
    from core.llms.provider_config.factories import require_factory
    from core.llms.provider_config.secret_settings import is_secret_setting

    if is_secret_setting(provider, name):
        raise typer.BadParameter(
            f"{name!r} is a credential, which a setting does not hold: name the variable that does by --api-key-env",
            param_hint="--setting",
        )
    known = settings_of(provider, require_factory(provider, "provider_name"))
    if known is not None and name not in known:
        raise typer.BadParameter(f"{provider} has none called {name!r}", param_hint="--setting")


async def find_credential(service: ProviderConfigService, name: str | None) -> int | None:
    """Return the id of a stored credential. Raises `ConfigNotFoundError`."""
    from core.llms.provider_config.errors import ConfigNotFoundError

    if name is None:
        return None
    stored = await service.credentials.get(name)
    if stored is None:
        raise ConfigNotFoundError(
            f"no credential is called {name!r}; `core-llms providers credential store` stores one"
        )
    return stored.id


def _read_value(text: str) -> Any:
    try:
        return from_json(text, allow_inf_nan=False)
    except ValueError:
        return text


def read_schema(schema: type[T], **fields: Any) -> T:
    """Make a schema of fields. Raises `ConfigValidationError`."""
    from pydantic import ValidationError

    from core.llms.provider_config.changes import describe_validation
    from core.llms.provider_config.errors import ConfigValidationError

    try:
        return schema(**fields)
    except ValidationError as error:
        raise ConfigValidationError(describe_validation(error)) from error
