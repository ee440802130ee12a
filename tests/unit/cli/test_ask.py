from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from core.llms.simulator import Reply, Simulator
from tests.unit.cli.command import MODEL, Command

SHAPES = Path(__file__).parents[3] / "examples" / "images" / "shapes.png"
PERSON = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
    "required": ["name", "age"],
    "additionalProperties": False,
}
CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
WEATHER = f"tools={json.dumps([{'name': 'get_weather', 'parameters': CITY}])}"
FIGURES = re.compile(
    r"openai/gpt-4\.1-mini-2025-04-14 · \d+ in, \d+ out tokens · \$0\.0\d+ · "
    r"(first text \d+\.\d\d s, )?total \d+\.\d\d s · stop\n"
)


def test_ask_writes_the_answer_to_stdout_and_the_figures_to_stderr(command: Command, simulator: Simulator) -> None:
    simulator.script("Hello to you.")
    done = command.ask("Hello!")
    assert (done.returncode, done.stdout) == (0, "Hello to you.\n")
    figures = FIGURES.fullmatch(done.stderr)
    assert figures is not None and figures[1], done.stderr
    assert simulator.requests[-1].body["stream"] is True


def test_ask_without_a_stream_sends_one_request_that_asks_for_none(command: Command, simulator: Simulator) -> None:
    simulator.script("Line one\nline two\n")
    done = command.ask("Hello!", "--no-stream")
    assert (done.returncode, done.stdout) == (0, "Line one\nline two\n")
    figures = FIGURES.fullmatch(done.stderr)
    assert figures is not None and not figures[1], done.stderr
    assert "stream" not in simulator.requests[-1].body


def test_ask_takes_the_model_from_the_environment(command: Command) -> None:
    done = command.run("ask", "Hello!", CORE_LLMS_MODEL="azure/gpt-4.1-mini")
    assert done.returncode == 0
    assert done.stderr.startswith("azure/gpt-4.1-mini-2025-04-14 · ")


@pytest.mark.parametrize(
    ("argument", "stdin", "prompt"),
    [
        ("-", b"from a pipe\n", "from a pipe"),
        ("Summarise:", b"a text\n", "Summarise:\n\na text"),
        ("alone", b"", "alone"),
        ("alone", None, "alone"),
        ("Grüße", "наверх 🙂".encode(), "Grüße\n\nнаверх 🙂"),
    ],
)
def test_ask_puts_argument_and_standard_input_together(
    command: Command, simulator: Simulator, argument: str, stdin: bytes | None, prompt: str
) -> None:
    assert command.ask(argument, stdin=stdin).returncode == 0
    assert simulator.requests[-1].body["messages"] == [{"role": "user", "content": prompt}]


def test_ask_reads_the_prompt_from_a_pipe_where_none_is_given(command: Command, simulator: Simulator) -> None:
    assert command.run("ask", "-m", MODEL, stdin=b"only a pipe").returncode == 0
    assert simulator.requests[-1].body["messages"] == [{"role": "user", "content": "only a pipe"}]


