"""The packaged encodings: whole, the vendor's own, and loaded without a network."""

from __future__ import annotations

import base64
import hashlib
import importlib
import lzma
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from core.llms.runtime.tokens import encodings
from core.llms.runtime.tokens.encodings import (
    ENCODING_NAMES,
    VOCABULARIES,
    EncodingDataError,
    encoding_for_model,
    load_encoding,
    unpack_tokens,
)
from core.llms.runtime.tokens.pack_encodings import main, pack_encodings, pack_tokens

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("name", "text", "tokens"),
    [
        ("cl100k_base", "tiktoken is great!", [83, 1609, 5963, 374, 2294, 0]),
        ("cl100k_base", "antidisestablishmentarianism", [519, 85342, 34500, 479, 8997, 2191]),
        ("o200k_base", "tiktoken is great!", [83, 8251, 2488, 382, 2212, 0]),
        ("o200k_base", "2 + 2 = 4", [17, 659, 220, 17, 314, 220, 19]),
        ("o200k_harmony", "hello world", [24912, 2375]),
    ],
)
def test_encoding_gives_published_tokens(name: str, text: str, tokens: list[int]) -> None:
    encoding = load_encoding(name)
    assert encoding.encode_ordinary(text) == tokens
    assert encoding.decode(tokens) == text


def test_harmony_encoding_knows_its_control_tokens() -> None:
    encoding = load_encoding("o200k_harmony")
    rendered = "<|start|>assistant<|channel|>final<|message|>ok<|return|>"
    tokens = encoding.encode(rendered, allowed_special="all")
    assert [token for token in tokens if token >= 199_998] == [200_006, 200_005, 200_008, 200_002]
    assert encoding.n_vocab == 201_088


def test_encoding_definitions_equal_tiktokens_own(monkeypatch: pytest.MonkeyPatch) -> None:
    openai_public = importlib.import_module("tiktoken_ext.openai_public")
    hashes: list[str] = []

    def record_hash(url: str, expected_hash: str) -> dict[bytes, int]:
        hashes.append(expected_hash)
        return {}

    monkeypatch.setattr(openai_public, "load_tiktoken_bpe", record_hash)
    for name in ENCODING_NAMES:
        theirs = openai_public.ENCODING_CONSTRUCTORS[name]()
        ours = encodings._DEFINITIONS[name]
        assert ours.special_tokens == theirs["special_tokens"]
        assert ours.pattern == theirs["pat_str"]
        assert VOCABULARIES[ours.vocabulary].sha256 == hashes.pop()


def test_encoding_loads_without_a_network() -> None:
    program = (
        "import socket\n"
        "def refuse(*arguments, **options): raise AssertionError('a socket was opened')\n"
        "socket.socket.connect = refuse\n"
        "socket.getaddrinfo = refuse\n"
        "from core.llms.runtime.tokens.encodings import load_encoding\n"
        "import sys\n"
        "assert 'tiktoken' not in sys.modules\n"
        "assert load_encoding('cl100k_base').encode_ordinary('hello world') == [15339, 1917]\n"
    )
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr


