"""Packs OpenAI's `.tiktoken` files into the data that `encodings` loads.

Run it as `python -m core.llms.runtime.tokens.pack_encodings SOURCE_DIR` in a source checkout. SOURCE_DIR holds
`cl100k_base.tiktoken` and `o200k_base.tiktoken` (or the same with `.xz`), as OpenAI publishes them. A file
with another content than the expected one is refused. Nothing imports this module.
"""

from __future__ import annotations

import base64
import hashlib
import lzma
import sys
from pathlib import Path

from core.llms.runtime.tokens.encodings import VOCABULARIES, EncodingDataError, render_tiktoken_file, unpack_tokens

# Literal context bits 4 and no position bits suit short words: 9% smaller than the preset alone.
_FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "lc": 4, "lp": 0, "pb": 0}]


def pack_encodings(source_dir: Path, target_dir: Path) -> list[Path]:
    """Pack every vocabulary found in `source_dir` into `target_dir`, and return the files written.

    Raises:
        EncodingDataError: a source is missing, or its SHA-256 is not the expected one.
    """
    target_dir.mkdir(parents=True, exist_ok=True)
    return [_pack_vocabulary(name, source_dir, target_dir) for name in VOCABULARIES]


def _pack_vocabulary(name: str, source_dir: Path, target_dir: Path) -> Path:
    vocabulary = VOCABULARIES[name]
    content = _read_source(name, source_dir)
    if hashlib.sha256(content).hexdigest() != vocabulary.sha256:
        raise EncodingDataError(f"{name}.tiktoken in {source_dir} is not the file that OpenAI publishes")
    packed = pack_tokens([base64.b64decode(line.split()[0]) for line in content.splitlines()])
    if render_tiktoken_file(unpack_tokens(packed)) != content:
        raise EncodingDataError(f"{name} does not survive packing: its ranks are not 0..n-1 in file order")
    target = target_dir / vocabulary.file_name
    target.write_bytes(packed)
    return target


def _read_source(name: str, source_dir: Path) -> bytes:
    plain, compressed = source_dir / f"{name}.tiktoken", source_dir / f"{name}.tiktoken.xz"
    if plain.exists():
        return plain.read_bytes()
    if compressed.exists():
        return lzma.decompress(compressed.read_bytes())
    raise EncodingDataError(f"neither {plain.name} nor {compressed.name} is in {source_dir}")


def pack_tokens(tokens: list[bytes]) -> bytes:
    """Return tokens in rank order, each of at most 255 bytes, in the form that `unpack_tokens` reads."""
    content = len(tokens).to_bytes(4, "big") + bytes(map(len, tokens)) + b"".join(tokens)
    return lzma.compress(content, lzma.FORMAT_XZ, check=lzma.CHECK_CRC32, filters=_FILTERS)


def main(arguments: list[str]) -> int:
    """Run the packing from the command line, and return the exit status."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m core.llms.runtime.tokens.pack_encodings SOURCE_DIR\n")
        return 2
    for path in pack_encodings(Path(arguments[0]), Path(__file__).with_name("data")):
        sys.stdout.write(f"{path.name}: {path.stat().st_size:,} bytes\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
