from __future__ import annotations

import json
from typing import Any

import pytest

from core.llms.cli.model_facts import rooms_of
from core.llms.create import list_providers
from core.llms.providers.azure.models import ROOMS
from core.llms.simulator import Fault, Simulator
from tests.unit.cli.command import Command


def test_models_lists_every_room_of_every_provider_once(command: Command) -> None:
    done = command.run("models", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    listed = json.loads(done.stdout)
    names = [facts["model"] for facts in listed]
    assert len(names) == len(set(names))
    assert {facts["provider"] for facts in listed} == {name for name in list_providers() if rooms_of(name)}
    assert len([name for name in names if name.startswith("azure/")]) == len(set(ROOMS.values()))


def test_models_draws_a_table_that_a_pipe_can_read(command: Command) -> None:
    lines = command.run("models", "azure").stdout.splitlines()
    assert lines[0].split("  ")[0] == "model" and lines[0].endswith("reasoning  retired")
    mini = next(line for line in lines if line.startswith("azure/gpt-4.1-mini "))
    assert mini.split()[:8] == ["azure/gpt-4.1-mini", "1,047,576", "32,768", "0.40", "1.60", "yes", "yes", "no"]
    assert all(line == line.rstrip() and line.startswith(("model", "azure/")) for line in lines)
    assert command.run("models", "list", "azure").stdout.splitlines() == lines


def test_models_of_an_unknown_provider_name_the_known_ones(command: Command) -> None:
    done = command.run("models", "azur")
    assert done.returncode == 3
    assert "no provider is called 'azur'; did you mean 'azure'?" in done.stderr


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("azure/gpt-4.1-mini", ["azure/gpt-4.1-mini"]),
        ("azure-gpt-4.1-mini", ["azure/gpt-4.1-mini"]),
        ("gpt-4.1-mini", ["azure/gpt-4.1-mini", "openai/gpt-4.1-mini"]),
        ("openai/gpt-4.1-mini-2025-04-14", ["openai/gpt-4.1-mini"]),
    ],
)
def test_models_show_finds_a_model_by_each_of_its_names(command: Command, name: str, found: list[str]) -> None:
    done = command.run("models", "show", name, "--json")
    shown = json.loads(done.stdout)
    assert (done.returncode, [facts["model"] for facts in shown]) == (0, found)
    assert shown[0]["usd_per_million_tokens"]["input"] == "0.40"
    assert shown[0]["sources"] and shown[0]["capabilities"]["vision"] is True


def test_models_show_writes_a_line_for_each_fact(command: Command) -> None:
    lines = command.run("models", "show", "azure/gpt-4.1-mini").stdout.splitlines()
    facts = dict(line.split("  ", 1) for line in lines if not line.startswith(" ") and "  " in line)
    assert facts["context window tokens"].strip() == "1,047,576"
    assert "vision yes" in facts["capabilities"]
    assert any("read 20" in line for line in lines)


def test_models_remote_asks_the_vendor(command: Command, simulator: Simulator) -> None:
    done = command.run("models", "openai", "--remote", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    offered = {facts["id"]: facts for facts in json.loads(done.stdout)}
    assert offered["gpt-4.1-mini"] == {
        "model": "openai/gpt-4.1-mini", "provider": "openai", "id": "gpt-4.1-mini", "owned_by": "system",
        "created": "2025-04-10", "listed": True,
    }  # fmt: skip
    assert [request.path for request in simulator.requests] == ["/v1/models"]
    lines = command.run("models", "openai", "--remote").stdout.splitlines()
    assert lines[0].split() == ["model", "owner", "created", "listed"]
    assert len(lines) == len(offered) + 1


def test_models_remote_leaves_out_whom_there_is_no_credential_for(command: Command) -> None:
    done = command.run("models", "--remote", "--json", OPENAI_API_KEY="")
    assert done.returncode == 0
    providers = {facts["provider"] for facts in json.loads(done.stdout)}
    assert "azure" in providers
    assert "openai" not in providers
    assert "warning: openai is left out: no credential for openai" in done.stderr


def test_models_remote_without_any_credential_is_a_wrong_setting(command: Command) -> None:
    nothing: dict[str, Any] = {name: "" for name in command.environment() if not name.startswith(("PATH", "PYTHON"))}
    done = command.run("models", "--remote", **nothing)
    assert (done.returncode, done.stdout) == (3, "")
    assert "error: no provider has a credential in the environment" in done.stderr


def test_models_remote_reports_the_vendors_error(command: Command, simulator: Simulator) -> None:
    simulator.faults.append(Fault(status=401))
    assert command.run("models", "openai", "--remote").returncode == 5


def test_models_are_chosen_by_what_they_can_do_and_cost(command: Command) -> None:
    conditions = ("--provider", "anthropic", "--vision", "--min-context", "200000", "--max-input-price", "3")
    done = command.run("models", *conditions, "--sort", "price", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert "claude-haiku-5-5" in {profile["model_id"] for profile in found}
    prices = [float(profile["prices"]["input"]) for profile in found]
    assert prices == sorted(prices) and prices[-1] <= 3
    assert all(profile["provider"] == "anthropic" for profile in found)
    assert all(profile["capabilities"]["supports_vision"] for profile in found)
    assert all(profile["capabilities"]["context_window"] >= 200_000 for profile in found)
    lines = command.run("models", *conditions, "--limit", "2").stdout.splitlines()
    assert [line.split()[0] for line in lines[1:]] == [f"anthropic/{profile['model_id']}" for profile in found[:2]]


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (("--can", "visoin"), "did you mean 'supports_vision'"),
        (("--vision", "--sort", "size"), "one of price, context, released, name"),
        (("--max-input-price", "cheap"), "USD per million tokens, as in 2.5, not 'cheap'"),
        (("--family", "claud"), "'claud' is not a valid ModelFamily"),
    ],
)
def test_wrong_condition_is_an_error_of_usage(command: Command, options: tuple[str, ...], problem: str) -> None:
    done = command.run("models", *options)
    assert done.returncode == 2
    assert problem in done.stderr


def test_conditions_that_nothing_fulfils_say_so(command: Command) -> None:
    done = command.run("models", "--provider", "groq", "--min-context", "90000000")
    assert (done.returncode, done.stdout) == (0, "")
    assert "no model fulfils all of this" in done.stderr


def test_models_show_finds_models_without_a_room(command: Command) -> None:
    (facts,) = json.loads(command.run("models", "show", "openai/gpt-3.5-turbo-16k", "--json").stdout)
    assert facts["usd_per_million_tokens"]["input"] == "3"
    assert facts["sources"]
