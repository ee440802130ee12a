"""What a light command does not load: its start-up is what whoever types it waits for."""

from __future__ import annotations

import json
import subprocess
import sys

HEAVY = ("aiohttp", "alembic", "asyncpg", "botocore", "cryptography", "fastapi", "rich", "sqlalchemy", "tiktoken")
PROGRAM = f"""
import contextlib, io, json, sys
from core.llms.cli.app import run_app

told = {{}}
for line in sys.argv[1:]:
    with contextlib.redirect_stdout(io.StringIO()):
        assert run_app(line.split()) == 0
    told[line] = [[name for name in {HEAVY} if name in sys.modules],
        [name for name in sys.modules if name.startswith("core.llms.cli.providers.")]]
print(json.dumps(told))
"""
LINES = ("--version", "ask --help", "usage --help", "providers show --help", "providers --help", "--help")


def test_what_a_command_needs_is_loaded_when_it_runs() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *LINES], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert {line: heavy for line, (heavy, _) in told.items()} == {line: [] for line in LINES}
    assert told["usage --help"][1] == []
    shown = set(told["providers show --help"][1])
    assert "core.llms.cli.providers.show" in shown
    assert not shown & {f"core.llms.cli.providers.{name}" for name in ("audit", "register", "token", "watch")}
