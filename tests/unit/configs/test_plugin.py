"""Aliases of a provider of another package: there is no room for it here, and none is needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.llms import ConfigRegistry, ConfigurationError, ModelHandler, load_configs
from core.llms.simulator import Simulator

PACKAGE = """\
from core.llms.providers.openai_compatible import create_openai_compatible_llm


def create_quartz_llm(model_name, *, api_key=None, base_url=None, shards=1, defaults=None):
    return create_openai_compatible_llm(model_name, api_key=api_key, base_url=base_url, defaults=defaults)
"""
ALIASES = """\
models:
  rock:
    provider: quartz
    model: default
    api_key_env: QUARTZ_KEY
    base_url: {url}
    parameters: {{max_tokens: 50}}
    settings: {{{setting}: 2}}
"""


@pytest.fixture(autouse=True)
def quartz(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    information = tmp_path / "quartz_for_tests-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: quartz-for-tests\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text(
        "[core_llms.providers]\nquartz = quartz_for_tests:create_quartz_llm\n"
    )
    (tmp_path / "quartz_for_tests.py").write_text(PACKAGE)
    monkeypatch.syspath_prepend(str(tmp_path))


def load(folder: Path, simulator: Simulator, setting: str = "shards") -> ConfigRegistry:
    path, registry = folder / "models.yaml", ConfigRegistry()
    path.write_text(ALIASES.format(url=simulator.base_url("openai_compatible"), setting=setting))
    load_configs(path, registry=registry)
    return registry


def test_alias_of_a_plugin_answers(tmp_path: Path, llm_simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUARTZ_KEY", "k")
    with ModelHandler(load(tmp_path, llm_simulator)) as handler:
        assert handler.get_response("rock", "Say: hello.") == "hello."
    assert llm_simulator.requests[-1].body["max_tokens"] == 50


def test_what_the_plugin_does_not_take_is_told_with_its_line(tmp_path: Path, llm_simulator: Simulator) -> None:
    expected = r"models.yaml:8: models.rock.settings.shard: unknown field 'shard'; did you mean 'shards'\?"
    with pytest.raises(ConfigurationError, match=expected):
        load(tmp_path, llm_simulator, "shard")
