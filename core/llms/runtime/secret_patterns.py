"""Masking what looks like a secret in text of foreign origin, as an exception of a tool's function is.

Secrets that the SDK itself holds are masked exactly, by `core.llms.types.secrets.redact`.
"""

from __future__ import annotations

import os
import re
from typing import Final

from core.llms.types.secrets import MASK

# A value under a name with one of these in it may be secret.
SECRET_MARKS: Final = ("key", "token", "secret", "password", "credential")
# Of environment variables: what is called credentials there is mostly the path of a file.
_VARIABLE_MARKS: Final = ("KEY", "TOKEN", "SECRET", "PASSWORD")
_SHORTEST_CREDENTIAL: Final = 8
_NAMES: Final = (
    r"(?:api[-_]?key|access[-_]?key|token|secret|password|passwd|pwd|signature|sig|authorization|credential)"
)
_PATTERNS: Final = (
    # user:password@ in an address
    (re.compile(r"(://)[^\s/@:]{0,256}:[^\s/@]{1,256}@"), rf"\1{MASK}@"),
    (re.compile(r"\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}", re.IGNORECASE), rf"\1 {MASK}"),
    # name=value, as in query strings and connection strings; what stands before the name is not looked at, which takes
    # its time at every letter of a long text
    (re.compile(rf"({_NAMES}=)[^\s&;,\"')]{{1,4096}}", re.IGNORECASE), rf"\1{MASK}"),
    # "name": "value", as in JSON and in a dict's repr
    (re.compile(rf"([\"'][\w-]{{0,32}}{_NAMES}[\"']\s*:\s*)([\"']).{{1,4096}}?\2", re.IGNORECASE), rf"\1\2{MASK}\2"),
    # the vendors' own forms of keys
    (re.compile(r"\b(?:sk|pk|rk|gsk|xai|hf|ghp|gho|ghs|glpat|xox[bap])[-_][A-Za-z0-9_-]{16,}"), MASK),
    # tokens of this SDK's own API, of which the id may be seen
    (re.compile(r"\b(cllm_[0-9a-f]{16}_)[0-9a-f]{8,}"), rf"\1{MASK}"),
    (re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[A-Za-z0-9_-]{35}|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"), MASK),
)


def mask_secrets(text: str) -> str:
    """Replace what looks like a key, a token or a password by a mask."""
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


def credentials_of_environment() -> tuple[str, ...]:
    """Return the values of environment variables that by their names hold a credential, but for very short ones."""
    return tuple(
        value
        for name, value in os.environ.items()
        if len(value) >= _SHORTEST_CREDENTIAL and any(mark in name.upper() for mark in _VARIABLE_MARKS)
    )
