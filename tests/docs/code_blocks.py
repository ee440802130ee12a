"""The fenced code blocks of a Markdown page, and how a page's Python blocks are run one after the other."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import inspect
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
_FENCE = re.compile(r"^(?P<indent> *)```(?P<info>[^\n`]*)\n(?P<code>.*?)^(?P=indent)```\s*$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block. `marks` are the classes after its language: ```` ```python { .fragment } ````."""

    page: str
    line: int
    language: str
    marks: frozenset[str]
    code: str

    @property
    def title(self) -> str:
        """The page and the block's first line of code, which stay the same when the page grows."""
        first = next((line for line in self.code.splitlines() if line.strip()), "")
        return f"{self.page}: {first.strip()}"


def read_blocks(path: Path) -> list[Block]:
    text = path.read_text(encoding="utf-8")
    page = path.relative_to(ROOT).as_posix()
    blocks = []
    for match in _FENCE.finditer(text):
        language, _, rest = match["info"].strip().partition(" ")
        marks = frozenset(re.findall(r"\.(\w+)", rest))
        assert not (match["indent"] and language == "python"), f"{page}: an indented Python block is not run"
        line = text.count("\n", 0, match.start()) + 2
        blocks.append(Block(page, line, language, marks, match["code"]))
    return blocks


@contextlib.contextmanager
def page_module(name: str) -> Iterator[ModuleType]:
    """A module for the names that a page's blocks define; annotations of functions and classes are looked up in it."""
    module = ModuleType(name)
    sys.modules[name] = module
    try:
        yield module
    finally:
        del sys.modules[name]


def run_block(block: Block, module: ModuleType, runner: asyncio.Runner) -> str:
    """Run a block in the module and return what it printed."""
    # The empty lines give tracebacks the page's own line numbers.
    source = "\n" * (block.line - 1) + block.code
    code = compile(source, block.page, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        result = eval(code, module.__dict__)
        if inspect.iscoroutine(result):
            runner.run(result)
    return printed.getvalue()
