"""`core-llms providers register`: stored, verified, switched on; what is refused, and what stays off."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.llms.simulator import Simulator
from tests.unit.cli.conftest import Providers

MODEL = ("openai", "gpt-4.1-mini")


def test_register_stores_verifies_and_switches_on(providers: Providers, simulator: Simulator) -> None:
    arguments = ("--alias", "support", "--temperature", "0.3", "--top-k", "5", "--setting", "wire=chat")
    done = providers("register", *MODEL, *arguments, "--upgrade")
    assert (done.returncode, done.stdout) == (0, "openai/gpt-4.1-mini: registered, verified, switched on\n")
    assert done.stderr.startswith("warning: top_k is stored, and never sent: `top_k` is not supported; supported: ")
    assert [request.path for request in simulator.requests] == ["/v1/models"]
    again = json.loads(providers("register", *MODEL, *arguments, "--json").stdout)
    assert len(simulator.requests) == 1
    assert (again["alias"], again["is_active"], again["settings"]) == ("support", True, {"wire": "chat"})
    assert again["parameters"]["name"] == "openai/gpt-4.1-mini"
    assert (again["parameters"]["temperature"], again["parameters"]["max_new_tokens"]) == (0.3, None)
    assert again["prompt_template"] is None


def test_what_the_wire_lacks_is_named_with_the_reason_and_the_way_out(providers: Providers) -> None:
    assert providers("parameters", "create", "seeded", "--set", "seed=7", "--upgrade").returncode == 0
    reason = "the Responses API has no `seed`: leave it out, or give --provider-version chat"
    done = providers("register", "openai", "gpt-5", "--parameters", "seeded", "--no-verify")
    assert (done.returncode, done.stderr) == (0, f"warning: seed is stored, and never sent: {reason}\n")
    shown = [line.strip() for line in providers("show", "openai/gpt-5").stdout.splitlines()]
    assert " ".join(shown[shown.index("never sent") + 1].split()) == f"seed {reason}"
    facts = json.loads(providers("show", "openai/gpt-5", "--json").stdout)
    assert (facts["unsupported_parameters"], list(facts["unsupported_reasons"])) == (["seed"], ["seed"])
    changed = providers("update", "openai/gpt-5", "--provider-version", "chat")
    assert (changed.returncode, changed.stderr) == (0, "")
    assert "never sent" not in providers("show", "openai/gpt-5").stdout


def test_register_can_leave_it_off_and_unverified(providers: Providers, simulator: Simulator) -> None:
    done = providers("register", *MODEL, "--inactive", "--no-verify", "--upgrade")
    assert done.stdout == "openai/gpt-4.1-mini: registered, not verified, switched off\n"
    assert not simulator.requests


def test_names_alone_are_those_of_stored_parameters_and_template(registered: Providers) -> None:
    own = "openai/gpt-4.1-mini"
    done = registered("register", "openai", "gpt-4.1", "--parameters", own, "--template", own, "--json")
    facts = json.loads(done.stdout)
    assert (facts["parameters"]["name"], facts["parameters"]["temperature"]) == (own, 0.3)
    assert facts["prompt_template"]["system_prompt"] == "Be brief."
    missing = registered("register", "openai", "gpt-4.1-nano", "--template", "none")
    assert (missing.returncode, "no prompt template is called 'none'" in missing.stderr) == (4, True)


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (("openia", "m"), 4, "did you mean 'openai'?"),
        (("openai", "gpt-4.1", "--temperature", "9"), 4, "`temperature`: Input should be less than or equal to 2"),
        (("openai", "gpt-4.1", "--max-tokens", "99999999"), 4, "`max_new_tokens`: "),
        (("openai", "gpt-4.1", "--alias", "support"), 4, "the alias 'support' is that of openai/gpt-4.1-mini"),
        (("openai", "gpt-4.1-mini", "--temperature", "0.4"), 4, "`temperature` is 0.3, not 0.4"),
        (("openai", "gpt-4.1", "--setting", "wire"), 2, "'wire' must look like name=value"),
        (("openai", "gpt-4.1", "--setting", "tempo=1"), 2, "openai has none called 'tempo'"),
        (("openai", "gpt-4.1", "--setting", "api_key=canary-5f0e"), 2, "by --api-key-env"),
        (("openai", "gpt-4.1", "--base-url", "https://ann:canary-5f0e@h/v1"), 4, "an address holds no credential"),
    ],
)
def test_what_cannot_be_stored_is_refused_and_nothing_is(
    registered: Providers, arguments: tuple[str, ...], code: int, complaint: str
) -> None:
    done = registered("register", *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert complaint in done.stderr
    assert "canary" not in done.stderr
    assert [facts["model_id"] for facts in json.loads(registered("list", "--json").stdout)] == ["gpt-4.1-mini"]


def test_what_does_not_verify_stays_off_with_the_exit_code_of_the_reason(providers: Providers) -> None:
    done = providers("register", "openai", "gpt-0", "--upgrade", "--json")
    assert done.returncode == 5
    assert json.loads(done.stdout)["error"]["type"] == "VerificationError"
    (facts,) = json.loads(providers("list", "--json").stdout)
    assert (facts["is_active"], facts["verification_status"]) == (False, "failed")
    missing = providers("register", "openai", "gpt-4.1", "--api-key-env", "NO_SUCH_KEY")
    assert (missing.returncode, "set NO_SUCH_KEY" in missing.stderr) == (3, True)


def test_a_database_without_tables_says_how_to_make_them(providers: Providers, tmp_path: Path) -> None:
    done = providers("register", *MODEL, CORE_LLMS_DATABASE_URL=f"sqlite:///{tmp_path / 'empty.db'}")
    assert done.returncode != 0
    assert "core-llms db upgrade" in done.stderr
