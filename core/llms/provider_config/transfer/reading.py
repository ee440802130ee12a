"""From a file to a `Document`: everything that is wrong is said, with file, line, path in the document and fix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

from core.llms.callers.base.params import unknown_field
from core.llms.configs.base.file_text import FileText
from core.llms.errors import ConfigurationError
from core.llms.provider_config.changes import describe_validation
from core.llms.provider_config.errors import ConfigValidationError
from core.llms.provider_config.schemas import LLMParametersCreate, PromptTemplateCreate
from core.llms.provider_config.transfer.document import (
    CONFIGURATIONS,
    FORMAT,
    PARAMETERS,
    PROMPT_TEMPLATES,
    VERSION,
    ConfigurationEntry,
    Document,
)
from core.llms.provider_config.transfer.json_text import JsonProblem, parse_json
from core.llms.provider_config.transfer.secrecy import Keys, find_secrets, is_secret_name

EntryT = TypeVar("EntryT", bound=BaseModel)
_LARGEST_BYTES: Final = 4 * 1024 * 1024
_JSON: Final = ".json"
_SUFFIXES: Final = (_JSON, ".yaml", ".yml")
_SECTIONS: Final = (PARAMETERS, PROMPT_TEMPLATES, CONFIGURATIONS)
_KEY_FIX: Final = (
    "it may be a secret, which no document holds: name the variable that does as `api_key_env`, or a stored credential "
    "as `credential`"
)
_OF_IDS: Final = ("parameters_id", "prompt_template_id", "credential_id")


def load_document(path: Path | str) -> Document:
    """Read a `.yaml`, `.yml` or `.json` file. Raises `ConfigurationError`, and as `read_document` does."""
    path = Path(path)
    if path.suffix.lower() not in _SUFFIXES:
        raise ConfigurationError(f"configurations are read from {', '.join(_SUFFIXES)} files, not from {path.name!r}")
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_BYTES + 1)
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}") from error
    return read_document(data, str(path))


def read_document(data: bytes, source: str) -> Document:
    """Read a text: JSON where the source is called so, or where it begins with a brace; else YAML.

    Raises `ConfigValidationError`, whose `problems` say everything that is wrong, by the path in the document, and
    `ConfigurationError` where PyYAML is needed and not installed.
    """
    if len(data) > _LARGEST_BYTES:
        _refuse(source, f"it has more than {_LARGEST_BYTES // 1024**2} MiB; import it in parts")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        _refuse(source, "it is no text in UTF-8")
    is_json = source.lower().endswith(_JSON) or text.lstrip().startswith("{")
    return _parse(_read_json(source, text) if is_json else _read_yaml(source, text))


def parse_document(content: Any, source: str = "document") -> Document:
    """Make a document of plain values, as a request has them. Raises `ConfigValidationError`."""
    return _parse(FileText(Path(source), content))


def _read_json(source: str, text: str) -> FileText:
    try:
        return FileText(Path(source), parse_json(text))
    except JsonProblem as error:
        _refuse(source, error.problem, error.line)


def _read_yaml(source: str, text: str) -> FileText:
    try:
        from core.llms.provider_config.transfer.yaml_text import YamlProblem, parse_yaml
    except ModuleNotFoundError as error:
        raise ConfigurationError("YAML needs PyYAML: pip install 'core-llms[yaml]', or use JSON") from error
    try:
        return FileText(Path(source), *parse_yaml(text))
    except YamlProblem as error:
        _refuse(source, error.problem, error.line, error.keys)


def _refuse(source: str, problem: str, line: int | None = None, keys: Keys = ()) -> NoReturn:
    path = ".".join(keys)
    place = source if line is None else f"{source}:{line}"
    raise ConfigValidationError({path or "document": f"{place}: {f'{path}: ' if path else ''}{problem}"})


def _parse(text: FileText) -> Document:
    content = text.content
    if not isinstance(content, Mapping):
        _refuse(str(text.path), f"it holds no document; it begins with `{FORMAT}: {VERSION}`")
    problems: dict[str, str] = {}

    def tell(keys: Keys, problem: str) -> None:
        path = ".".join(keys)
        problems.setdefault(path, f"{text.place(*keys)}: {path}: {problem}")

    for keys, problem in _check_top(content):
        tell(keys, problem)
    found: dict[str, list[Any]] = {section: [] for section in _SECTIONS}
    for section in () if problems else _SECTIONS:
        for name, entry in (content.get(section) or {}).items():
            made, wrong = _read_entry(section, name, {} if entry is None else entry)
            found[section] += [] if made is None else [made]
            for inner, problem in wrong.items():
                tell((section, name, *inner), problem)
    if problems:
        raise ConfigValidationError(problems)
    return Document(
        parameters=tuple(found[PARAMETERS]),
        prompt_templates=tuple(found[PROMPT_TEMPLATES]),
        configurations=tuple(found[CONFIGURATIONS]),
    )


def _check_top(content: Mapping[str, Any]) -> Iterator[tuple[Keys, str]]:
    version = content.get(FORMAT)
    if FORMAT not in content:
        yield (FORMAT,), f"it is missing: a document of this form begins with `{FORMAT}: {VERSION}`"
    elif version != VERSION or isinstance(version, bool):
        yield (FORMAT,), f"this version of core-llms reads version {VERSION}; a newer one may read this document"
    for name, section in content.items():
        if name not in (FORMAT, *_SECTIONS):
            yield (name,), f"there is no such section; known: {', '.join(_SECTIONS)}"
        elif name != FORMAT and not isinstance(section, Mapping | None):
            yield (name,), "it must have an entry for each name"


def _read_entry(section: str, name: str, entry: Any) -> tuple[BaseModel | None, dict[Keys, str]]:
    """Return an entry, or what is wrong with it by the keys below its name. No value is repeated."""
    if not isinstance(entry, Mapping):
        return None, {(): "it must have fields"}
    provider, _, model_id = name.partition("/") if section == CONFIGURATIONS else ("", "", "")
    wrong: dict[Keys, str] = dict.fromkeys(find_secrets(entry, provider or None), _KEY_FIX)
    if section == CONFIGURATIONS:
        if not provider or not model_id:
            return None, {(): "a configuration is called provider/model, as in openai/gpt-4.1-mini"}
        return _make(ConfigurationEntry, entry, wrong, provider_name=provider, model_id=model_id)
    return _make(LLMParametersCreate if section == PARAMETERS else PromptTemplateCreate, entry, wrong, name=name)


def _make(
    schema: type[EntryT], entry: Mapping[str, Any], wrong: dict[Keys, str], **names: str
) -> tuple[EntryT | None, dict[Keys, str]]:
    for field in names:
        if field in entry:
            wrong[(field,)] = "the name of the entry says it; leave it out"
    try:
        made = schema(**{**entry, **names})
    except ValidationError as error:
        for field, problem in describe_validation(error).items():
            keys = () if field in ("configuration", *names) else tuple(field.split("."))
            wrong.setdefault(keys, _word(keys, problem, schema))
        return None, wrong
    return (None if wrong else made), wrong


def _word(keys: Keys, problem: str, schema: type[BaseModel]) -> str:
    if len(keys) == 1 and keys[0] in _OF_IDS:
        return f"ids are others in every database: give its name as `{keys[0].removesuffix('_id')}`"
    if keys and keys[0] not in schema.model_fields:
        if is_secret_name(keys[0]):
            return _KEY_FIX
        return unknown_field(keys[0], set(schema.model_fields) - {"name", "provider_name", "model_id"})
    return problem.partition(": ")[2]
