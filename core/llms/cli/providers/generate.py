"""`core-llms providers generate`: an answer of a configured model, with its parameters and its template."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from core.llms.cli.ask_inputs import read_prompt
from core.llms.cli.ask_report import describe_shortfall, render_answer, render_statistics
from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.options import DebugOption, JsonOption, TimeoutOption
from core.llms.cli.providers.acting import ActorOption
from core.llms.cli.providers.configured import ModelNames, UpgradeOption, with_service
from core.llms.cli.terminal import Terminal

if TYPE_CHECKING:
    from core.llms.provider_config.service import ProviderConfigService
    from core.llms.types.response import LLMResponse


def generate(
    model: Annotated[str, typer.Argument(help="provider/model, or an alias.")],
    prompt: Annotated[str | None, typer.Argument(help="The prompt; `-` or a pipe: from standard input.")] = None,
    context: Annotated[str | None, typer.Option(help="A text that the prompt is about.")] = None,
    timeout: TimeoutOption = None,
    actor: ActorOption = None,
    upgrade: UpgradeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Ask a configured model. stdout has the answer and nothing else."""
    terminal = Terminal(as_json=json, debug=debug)
    asked = read_prompt(prompt, terminal)

    async def act(service: ProviderConfigService) -> ExitCode:
        from core.llms.context import LLMContext
        from core.llms.provider_config.generation import Generator

        names = await ModelNames(model).find(service)
        async with Generator(service) as generator:
            begin = monotonic()
            response = await generator.generate(*names, asked, context, LLMContext(timeout_seconds=timeout))
        return _report(response, monotonic() - begin, terminal)

    return with_service(act, terminal, upgrade=upgrade, actor=actor)


def _report(response: LLMResponse, seconds: float, terminal: Terminal) -> ExitCode:
    for warning in response.warnings:
        terminal.warn(warning)
    if terminal.as_json:
        terminal.write_json(render_answer(response, seconds, terminal.warnings))
    else:
        terminal.write(response.text)
        terminal.end_line()
        terminal.note(render_statistics(response, seconds, None))
    shortfall = describe_shortfall(response, tool_free=False)
    if shortfall is None:
        return ExitCode.OK
    terminal.error(shortfall)
    return ExitCode.NOT_WHOLE
