"""Which class an alias belongs to, and how configurations are made, changed and checked."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from core.llms import (
    CONFIG_REGISTRY,
    BaseModelConfig,
    ConfigRegistry,
    ConfigurationError,
    MissingCredentialError,
    RetiredModelWarning,
    create_model,
    register_config,
)
from core.llms.configs.azure import AzureBaseConfig
from core.llms.configs.groq import GroqBaseConfig, MixtralEightXSevenBConfig, create_groq_model
from core.llms.configs.openai import OpenAIBaseConfig, create_openai_model

pytestmark = pytest.mark.usefixtures("own_aliases")
CANARY = "canary-0b7e93a64c1d4f52"


def define(name: str, model: str = "gpt-4.1-mini", base: type[Any] = OpenAIBaseConfig, **facts: Any) -> type[Any]:
    def alias(cls: Any) -> str:
        return name

    own = {"model": model, "alias": classmethod(alias), "__qualname__": "define.<locals>.LocalConfig"}
    return type("LocalConfig", (base,), {**own, **facts})


def test_registry_is_a_mapping() -> None:
    registry = ConfigRegistry([define("a"), define("b")])

    assert (list(registry), len(registry), "a" in registry, "c" in registry) == (["a", "b"], 2, True, False)
    assert registry.get("c") is None
    assert registry["b"].alias() == "b"
    assert [alias for alias, _ in registry.items()] == list(registry.keys())
    with pytest.raises(KeyError):
        registry["c"]
    registry.unregister("a")
    assert list(registry) == ["b"]
    with pytest.raises(ValueError, match=r"^No configuration found for alias 'a'; there are: b\.$"):
        registry.unregister("a")


def test_decorator_registers_in_either_form_and_gives_the_class_back() -> None:
    registry = ConfigRegistry()

    @register_config
    class Plain(OpenAIBaseConfig):
        @classmethod
        def alias(cls) -> str:
            return "plain"

    @register_config(registry=registry)
    class Apart(Plain):
        @classmethod
        def alias(cls) -> str:
            return "apart"

    assert CONFIG_REGISTRY["plain"] is Plain
    assert registry["apart"] is Apart
    assert "apart" not in CONFIG_REGISTRY


def test_an_alias_belongs_to_one_class() -> None:
    registry = ConfigRegistry()
    first, second = define("mine"), define("mine")
    register_config(first, registry=registry)
    register_config(first, registry=registry)

    with pytest.raises(ConfigurationError, match=r"alias 'mine' is taken by .*LocalConfig; .*`replace=True`"):
        register_config(second, registry=registry)
    assert registry["mine"] is first
    register_config(second, registry=registry, replace=True)
    assert registry["mine"] is second


def test_several_are_registered_together_or_not_at_all() -> None:
    registry = ConfigRegistry([define("b")])

    with pytest.raises(ConfigurationError, match="'b' is taken"):
        registry.register_all([define("a"), define("b")])
    with pytest.raises(ConfigurationError, match="'c' is taken"):
        registry.register_all([define("c"), define("c")])
    assert list(registry) == ["b"]


def test_a_class_statement_may_run_again() -> None:
    source = (
        "class Cell(OpenAIBaseConfig):\n"
        "    model = {model!r}\n"
        "    @classmethod\n"
        "    def alias(cls): return 'cell'\n"
        "register_config(Cell, registry=registry)\n"
    )
    registry = ConfigRegistry()
    names: dict[str, Any] = {"register_config": register_config, "registry": registry, "__name__": "a_notebook"}
    names["OpenAIBaseConfig"] = OpenAIBaseConfig
    for model in ("gpt-4.1-mini", "gpt-6-sol"):
        exec(source.format(model=model), names)

    cell: Any = registry["cell"]()
    assert cell.model == "gpt-6-sol"


def test_the_package_s_alias_gives_way_to_the_user_s() -> None:
    mine = register_config(define("gpt-4.1-mini", "gpt-6-sol"))

    assert CONFIG_REGISTRY["gpt-4.1-mini"] is mine
    with pytest.raises(ConfigurationError, match="is taken"):
        register_config(define("gpt-4.1-mini"))


class Unfinished(BaseModelConfig):
    def caller_class(self) -> None:
        return None


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (int, "a configuration is a subclass of BaseModelConfig, not <class 'int'>"),
        (Unfinished, "Unfinished cannot be registered: it does not define alias, get_params"),
        (define(" x"), r"LocalConfig.alias\(\) must return a name, not ' x'"),
    ],
)
def test_what_is_no_configuration_is_refused(wrong: Any, problem: str) -> None:
    with pytest.raises(ConfigurationError, match=problem):
        register_config(wrong)


def test_threads_that_look_first_all_see_every_alias() -> None:
    program = """
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
sys.setswitchinterval(1e-6)
from core.llms.configs import CONFIG_REGISTRY
gate = Barrier(8)
def look(number):
    gate.wait()
    if number % 2:
        from core.llms.configs.groq import GroqBaseConfig
    return len(CONFIG_REGISTRY)
