"""From a `Document` to a file: YAML or JSON, the same text for the same content."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from core.llms.errors import ConfigurationError
from core.llms.provider_config.transfer.document import Document
from core.llms.whole_files import replace_file

_JSON: Final = ".json"
_SUFFIXES: Final = (_JSON, ".yaml", ".yml")


def save_document(document: Document, path: Path | str) -> None:
    """Write a `.yaml`, `.yml` or `.json` file, whole or not at all. Raises `ConfigurationError`."""
    path = Path(path)
    if path.suffix.lower() not in _SUFFIXES:
        raise ConfigurationError(f"configurations are written to {', '.join(_SUFFIXES)} files, not to {path.name!r}")
    text = render_json(document) if path.suffix.lower() == _JSON else render_yaml(document)
    try:
        replace_file(path, text.encode())
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be written: {error.strerror}") from error


def render_yaml(document: Document) -> str:
    """Write a document as YAML. Raises `ConfigurationError` where PyYAML is not installed."""
    try:
        from core.llms.provider_config.transfer import yaml_text
    except ModuleNotFoundError as error:
        raise ConfigurationError("YAML needs PyYAML: pip install 'core-llms[yaml]', or use JSON") from error
    return yaml_text.render_yaml(document.content())


def render_json(document: Document) -> str:
    """Write a document as JSON, indented."""
    return json.dumps(document.content(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
