"""`core-llms providers export` and `import`: documents back and forth, dry runs, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.llms.simulator import Simulator
from tests.unit.cli.conftest import Inside, Providers

OWN = "openai/gpt-4.1-mini"
TEAM = f"""\
core_llms_providers: 1
parameters:
  {OWN}:
    temperature: 0.3
configurations:
  {OWN}:
    alias: support
    is_active: true
    parameters: {OWN}
"""


def test_export_writes_yaml_and_json_to_stdout_and_to_files(inside: Inside, tmp_path: Path) -> None:
    assert inside("export") == inside("export", "--provider", "openai")
    assert inside("export").stdout == TEAM
    content = json.loads(inside("export", "--json").stdout)
    assert content["configurations"][OWN]["alias"] == "support"
    done = inside("export", str(tmp_path / "team.yaml"))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", f"{tmp_path / 'team.yaml'}: 1 configurations\n")
    assert (tmp_path / "team.yaml").read_text() == TEAM
    inside("export", str(tmp_path / "team.json"))
    assert json.loads((tmp_path / "team.json").read_text()) == content


def test_import_says_what_it_changes_and_a_dry_run_changes_nothing(inside: Inside, tmp_path: Path) -> None:
    file = tmp_path / "team.yaml"
    file.write_text(TEAM.replace("0.3", "0.7").replace("support", "desk"))
    told = [
        "outcome kind name changes", f"changed parameters {OWN} temperature: 0.3 -> 0.7",
        f"changed configuration {OWN} alias: 'support' -> 'desk'",
    ]  # fmt: skip
    dry = inside("import", str(file), "--dry-run")
    assert [" ".join(line.split()) for line in dry.stdout.splitlines()] == [*told, "2 changed; nothing was stored"]
    assert inside("export").stdout == TEAM
    done = inside("import", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    assert [" ".join(line.split()) for line in done.stdout.splitlines()] == [*told, "2 changed"]
    assert inside("import", str(file)).stdout == "2 unchanged\n"
    assert inside("export").stdout == file.read_text()
    refused = inside("import", "-", "--mode", "create", stdin=TEAM)
    assert (refused.returncode, refused.stdout) == (4, "2 refused; nothing was stored\n")
    assert f"error: parameters {OWN}: it is there with other values (temperature: 0.7 -> 0.3)" in refused.stderr
    assert "import it without --mode create" in refused.stderr
    report = json.loads(inside("import", "-", "--json", stdin=TEAM).stdout)
    assert report["is_kept"] is True
    assert report["items"][1]["changes"] == [{"field": "alias", "before": "desk", "after": "support"}]


def test_import_verifies_afterwards_and_says_what_does_not_answer(
    inside: Inside, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WRONG_KEY", "invalid-key")
    more = TEAM + f"  openai/gpt-4o: {{parameters: {OWN}}}\n"
    assert inside("import", "-", "--verify", stdin=more).returncode == 0
    assert [request.path for request in simulator.requests] == ["/v1/models"]
    more += f"  openai/gpt-4.1: {{parameters: {OWN}, api_key_env: WRONG_KEY}}\n"
    done = inside("import", "-", "--verify", stdin=more)
    assert (done.returncode, "warning: openai/gpt-4.1 is not verified: " in done.stderr) == (7, True)
    states = {each["model_id"]: each["is_active"] for each in json.loads(inside("list", "--json").stdout)}
    assert states == {"gpt-4.1": False, "gpt-4.1-mini": True, "gpt-4o": True}


def test_everything_that_is_wrong_with_a_file_is_a_line(inside: Inside, tmp_path: Path) -> None:
    file = tmp_path / "team.yaml"
    file.write_text(TEAM.replace("temperature: 0.3", "temprature: 0.3").replace("alias", "api_key"))
    done = inside("import", str(file))
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr == (
        f"error: {file}:4: parameters.{OWN}.temprature: unknown field 'temprature'; did you mean 'temperature'?\n"
        f"error: {file}:7: configurations.{OWN}.api_key: it may be a secret, which no document holds: name the "
        "variable that does as `api_key_env`, or a stored credential as `credential`\n"
    )
    problems = json.loads(inside("import", str(file), "--json").stdout)["error"]["problems"]
    assert list(problems) == [f"parameters.{OWN}.temprature", f"configurations.{OWN}.api_key"]
    missing = inside("import", str(tmp_path / "none.yaml"))
    assert (missing.returncode, "cannot be read: No such file" in missing.stderr) == (3, True)
    named = inside("import", "-", stdin=TEAM + "    credential: team\n")
    assert "store it first by `core-llms providers credential store`" in named.stderr


def test_a_team_s_file_fills_an_empty_database_of_another_process(providers: Providers, tmp_path: Path) -> None:
    (tmp_path / "team.yaml").write_text(TEAM)
    done = providers("import", str(tmp_path / "team.yaml"), "--upgrade")
    assert (done.returncode, done.stdout.splitlines()[-1], done.stderr) == (0, "2 created", "")
    exported = providers("export")
    assert (exported.returncode, exported.stdout, exported.stderr) == (0, TEAM, "")
