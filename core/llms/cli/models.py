"""`core-llms models`: the models that the package knows, those that vendors offer, and one model's facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.llms.cli import model_queries as queries
from core.llms.cli.detect import detect_models
from core.llms.cli.event_loop import run
from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.failures import guard
from core.llms.cli.groups import LIST, ListingGroup
from core.llms.cli.model_facts import find_models, model_facts, models_of, rooms_of
from core.llms.cli.options import BaseUrlOption, DebugOption, JsonOption, TimeoutOption
from core.llms.cli.tables import print_facts, print_models, print_remote
from core.llms.cli.terminal import Terminal
from core.llms.context import LLMContext
from core.llms.create import create_llm, list_providers
from core.llms.errors import ConfigurationError, ConnectError, LLMError, MissingCredentialError
from core.llms.providers.base.metadata import BaseMetadata

if TYPE_CHECKING:
    from core.llms.types.response import ModelInfo


class _AnyModel(BaseMetadata):
    """Stands where a factory wants a model, though the list is the account's."""

    NAME = "any"


models = typer.Typer(cls=ListingGroup, rich_markup_mode=None, help="List models, or show what is known of one.")


@models.command(LIST)
def list_models(
    provider: Annotated[str | None, typer.Argument(help="One provider only.")] = None,
    of: queries.ProviderOption = None,
    family: queries.FamilyOption = None,
    can: queries.CanOption = None,
    vision: queries.VisionOption = False,
    tools: queries.ToolsOption = False,
    reasoning: queries.ReasoningOption = False,
    min_context: queries.ContextOption = None,
    min_output: queries.OutputOption = None,
    max_input_price: queries.InputPriceOption = None,
    max_output_price: queries.OutputPriceOption = None,
    released_after: queries.ReleasedOption = None,
    deprecated: queries.DeprecatedOption = False,
    everything: queries.AllOption = False,
    sort: queries.SortOption = "price",
    limit: queries.LimitOption = None,
    remote: Annotated[bool, typer.Option("--remote", help="Ask the vendor what it offers.")] = False,
    base_url: BaseUrlOption = None,
    timeout: TimeoutOption = None,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """List the models that have a class in the package (the default), those of the whole catalogue that fulfil every
    condition given, or with --remote those that vendors offer.
    """
    terminal = Terminal(as_json=json, debug=debug)
    if remote:
        return guard(lambda: _list_remote(provider, base_url, timeout, terminal), terminal)
    conditions = queries.gather_conditions(
        can=can, vision=vision, tools=tools, reasoning=reasoning, providers=of, families=family,
        min_context_window=min_context, min_output_tokens=min_output, max_input_price=max_input_price,
        max_output_price=max_output_price, released_after=released_after and released_after.date(),
    )  # fmt: skip
    if everything or deprecated or limit or any(conditions.values()):
        conditions["providers"] = [*(of or ()), *([provider] if provider else ())]
        conditions |= {"sort": sort, "limit": limit, "deprecated": deprecated}
        return guard(lambda: _list_found(conditions, terminal), terminal)
    return guard(lambda: _list_known(provider, terminal), terminal)


def _list_found(conditions: Mapping[str, Any], terminal: Terminal) -> ExitCode:
    for name in conditions["providers"]:
        rooms_of(name)
    found = queries.find_profiles(**conditions)
    if terminal.as_json:
        terminal.write_json([profile.model_dump(mode="json") for profile in found])
    elif found:
        print_models(found)
    else:
        terminal.warn("no model fulfils all of this")
    return ExitCode.OK


def _list_known(provider: str | None, terminal: Terminal) -> ExitCode:
    providers = list_providers() if provider is None else [provider]
    known = [metadata for name in providers for metadata in models_of(name)]
    if terminal.as_json:
        terminal.write_json([model_facts(metadata) for metadata in known])
    else:
        print_models(known)
    return ExitCode.OK


def _list_remote(
    provider: str | None, base_url: str | None, timeout_seconds: float | None, terminal: Terminal
) -> ExitCode:
    if base_url is not None and provider is None:
        raise typer.BadParameter("say whose address it is: core-llms models PROVIDER --remote --base-url …")
    offered = run(_fetch_all(provider, base_url, timeout_seconds, terminal))
    rows = [(name, model) for name, found in offered.items() for model in found]
    if terminal.as_json:
        terminal.write_json([_remote_facts(name, model) for name, model in rows])
    else:
        print_remote([_remote_row(name, model) for name, model in rows])
    return ExitCode.OK


async def _fetch_all(
    provider: str | None, base_url: str | None, timeout_seconds: float | None, terminal: Terminal
) -> dict[str, list[ModelInfo]]:
    """Ask one provider, or all that there is a credential for. Raises `MissingCredentialError` where there is none."""
    if provider is not None:
        return {provider: await _fetch(provider, base_url, timeout_seconds)}
    offered: dict[str, list[ModelInfo]] = {}
    missing: LLMError | None = None
    for name in list_providers():
        try:
            offered[name] = await _fetch(name, None, timeout_seconds)
        except (ConfigurationError, ConnectError) as error:  # no credential or address, or a local server that is off
            missing = error
            terminal.warn(f"{name} is left out: {error.message}")
    if missing is not None and not offered:
        raise MissingCredentialError("no provider has a credential in the environment") from missing
    return offered


async def _fetch(provider: str, base_url: str | None, timeout_seconds: float | None) -> list[ModelInfo]:
    options = {} if base_url is None else {"base_url": base_url}
    async with create_llm(f"{provider}/{_AnyModel.NAME}", metadata=_AnyModel, **options) as llm:
        offered = await llm.list_models(LLMContext(timeout_seconds=timeout_seconds))
    return sorted(offered, key=lambda info: info.id)


def _created(model: ModelInfo) -> str | None:
    return None if not model.created else datetime.fromtimestamp(model.created, UTC).date().isoformat()


def _remote_facts(provider: str, model: ModelInfo) -> dict[str, Any]:
    return {
        "model": f"{provider}/{model.id}",
        "provider": provider,
        "id": model.id,
        "owned_by": model.owned_by,
        "created": _created(model),
        "listed": model.id in rooms_of(provider),
    }


def _remote_row(provider: str, model: ModelInfo) -> tuple[str, ...]:
    facts = _remote_facts(provider, model)
    return facts["model"], facts["owned_by"] or "?", facts["created"] or "?", "yes" if facts["listed"] else "no"


models.command("detect")(detect_models)


@models.command("show")
def show_model(
    name: Annotated[str, typer.Argument(help="As in gpt-4.1-mini, azure-gpt-4.1-mini or azure/gpt-4.1-mini.")],
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Show everything known of a model, with its sources; of each provider's where several have it."""
    terminal = Terminal(as_json=json, debug=debug)
    return guard(lambda: _show(name, terminal), terminal)


def _show(name: str, terminal: Terminal) -> ExitCode:
    try:
        found = [model_facts(metadata) for metadata in find_models(name)]
    except LookupError as error:
        raise typer.BadParameter(str(error), param_hint="NAME") from error
    if terminal.as_json:
        terminal.write_json(found)
        return ExitCode.OK
    for index, facts in enumerate(found):
        terminal.write("\n" if index else "")
        print_facts(facts)
    return ExitCode.OK
