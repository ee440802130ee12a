"""The byte-pair encodings of OpenAI's models, built from packaged data, without a network.

Here live the packaged vocabularies, their expected hashes and the map from a model to its encoding. Counting
the tokens of messages lives in `counting`, packing the data in `pack_encodings`.

tiktoken is imported on first use only. Its registry, its cache folder and its environment variables stay
untouched.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import lzma
import re
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import tiktoken

CL100K_BASE: Final = "cl100k_base"
O200K_BASE: Final = "o200k_base"
O200K_HARMONY: Final = "o200k_harmony"


class EncodingDataError(RuntimeError):
    """The packaged data of an encoding is missing, damaged or not the vendor's."""


class EncodingChoice(NamedTuple):
    """The encoding of a model, and whether OpenAI has published that the model uses it."""

    name: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One packaged list of tokens; `sha256` is that of OpenAI's `.tiktoken` file with the same content."""

    file_name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class _EncodingDefinition:
    vocabulary: str
    pattern: str
    special_tokens: Mapping[str, int]


# Hashes, patterns and special tokens are facts of tiktoken 0.14.0 (`tiktoken_ext/openai_public.py`),
# 2026-11-21.
VOCABULARIES: Final[dict[str, Vocabulary]] = {
    CL100K_BASE: Vocabulary(
        "cl100k_base.tokens.xz", "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7"
    ),
    O200K_BASE: Vocabulary("o200k_base.tokens.xz", "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"),
}

_CL100K_PATTERN: Final = "|".join(
    (
        r"'(?i:[sdmt]|ll|ve|re)",
        r"[^\r\n\p{L}\p{N}]?+\p{L}++",
        r"\p{N}{1,3}+",
        r" ?[^\s\p{L}\p{N}]++[\r\n]*+",
        r"\s++$",
        r"\s*[\r\n]",
        r"\s+(?!\S)",
        r"\s",
    )
)
_O200K_UPPER: Final = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"
_O200K_LOWER: Final = r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
_O200K_CONTRACTION: Final = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
_O200K_PATTERN: Final = "|".join(
    (
        rf"[^\r\n\p{{L}}\p{{N}}]?{_O200K_UPPER}*{_O200K_LOWER}+{_O200K_CONTRACTION}",
        rf"[^\r\n\p{{L}}\p{{N}}]?{_O200K_UPPER}+{_O200K_LOWER}*{_O200K_CONTRACTION}",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    )
)
_HARMONY_NAMES: Final = {
    199_998: "<|startoftext|>",
    199_999: "<|endoftext|>",
    200_002: "<|return|>",
    200_003: "<|constrain|>",
    200_005: "<|channel|>",
    200_006: "<|start|>",
    200_007: "<|end|>",
    200_008: "<|message|>",
    200_012: "<|call|>",
}
_HARMONY_RESERVED: Final = {f"<|reserved_{token}|>": token for token in range(200_000, 201_088)}


def _harmony_special_tokens() -> dict[str, int]:
    named = {name: token for token, name in _HARMONY_NAMES.items()}
    taken = set(_HARMONY_NAMES)
    reserved = {name: token for name, token in _HARMONY_RESERVED.items() if token not in taken}
    # 200018 carries two names in the vendor's table: it is `<|endofprompt|>` and `<|reserved_200018|>`.
    return {**named, **reserved, "<|endofprompt|>": 200_018}


_DEFINITIONS: Final[dict[str, _EncodingDefinition]] = {
    CL100K_BASE: _EncodingDefinition(
        CL100K_BASE,
        _CL100K_PATTERN,
        {
            "<|endoftext|>": 100_257,
            "<|fim_prefix|>": 100_258,
            "<|fim_middle|>": 100_259,
            "<|fim_suffix|>": 100_260,
            "<|endofprompt|>": 100_276,
        },
    ),
    O200K_BASE: _EncodingDefinition(O200K_BASE, _O200K_PATTERN, {"<|endoftext|>": 199_999, "<|endofprompt|>": 200_018}),
    O200K_HARMONY: _EncodingDefinition(O200K_BASE, _O200K_PATTERN, _harmony_special_tokens()),
}
ENCODING_NAMES: Final = tuple(_DEFINITIONS)

_loaded: dict[str, tiktoken.Encoding] = {}
_loading = threading.RLock()


def load_encoding(name: str) -> tiktoken.Encoding:
    """Return the encoding `name`, built once per process from packaged data; safe to call from any thread.

    The first call for a name blocks for about 0.2 s (cl100k_base) or 0.4 s (o200k_base); later calls are a
    dictionary look-up. `is_loaded` tells which it will be.

    Raises:
        ValueError: `name` is not one of `ENCODING_NAMES`.
        EncodingDataError: the packaged data is missing, or its content is not what OpenAI publishes.
    """
    encoding = _loaded.get(name)
    if encoding is not None:
        return encoding
    definition = _DEFINITIONS.get(name)
    if definition is None:
        raise ValueError(f"unknown encoding {name!r}; the packaged ones are {', '.join(ENCODING_NAMES)}")
    with _loading:
        if name not in _loaded:
            _loaded[name] = _build_encoding(name, definition)
        return _loaded[name]


