"""`core-llms cost`: what a prompt would cost with several models, side by side. Nothing is sent, no key is needed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from core.llms.cli import model_queries as queries
from core.llms.cli.ask_inputs import build_messages, read_prompt
from core.llms.cli.cost_tables import SORTS, PricedModel, cost_facts, cost_rows, sort_priced
from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.failures import guard
from core.llms.cli.options import DebugOption, JsonOption
from core.llms.cli.tables import print_table
from core.llms.cli.terminal import Terminal

if TYPE_CHECKING:
    from core.llms.registry.models import LLMProfile
    from core.llms.runtime.tokens.cost_estimates import CostEstimate
    from core.llms.types.messages import Message

_MODEL_VARIABLE: Final = "CORE_LLMS_MODEL"
_COLUMNS: Final = ("model", "in", "error", "out", "least", "likely", "most", "note")


def _check_sort(value: str) -> str:
    if value not in SORTS:
        raise typer.BadParameter(f"one of {', '.join(SORTS)}, not {value!r}")
    return value


def cost(
    prompt: Annotated[str | None, typer.Argument(help="The prompt; `-` or a pipe: from standard input.")] = None,
    model: Annotated[
        list[str] | None, typer.Option("--model", "-m", help="provider/model; repeat to compare.", show_default=False)
    ] = None,
    file: Annotated[
        list[str] | None, typer.Option(help="Text that belongs to the prompt, or a document; repeat for more.")
    ] = None,
    image: Annotated[list[str] | None, typer.Option(help="An image: a path or an address; repeat for more.")] = None,
    system: Annotated[str | None, typer.Option("--system", "-s", help="Instructions before the prompt.")] = None,
    max_tokens: Annotated[int | None, typer.Option(min=1, help="The longest answer, in tokens.")] = None,
    expected_output_tokens: Annotated[int | None, typer.Option(min=1, help="Your guess of the answer.")] = None,
    calls: Annotated[int, typer.Option(min=1, help="The cost of this many such calls.")] = 1,
    of: queries.ProviderOption = None,
    family: queries.FamilyOption = None,
    can: queries.CanOption = None,
    vision: queries.VisionOption = False,
    tools: queries.ToolsOption = False,
    reasoning: queries.ReasoningOption = False,
    min_context: queries.ContextOption = None,
    max_input_price: queries.InputPriceOption = None,
    max_output_price: queries.OutputPriceOption = None,
    sort: Annotated[str, typer.Option(callback=_check_sort, help=f"By {', '.join(SORTS)}.")] = "likely",
    limit: queries.LimitOption = None,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Price a prompt with several models: those given by --model, and those that fulfil every condition. Nothing is
    sent, and no key is needed.
    """
    conditions = queries.gather_conditions(
        can=can, vision=vision, tools=tools, reasoning=reasoning, providers=of, families=family,
        min_context_window=min_context, max_input_price=max_input_price, max_output_price=max_output_price,
    )  # fmt: skip
    terminal = Terminal(as_json=json, debug=debug)

    def compare() -> ExitCode:
        profiles = _choose(model or (), conditions)
        messages = _read_messages(prompt, file or (), image or (), system, terminal)
        estimates = [_price(profile, messages, max_tokens, expected_output_tokens) for profile in profiles]
        priced = [
            PricedModel(profile, estimate, calls, has_images=bool(image))
            for profile, estimate in zip(profiles, estimates, strict=True)
        ]
        return _show(sort_priced(priced, sort)[:limit], terminal)

    return guard(compare, terminal)


def _choose(names: Iterable[str], conditions: Mapping[str, Any]) -> list[LLMProfile]:
    """Find the models: those named, then those of the catalogue that answer prompts and fulfil every condition.

    Raises `UnknownModelError` for a name that is not known, `typer.BadParameter` where no model was asked for.
    """
    from core.llms.registry.current import default_registry

    asked = any(conditions.values())
    default = os.environ.get(_MODEL_VARIABLE)
    named = list(names) or ([default] if default and not asked else [])
    if not named and not asked:
        raise typer.BadParameter(
            f"which models? give --model or a condition, as --provider, or set {_MODEL_VARIABLE}", param_hint="--model"
        )
    found = [default_registry().get(name) for name in named]
    if asked:
        fitting = queries.find_profiles(**conditions, sort="price", limit=None, deprecated=False)
        found += [profile for profile in fitting if profile.capabilities.supports_embeddings is not True]
    return list({profile.key: profile for profile in found}.values())


def _read_messages(
    prompt: str | None, files: Iterable[str], images: Iterable[str], system: str | None, terminal: Terminal
) -> list[Message]:
    """Make the conversation. A file that is text belongs to the prompt, any other is a document."""
    texts = {source: text for source in files if (text := _read_text(source)) is not None}
    documents = [source for source in files if source not in texts]
    has_other = bool(documents or list(images))
    return build_messages(
        read_prompt(prompt, terminal, texts.values(), may_be_empty=has_other), images, documents, system
    )


def _read_text(source: str) -> str | None:
    """Read a file's text; None for one that is no text, or an address. Raises `typer.BadParameter`."""
    if source.startswith(("http://", "https://", "data:")):
        return None
    try:
        content = Path(source).expanduser().read_bytes()
    except OSError as error:
        raise typer.BadParameter(f"{source}: {error.strerror or error}", param_hint="--file") from error
    if b"\0" in content or content.startswith(b"%PDF"):
        return None
    try:
        return content.decode("utf-8").rstrip("\n")
    except UnicodeDecodeError:
        return None


def _price(
    profile: LLMProfile, messages: list[Message], max_tokens: int | None, expected_output_tokens: int | None
) -> CostEstimate:
    from core.llms.runtime.tokens.cost_estimates import estimate_cost

    name = f"{profile.provider}/{profile.model_id}"
    return estimate_cost(name, messages, max_tokens=max_tokens, expected_output_tokens=expected_output_tokens)


def _show(priced: list[PricedModel], terminal: Terminal) -> ExitCode:
    if terminal.as_json:
        terminal.write_json([cost_facts(each) for each in priced])
        return ExitCode.OK
    if not priced:
        terminal.warn("no model fulfils all of this")
        return ExitCode.OK
    print_table(_COLUMNS, cost_rows(priced), right=range(1, 7))
    calls = priced[0].calls
    terminal.note(f"USD for {calls:,} call{'' if calls == 1 else 's'}; `--json` says what each figure rests on")
    return ExitCode.OK
