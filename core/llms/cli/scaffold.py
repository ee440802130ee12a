"""What a new provider's room is made of: files from the templates, and lines in the files that list every provider.

All is worked out before anything is written, and what was written is taken back where writing fails.
"""

from __future__ import annotations

import keyword
import re
import shutil
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

Kind: TypeAlias = Literal["openai_compatible", "own_wire"]

_TEMPLATES: Final = Path(__file__).parent / "templates"
_SUFFIX: Final = ".template"
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{1,19}")
_TITLE: Final = re.compile(r"[^\s\"'\\`{}@|][^\"'\\`{}@|\n]{0,29}")
_ADDRESS: Final = re.compile(r"https?://[A-Za-z0-9.:/_-]{3,80}")
_LAST: Final = "openai_compatible"


class ScaffoldError(ValueError):
    """A room cannot be made as asked; nothing was written."""


@dataclass(frozen=True, slots=True)
class Provider:
    """The names of a new provider. Raises `ScaffoldError` for one that cannot be used."""

    name: str
    title: str
    base_url: str

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or keyword.iskeyword(self.name) or self.name in ("base", "core", "new"):
            raise ScaffoldError(f"{self.name!r} is no name: 2 to 20 lower-case letters, digits and `_`, a letter first")
        if not _TITLE.fullmatch(self.title):
            raise ScaffoldError(
                f"{self.title!r} is no title: up to 30 characters on one line, without quotes and {{}}@|"
            )
        if not _ADDRESS.fullmatch(self.base_url):
            raise ScaffoldError(f"{self.base_url!r} is no address like https://api.lumen.example/v1")

    def fill(self, text: str) -> str:
        """Put the names into a template."""
        camel = "".join(word.capitalize() for word in self.name.split("_"))
        for mark, value in {
            "@name@": self.name,
            "@Name@": camel,
            "@NAME@": self.name.upper(),
            "@title@": self.title,
            "@base_url@": self.base_url.rstrip("/"),
        }.items():
            text = text.replace(mark, value)
        return text


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be written: new files, and files with one more line, each by its path in the checkout."""

    root: Path
    created: Mapping[str, str]
    changed: Mapping[str, str]

    def write(self, finish: Callable[[], None], remade: Collection[str]) -> None:
        """Write all of it, then finish, which may write the files `remade`; where any of it fails, nothing is left."""
        before = {path: (self.root / path).read_bytes() for path in (*self.changed, *remade)}
        folders = self._missing_folders()
        try:
            for path, text in {**self.created, **self.changed}.items():
                place = self.root / path
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(text, encoding="utf-8")
            finish()
        except BaseException:
            for path in self.created:
                (self.root / path).unlink(missing_ok=True)
            for folder in folders:
                shutil.rmtree(folder, ignore_errors=True)
            for path, content in before.items():
                (self.root / path).write_bytes(content)
            raise

    def _missing_folders(self) -> list[Path]:
        parents = {parent for path in self.created for parent in (self.root / path).parents}
        return [folder for folder in parents if not folder.exists()]


def plan_room(provider: Provider, kind: Kind, root: Path) -> Plan:
    """Work out what a new provider needs in a checkout. Raises `ScaffoldError` where it is none, or has it already."""
    if not (root / "core" / "llms" / "providers").is_dir() or not (root / "pyproject.toml").is_file():
        raise ScaffoldError(f"{root} is no checkout of core-llms: say where it is with --directory")
    created = {
        provider.fill(path.relative_to(_TEMPLATES / part).as_posix().removesuffix(_SUFFIX)): provider.fill(
            path.read_text(encoding="utf-8")
        )
        for part in ("any", kind)
        for path in sorted((_TEMPLATES / part).rglob(f"*{_SUFFIX}"))
    }
    places = [f"core/llms/{place}/{provider.name}" for place in ("providers", "wires")]
    for path in (*places, *created):
        if (root / path).exists():
            raise ScaffoldError(f"{path} exists already")
    created = {path: sort_imports(text) if path.endswith(".py") else text for path, text in created.items()}
    return Plan(root, created, _plan_changes(provider, kind, root))


def _plan_changes(provider: Provider, kind: Kind, root: Path) -> dict[str, str]:
    name, title = provider.name, provider.title
    changes = [
        ("pyproject.toml", f"core.llms.providers.{_LAST} |", f"core.llms.providers.{name} | "),
        ("mkdocs.yml", f"      - providers/{_LAST}.md\n", f"      - providers/{name}.md\n"),
        (
            "docs/reference.md",
            f"| `core.llms.providers.{_LAST}.",
            f"| `core.llms.providers.{name}.create_{name}_llm` | [{title}](providers/{name}.md) |\n",
        ),
        ("CHANGELOG.md", "- Plug-in providers by the entry-point group", f"- {title}.\n"),
    ]
    if kind == "own_wire":
        changes.append(("pyproject.toml", '"core.llms.wires.openai_chat", ', f'"core.llms.wires.{name}", '))
    texts: dict[str, str] = {}
    for path, anchor, addition in changes:
        text = texts.get(path) or _read(root / path)
        if anchor not in text:
            raise ScaffoldError(f"{path} has no {anchor.strip()!r}, before which a line is to be put")
        texts[path] = text.replace(anchor, addition + anchor, 1)
    return texts


def _read(path: Path) -> str:
    if not path.is_file():
        raise ScaffoldError(f"{path} is missing")
    return path.read_text(encoding="utf-8")


def sort_imports(text: str) -> str:
    """Sort each run of imports that take one line: where a name belongs among them is known only with the name."""

    def in_order(match: re.Match[str]) -> str:
        return "".join(sorted(match[0].splitlines(keepends=True), key=lambda line: line.split()[1]))

    return re.sub(r"(?:^from [\w.]+ import [^(\n]+\n)+", in_order, text, flags=re.MULTILINE)
