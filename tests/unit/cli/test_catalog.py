"""`core-llms catalog`: refreshing from a real server, saying what is here, and taking it away again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.catalog_cache import excerpt
from tests.support.list_server import ListServer, respond
from tests.unit.cli.command import Command

QWEN = "groq/qwen/qwen3-32b"


@pytest.fixture
def command(tmp_path: Path) -> Command:
    return Command({"CORE_LLMS_CACHE_DIR": str(tmp_path / "cache")})


@pytest.fixture
def published(published: ListServer) -> ListServer:
    """The excerpts, with a model that is new and a price that is another one."""
    listed = excerpt("genai-prices")
    models = listed[1]["models"]
    models[-1]["prices"]["input_mtok"] = 0.2
    models.append({"id": "acme/new-1", "match": {"equals": "acme/new-1"}, "prices": {"input_mtok": 1}})
    published.content["genai-prices"] = json.dumps(listed).encode()
    return published


def options(published: ListServer, *names: str) -> list[str]:
    chosen = published.urls(*names)
    return [
        "--min-share", "0", *(part for name in names for part in ("--list", name)),
        *(part for name, url in chosen.items() for part in ("--url", f"{name}={url}")),
    ]  # fmt: skip


def shown(command: Command, name: str) -> dict[str, Any]:
    (facts,) = json.loads(command.run("models", "show", name, "--json").stdout)
    found: dict[str, Any] = facts
    return found


def test_refresh_says_what_is_new_and_show_where_it_is_from(command: Command, published: ListServer) -> None:
    assert shown(command, QWEN)["usd_per_million_tokens"]["input"] == "0.29"
    done = command.run("catalog", "refresh", *options(published, "genai-prices"))
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["list", "status", "models", "from"]
    assert lines[1].split() == ["genai-prices", "updated", "8", f"{published.url}/genai-prices"]
    assert "added groq/acme/new-1" in lines
    assert f"price {QWEN} input: $0.29 → $0.2" in lines
    assert done.stderr.startswith("1 models added, ")
    facts = shown(command, QWEN)
    assert facts["usd_per_million_tokens"]["input"] == "0.2"
    assert any(source["name"].startswith("genai-prices at 127.0.0.1 (") for source in facts["sources"])
    again = command.run("catalog", "refresh", *options(published, "genai-prices"))
    assert again.stdout.splitlines()[1].split()[1] == "unchanged"
    assert "0 models added, 0 prices changed" in again.stderr


def test_refresh_writes_json(command: Command, published: ListServer) -> None:
    done = command.run("catalog", "refresh", *options(published), "--json")
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    assert report["added"] == ["groq/acme/new-1"]
    assert {"model": QWEN, "part": "input", "before": "0.29", "after": "0.2"} in report["price_changes"]
    assert [each["status"] for each in report["lists"]] == ["updated"] * 3


def test_refresh_that_fails_in_part_keeps_the_rest_and_has_the_error_s_code(
    command: Command, published: ListServer
) -> None:
    published.faults["litellm"] = lambda handler: respond(handler, b"oh", status=500)
    done = command.run("catalog", "refresh", *options(published))
    assert done.returncode == 7
    assert "error: litellm: " in done.stderr and "status 500" in done.stderr
    assert {line.split()[0]: line.split()[1] for line in done.stdout.splitlines()[1:4]} == {
        "models.dev": "updated", "litellm": "failed", "genai-prices": "updated",
    }  # fmt: skip
    assert shown(command, QWEN)["usd_per_million_tokens"]["input"] == "0.2"


def test_refresh_without_a_network_changes_nothing_and_says_so(command: Command) -> None:
    done = command.run("catalog", "refresh", "--list", "litellm", "--url", "litellm=http://127.0.0.1:1/x", "--json")
    assert done.returncode == 8
    (outcome,) = json.loads(done.stdout)["lists"]
    assert (outcome["status"], outcome["error"]["type"]) == ("failed", "ConnectError")
    assert "error: litellm: cannot connect to http://127.0.0.1:1/x" in done.stderr


def test_list_that_is_cut_short_by_its_publisher_is_refused(command: Command, published: ListServer) -> None:
    done = command.run("catalog", "refresh", *options(published, "litellm")[2:])
    assert done.returncode == 7
    assert "of this package's models, where" in done.stderr


def test_status_and_clear(command: Command, published: ListServer, tmp_path: Path) -> None:
    before = command.run("catalog", "status")
    assert before.returncode == 0 and "nothing was refreshed" in before.stderr
    assert all(line.startswith(("in ", "package ")) for line in before.stdout.splitlines())
    assert command.run("catalog", "clear").stdout == "nothing was refreshed\n"
    command.run("catalog", "refresh", *options(published, "genai-prices"))
    lines = command.run("catalog", "status").stdout.splitlines()
    assert lines[-1].split()[:2] == ["refreshed", "genai-prices"] and lines[-1].split()[3] == "8"
    status = json.loads(command.run("catalog", "status", "--json").stdout)
    assert status["refreshed"]["models"] > 0 and status["refreshed"]["problem"] is None
    kept = {each["name"]: each for each in status["refreshed"]["lists"]}
    assert kept["genai-prices"]["etag"] and kept["litellm"]["url"] is None
    folder = tmp_path / "cache" / "catalog"
    assert command.run("catalog", "clear").stdout.splitlines() == [
        f"removed {folder / 'catalog.jsonl'}", f"removed {folder / 'genai-prices.list'}",
    ]  # fmt: skip
    assert shown(command, QWEN)["usd_per_million_tokens"]["input"] == "0.29"


def test_corrupt_file_is_warned_of_once_and_shown_by_status(
    command: Command, published: ListServer, tmp_path: Path
) -> None:
    command.run("catalog", "refresh", *options(published, "genai-prices"))
    path = tmp_path / "cache" / "catalog" / "catalog.jsonl"
    path.write_bytes(path.read_bytes()[:-30])
    done = command.run("models", "--provider", "groq", "--all")
    (warning,) = done.stderr.splitlines()
    assert done.returncode == 0 and warning.startswith(f"warning: the refreshed catalogue {path} is corrupt at line")
    status = command.run("catalog", "status", "--json")
    assert "it ends early" in json.loads(status.stdout)["refreshed"]["problem"]


@pytest.mark.parametrize(
    ("arguments", "code", "problem"),
    [
        (("--url", "litellm"), 2, "'litellm' must look like litellm=https://"),
        (("--url", "x=https://h/"), 3, "no list is called 'x'"),
        (("--list", "litelm"), 3, "there are models.dev, litellm, genai-prices"),
        (("--timeout", "0"), 2, "--timeout"),
    ],
)
def test_wrong_option_is_refused(command: Command, arguments: tuple[str, ...], code: int, problem: str) -> None:
    done = command.run("catalog", "refresh", *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert problem in done.stderr
