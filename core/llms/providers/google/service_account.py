"""The key of a service account, as Google gives it out: a JSON text, checked and read. No I/O, and no google-auth."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from typing import Any, Final

from pydantic_core import from_json

from core.llms.errors import ConfigurationError
from core.llms.types.secrets import Secret

_KIND: Final = "service_account"
_NEEDED: Final = ("client_email", "private_key", "token_uri")
_FIX: Final = "give the whole text of the file that Google made (IAM, Service accounts, Keys)"
_PEM: Final = re.compile(r"\s*-----BEGIN ((?:RSA )?PRIVATE KEY)-----\n(?P<body>.+)\n-----END \1-----\s*", re.DOTALL)


def find_problem(text: Secret) -> str | None:
    """Say what is wrong with the text of a key and how to mend it; nothing of the text is repeated but its type."""
    found = _parse(text)
    if found is None:
        return f"it is no JSON object; {_FIX}"
    if found.get("type") != _KIND:
        return f"its `type` is {str(found.get('type'))[:40]!r}, not {_KIND!r}; {_FIX}"
    missing = [name for name in _NEEDED if not (isinstance(found.get(name), str) and found[name])]
    if missing:
        return f"it has no {', '.join(f'`{name}`' for name in missing)}; {_FIX}"
    if not found["token_uri"].startswith(("https://", "http://")):
        return "its `token_uri` is no address that begins with https://; leave it as Google made it"
    if not _is_private_key(found["private_key"]):
        return "its `private_key` is no private key in PEM, with line ends; leave it as Google made it"
    return None


def read_service_account(text: Secret) -> dict[str, Any]:
    """Return what a key says. Raises `ConfigurationError`."""
    if problem := find_problem(text):
        raise ConfigurationError(f"`service_account`: {problem}", provider="google")
    return _parse(text) or {}


def _parse(text: Secret) -> dict[str, Any] | None:
    try:
        found = from_json(text.get_secret_value())
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _is_private_key(text: str) -> bool:
    found = _PEM.fullmatch(text)
    try:
        return found is not None and bool(b64decode("".join(found["body"].split()), validate=True))
    except binascii.Error:
        return False
