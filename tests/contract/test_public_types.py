"""Every public name has a type that any type checker reads alike."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

# The rooms' attributes are typed by `BaseMetadata`; the command and the simulator's insides are not imported by users.
NOT_FOR_IMPORT = (".models.", "core.llms.cli", "core.llms.simulator.")


def _report() -> Any:
    command = [str(Path(sys.executable).parent / "basedpyright"), "--ignoreexternal", "--verifytypes", "core.llms"]
    done = subprocess.run([*command, "--outputjson"], capture_output=True, text=True, check=False)
    return json.loads(done.stdout)


def test_public_names_are_completely_typed() -> None:
    problems = [
        f"{symbol['name']}: {diagnostic['message'].splitlines()[0]}"
        for symbol in _report()["typeCompleteness"]["symbols"]
        if symbol["isExported"] and not any(place in symbol["name"] for place in NOT_FOR_IMPORT)
        for diagnostic in symbol["diagnostics"]
        if "missing type annotation" in diagnostic["message"] or "Type is unknown" in diagnostic["message"]
    ]
    assert problems == []