with ThreadPoolExecutor(8) as threads:
    print(len(set(threads.map(look, range(8)))))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)

    assert (done.stdout, done.stderr) == ("1\n", "")


def test_the_user_s_alias_stays_where_it_was_there_before_the_package_s() -> None:
    program = """
from core.llms.configs import CONFIG_REGISTRY, BaseModelConfig, register_config

@register_config
class Mine(BaseModelConfig):
    @classmethod
    def alias(cls): return "gpt-4.1-mini"
    def get_params(self): return {}
    def caller_class(self): return None

print(CONFIG_REGISTRY["gpt-4.1-mini"] is Mine, len(CONFIG_REGISTRY) > 50)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)

    assert (done.stdout, done.stderr) == ("True True\n", "")


def test_importing_configurations_loads_no_provider_and_no_client() -> None:
    program = """
import sys
from core.llms import CONFIG_REGISTRY
assert len(CONFIG_REGISTRY) > 50
print([name for name in sys.modules if name.startswith("core.llms.providers.") and ".base" not in name])
print("aiohttp" in sys.modules, "core.llms.callers" in sys.modules, "yaml" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)

    assert (done.stdout, done.stderr) == ("[]\nFalse False False\n", "")


def test_fields_are_set_by_name() -> None:
    config = create_openai_model("gpt-4.1-mini", temperature=0.2, organization="org", api_key_env="MINE", seed=7)

    assert (config.temperature, config.seed, config.api_key_env) == (0.2, 7, "MINE")
    assert config.describe() == {
        "model": "gpt-4.1-mini", "temperature": 0.2, "max_tokens": None, "top_p": None, "frequency_penalty": None,
        "presence_penalty": None, "system_message": None, "stream": False, "stop": None, "seed": 7,
        "organization": "org",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("alias", "fields", "problem"),
    [
        ("gpt-4.1-mimi", {}, r"^No configuration found for alias 'gpt-4.1-mimi'; did you mean 'gpt-4.1-mini'\?$"),
        ("gpt-4.1-mini", {"temprature": 1}, r"unknown field 'temprature'; did you mean 'temperature'\?"),
        ("gpt-4.1-mini", {"endpoint": "x"}, r"unknown field 'endpoint'"),
        ("gpt-4.1-mini", {"temperature": 5}, r"'gpt-4.1-mini': `temperature` must be a number from 0 to 2, not 5"),
        ("gpt-4.1-mini", {"max_tokens": 10**6}, r"`max_tokens` must be at most 32768"),
        ("gpt-6.1-sol", {"temperature": 0.5}, r"gpt-6.1-sol: `temperature` is not supported"),
        ("gpt-4.1-mini", {"api_key": CANARY}, r"a key is kept in no configuration: .* as `api_key_env`"),
        ("gpt-4.1-mini", {"model": ""}, r"`model` must be the name of a model"),
    ],
)
def test_what_is_wrong_is_told_before_use(alias: str, fields: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem) as caught:
        create_model(alias, **fields)
    assert CANARY not in str(caught.value)