def test_load_encoding_builds_once_when_threads_race(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[str] = []
    original = encodings._build_encoding

    def build(name: str, definition: encodings._EncodingDefinition) -> object:
        built.append(name)
        return original(name, definition)

    monkeypatch.setattr(encodings, "_build_encoding", build)
    everyone_missed = threading.Barrier(8)

    class Loaded(dict[str, object]):
        def get(self, key: str, default: object = None) -> object:
            found = super().get(key, default)
            everyone_missed.wait(timeout=10)
            return found

    monkeypatch.setattr(encodings, "_loaded", Loaded())
    results: list[object] = []
    threads = [threading.Thread(target=lambda: results.append(load_encoding("cl100k_base"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert built == ["cl100k_base"]
    assert len(results) == 8
    assert all(result is results[0] for result in results)


def test_load_encoding_refuses_unknown_name() -> None:
    with pytest.raises(ValueError, match="unknown encoding 'p50k_base'; the packaged ones are cl100k_base"):
        load_encoding("p50k_base")


@pytest.mark.parametrize("packed", [b"not xz", lzma.compress(b"\x00\x00\x00\x02\x01\x05abc")])
def test_unpack_tokens_refuses_damaged_data(packed: bytes) -> None:
    with pytest.raises(EncodingDataError, match="damaged"):
        unpack_tokens(packed)


def test_load_encoding_refuses_other_content(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encodings, "_read_packaged", lambda file_name: pack_tokens([b"a", b"b"]))
    encodings._load_ranks.cache_clear()
    monkeypatch.setattr(encodings, "_loaded", {})
    with pytest.raises(EncodingDataError, match=r"cl100k_base\.tokens\.xz does not hold OpenAI's cl100k_base"):
        load_encoding("cl100k_base")
    encodings._load_ranks.cache_clear()


def test_load_encoding_names_a_missing_file() -> None:
    with pytest.raises(EncodingDataError, match=r"nothing\.xz cannot be read"):
        encodings._read_packaged("nothing.xz")


def test_pack_tokens_round_trips() -> None:
    tokens = [bytes([value]) for value in range(256)] + [b"ab" * 64, b"\n", b"\xff" * 255]
    assert unpack_tokens(pack_tokens(tokens)) == tokens


@pytest.mark.parametrize("compressed", [False, True])
def test_pack_encodings_writes_what_loads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compressed: bool) -> None:
    tokens = [b"a", b"b", b"ab"]
    content = b"".join(b"%b %d\n" % (base64.b64encode(token), rank) for rank, token in enumerate(tokens))
    vocabulary = encodings.Vocabulary("small.xz", hashlib.sha256(content).hexdigest())
    monkeypatch.setattr("core.llms.runtime.tokens.pack_encodings.VOCABULARIES", {"small": vocabulary})
    if compressed:
        (tmp_path / "small.tiktoken.xz").write_bytes(lzma.compress(content))
    else:
        (tmp_path / "small.tiktoken").write_bytes(content)
    (written,) = pack_encodings(tmp_path, tmp_path / "data")
    assert unpack_tokens(written.read_bytes()) == tokens


def test_pack_encodings_refuses_another_file(tmp_path: Path) -> None:
    (tmp_path / "cl100k_base.tiktoken").write_bytes(b"YQ== 0\n")
    with pytest.raises(EncodingDataError, match="is not the file that OpenAI publishes"):
        pack_encodings(tmp_path, tmp_path / "data")


def test_pack_encodings_names_a_missing_source(tmp_path: Path) -> None:
    with pytest.raises(EncodingDataError, match=r"neither cl100k_base\.tiktoken nor cl100k_base\.tiktoken\.xz"):
        pack_encodings(tmp_path, tmp_path / "data")


def test_pack_encodings_command_says_its_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "SOURCE_DIR" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("model_id", "name", "confirmed"),
    [
        ("gpt-4o", "o200k_base", True),
        ("gpt-4o-mini-2024-07-18", "o200k_base", True),
        ("chatgpt-4o-latest", "o200k_base", True),
        ("openai/gpt-4.1-nano", "o200k_base", True),
        ("gpt-4.5-preview", "o200k_base", True),
        ("o1", "o200k_base", True),
        ("o3-mini", "o200k_base", True),
        ("o4-mini-2025-04-16", "o200k_base", True),
        ("gpt-5", "o200k_base", True),
        ("gpt-5-chat-latest", "o200k_base", True),
        ("gpt-5.5-pro", "o200k_base", True),
        ("gpt-5.6-sol", "o200k_base", False),
        ("gpt-5.10", "o200k_base", False),
        ("gpt-6-astra", "o200k_base", False),
        ("claude-opus-4-5", "o200k_base", False),
        ("gpt-4", "cl100k_base", True),
        ("gpt-4-turbo-2024-04-09", "cl100k_base", True),
        ("gpt-3.5-turbo-0125", "cl100k_base", True),
        ("gpt-35-turbo", "cl100k_base", True),
        ("ft:gpt-3.5-turbo-0613:acme::gpt-4o", "cl100k_base", True),
        ("ft:gpt-4o-2024-08-06:acme::abc", "o200k_base", True),
        ("text-embedding-3-large", "cl100k_base", True),
        ("text-embedding-004", "o200k_base", False),
        ("gpt-4.2", "o200k_base", False),
        ("gpt-40", "o200k_base", False),
        ("openai.gpt-oss-120b-1:0", "o200k_harmony", True),
        ("gpt-oss:20b", "o200k_harmony", True),
    ],
)
def test_encoding_for_model_follows_the_family(model_id: str, name: str, confirmed: bool) -> None:
    assert encoding_for_model(model_id) == (name, confirmed)
