"""The text of a token, `cllm_<id>_<secret>`, and the digest of it that is stored. Pure."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from typing import Final

from core.llms.types.secrets import Secret

PREFIX: Final = "cllm"
ID_DIGITS: Final = 16
_SECRET_DIGITS: Final = 48
_FORM: Final = re.compile(rf"{PREFIX}_([0-9a-f]{{{ID_DIGITS}}})_[0-9a-f]{{{_SECRET_DIGITS}}}", re.ASCII)
_DIGEST: Final = b"core-llms API token:"
NO_DIGEST: Final = "0" * 64
"""What no token has as its digest."""


@dataclass(frozen=True, slots=True)
class TokenText:
    """A token: the id that its row is found by, and the whole text, of which 192 bits are random."""

    id: str
    text: Secret

    @classmethod
    def generate(cls) -> TokenText:
        """Make a new token."""
        token_id = secrets.token_hex(ID_DIGITS // 2)
        return cls(token_id, Secret(f"{PREFIX}_{token_id}_{secrets.token_hex(_SECRET_DIGITS // 2)}"))

    @classmethod
    def parse(cls, text: Secret) -> TokenText | None:
        """Read a token, or return None for what has not its form."""
        found = _FORM.fullmatch(text.get_secret_value())
        return None if found is None else cls(found[1], text)

    def digest(self) -> str:
        """Return SHA-256, in hexadecimal digits, of the token. So much chance needs no slow hash."""
        return hashlib.sha256(_DIGEST + self.text.get_secret_value().encode()).hexdigest()

    def matches(self, digest: str) -> bool:
        """Compare with a stored digest, in the same time wherever they differ."""
        return hmac.compare_digest(self.digest(), digest)
