from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from core.llms.catalog.store import list_catalogued, load_packaged
from core.llms.providers.base.metadata import Source

FILE = """{"provider":"x","sources":{"l":{"name":"list 1","date":"2026-01-02"}},"models":[
{"id":"m","aliases":["m-1"],"context":5,"from":{"l":["context"]}}
]}
"""


def test_model_is_found_by_its_id_and_other_names(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(FILE)
    listed = load_packaged("x", tmp_path)
    assert listed.find("m") is listed.find("m-1") is not None
    assert listed.find("m-2") is None
    assert listed.sources == {"l": Source("list 1", date(2026, 1, 2))}


def test_provider_without_a_file_has_no_models(tmp_path: Path) -> None:
    assert load_packaged("x", tmp_path).rows == {}


@pytest.mark.parametrize(
    "content", [FILE[:60], "[]", '{"sources":{},"models":[{}]}', FILE.replace("2026-01-02", "soon")]
)
def test_corrupt_file_is_refused_by_its_name(tmp_path: Path, content: str) -> None:
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(ValueError, match=r"the catalogue's file .*x\.json is corrupt"):
        load_packaged("x", tmp_path)


def test_importing_the_package_reads_no_catalogue() -> None:
    code = (
        "import core.llms, core.llms.providers.openai, sys, core.llms.catalog.store as s; "
        "print(s.load_packaged.cache_info().currsize, 'core.llms.registry.models' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["0", "False"]


def test_catalogue_has_files_of_this_package_s_providers_alone() -> None:
    from core.llms.create import list_providers

    assert set(list_catalogued()) <= set(list_providers())
