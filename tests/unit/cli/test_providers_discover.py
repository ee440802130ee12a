"""`core-llms providers discover`: what is found as a table and as JSON, and registering some of it."""

from __future__ import annotations

import json

from core.llms.simulator import Simulator
from tests.unit.cli.command import Command
from tests.unit.cli.conftest import Providers


def test_found_models_are_a_table_beside_problems(simulator: Simulator) -> None:
    everything = simulator.environment()
    pointing = {name: everything[name] for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "OPENAI_BASE_URL")}
    command = Command({**pointing, "OPENAI_API_KEY": "invalid-canary"})
    address = f"{simulator.url}/openai-compatible"
    done = command.run("providers", "discover", "--limit", "1", "--address", address)
    lines = [line.split() for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert lines[0] == ["model", "alias", "context", "vision", "tools", "reasoning", "found", "by"]
    assert lines[1][:6] == [
        "anthropic/claude-fable-5-2", "anthropic-claude-fable-5-2", "1,000,000", "yes", "yes", "yes",
    ]  # fmt: skip
    assert lines[2] == [
        "openai_compatible/plain-chat", "plain-chat", "8,192", "?", "?", "?", "vLLM", "at", f"{address}/v1",
    ]  # fmt: skip
    assert len(lines) == 3
    assert "warning: openai: " in done.stderr
    assert "invalid-canary" not in done.stderr
    local = command.run("providers", "discover", "--local-only", "--address", address, "--all")
    rows = [" ".join(line.split()) for line in local.stdout.splitlines()[1:]]
    assert [row.split()[0] for row in rows] == [
        f"openai_compatible/{model}" for model in ("bge-m3", "plain-chat", "qwen3-8b")
    ]
    assert "(it does not chat)" in rows[0]


def test_nothing_found_is_said(simulator: Simulator) -> None:
    done = Command({}).run(
        "providers", "discover", "openai_compatible", "--local-only", "--address", f"{simulator.url}/nowhere"
    )
    assert (done.returncode, done.stdout) == (0, "")
    assert f"warning: {simulator.url}/nowhere: no server of a known kind answers there" in done.stderr
    empty = Command({}).run("providers", "discover", "openrouter", "--json")
    facts = json.loads(empty.stdout)
    assert (facts["providers"], facts["problems"][0]["kind"]) == ([], "incomplete")
    unknown = Command({}).run("providers", "discover", "opnai")
    assert (unknown.returncode, "did you mean 'openai'" in unknown.stderr) == (3, True)


def test_what_is_chosen_is_registered_and_marked_then(providers: Providers, simulator: Simulator) -> None:
    arguments = ("discover", "openai", "--limit", "2")
    missing = providers(*arguments, "--register", "openai-gpt-6-lun", "--upgrade")
    assert (missing.returncode, "did you mean 'openai-gpt-6-luna'?" in missing.stderr) == (4, True)
    done = providers(*arguments, "--register", "openai-gpt-6-luna")
    assert (done.returncode, done.stdout) == (
        0, "openai/gpt-6-luna: registered, verified, switched on, as openai-gpt-6-luna\n",
    )  # fmt: skip
    marked = providers(*arguments).stdout.splitlines()
    assert any("openai-gpt-6-luna (it is configured)" in line for line in marked)
    (model,) = [
        each for each in json.loads(providers(*arguments, "--json").stdout)["providers"][0]["models"]
        if each["configured_as"] is not None
    ]  # fmt: skip
    assert (model["model"], model["proposal"], model["capabilities"]["vision"]) == ("gpt-6-luna", None, True)


def test_all_that_is_proposed_is_registered_under_free_names(providers: Providers, simulator: Simulator) -> None:
    chosen = ("discover", "openai", "--limit", "2", "--register", "ALL")
    assert providers("register", "openai", "gpt-4.1", "--alias", "openai-gpt-6-luna", "--upgrade").returncode == 0
    done = providers(*chosen, "--no-verify", "--json")
    found = json.loads(done.stdout)
    assert [(each["alias"], each["config"]["is_active"], each["error"]) for each in found] == [
        ("openai-gpt-6.1-sol", True, None), ("openai-gpt-6-luna-2", True, None),
    ]  # fmt: skip
