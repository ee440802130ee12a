"""The site builds without a warning and asks no other host for anything."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.docs.code_blocks import ROOT

# In the navigation, and written together with what it measures.
AWAITED = "performance.md"
_LOADED = re.compile(r"<(?:script|img|iframe)[^>]*\ssrc=\"([^\"]+)\"|<link[^>]*\shref=\"([^\"]+)\"")


def test_site_builds_without_a_warning_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--no-strict", "--site-dir", str(tmp_path)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    built = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", timeout=100, check=False
    )

    assert built.returncode == 0, built.stderr
    warnings = [line for line in built.stderr.splitlines() if "WARNING" in line]
    assert [line for line in warnings if f"'{AWAITED}'" not in line] == []
    pages = list(tmp_path.rglob("*.html"))
    assert len(pages) > 20
    loaded = {match[1] or match[2] for page in pages for match in _LOADED.finditer(page.read_text(encoding="utf-8"))}
    assert loaded
    assert [address for address in loaded if "//" in address] == []
