"""Aliases from YAML and TOML: all of a file or none, and errors that lead to the line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.llms import CONFIG_REGISTRY, ConfigRegistry, ConfigurationError, UnknownModelWarning, load_configs
from core.llms.configs import check_file

pytestmark = pytest.mark.usefixtures("own_aliases")
CANARY = "sk-canary-77aa0d"

YAML = """\
models:
  drafts: &drafts
    provider: groq
    model: openai/gpt-oss-20b
    description: First drafts.
    system_message: Be brief.
    stop: ["###"]
    parameters: {max_tokens: 2000, reasoning_effort: low}
  more-drafts:
    <<: *drafts
    model: openai/gpt-oss-120b
    api_key_env: TEAM_KEY
  azure:
    provider: azure
    model: gpt-4.1-mini
    stream: true
    base_url: https://example.com
    settings:
      deployment_name: mine
"""
TOML = """\
[models.drafts]
provider = "groq"
model = "openai/gpt-oss-20b"
parameters = { max_tokens = 2000 }

[models."dotted.name"]
provider = "openai"
model = "gpt-4.1-mini"

[models."dotted.name".parameters]
temperature = 0.5
"""

ENTRY = "models:\n  a:\n    provider: openai\n    model: gpt-4.1-mini\n"


def write(folder: Path, text: str, name: str = "models.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_yaml_becomes_configurations(tmp_path: Path) -> None:
    registry = ConfigRegistry()
    configs = load_configs(write(tmp_path, YAML), registry=registry)

    assert list(registry) == ["drafts", "more-drafts", "azure"]
    assert [registry[config.alias()] for config in configs] == configs
    drafts, more, azure = (config() for config in configs)
    assert drafts.describe() == {
        "model": "openai/gpt-oss-20b", "temperature": None, "max_tokens": 2000, "top_p": None,
        "frequency_penalty": None, "presence_penalty": None, "system_message": "Be brief.", "stream": False,
        "stop": ["###"], "reasoning_effort": "low",
    }  # fmt: skip
    assert type(drafts).__doc__ == "First drafts."
    assert (more.model, more.max_tokens, more.api_key_env) == ("openai/gpt-oss-120b", 2000, "TEAM_KEY")
    assert azure.describe() | {"base_url": "https://example.com", "deployment_name": "mine"} == azure.describe()
    assert (azure.stream, azure.caller_class().__name__) == (True, "AzureCaller")


def test_toml_becomes_configurations(tmp_path: Path) -> None:
    registry = ConfigRegistry()
    load_configs(write(tmp_path, TOML, "models.toml"), registry=registry)

    assert {alias: config().describe()["temperature"] for alias, config in registry.items()} == {
        "drafts": None,
        "dotted.name": 0.5,
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "models:\n  a:\n    provider: grok\n    model: m\n",
            ":3: models.a.provider: no provider is called 'grok'; did",
        ),
        (
            "models:\n  a:\n    model: m\n",
            ":2: models.a: `provider` is missing",
        ),
        (
            "models:\n  a:\n    provider: groq\n    model: 5\n",
            ":4: models.a.model: must be a string, not int",
        ),
        (
            "models:\n  a: {provider: openai, model: gpt-4.1-mini, stopp: x}\n",
            ":2: models.a.stopp: unknown field 'stopp'; did you mean 'stop'?",
        ),
        (
            ENTRY + "    fallbacks: [b]\n",
            ":5: models.a.fallbacks: unknown field 'fallbacks'; did you mean 'fallback'?",
        ),
        (
            ENTRY + "    fallback: b\n",
            ":5: models.a.fallback: must be a list of other aliases",
        ),
        (
            ENTRY + "    fallback: [b, 7]\n",
            ":5: models.a.fallback: must be a list of other aliases, each a string",
        ),
        (
            ENTRY + "    fallback: [b, c, b]\n",
            ":5: models.a.fallback: names an alias twice",
        ),
        (
            ENTRY + "    fallback: [b, a]\n",
            ":5: models.a.fallback: 'a' cannot stand in for itself: a → a",
        ),
        (
            ENTRY + "    limits: 5\n",
            ":5: models.a.limits: must be a table of limits",
        ),
        (
            ENTRY + "    limits:\n      request_per_minute: 5\n",
            ":6: models.a.limits.request_per_minute: unknown field 'request_per_minute'; did you mean 'requ",
        ),
        (
            ENTRY + "    limits:\n      tokens_per_day: 5\n      requests_per_minute: -1\n",
            ":7: models.a.limits.requests_per_minute: a limit is a whole number above 0",
        ),
        (
            ENTRY + "    limits: {concurrent_requests: 0.5}\n",
            ":5: models.a.limits.concurrent_requests: a limit is a whole number above 0",
        ),
        (
            ENTRY + f"    limits: {{requests_per_day: {CANARY}}}\n",
            ":5: models.a.limits.requests_per_day: a limit is a whole number above 0",
        ),
        (
            ENTRY + "    limits: {requests_per_day: true}\n",
            ":5: models.a.limits.requests_per_day: a limit is a whole number above 0",
        ),
        (
            ENTRY + "    limits: {burst_share: 2}\n",
            ":5: models.a.limits.burst_share: must be a number above 0 and at most 1",
        ),
        (
            ENTRY + "    limits: {assumed_output_tokens: -1}\n",
            ":5: models.a.limits.assumed_output_tokens: must be a whole number, at least 0",
        ),
        (
            ENTRY + "    temperature: 1\n",
            ":5: models.a.temperature: stands under `parameters`",
        ),
        (
            ENTRY + f"    api_key: {CANARY}\n",
            ":5: models.a.api_key: keys are kept in no file",
        ),
        (
            ENTRY + f"    api_key_env: {CANARY}\n",
            ":5: models.a.api_key_env: must be the name of an environment variable",
        ),
        (
            f"models:\n  a:\n    provider: watsonx\n    model: m\n    settings: {{password: {CANARY}}}\n",
            ":5: models.a.settings.password: keys are kept in no file",
        ),
        (
            ENTRY + "    parameters:\n      temprature: 1\n",
            ":6: models.a.parameters.temprature: unknown field 'temprature'; did you mean 'temperature'?",
        ),
        (
            ENTRY + "    parameters:\n      temperature: 5\n",
            ":6: models.a.parameters.temperature: `temperature` must be a number from 0 to 2, not 5",
        ),
        (
            ENTRY.replace("4.1-mini", "6.1-sol") + "    parameters:\n      seed: 1\n      temperature: 1\n",
            ":7: models.a.parameters.temperature: gpt-6.1-sol: `temperature` is not supported",
        ),
        (
            ENTRY + "    settings:\n      regoin: x\n",
            ":6: models.a.settings.regoin: unknown field 'regoin'",
        ),
        (
            ENTRY + "    stop: ''\n",
            ":5: models.a.stop: `stop` must be a string that is not empty",
        ),
        (
            ENTRY + "    stream: 'no'\n",
            ":5: models.a.stream: must be true or false",
        ),
        (
            ENTRY + "  a:\n    provider: groq\n    model: m\n",
            ":5: models.a: is given twice",
        ),
        (
            "models:\n  a: groq/x\n",
            ":2: models.a: an alias needs a table with provider and model",
        ),
        (
            "models:\n  yes: {provider: openai, model: gpt-4.1-mini}\n",
            ":1: models.True: an alias must be a string; quote it",
        ),
        (
            "aliases: {}\n",
            " holds no table `models`",
        ),
        (
            "models: {}\nmodel: {}\n",
            ":2: unknown table 'model'; aliases stand under `models`",
        ),
        (
            "models:\n  a: [\n",
            ":3: no YAML: ",
        ),
        (
            "",
            " holds no table `models`",
        ),
    ],
)
@pytest.mark.filterwarnings("ignore::core.llms.UnknownModelWarning")
def test_what_is_wrong_in_yaml_leads_to_the_line(text: str, expected: str, tmp_path: Path) -> None:
    path, registry = write(tmp_path, text), ConfigRegistry()

    with pytest.raises(ConfigurationError) as caught:
        load_configs(path, registry=registry)

    assert f"{path}{expected}" in str(caught.value)
    assert CANARY not in str(caught.value)
    assert len(registry) == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TOML.replace("groq", "grok"), ":2: models.drafts.provider: no provider"),
        (TOML.replace("temperature = 0.5", "temperature = 5"), ":11: models.dotted.name.parameters.temperature: `temp"),
        (TOML.replace("2000", "0"), ":4: models.drafts.parameters.max_tokens: `max_tokens` must be an integer"),
        (
            TOML.replace('[models."', '[models.drafts.limits]\ntokens_per_minute = -1\n\n[models."', 1),
            ":7: models.drafts.limits.tokens_per_minute: a limit is a whole number above 0",
        ),
        (
            TOML.replace("parameters = {", "fallback = ['drafts']\nparameters = {"),
            ":4: models.drafts.fallback: 'drafts' cannot stand in for itself: drafts → drafts",
        ),
        (
            '[models.drafts]\nparameters.seed = 1\nparameters . "temperature" = 5\nprovider = "openai"\nmodel = "x"\n',
            ":3: models.drafts.parameters.temperature: `temperature` must be",
        ),
        (
            '[models]\na.model = "gpt-4.1-mini"\na.provider = "openai"\na.limits.tokens_per_day = 0\n',
            ":4: models.a.limits.tokens_per_day: a limit is a whole number above 0",
        ),
        ('models.a.model = "x"\nmodels.a.limits = 5\n', ":1: models.a: `provider` is missing"),
        (
            '[models.a]\nsystem_message = """\nmodel = 1 # [models.b]\n[models.b]\n\\""" "\n"""\nmodel = 5\n',
            ":7: models.a.model: must be a string",
        ),
        ("[models.a] # it's\nsystem_message = 'x\u2028y'\nmodel = 5 # it's\n", ":3: models.a.model: must be a string"),
        ("[models.a\n", " is no TOML: "),
    ],
)
def test_what_is_wrong_in_toml_leads_to_the_line(text: str, expected: str, tmp_path: Path) -> None:
    path = write(tmp_path, text, "models.toml")

    with pytest.raises(ConfigurationError) as caught:
        load_configs(path, registry=ConfigRegistry())
    assert f"{path}{expected}" in str(caught.value)