def test_a_provider_s_function_makes_that_provider_s_configurations_alone() -> None:
    with pytest.raises(ConfigurationError, match=r"openai's: use `create_model`, or one of groq's: .*llama3-8b"):
        create_groq_model("gpt-4.1-mini")
    registry = ConfigRegistry([define("own", "openai/gpt-oss-20b", GroqBaseConfig)])
    assert create_groq_model("own", registry=registry, max_tokens=5).max_tokens == 5


def test_a_user_s_plain_class_has_its_attributes_as_fields() -> None:
    class Plain(BaseModelConfig):
        def __init__(self) -> None:
            self.model = "gpt-4.1-mini"
            self.heat = 0.1

        @classmethod
        def alias(cls) -> str:
            return "plain"

        def get_params(self) -> dict[str, Any]:
            return {"model": self.model, "temperature": self.heat}

        def caller_class(self) -> Any:
            from core.llms.callers.openai_caller import OpenAICaller

            return OpenAICaller

    registry = ConfigRegistry([Plain])
    assert create_model("plain", registry=registry, heat=0.9).get_params()["temperature"] == 0.9
    with pytest.raises(ConfigurationError, match=r"unknown field 'haet'; did you mean 'heat'\?"):
        create_model("plain", registry=registry, haet=0.9)
    with pytest.raises(ConfigurationError, match="`temperature` must be a number"):
        create_model("plain", registry=registry, heat="hot")


def test_a_misspelt_attribute_of_a_class_is_found_before_use() -> None:
    class Typo(OpenAIBaseConfig):
        def __init__(self) -> None:
            super().__init__()
            self.model = "gpt-4.1-mini"
            self.temprature = 0.1
            self.team = "search"

        @classmethod
        def alias(cls) -> str:
            return "typo"

    with pytest.raises(ConfigurationError, match=r"'typo': unknown field 'temprature'; did you mean 'temperature'\?$"):
        Typo().validate()


def test_key_is_read_when_asked_for_and_kept_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    config = create_openai_model("gpt-4.1-mini")
    assert config.get_params()["api_key"] is None

    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    params = config.get_params()
    assert params["api_key"].get_secret_value() == CANARY
    assert CANARY not in repr(params) + repr(config) + repr(vars(config)) + repr(config.describe())
    monkeypatch.setenv("OPENAI_API_KEY", "another")
    assert config.get_params()["api_key"].get_secret_value() == "another"


def test_a_variable_that_was_chosen_must_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    monkeypatch.delenv("TEAM_B_KEY", raising=False)
    config = create_openai_model("gpt-4.1-mini", api_key_env="TEAM_B_KEY")

    with pytest.raises(MissingCredentialError, match="set the environment variable TEAM_B_KEY"):
        config.get_params()


def test_a_retired_model_warns_where_it_is_asked_for() -> None:
    with pytest.warns(RetiredModelWarning, match="retired on 2025-03-20; use openai/gpt-oss-20b") as caught:
        create_groq_model("mixtral-8x7b")

    assert caught[0].filename == __file__


def test_a_base_s_figures_are_its_models() -> None:
    mixtral, plain = MixtralEightXSevenBConfig(), define("plain", base=AzureBaseConfig)()

    assert (mixtral.system_message, mixtral.temperature) == ("You are a helpful assistant.", 0.7)
    assert (mixtral.max_tokens, define("own", base=GroqBaseConfig)().max_tokens) == (32768, 1024)
    assert (plain.system_message, plain.temperature, plain.api_key_env) == (None, None, "AZURE_OPENAI_API_KEY")
