"""Documents as text: what is read, what is refused with file, line, path and fix, and that no secret is repeated."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.llms.errors import ConfigurationError
from core.llms.provider_config.errors import ConfigValidationError
from core.llms.provider_config.transfer.reading import load_document, read_document
from core.llms.provider_config.transfer.writing import render_json, render_yaml, save_document

TEAM = b"""\
core_llms_providers: 1
parameters:
  calm: {temperature: 0.2, stop_sequences: ["END"], extra_parameters: {metadata: {b: "1", a: "2"}}}
  default:
prompt_templates:
  plain:
    system_prompt: |
      Be brief.
      Be kind.
configurations:
  openai/gpt-4.1-mini: {parameters: calm, prompt_template: plain, alias: support, is_active: false}
  groq/openai/gpt-oss-20b: {parameters: default, api_key_env: TEAM_KEY, settings: {wire: chat}}
"""


def entry(text: str) -> bytes:
    return b"core_llms_providers: 1\nconfigurations:\n  openai/gpt-4.1-mini:\n    parameters: p\n    " + text.encode()


def test_a_document_is_read_from_yaml_and_from_json_alike() -> None:
    document = read_document(TEAM, "team.yaml")
    assert [each.name for each in document.parameters] == ["calm", "default"]
    assert document.prompt_templates[0].system_prompt == "Be brief.\nBe kind.\n"
    mini, oss = document.configurations
    assert (mini.alias, mini.is_active, mini.prompt_template, mini.credential) == ("support", False, "plain", None)
    assert (oss.provider_name, oss.model_id, oss.is_active) == ("groq", "openai/gpt-oss-20b", None)
    assert read_document(render_json(document).encode(), "<stdin>").content() == document.content()


def test_the_same_content_is_always_the_same_text() -> None:
    text = render_yaml(read_document(TEAM, "team.yaml"))
    assert text == (
        "core_llms_providers: 1\n"
        "parameters:\n"
        "  calm:\n"
        "    temperature: 0.2\n"
        "    stop_sequences:\n"
        "    - END\n"
        "    extra_parameters:\n"
        "      metadata:\n"
        "        a: '2'\n"
        "        b: '1'\n"
        "  default: {}\n"
        "prompt_templates:\n"
        "  plain:\n"
        "    system_prompt: |\n"
        "      Be brief.\n"
        "      Be kind.\n"
        "configurations:\n"
        "  groq/openai/gpt-oss-20b:\n"
        "    api_key_env: TEAM_KEY\n"
        "    settings:\n"
        "      wire: chat\n"
        "    parameters: default\n"
        "  openai/gpt-4.1-mini:\n"
        "    alias: support\n"
        "    is_active: false\n"
        "    parameters: calm\n"
        "    prompt_template: plain\n"
    )
    assert render_yaml(read_document(text.encode(), "again.yaml")) == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"", "t.yaml: it holds no document; it begins with `core_llms_providers: 1`"),
        (b"parameters: {}", "t.yaml: core_llms_providers: it is missing"),
        (b"core_llms_providers: 2", "t.yaml:1: core_llms_providers: this version of core-llms reads version 1"),
        (b"core_llms_providers: true", "t.yaml:1: core_llms_providers: this version"),
        (b"core_llms_providers: 1\nmodels: {}", "t.yaml:2: models: there is no such section; known: parameters,"),
        (b"core_llms_providers: 1\nparameters: [a]", "t.yaml:2: parameters: it must have an entry for each name"),
        (b"core_llms_providers: 1\nparameters:\n  p: 3", "t.yaml:3: parameters.p: it must have fields"),
        (
            b"core_llms_providers: 1\nconfigurations:\n  mini: {parameters: p}",
            "t.yaml:3: configurations.mini: a configuration is called provider/model",
        ),
        (
            b"core_llms_providers: 1\nparameters:\n  p:\n    temperature: 0.1\n    temprature: 0.2",
            "t.yaml:5: parameters.p.temprature: unknown field 'temprature'; did you mean 'temperature'?",
        ),
        (
            b"core_llms_providers: 1\nparameters:\n  p: {temperature: 9}",
            "t.yaml:3: parameters.p.temperature: Input should be less than or equal to 2",
        ),
        (
            b"core_llms_providers: 1\nparameters:\n  p: {name: q}",
            "t.yaml:3: parameters.p.name: the name of the entry says it; leave it out",
        ),
        (
            entry("credential_id: 3"),
            "t.yaml:5: configurations.openai/gpt-4.1-mini.credential_id: ids are others in every database: give its "
            "name as `credential`",
        ),
        (
            entry("credential: team\n    api_key_env: TEAM_KEY"),
            "t.yaml:3: configurations.openai/gpt-4.1-mini: give `api_key_env` or `credential`, not both",
        ),
        (b"core_llms_providers: 1\nparameters:\n  p: {}\n  p: {}", "t.yaml:4: parameters.p: it is given twice"),
        (b"core_llms_providers: 1\nparameters:\n  1: {}", "t.yaml:3: parameters: a name must be a text"),
        (
            b"core_llms_providers: 1\nparameters:\n  p: {description: 2026-01-01}",
            "t.yaml:3: parameters.p.description: it is read as a timestamp; put it in quotes",
        ),
        (b"core_llms_providers: 1\nparameters: {p: &a {}, q: *a}", "t.yaml:2: references (`*name`) are refused"),
        (b"core_llms_providers: 1\nparameters: {p: {<<: {seed: 1}}}", "t.yaml:2: parameters.p: a name must be a text"),
        (b"core_llms_providers: 1\nparameters: !!python/object:os.system {}", "t.yaml:2: parameters: tags, as "),
        (b"core_llms_providers: 1\nparameters: !!set {}", "t.yaml:2: parameters: tags, as "),
        (b"core_llms_providers: 1\nparameters: !!int x", "t.yaml:2: parameters: it is no value of its kind"),
        (b"core_llms_providers: 1\nparameters: {p: {seed: " + b"9" * 5000 + b"}}", "it is no value of its kind"),
        (b"core_llms_providers: 1\nparameters: {p: {top_p: .nan}}", "parameters.p.top_p: it is no finite number"),
        (b"core_llms_providers: 1\nparameters: " + b"[" * 200, "it is nested deeper than 32 levels"),
        (b"core_llms_providers: 1\n--- {}", "it is no YAML: but found another document"),
        (b"core_llms_providers: [", "it is no YAML: "),
        (b"core_llms_providers: 1 # \0", "it is no YAML: special characters are not allowed"),
        (b"\xff\xfe", "t.yaml: it is no text in UTF-8"),
        (b"#" * (4 * 1024 * 1024 + 1), "t.yaml: it has more than 4 MiB; import it in parts"),
        (b'{"core_llms_providers": 1, "parameters": {"p": {"seed": 1, "seed": 2}}}', "'seed' is given twice"),
        (b'{"core_llms_providers": 1,\n "parameters": }', "t.yaml:2: it is no JSON: Expecting value"),
        (b'{"core_llms_providers": NaN}', "NaN is no finite number"),
        (b'{"core_llms_providers": ' + b"9" * 5000 + b"}", "a number of too many digits"),
        (b'{"a": ' + b"[" * 100_000, "it is nested too deeply"),
    ],
)
def test_what_is_wrong_is_said_with_file_line_path_and_fix(text: bytes, told: str) -> None:
    with pytest.raises(ConfigValidationError) as caught:
        read_document(text, "t.yaml")
    assert told in str(caught.value)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    text = b"core_llms_providers: 1\nparameters:\n  p: {seed: x, top_p: 3}\n  q: {top_k: -1}"
    with pytest.raises(ConfigValidationError) as caught:
        read_document(text, "t.yaml")
    assert list(caught.value.problems) == ["parameters.p.top_p", "parameters.p.seed", "parameters.q.top_k"]


@pytest.mark.parametrize(
    "text",
    [
        "api_key: canary-5f0e",
        "api_key_env: canary-5f0e",
        "base_url: https://ann:canary-5f0e@gateway.example/v1",
        "base_url: https://gateway.example/v1?api_key=canary-5f0e",
        "description: the key is sk-canary-5f0e-5f0e-5f0e",
        "description: the key is canary-77aa",
        "settings: {api_key: canary-5f0e}",
        "settings: {organization: {token: canary-5f0e}}",
        "settings: {headers: [Bearer canary-5f0e-5f0e]}",
    ],
)
def test_what_may_be_a_secret_is_refused_and_never_repeated(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEAM_API_KEY", "canary-77aa")
    with pytest.raises(ConfigValidationError) as caught:
        read_document(entry(text), "t.yaml")
    assert "it may be a secret, which no document holds: name the variable" in str(caught.value)
    assert "canary" not in str(caught.value)


def test_names_that_begin_as_keys_do_are_no_secrets() -> None:
    text = b"core_llms_providers: 1\nconfigurations:\n  xai/grok-4:\n    parameters: xai-grok-4-of-the-help-desk\n"
    assert read_document(text, "t.yaml").configurations[0].parameters == "xai-grok-4-of-the-help-desk"


def test_files_are_written_whole_and_read_again(tmp_path: Path) -> None:
    document = read_document(TEAM, "team.yaml")
    for name in ("team.yaml", "team.JSON", "team.yml"):
        save_document(document, tmp_path / name)
        assert load_document(tmp_path / name).content() == document.content()
    for load in (load_document, lambda path: save_document(document, path)):
        with pytest.raises(ConfigurationError, match=r"files, not (from|to) 'team.toml'"):
            load(tmp_path / "team.toml")
    with pytest.raises(ConfigurationError, match="cannot be read: No such file"):
        load_document(tmp_path / "none.yaml")
    with pytest.raises(ConfigurationError, match="cannot be written: No such file"):
        save_document(document, tmp_path / "none" / "team.yaml")
