from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.llms import errors
from core.llms.cli.exit_codes import ExitCode, exit_code_for
from core.llms.provider_config.access.operations import EVERYTHING, Operation
from core.llms.provider_config.errors import ConfigValidationError, VerificationError
from core.llms.provider_config.schemas import LLMParametersResponse, ProviderModelConfigResponse
from core.llms.provider_config.transfer.report import ImportRefusedError, ImportReport
from core.llms.simulator import Fault, Reply, Simulator
from core.llms.types.messages import AssistantMessage
from core.llms.types.response import Choice, FinishReason, LLMResponse
from core.llms.types.usage import Usage
from tests.unit.cli.command import COMMAND, MODEL, Command

CANARY = "sk-canary-3f1c0a9d7e"
FACTS = {"type", "message", "provider", "model", "status", "code", "request_id", "retry_after_seconds"}
NO_RETRY = {"should_retry": "false"}
_ROW: dict[str, Any] = {"id": 1, "version": 1, "created_at": datetime.now(UTC), "updated_at": datetime.now(UTC)}
CONFIG = ProviderModelConfigResponse(
    **_ROW, provider_name="openai", model_id="m", parameters_id=1, parameters=LLMParametersResponse(**_ROW, name="p")
)


def _all_errors(root: type[errors.LLMError]) -> Iterator[type[errors.LLMError]]:
    for kind in root.__subclasses__():
        if not kind.__name__.startswith("_"):
            yield kind
        yield from _all_errors(kind)


def _example(kind: type[errors.LLMError]) -> errors.LLMError:
    choice = Choice(AssistantMessage(""), FinishReason("stop"))
    response = LLMResponse((choice,), Usage())
    inside = (errors.RateLimitError("slower"), errors.OverloadedError("no capacity"))
    if issubclass(kind, ConfigValidationError):
        return kind({"alias": "broken"})
    if issubclass(kind, ImportRefusedError):
        return kind(ImportReport(items=(), is_kept=False))
    extras: tuple[dict[str, Any], ...] = (
        {}, {"phase": "total"}, {"partial": response}, {"response": response}, {"retry_after_seconds": 1.0},
        {"errors": inside}, {"changes": {}}, {"config": CONFIG},
        {"actor": "ann", "operation": Operation.READ, "scope": EVERYTHING},
    )  # fmt: skip
    for extra in extras:
        try:
            return kind("broken", **extra)
        except TypeError:
            continue
    raise AssertionError(kind)


def test_exit_codes_know_every_error_of_the_sdk() -> None:
    codes = {kind.__name__: exit_code_for(_example(kind)) for kind in _all_errors(errors.LLMError)}
    assert len(codes) > 25
    assert [name for name, code in codes.items() if code is ExitCode.UNEXPECTED] == []
    assert codes["QuotaExceededError"] == ExitCode.RATE_LIMITED
    assert codes["ContentFilterError"] == ExitCode.NOT_WHOLE
    assert codes["DeadlineExceededError"] == ExitCode.NETWORK
    assert codes["AllTargetsFailedError"] == ExitCode.VENDOR_FAILED
    assert codes["StaleConfigError"] == codes["ConfigNotFoundError"] == ExitCode.INVALID_REQUEST
    assert codes["CredentialDamagedError"] == codes["EncryptionKeyError"] == ExitCode.CONFIGURATION


@pytest.mark.parametrize(
    ("cause", "code"),
    [
        (errors.AuthenticationError("no"), ExitCode.REFUSED),
        (errors.MissingCredentialError("no key"), ExitCode.CONFIGURATION),
        (errors.OverloadedError("no capacity"), ExitCode.VENDOR_FAILED),
        (None, ExitCode.VENDOR_FAILED),
    ],
)
def test_exit_code_of_what_was_not_verified_is_that_of_the_reason(
    cause: errors.LLMError | None, code: ExitCode
) -> None:
    error = VerificationError("the provider does not answer", CONFIG)
    error.__cause__ = cause
    assert exit_code_for(error) == code


def test_exit_code_of_a_broken_stream_is_that_of_the_error_inside() -> None:
    error = _example(errors.StreamInterruptedError)
    assert exit_code_for(error) == ExitCode.NETWORK
    error.__cause__ = errors.OverloadedError("no capacity")
    assert exit_code_for(error) == ExitCode.VENDOR_FAILED


