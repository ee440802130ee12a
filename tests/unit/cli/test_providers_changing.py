"""`core-llms providers verify`, `enable`, `disable`, `update` and `delete`."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.llms.simulator import Simulator
from tests.unit.cli.conftest import Providers

OWN = "openai/gpt-4.1-mini"


def read(providers: Providers) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(providers("show", OWN, "--json").stdout)
    return facts


def test_verify_asks_and_stores_what_came_of_it(registered: Providers, simulator: Simulator) -> None:
    assert registered("verify", "support").stdout == f"{OWN}: verified\n"
    assert [request.path for request in simulator.requests] == ["/v1/models"] * 2
    done = registered("verify", "openai", "gpt-4.1-mini", OPENAI_BASE_URL="http://127.0.0.1:1")
    assert (done.returncode, done.stdout) == (8, "")
    facts = read(registered)
    assert (facts["verification_status"], facts["is_active"]) == ("failed", True)


def test_disable_and_enable_switch_it(registered: Providers) -> None:
    assert registered("disable", "openai", "gpt-4.1-mini").stdout == f"{OWN}: switched off\n"
    assert json.loads(registered("enable", "support", "--json").stdout)["is_active"] is True
    assert registered("disable", "openai", "gpt-4.1").returncode == 4


def test_update_changes_configuration_parameters_and_template_together(registered: Providers) -> None:
    done = registered(
        "update", "support", "--alias", "desk", "--temperature", "0.9", "--unset", "top-k", "--unset", "query-prefix",
        "--expected-version", "2",
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{OWN}: at version 3\n", "")
    facts = read(registered)
    assert (facts["alias"], facts["version"]) == ("desk", 3)
    assert (facts["parameters"]["temperature"], facts["parameters"]["top_k"]) == (0.9, None)
    assert facts["parameters"]["max_new_tokens"] == 100
    assert (facts["prompt_template"]["system_prompt"], facts["prompt_template"]["query_prefix"]) == ("Be brief.", None)
    stale = registered("update", "desk", "--temperature", "0.1", "--expected-version", "2")
    assert (stale.returncode, "it is at version 3, not 2" in stale.stderr) == (4, True)
    assert read(registered) == facts


def test_update_says_which_others_use_the_same_parameters(registered: Providers) -> None:
    registered("register", "openai", "gpt-4.1", "--parameters", OWN)
    done = registered("update", "support", "--temperature", "0.5", "--json")
    assert json.loads(done.stdout)["parameters"]["temperature"] == 0.5
    assert done.stderr == "changed with it: openai/gpt-4.1\n"


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        ((), 2, "there is nothing to change"),
        (("--unset", "colour"), 2, "one of alias, description,"),
        (("--unset", "alias", "--alias", "x"), 2, "alias is given a value, too"),
        (("--alias", "x", "--max-tokens", "99999999"), 4, "`max_new_tokens`: "),
    ],
)
def test_update_of_what_is_wrong_changes_nothing(
    registered: Providers, arguments: tuple[str, ...], code: int, complaint: str
) -> None:
    before = read(registered)
    done = registered("update", "support", *arguments)
    assert (done.returncode, complaint in done.stderr) == (code, True), done.stderr
    assert read(registered) == before


def test_delete_takes_what_was_its_own_along(registered: Providers) -> None:
    refused = registered("delete", "support")
    assert (refused.returncode, "give --yes if it may be" in refused.stderr) == (2, True)
    assert registered("delete", "support", "--yes").stdout == f"{OWN}: deleted\n"
    assert registered("show", "support").returncode == 4
    again = registered("register", "openai", "gpt-4.1-mini", "--temperature", "0.7")
    assert again.returncode == 0, again.stderr


def test_delete_leaves_what_others_use(registered: Providers) -> None:
    registered("register", "openai", "gpt-4.1", "--parameters", OWN, "--no-verify")
    done = registered("delete", "support", "--yes", "--json")
    assert json.loads(done.stdout) == {"deleted": OWN, "kept": {"parameters": OWN}}
    (other,) = json.loads(registered("list", "--json").stdout)
    assert other["parameters"]["temperature"] == 0.3
