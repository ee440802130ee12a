"""Profiles in a JSON or YAML file: written whole or not at all, merged with what another process wrote meanwhile.

A file is `{"models": [{"provider": …, "model_id": …, …}]}`; of a profile it has what was stated.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from core.llms.errors import ConfigurationError
from core.llms.registry.models import LLMProfile
from core.llms.registry.records import parse_json, parse_record, render_record
from core.llms.whole_files import locked, replace_file

_YAML: Final = (".yaml", ".yml")
_JSON: Final = ".json"


def save_profiles(path: Path, profiles: Iterable[LLMProfile]) -> None:
    """Write profiles; of models that the file has and these do not, what is there stays.

    Raises `ConfigurationError` for another file type, and for a file that is there and corrupt, which is kept.
    """
    with _changing(path) as kept:
        kept.update({profile.key: profile for profile in profiles})


def delete_profiles(path: Path, keys: Iterable[tuple[str, str]]) -> None:
    """Remove models by provider and model id; what is not there needs no removing. Raises as `save_profiles` does."""
    with _changing(path) as kept:
        for key in keys:
            kept.pop(key, None)


@contextmanager
def _changing(path: Path) -> Iterator[dict[tuple[str, str], LLMProfile]]:
    """Give what the file holds, and write what became of it."""
    _require_type(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with locked(path):
        kept = {profile.key: profile for profile in load_profiles(path)} if path.exists() else {}
        yield kept
        text = _dump(path, {"models": [render_record(kept[key]) for key in sorted(kept)]})
        replace_file(path, text.encode())


def load_profiles(path: Path) -> list[LLMProfile]:
    """Read profiles. Raises `ConfigurationError`, which names the file, the place and what is wrong there."""
    _require_type(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"the models in {path} cannot be read: {error}") from error
    content = _parse(path, text)
    if not isinstance(content, dict) or not isinstance(content.get("models"), list):
        raise ConfigurationError(f"{path} holds no list under `models`")
    return [_read(path, index, record) for index, record in enumerate(content["models"])]


def _read(path: Path, index: int, record: Any) -> LLMProfile:
    name = record.get("model_id") if isinstance(record, Mapping) else None
    return parse_record(record, f"{path}: models[{index}]{f' ({name})' if name else ''}")


def _require_type(path: Path) -> None:
    if path.suffix.lower() not in (_JSON, *_YAML):
        raise ConfigurationError(f"models are kept in .json, .yaml or .yml files, not in {path.name!r}")


def _dump(path: Path, content: Mapping[str, Any]) -> str:
    if path.suffix.lower() == _JSON:
        return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    text: str = _yaml().safe_dump(content, sort_keys=False, allow_unicode=True)
    return text


def _parse(path: Path, text: str) -> Any:
    if path.suffix.lower() == _JSON:
        return parse_json(text, str(path))
    yaml = _yaml()
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = "" if mark is None else f" at line {mark.line + 1}"
        raise ConfigurationError(f"{path} is corrupt{place}: {getattr(error, 'problem', error)}") from error


def _yaml() -> Any:
    try:
        import yaml
    except ModuleNotFoundError as error:
        raise ConfigurationError("YAML files need PyYAML: pip install 'core-llms[yaml]'") from error
    return yaml