REFUSALS: list[tuple[ExitCode, str, list[str], Any]] = [
    (ExitCode.INVALID_REQUEST, "UnsupportedParameterError", ["--temperature", "9"], None),
    (ExitCode.INVALID_REQUEST, "UnsupportedParameterError", ["--param", "temprature=1"], None),
    (ExitCode.INVALID_REQUEST, "MediaError", ["--image", "no-such.png"], None),
    (ExitCode.CONFIGURATION, "ConfigurationError", ["--wire", "telegraph"], None),
    (ExitCode.REFUSED, "BadRequestError", [], Fault(status=400)),
    (ExitCode.REFUSED, "AuthenticationError", [], Fault(status=401)),
    (ExitCode.RATE_LIMITED, "RateLimitError", [], Fault(status=429, retry_after="3600")),
    (ExitCode.RATE_LIMITED, "QuotaExceededError", [], Fault(status=429, code="insufficient_quota")),
    (ExitCode.VENDOR_FAILED, "ServerError", [], Fault(status=500, should_retry="false")),
    (ExitCode.VENDOR_FAILED, "OverloadedError", [], Fault(status=503, should_retry="false")),
    (ExitCode.VENDOR_FAILED, "ProtocolError", [], Fault(garbage="html", repeat=3)),
    (ExitCode.NETWORK, "DeadlineExceededError", ["--timeout", "0.2"], Fault(hang=True)),
    (ExitCode.NETWORK, "ConnectError", ["--base-url", "http://127.0.0.1:{closed}", "--timeout", "5"], None),
]