def test_aliases_may_stand_in_for_each_other(tmp_path: Path) -> None:
    lists = {"a": ["b", "c"], "b": ["c", "a"], "c": ["a"]}
    text = "".join(
        f"[models.{alias}]\nprovider = 'openai'\nmodel = 'gpt-4.1-mini'\nfallback = {others}\n"
        for alias, others in lists.items()
    )
    configs, problems = check_file(write(tmp_path, text, "models.toml"))

    assert ([config.FALLBACK for config in configs], problems) == ([tuple(others) for others in lists.values()], [])


def test_everything_wrong_is_told_at_once_and_nothing_registered(tmp_path: Path) -> None:
    path = write(tmp_path, YAML.replace("groq", "grok").replace("stream: true", "stream: maybe"))
    before = list(CONFIG_REGISTRY)

    with pytest.raises(ConfigurationError) as caught:
        load_configs(path)

    assert [line.split(": ")[0] for line in str(caught.value).splitlines()] == [f"{path}:{line}" for line in (3, 9, 16)]
    assert list(CONFIG_REGISTRY) == before
    configs, problems = check_file(path)
    assert (len(configs), [problem.field for problem in problems][-1]) == (0, "models.azure.stream")


def test_an_alias_that_is_taken_keeps_all_of_a_file_out(tmp_path: Path) -> None:
    path, registry = write(tmp_path, YAML), ConfigRegistry()
    load_configs(path, registry=registry)
    first = registry["drafts"]
    write(tmp_path, YAML.replace("2000", "3000") + "  new: {provider: openai, model: gpt-4.1-mini}\n")

    with pytest.raises(ConfigurationError, match=r"models.yaml: the alias 'drafts' is taken"):
        load_configs(path, registry=registry)
    assert (registry["drafts"], "new" in registry) == (first, False)
    load_configs(path, registry=registry, replace=True)
    drafts: Any = registry["drafts"]()
    assert (drafts.max_tokens, "new" in registry) == (3000, True)


def test_a_model_that_is_not_listed_warns_and_is_taken(tmp_path: Path) -> None:
    path = write(tmp_path, "models:\n  a: {provider: openai, model: gpt-of-tomorrow-4711}\n")

    with pytest.warns(UnknownModelWarning, match="gpt-of-tomorrow-4711"):
        load_configs(path, registry=ConfigRegistry())


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"nowhere.yaml cannot be read"):
        load_configs(tmp_path / "nowhere.yaml")
    with pytest.raises(ConfigurationError, match=r"from .yaml, .yml and .toml files, not from 'models.ini'"):
        load_configs(write(tmp_path, "", "models.ini"))


def test_references_that_multiply_do_not_hold_it_up(tmp_path: Path) -> None:
    lines = ["models:", "  a: &a0 {provider: openai, model: gpt-4.1-mini}"]
    lines += [f"  b{n}: &a{n + 1} {{x: *a{n}, y: *a{n}, z: *a{n}, u: *a{n}, v: *a{n}}}" for n in range(30)]
    _, problems = check_file(write(tmp_path, "\n".join(lines)))

    assert {problem.field.split(".")[1] for problem in problems} == {f"b{n}" for n in range(30)}
