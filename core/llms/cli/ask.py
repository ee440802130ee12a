"""`core-llms ask`: its options, and the order of its work. Inputs, the call and the report have their own modules."""

from __future__ import annotations

from typing import Annotated

import typer

from core.llms.cli.answering import answer
from core.llms.cli.ask_inputs import AskSettings, build_messages, build_options, read_prompt
from core.llms.cli.event_loop import run
from core.llms.cli.exit_codes import ExitCode
from core.llms.cli.failures import guard
from core.llms.cli.options import BaseUrlOption, DebugOption, JsonOption, TimeoutOption
from core.llms.cli.terminal import Terminal


def ask(
    model: Annotated[
        str, typer.Option("--model", "-m", envvar="CORE_LLMS_MODEL", help="provider/model, as in azure/gpt-4.1-mini.")
    ],
    prompt: Annotated[str | None, typer.Argument(help="The prompt; `-` or a pipe: from standard input.")] = None,
    image: Annotated[list[str] | None, typer.Option(help="An image: a path or an address; repeat for more.")] = None,
    file: Annotated[list[str] | None, typer.Option(help="A document: a path or an address; repeat for more.")] = None,
    system: Annotated[str | None, typer.Option("--system", "-s", help="Instructions before the prompt.")] = None,
    json_schema: Annotated[str | None, typer.Option(help="The answer's JSON schema: a file, or inline.")] = None,
    stream: Annotated[bool, typer.Option("--stream/--no-stream", help="Write the text as it comes.")] = True,
    max_tokens: Annotated[int | None, typer.Option(help="The longest answer, in tokens.")] = None,
    temperature: Annotated[float | None, typer.Option(help="How large a part chance plays.")] = None,
    reasoning_effort: Annotated[str | None, typer.Option(help="none, minimal, low, medium, high, xhigh, max.")] = None,
    tool_free: Annotated[bool, typer.Option("--tool-free", help="Tools given by --param may not be called.")] = False,
    param: Annotated[list[str] | None, typer.Option(help="name=value; the value is JSON, or text; repeatable.")] = None,
    base_url: BaseUrlOption = None,
    wire: Annotated[str | None, typer.Option(help="`chat` or `responses`, where the provider has both.")] = None,
    timeout: TimeoutOption = None,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> int:
    """Ask a model. stdout has the answer and nothing else; stderr has tokens, cost, time, warnings and errors."""
    settings = AskSettings(
        model=model, prompt=prompt, images=tuple(image or ()), files=tuple(file or ()), system=system,
        json_schema=json_schema, stream=stream, max_tokens=max_tokens, temperature=temperature,
        reasoning_effort=reasoning_effort, tool_free=tool_free, params=tuple(param or ()), base_url=base_url,
        wire=wire, timeout_seconds=timeout,
    )  # fmt: skip
    terminal = Terminal(as_json=json, debug=debug)
    return guard(lambda: _ask(settings, terminal), terminal)


def _ask(settings: AskSettings, terminal: Terminal) -> ExitCode:
    options = build_options(settings)
    prompt = read_prompt(settings.prompt, terminal)
    messages = build_messages(prompt, settings.images, settings.files, settings.system)
    return run(answer(settings, messages, options, terminal))
