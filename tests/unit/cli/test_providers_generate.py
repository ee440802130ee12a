"""`core-llms providers generate`: an answer with what is stored, proven by what the simulator received."""

from __future__ import annotations

import json

import pytest

from core.llms.simulator import Fault, Simulator
from tests.unit.cli.conftest import Providers


@pytest.mark.parametrize("name", ["support", "openai/gpt-4.1-mini"])
def test_answer_is_asked_for_as_stored(registered: Providers, simulator: Simulator, name: str) -> None:
    done = registered("generate", name, "Say: hello.", "--context", "A greeting.")
    assert (done.returncode, done.stdout) == (0, "hello.\n")
    assert " tokens · $0.0" in done.stderr
    body = simulator.requests[-1].body
    assert body["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "A greeting.\n\nQuestion:\nSay: hello."},
    ]
    assert (body["temperature"], body["max_completion_tokens"], "top_k" in body) == (0.3, 100, False)


def test_json_is_that_of_ask(registered: Providers) -> None:
    facts = json.loads(registered("generate", "support", "Say: hello.", "--json").stdout)
    assert (facts["text"], facts["finish_reason"], facts["model"]) == ("hello.", "stop", "gpt-4.1-mini-2025-04-14")


def test_what_is_off_or_unknown_is_refused_and_nothing_is_sent(registered: Providers, simulator: Simulator) -> None:
    registered("disable", "support")
    sent = len(simulator.requests)
    done = registered("generate", "support", "Say: hello.")
    assert (done.returncode, done.stdout, "switched off" in done.stderr) == (4, "", True)
    assert registered("generate", "openai/gpt-4.1", "Say: hello.").returncode == 4
    assert registered("generate", "support").returncode == 2
    assert len(simulator.requests) == sent


def test_answer_that_is_cut_and_a_vendor_that_fails_have_their_exit_codes(
    registered: Providers, simulator: Simulator
) -> None:
    registered("update", "support", "--max-tokens", "2")
    simulator.script("one two three four five six")
    assert registered("generate", "support", "Count.").returncode == 9
    simulator.script(Fault(status=400))
    done = registered("generate", "support", "Count.", "--json")
    assert (done.returncode, json.loads(done.stdout)["error"]["type"]) == (5, "BadRequestError")
