"""`core-llms providers grant`, `deny`, `revoke`, `grants`, `credential`, `rotate-keys`, and whom `--actor` acts for."""

from __future__ import annotations

import json
import os
import pwd
import sys
from pathlib import Path
from typing import Any

import pytest

import core.llms.provider_config
import core.llms.wires
from core.llms.cli.providers import providers as group
from core.llms.cli.providers.wording import WORDS, reword
from core.llms.provider_config.credentials.encryption_keys import generate_key
from tests.support.token_servers import service_account
from tests.unit.cli.conftest import Inside, Providers

OWN = "openai/gpt-4.1-mini"


def test_roles_are_granted_denied_listed_and_revoked(inside: Inside) -> None:
    assert inside("grant", "ann", "operator", "--provider", "openai").stdout == (
        "1: operator within provider 'openai', granted to ann\n"
    )
    assert inside("disable", "support", "--actor", "ann").returncode == 0
    assert inside("deny", "ann", "operator", "--model", "gpt-4.1-mini").stdout.startswith("2: operator within model")
    denied = inside("enable", "support", "--actor", "ann")
    assert (denied.returncode, denied.stdout) == (4, "")
    assert "'ann' may not" in denied.stderr
    heading, first, second = (" ".join(line.split()) for line in inside("grants", "ann").stdout.splitlines())
    assert (heading, first) == ("grant subject role outcome within", "1 ann operator granted provider 'openai'")
    assert second == "2 ann operator denied model 'gpt-4.1-mini'"
    assert inside("revoke", "2").stdout == "2: operator within model 'gpt-4.1-mini', taken from ann\n"
    assert inside("enable", "support", "--actor", "ann").returncode == 0
    (only,) = json.loads(inside("grants", "--json").stdout)
    assert (only["subject"], only["role"], only["is_denial"], only["provider"]) == ("ann", "operator", False, "openai")
    assert "there is no role 'king'; known: viewer, user," in inside("grant", "ann", "king").stderr
    assert inside("revoke", "9").returncode == 4
    assert inside("grants", "bob").stderr == "warning: nothing is granted to bob\n"
    assert inside("grant", "bob", "viewer", "--actor", "ann").returncode == 4


