"""Finding the family that a model id belongs to, whatever a gateway or a fine-tune puts around the name.

Only names are read here. What a family means (its encoding, its image rule, its framing) is said where it is used.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection
from typing import Final

_NAME: Final = re.compile(
    r"(?:^|[/.:])((?:chatgpt|gpt|codex|computer-use|o\d|text-embedding|davinci|babbage)(?![a-z])[^/:@]*)", re.IGNORECASE
)
_RELEASE_SUFFIX: Final = re.compile(r"-\d{4}-\d{2}-\d{2}|-latest")


@functools.lru_cache(maxsize=1024)
def bare_model_name(model_id: str) -> str:
    """Return OpenAI's name in a model id, in lower case: `gpt-4o` of `ft:gpt-4o:acme::x`, `openai/gpt-4o` or `gpt-4o`.

    An id that holds no such name comes back as it is, in lower case.
    """
    match = _NAME.search(model_id)
    return (match.group(1) if match else model_id).lower()


def find_family(model_id: str, families: Collection[str]) -> str | None:
    """Return the longest of `families` that is the model's name or its beginning up to a hyphen, or `None`."""
    name = bare_model_name(model_id)
    candidates = [family for family in families if name == family or name.startswith(f"{family}-")]
    return max(candidates, key=len, default=None)


def is_release_of(model_id: str, family: str) -> bool:
    """Tell whether the id names the family itself: alone, with a date, or with `-latest`, and nothing else."""
    name = bare_model_name(model_id)
    return name == family or _RELEASE_SUFFIX.fullmatch(name, len(family)) is not None