def test_ask_sends_instructions_images_documents_and_parameters(
    command: Command, simulator: Simulator, tmp_path: Path
) -> None:
    document = tmp_path / "report.pdf"
    document.write_bytes(b"%PDF-1.4\n%%EOF\n")
    done = command.ask(
        "What is this?", "--system", "Be brief.", "--image", str(SHAPES), "--file", str(document),
        "--max-tokens", "50", "--temperature", "0.5", "--param", "seed=7", "--param", "stop=END",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    body = simulator.requests[-1].body
    assert body["messages"][0] == {"role": "system", "content": "Be brief."}
    kinds = [part["type"] for part in body["messages"][1]["content"]]
    assert kinds == ["text", "image_url", "file"]
    assert body["messages"][1]["content"][2]["file"]["filename"] == "report.pdf"
    sent = {name: body[name] for name in ("max_completion_tokens", "temperature", "seed", "stop")}
    assert sent == {"max_completion_tokens": 50, "temperature": 0.5, "seed": 7, "stop": "END"}


def test_ask_speaks_the_wire_and_to_the_address_it_is_told(simulator: Simulator) -> None:
    command = Command({"OPENAI_API_KEY": "sk-simulator"})
    done = command.run(
        "ask", "Hi", "-m", "openai/gpt-5-mini", "--wire", "responses", "--base-url", simulator.openai_base_url,
        "--reasoning-effort", "low", "--timeout", "20",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert " out (64 reasoning) tokens · " in done.stderr
    assert simulator.requests[-1].path == "/v1/responses"
    assert simulator.requests[-1].body["reasoning"] == {"effort": "low"}


@pytest.mark.parametrize("inline", [True, False])
def test_ask_with_a_schema_writes_the_parsed_answer_as_json(
    command: Command, simulator: Simulator, tmp_path: Path, inline: bool
) -> None:
    simulator.script('```json\n{"name": "Ann", "age": 30}\n```')
    schema = tmp_path / "person.json"
    schema.write_text(json.dumps(PERSON))
    done = command.ask("Ann is 30.", "--json-schema", json.dumps(PERSON) if inline else str(schema))
    assert (done.returncode, done.stdout) == (0, '{"name":"Ann","age":30}\n')
    assert simulator.requests[-1].body["response_format"]["json_schema"]["schema"] == PERSON


def test_ask_as_json_writes_one_object_and_nothing_beside_it(command: Command, simulator: Simulator) -> None:
    simulator.script("Hello.")
    done = command.ask("Hello!", "--json")
    assert (done.returncode, done.stderr, done.stdout.count("\n")) == (0, "", 1)
    answer = json.loads(done.stdout)
    assert set(answer) == {
        "text", "parsed", "tool_calls", "refusal", "reasoning", "finish_reason", "usage", "cost", "cost_unknown_reason",
        "model", "provider", "id", "request_id", "seconds", "warnings", "attempts",
    }  # fmt: skip
    assert (answer["text"], answer["finish_reason"], answer["provider"]) == ("Hello.", "stop", "openai")
    assert re.fullmatch(r"0\.0000\d+", answer["cost"]) and answer["cost_unknown_reason"] is None
    assert answer["usage"]["total_tokens"] == answer["usage"]["input_tokens"] + answer["usage"]["output_tokens"]
    assert answer["request_id"].startswith("req_")
    assert [attempt["outcome"] for attempt in answer["attempts"]] == ["ok"]


def test_ask_as_json_has_every_choice_of_several(command: Command) -> None:
    answer = json.loads(command.ask("Hello!", "--json", "--param", "n=2").stdout)
    assert [choice["text"] for choice in answer["choices"]] == [answer["text"], f"{answer['text']} (choice 2)"]


def test_ask_says_why_a_cost_is_unknown_and_keeps_the_warning(command: Command, simulator: Simulator) -> None:
    done = command.run("ask", "Hi", "-m", "openai/gpt-4o-mini-2024-07-18-x", "--json")
    assert done.returncode == 5
    assert done.stderr.startswith("warning: openai/gpt-4o-mini-2024-07-18-x is not a listed model")
    simulator.script(Reply("Hi."))
    priced = command.run("ask", "Hi", "-m", MODEL, "--param", "service_tier=flex", "--json")
    answer = json.loads(priced.stdout)
    assert answer["cost"] is None
    assert answer["cost_unknown_reason"] == "no price is known for service tier 'flex'"


def test_ask_shows_tool_calls_beside_the_answer(command: Command) -> None:
    done = command.ask("What is the weather in Paris?", "--param", WEATHER)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith('tool call: get_weather({"city":"Paris"})\n')
    assert done.stderr.endswith(" · tool_calls\n")


def test_ask_tool_free_lets_no_tool_be_called(command: Command, simulator: Simulator) -> None:
    done = command.ask("What is the weather in Paris?", "--tool-free", "--param", WEATHER)
    assert done.returncode == 0 and done.stdout.startswith("You said: ")
    assert simulator.requests[-1].body["tool_choice"] == "none"


def test_ask_leaves_foreign_control_characters_alone_in_a_pipe(command: Command, simulator: Simulator) -> None:
    simulator.script("red: \x1b[31m!")
    assert command.ask("Hello!").stdout == "red: \x1b[31m!\n"
