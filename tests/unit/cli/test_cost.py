"""`core-llms cost`: several models priced for one prompt, without a key and without sending anything."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.llms.runtime.tokens.cost_estimates import estimate_cost
from tests.unit.cli.command import Command

SHAPES = Path(__file__).parents[3] / "examples" / "images" / "shapes.png"
MINI, HAIKU, LLAMA = "openai/gpt-4.1-mini", "anthropic/claude-haiku-4-5", "groq/llama-3.3-70b-versatile"
QUESTION = "What is the capital of France?"


@pytest.fixture
def command() -> Command:
    return Command({})


def priced(command: Command, *arguments: str, stdin: bytes | None = None) -> list[dict[str, Any]]:
    done = command.run("cost", *arguments, "--json", stdin=stdin)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_cost_is_what_the_sdk_estimates_exact_to_the_last_digit_times_the_calls(command: Command) -> None:
    found = priced(command, QUESTION, "-m", HAIKU, "-m", MINI, "--max-tokens", "100", "--calls", "1000")
    assert [each["model"] for each in found] == [MINI, HAIKU]
    for each in found:
        estimate = estimate_cost(each["model"], QUESTION, max_tokens=100)
        assert estimate.lowest and estimate.expected and estimate.highest
        expected = {"least": estimate.lowest, "likely": estimate.expected, "most": estimate.highest}
        assert {name: Decimal(usd) for name, usd in each["usd"].items()} == {
            name: usd * 1000 for name, usd in expected.items()
        }
        assert Decimal(each["usd"]["least"]) < Decimal(each["usd"]["likely"]) < Decimal(each["usd"]["most"])


def test_cost_says_how_good_each_count_is(command: Command) -> None:
    estimated, exact = priced(command, QUESTION, "-m", MINI, "-m", HAIKU, "--sort", "name")
    assert (exact["input_tokens"], exact["input_tokens_exact"], exact["input_tokens_error_percent"]) == (14, True, 0)
    assert exact["input_tokens_bounds"] == [14, 14]
    assert (estimated["input_tokens_exact"], estimated["input_tokens_error_percent"]) == (False, 67)
    least, most = estimated["input_tokens_bounds"]
    assert least < estimated["input_tokens"] < most
    assert "95 of 100 within 67%" in estimated["input_tokens_note"]


def test_table_has_a_line_for_each_model_and_says_what_is_unknown(command: Command) -> None:
    done = command.run("cost", QUESTION, "-m", MINI, "-m", HAIKU, "-m", "ollama/codegemma", "--max-tokens", "100")
    lines = done.stdout.splitlines()
    assert (done.returncode, lines[0].split()) == (
        0,
        ["model", "in", "error", "out", "least", "likely", "most", "note"],
    )
    assert lines[1].split() == [MINI, "14", "exact", "12", "$0.000003", "$0.000025", "$0.000166"]
    assert lines[2].split()[:4] == [HAIKU, "14", "±67%", "12"]
    assert "unknown" in lines[3] and "no price is known for this model" in lines[3] and "$0" not in lines[3]
    assert "USD for 1 call" in done.stderr


def test_unknown_price_is_null_and_comes_last(command: Command) -> None:
    *_, unknown = priced(command, QUESTION, "-m", "ollama/codegemma", "-m", MINI)
    assert unknown["model"] == "ollama/codegemma"
    assert unknown["usd"] == {"least": None, "likely": None, "most": None}
    assert unknown["unknown_reason"] == "no price is known for this model"


def test_models_are_chosen_by_conditions(command: Command) -> None:
    conditions = ("--provider", "anthropic", "--vision", "--min-context", "200000", "--max-input-price", "3")
    found = priced(command, QUESTION, *conditions)
    assert len(found) >= 3 and all(each["provider"] == "anthropic" for each in found)
    costs = [Decimal(each["usd"]["likely"]) for each in found]
    assert costs == sorted(costs)
    assert [each["model"] for each in priced(command, QUESTION, *conditions, "--limit", "2")] == [
        each["model"] for each in found[:2]
    ]
    assert not [each for each in priced(command, QUESTION, "--provider", "openai") if "embedding" in each["model_id"]]


def test_prompt_comes_from_standard_input_and_from_files(command: Command, tmp_path: Path) -> None:
    text = tmp_path / "question.txt"
    text.write_text(f"{QUESTION}\n")
    given = priced(command, QUESTION, "-m", MINI)
    assert priced(command, "-", "-m", MINI, stdin=QUESTION.encode()) == given
    assert priced(command, "--file", str(text), "-m", MINI) == given
    both = priced(command, "Answer briefly.", "--file", str(text), "-m", MINI, "--system", "Be kind.")
    assert both[0]["input_tokens"] > given[0]["input_tokens"] and both[0]["input_tokens_exact"]


def test_images_and_documents_are_counted(command: Command, tmp_path: Path) -> None:
    plain = priced(command, QUESTION, "-m", MINI)[0]["input_tokens"]
    with_image = priced(command, QUESTION, "-m", MINI, "-m", "openai/gpt-3.5-turbo", "--image", str(SHAPES))
    by_model = {each["model"]: each for each in with_image}
    assert by_model[MINI]["input_tokens"] > plain + 100
    assert by_model["openai/gpt-3.5-turbo"]["notes"] == ["it takes no images"]
    document = tmp_path / "two.pdf"
    document.write_bytes(b"%PDF-1.4\n<< /Type /Page >>\n<< /Type /Page >>\n")
    (found,) = priced(command, "--file", str(document), "-m", MINI)
    assert found["input_tokens"] > 2000 and "1,000 tokens a page" in found["input_tokens_note"]


def test_prompt_that_does_not_fit_is_said(command: Command, tmp_path: Path) -> None:
    long = tmp_path / "long.txt"
    long.write_text("word " * 20_000)
    (found,) = priced(command, "--file", str(long), "-m", "openai/gpt-3.5-turbo")
    assert (found["fits"], found["notes"]) == (False, ["the prompt is too long for it"])


@pytest.mark.parametrize(
    ("arguments", "code", "problem"),
    [
        ((QUESTION,), 2, "which models? give --model or a condition"),
        (("-m", MINI), 2, "there is none: give it as an argument"),
        ((QUESTION, "-m", "openai/gpt-4.1-mni"), 3, "did you mean 'openai/gpt-4.1-mini'"),
        ((QUESTION, "-m", MINI, "--sort", "size"), 2, "one of likely, least, most, tokens, name"),
        ((QUESTION, "-m", MINI, "--file", "no-such-file.txt"), 2, "no-such-file.txt: No such file"),
        ((QUESTION, "-m", MINI, "--calls", "0"), 2, "--calls"),
    ],
)
def test_wrong_command_line_is_refused(command: Command, arguments: tuple[str, ...], code: int, problem: str) -> None:
    done = command.run("cost", *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert problem in done.stderr


def test_model_of_the_environment_is_priced_where_none_is_named(command: Command) -> None:
    done = command.run("cost", QUESTION, "--json", CORE_LLMS_MODEL=MINI)
    assert [each["model"] for each in json.loads(done.stdout)] == [MINI]