def is_loaded(name: str) -> bool:
    """Tell whether `load_encoding(name)` would return at once."""
    return name in _loaded


def _build_encoding(name: str, definition: _EncodingDefinition) -> tiktoken.Encoding:
    import tiktoken

    return tiktoken.Encoding(
        name,
        pat_str=definition.pattern,
        mergeable_ranks=_load_ranks(definition.vocabulary),
        special_tokens=dict(definition.special_tokens),
    )


@functools.cache
def _load_ranks(vocabulary_name: str) -> dict[bytes, int]:
    """Two encodings over one vocabulary share this dictionary; tiktoken keeps it anyway."""
    vocabulary = VOCABULARIES[vocabulary_name]
    tokens = unpack_tokens(_read_packaged(vocabulary.file_name))
    if hashlib.sha256(render_tiktoken_file(tokens)).hexdigest() != vocabulary.sha256:
        raise EncodingDataError(f"{vocabulary.file_name} does not hold OpenAI's {vocabulary_name}")
    return {token: rank for rank, token in enumerate(tokens)}


def _read_packaged(file_name: str) -> bytes:
    from importlib.resources import files

    try:
        return (files("core.llms.runtime.tokens") / "data" / file_name).read_bytes()
    except OSError as error:
        raise EncodingDataError(f"the packaged encoding {file_name} cannot be read: {error}") from error


def unpack_tokens(packed: bytes) -> list[bytes]:
    """Return the tokens of a packed vocabulary in rank order.

    The xz data holds their count (4 bytes, big endian), the length of each (1 byte), and the bytes of all.

    Raises:
        EncodingDataError: the data is not of that form.
    """
    try:
        content = lzma.decompress(packed)
    except lzma.LZMAError as error:
        raise EncodingDataError(f"the packaged encoding is damaged: {error}") from error
    lengths_end = 4 + int.from_bytes(content[:4], "big")
    lengths = content[4:lengths_end]
    if lengths_end + sum(lengths) != len(content):
        raise EncodingDataError("the packaged encoding is damaged: its lengths do not add up")
    tokens: list[bytes] = []
    start = lengths_end
    for length in lengths:
        end = start + length
        tokens.append(content[start:end])
        start = end
    return tokens


def render_tiktoken_file(tokens: Iterable[bytes]) -> bytes:
    """Return OpenAI's own file form of a vocabulary: a line of base64 and rank for each token."""
    encode = base64.b64encode
    return b"".join([b"%b %d\n" % (encode(token), rank) for rank, token in enumerate(tokens)])


# tiktoken's own table (0.14.0, 2026-11-21) names these families. Its `gpt-5` prefix covers later releases by
# accident of spelling, which is why `_GPT_5_CONFIRMED_MINOR` ends what counts as published.
_FAMILIES: Final = re.compile(
    r"(?:^|[/.:])(?:"
    r"(?P<o200k_harmony>gpt-oss)"
    r"|gpt-5(?:\.(?P<gpt_5_minor>\d+))?"
    r"|(?P<o200k_base>chatgpt-4o|gpt-4o|gpt-4\.1|gpt-4\.5|o1|o3|o4-mini)"
    r"|(?P<cl100k_base>gpt-4|gpt-3\.5|gpt-35|davinci-002|babbage-002"
    r"|text-embedding-ada-002|text-embedding-3-small|text-embedding-3-large)"
    r")(?![a-z0-9.])",
    re.IGNORECASE,
)
_GPT_5_CONFIRMED_MINOR: Final = 5
_ASSUMED: Final = EncodingChoice(O200K_BASE, confirmed=False)


def encoding_for_model(model_id: str) -> EncodingChoice:
    """Return the encoding of a model by its family; `confirmed` is false where it is our assumption.

    A prefix such as `openai/`, `openai.` or `ft:` and a date at the end change nothing. o200k_base is assumed
    for gpt-5.6 and later, for gpt-6, and for models of other vendors, whose own tokenizers are not packaged.
    """
    match = _FAMILIES.search(model_id)
    if match is None:
        return _ASSUMED
    for name in ENCODING_NAMES:
        if match.group(name) is not None:
            return EncodingChoice(name, confirmed=True)
    minor = int(match.group("gpt_5_minor") or 0)
    return EncodingChoice(O200K_BASE, confirmed=minor <= _GPT_5_CONFIRMED_MINOR)