def test_without_an_actor_the_audit_names_the_person_at_the_machine(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    me = f"cli:{pwd.getpwuid(os.getuid()).pw_name}"
    monkeypatch.setenv("USER", "somebody")
    inside("disable", "support")
    assert json.loads(inside("audit", "--json").stdout)[0]["actor"] == me
    monkeypatch.setenv("CORE_LLMS_ACTOR", "ann")
    assert inside("show", "support").returncode == 4
    monkeypatch.delenv("CORE_LLMS_ACTOR")
    assert json.loads(inside("audit", "--denied", "--json").stdout)[0]["actor"] == "ann"
    assert "'system' is the name of the process itself" in inside("show", "support", "--actor", "system").stderr


def test_every_command_on_the_database_takes_an_actor() -> None:
    from typer.main import get_group

    command = get_group(group)
    named: dict[str, Any] = dict(command.commands)
    for name in ("credential", "token", "parameters", "template"):
        named |= {f"{name} {inner}": each for inner, each in named.pop(name).commands.items()}
    lacking = {name for name, each in named.items() if "actor" not in {option.name for option in each.params}}
    assert lacking == {"features"}
    assert len(named) > 40


def test_what_a_service_says_of_its_methods_is_said_of_commands(inside: Inside) -> None:
    folders = (*core.llms.provider_config.__path__, *core.llms.wires.__path__)
    source = "".join(path.read_text() for folder in folders for path in Path(folder).rglob("*.py"))
    joined = source.replace('"\n            f"', "").replace('"\n            "', "").replace('"\n                "', "")
    fixed = joined.replace("`{other}`", "`api_key_env`") + joined.replace("`{other}`", "`credential_id`")
    assert [said for said, _ in WORDS if said not in fixed] == []
    assert reword("change it by `update_provider_model`") == "change it by `core-llms providers update`"
    inside("disable", "support")
    refused = inside("generate", "support", "hi")
    assert refused.stderr == f"error: {OWN}: it is switched off; switch it on by `core-llms providers enable`\n"
    taken = inside("register", "openai", "gpt-4.1-mini", "--temperature", "0.9", "--json")
    assert json.loads(taken.stdout)["error"]["message"].endswith("change it by `core-llms providers update`")


def test_credentials_are_stored_listed_replaced_used_and_deleted(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = []

    def run(*arguments: str, stdin: str = "") -> tuple[int, str]:
        done = inside(*arguments, stdin=stdin)
        said.append(done.stdout + done.stderr)
        return done.returncode, done.stdout

    monkeypatch.setenv("CORE_LLMS_ENCRYPTION_KEYS", f"one:{generate_key()}")
    monkeypatch.setenv("TEAM", "canary-1111")
    assert run("credential", "store", "team", "openai", "--from-env", "TEAM") == (0, "credential team: stored\n")
    assert run("credential", "store", "team", "openai", "--from-env", "api_key=TEAM")[0] == 0
    assert run("credential", "store", "spare", "openai", "--from-stdin", stdin="canary-1111\n")[0] == 0
    pair = '{"access_key_id": "canary-2222", "secret_access_key": "canary-3333"}'
    assert run("credential", "store", "aws", "bedrock", "--from-stdin", "--description", "d", stdin=pair)[0] == 0
    _, listed = run("credential", "list", "--json")
    aws, spare, team = json.loads(listed)
    assert (spare["fingerprints"], sorted(aws["fingerprints"])) == (
        team["fingerprints"], ["access_key_id", "secret_access_key"]
    )  # fmt: skip
    assert run("update", "support", "--credential", "team") == (0, f"{OWN}: at version 2\n")
    assert json.loads(run("show", "support", "--json")[1])["credential"]["name"] == "team"
    assert run("credential", "delete", "team", "--yes")[0] == 4
    assert run("update", "support", "--api-key-env", "TEAM")[0] == 4
    assert "give --unset credential, too" in said[-1]
    assert run("credential", "replace", "team", "--from-stdin", stdin="canary-4444") == (
        0, "credential team: at version 2\n"
    )  # fmt: skip
    assert run("credential", "rename", "team", "all") == (0, "credential all: the new name of team\n")
    assert json.loads(run("show", "support", "--json")[1])["credential"]["name"] == "all"
    assert run("credential", "rename", "all", "team")[0] == 0
    assert run("update", "support", "--api-key-env", "TEAM", "--unset", "credential")[0] == 0
    assert run("credential", "delete", "team")[0] == 2
    assert run("credential", "delete", "team", "--yes") == (0, "credential team: deleted\n")
    run("register", "openai", "gpt-4.1", "--credential", "spare", "--no-verify", "--workspace", "research")
    assert json.loads(run("show", "openai/gpt-4.1", "--json")[1])["workspace"] == "research"
    assert run("update", "support", "--credential", "none")[0] == 4
    assert "`core-llms providers credential store` stores one" in said[-1]
    one = os.environ["CORE_LLMS_ENCRYPTION_KEYS"]
    monkeypatch.setenv("CORE_LLMS_ENCRYPTION_KEYS", f"two:{generate_key()},{one}")
    assert run("rotate-keys") == (0, "2 credentials got the key two\n")
    monkeypatch.setenv("CORE_LLMS_ENCRYPTION_KEYS", f"three:{generate_key()}")
    code, facts = run("rotate-keys", "--json")
    assert (code, sorted(json.loads(facts)["failures"])) == (3, ["aws", "spare"])
    run("credential", "list")
    run("audit", "--json", "--limit", "100")
    assert "canary" not in "".join(said)


@pytest.mark.parametrize(
    ("arguments", "stdin", "complaint"),
    [
        ((), "", "give --from-env or --from-stdin, one of them"),
        (("--from-file", "api_key"), "", "it takes NAME=FILE"),
        (("--from-file", "api_key=/nowhere/canary-file"), "", "the file of api_key cannot be read: No such file"),
        (("--from-file", f"api_key={__file__}", "--from-env", "PATH"), "", "api_key is given twice"),
        (("--from-file", f"api_key={sys.executable}"), "", "the file of api_key is no text"),
        (("--from-env", "A", "--from-stdin"), "", "give --from-env or --from-stdin, one of them"),
        (("--from-env", "sk-canary-5f0e"), "", "it takes the name of a variable, never the secret"),
        (("--from-env", "canary5f0e"), "", "the variable for api_key is not set"),
        (("--from-env", "PATH", "--from-env", "PATH"), "", "api_key is given twice"),
        (("--from-stdin",), '{"api_key": "canary-5f0e"', "it is no JSON object"),
        (("--from-stdin",), '{"api_key": ["canary-5f0e"]}', "its values must be texts"),
    ],
)
def test_a_secret_never_comes_from_the_command_line_nor_back_to_it(
    providers: Providers, inside: Inside, arguments: tuple[str, ...], stdin: str, complaint: str
) -> None:
    done = inside("credential", "store", "team", "openai", *arguments, stdin=stdin)
    assert (done.returncode, complaint in done.stderr) == (2, True), done.stderr
    assert "canary" not in done.stdout + done.stderr


def test_the_help_has_the_commands_under_headings(inside: Inside) -> None:
    shown = inside("--help").stdout
    headings = [line.rstrip(":") for line in shown.splitlines() if line.endswith(":") and not line.startswith(" ")]
    assert headings[-8:] == [
        "Providers", "Configured models", "What they share", "Their health", "All of them as a file",
        "What was, and who did it", "Stored credentials", "Who may do what",
    ]  # fmt: skip


def test_a_service_account_comes_from_its_file(
    providers: Providers, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CORE_LLMS_ENCRYPTION_KEYS", f"one:{generate_key()}")
    key = tmp_path / "key.json"
    key.write_text(service_account("https://oauth2.googleapis.com"))
    stored = providers("credential", "store", "cloud", "google", "--from-file", f"service_account={key}", "--upgrade")
    assert (stored.returncode, stored.stdout) == (0, "credential cloud: stored\n"), stored.stderr
    key.write_text("{}")
    refused = providers("credential", "replace", "cloud", "--from-file", f"service_account={key}")
    assert refused.returncode != 0
    assert "`service_account`: its `type` is 'None', not 'service_account'" in refused.stderr