@pytest.mark.parametrize(("code", "kind", "arguments", "fault"), REFUSALS, ids=[f"{r[0]}-{r[1]}" for r in REFUSALS])
def test_errors_have_their_exit_code_one_line_and_their_facts(
    command: Command, simulator: Simulator, code: ExitCode, kind: str, arguments: list[str], fault: Fault | None
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        arguments = [argument.replace("{closed}", str(closed.getsockname()[1])) for argument in arguments]
        if fault is not None:
            simulator.faults.append(fault)
        done = command.ask("Hello!", "--json", *arguments)
    assert done.returncode == code, done.stderr
    assert done.stderr.startswith("error: ") and done.stderr.count("\n") == 1
    error = json.loads(done.stdout)["error"]
    assert set(error) == FACTS
    assert (error["type"], error["status"]) == (kind, fault.status if fault and fault.status else error["status"])


def test_the_facts_of_an_error_are_the_vendors(command: Command, simulator: Simulator) -> None:
    simulator.script(Fault(status=429, retry_after="3600"))
    done = command.ask("Hello!", "--json")
    error = json.loads(done.stdout)["error"]
    assert (error["provider"], error["model"], error["status"]) == ("openai", "gpt-4.1-mini", 429)
    assert error["retry_after_seconds"] == 3600
    assert error["request_id"].startswith("req_")
    assert len(simulator.requests) == 1


def test_an_error_without_json_leaves_stdout_empty(command: Command, simulator: Simulator) -> None:
    simulator.script(Fault(status=400, message="first line\nsecond line\x1b[2J"))
    done = command.ask("Hello!")
    assert (done.returncode, done.stdout) == (5, "")
    assert done.stderr.startswith("error: openai/gpt-4.1-mini: first line second line[2J (400, ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["ask", "Hi"], "Missing option '--model'"),
        (["ask", "-m", MODEL], "Invalid value for PROMPT: there is none"),
        (["ask", "Hi", "-m", MODEL, "--bad"], "No such option: --bad"),
        (["ask", "Hi", "-m", MODEL, "--timeout", "0"], "more than 0 seconds"),
        (["ask", "Hi", "-m", MODEL, "--param", "seed"], "'seed' must look like name=value"),
        (["ask", "Hi", "-m", MODEL, "--param", "seed=1", "--param", "seed=2"], "'seed' is given twice"),
        (["ask", "Hi", "-m", MODEL, "--param", "tools={}"], "'tools' must be a JSON array"),
        (["ask", "Hi", "-m", MODEL, "--param", "response_format={}"], "'response_format' is what --json-schema is for"),
        (["ask", "Hi", "-m", MODEL, "--json-schema", "{"], "Invalid value for --json-schema: it is not valid JSON"),
        (["ask", "Hi", "-m", MODEL, "--json-schema", "no-such.json"], "no-such.json: No such file or directory"),
        (["models", "show", "gpt-4.1-minu"], "no listed model is called 'gpt-4.1-minu'; close: gpt-4.1-mini"),
        (["modles"], "No such command 'modles'"),
    ],
)
def test_a_wrong_command_line_is_said_in_one_line(command: Command, arguments: list[str], complaint: str) -> None:
    done = command.run(*arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (ExitCode.USAGE, "", 1)
    assert done.stderr.startswith("error: ") and complaint in done.stderr
    as_json = command.run(*arguments, "--json") if arguments[0] != "modles" else None
    if as_json is not None:
        error = json.loads(as_json.stdout)["error"]
        assert set(error) == FACTS
        assert error["type"] == "UsageError" and complaint in error["message"]


def test_standard_input_that_is_no_text_is_refused(command: Command, simulator: Simulator) -> None:
    done = command.ask("-", stdin=b"\x89PNG\r\n\x1a\n\xff")
    assert done.returncode == ExitCode.USAGE
    assert "standard input is not UTF-8 text" in done.stderr
    assert not simulator.requests


def test_no_arguments_show_the_help_and_its_exit_codes(command: Command) -> None:
    done = command.run()
    assert (done.returncode, done.stdout) == (ExitCode.USAGE, "")
    assert all(f"{code.value:>4}  {code.meaning}\n" in done.stderr for code in ExitCode)
    assert command.run("--help").stdout == done.stderr


@pytest.mark.parametrize("variable", ["OPENAI_API_KEY", "AZURE_OPENAI_ENDPOINT"])
def test_a_missing_setting_is_named(command: Command, variable: str) -> None:
    model = "openai/gpt-4.1-mini" if variable.startswith("OPENAI") else "azure/gpt-4.1-mini"
    changes = {variable: ""}
    done = command.run("ask", "Hi", "-m", model, stdin=None, **changes)
    assert done.returncode == ExitCode.CONFIGURATION
    assert f"environment variable {variable}" in done.stderr


@pytest.mark.parametrize("model", ["opnai/gpt-4.1-mini", "gpt-4.1-mini"])
def test_a_model_of_no_provider_is_a_wrong_setting(command: Command, model: str) -> None:
    assert command.run("ask", "Hi", "-m", model).returncode == ExitCode.CONFIGURATION


@pytest.mark.parametrize(
    ("steps", "arguments", "stdout", "complaint"),
    [
        (["one two three four five six"], ["--max-tokens", "2"], "one two\n", "it reached the output limit"),
        ([Reply(refusal="No.")], [], "", "the model refused: No."),
        ([Reply("par", finish_reason="content_filter")], [], "par\n", "the vendor's filter stopped the answer"),
        (["no JSON"] * 2, ["--json-schema", '{"type": "object", "properties": {}}'], "", "the answer does not fit"),
    ],
)
def test_an_answer_that_is_not_whole_is_shown_and_has_its_own_code(
    command: Command, simulator: Simulator, steps: list[Any], arguments: list[str], stdout: str, complaint: str
) -> None:
    simulator.script(*steps)
    done = command.ask("Hello!", *arguments)
    assert (done.returncode, done.stdout) == (ExitCode.NOT_WHOLE, stdout), done.stderr
    figures, error, rest = done.stderr.split("\n")
    assert " tokens · $0.0" in figures and error.startswith("error: ") and complaint in error and not rest


def test_a_cut_stream_shows_what_came_and_what_it_cost(command: Command, simulator: Simulator) -> None:
    simulator.script(Reply("one two three four", fault=Fault(cut_after_events=3, cut_mode="truncated")))
    done = command.ask("Count")
    assert done.returncode == ExitCode.NETWORK
    assert done.stdout and "one two three four\n".startswith(done.stdout.rstrip("\n"))
    figures, error, _ = done.stderr.split("\n")
    assert "about " in figures and " · $0.0" in figures
    assert error.startswith("error: openai/gpt-4.1-mini: the stream broke after it had begun")


def test_an_error_inside_a_stream_has_the_vendors_code(command: Command, simulator: Simulator) -> None:
    simulator.script(Reply("one two three four", fault=Fault(error_after_events=3, pacing=0.05)))
    assert command.ask("Count").returncode == ExitCode.VENDOR_FAILED


@pytest.mark.parametrize("arguments", [["models"], ["ask", "Hi", "-m", MODEL], ["ask", "Hi", "-m", MODEL, "--json"]])
def test_an_output_that_cannot_be_written_is_said_in_one_line(command: Command, arguments: list[str]) -> None:
    with Path(os.devnull).open("rb") as unwritable:
        done = subprocess.run(
            [COMMAND, *arguments], stdin=subprocess.DEVNULL, stdout=unwritable, stderr=subprocess.PIPE,
            env=command.environment(), check=False,
        )  # fmt: skip
    assert done.returncode == ExitCode.UNEXPECTED
    assert done.stderr == b"error: [Errno 9] Bad file descriptor\n"


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize(
    "fault", [Fault(status=400, message=f"your key {CANARY} is bad"), Fault(cut_after_bytes=0, repeat=9)]
)
def test_a_credential_is_in_no_output(command: Command, simulator: Simulator, fault: Fault, debug: bool) -> None:
    simulator.faults.append(fault)
    done = command.ask("Hello!", "--json", *(["--debug"] if debug else []), OPENAI_API_KEY=CANARY)
    assert done.returncode > 2
    assert CANARY not in done.stdout + done.stderr
    assert ("Traceback" in done.stderr) is debug


@pytest.mark.parametrize("missing", ["typer", "rich"])
def test_a_missing_extra_is_named(missing: str) -> None:
    program = f"import sys; sys.modules[{missing!r}] = None; from core.llms.cli import main; sys.exit(main(['models']))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == ExitCode.CONFIGURATION
    assert done.stderr == (
        f'error: the command needs {missing}, which the extra `cli` brings: pip install "core-llms[cli]"\n'.encode()
    )


def test_help_loads_neither_rich_nor_the_network() -> None:
    program = (
        "import sys; from core.llms.cli import main; main(['--help']); "
        "sys.exit(sorted({'rich', 'aiohttp', 'tiktoken', 'pydantic'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
