from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.llms import ConfigurationError
from core.llms.registry.files import load_profiles, save_profiles
from core.llms.registry.llm_registry import LLMRegistry
from core.llms.registry.models import LLMProfile


def test_saving_adds_to_what_another_wrote(tmp_path: Path) -> None:
    path = tmp_path / "models.json"
    one, other = LLMRegistry(catalog=False), LLMRegistry(catalog=False)
    one.register_model("x", "a")
    other.register_model("x", "b")
    one.save(path)
    other.save(path)
    third = LLMRegistry(catalog=False)
    third.load(path)
    assert [each.model_id for each in third.list_models()] == ["a", "b"]


GOOD = '{"models": [{"provider": "x", "model_id": "m"}]}'


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("models.json", '{"models": [\n{"provider": "x",\n', r"models\.json is corrupt at line 3: "),
        ("models.json", "[]", r"models\.json holds no list under `models`"),
        ("models.json", GOOD.replace('"m"', '""'), r"models\[0\] \(\): model_id: .*at least 1|models\[0\]: model_id"),
        ("models.json", GOOD.replace("}]", ', "prices": {"input": "x"}}]'), r"models\[0\] \(m\): prices: "),
        ("models.yaml", "models:\n  - provider: x\n model_id: m\n", r"models\.yaml is corrupt at line 3"),
    ],
)
def test_corrupt_file_is_refused_with_its_place_and_kept(tmp_path: Path, name: str, content: str, problem: str) -> None:
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(ConfigurationError, match=problem):
        load_profiles(path)
    with pytest.raises(ConfigurationError, match=problem):
        save_profiles(path, [LLMProfile(provider="x", model_id="new")])
    assert path.read_text() == content


def test_other_file_types_and_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"kept in \.json, \.yaml or \.yml files, not in 'models\.toml'"):
        save_profiles(tmp_path / "models.toml", [])
    with pytest.raises(ConfigurationError, match=r"none\.json cannot be read"):
        load_profiles(tmp_path / "none.json")


def test_file_has_what_was_stated_alone(tmp_path: Path) -> None:
    path = tmp_path / "models.json"
    facts: dict[str, Any] = {"capabilities": {"context_window": 5}}
    save_profiles(path, [LLMProfile(provider="x", model_id="m", **facts)])
    expected = '{"models":[{"provider":"x","model_id":"m","capabilities":{"context_window":5}}]}'
    assert "".join(path.read_text().split()) == expected
