"""Google's and Entra ID's token services on one raw server, as their own libraries ask them, and keys for them."""

from __future__ import annotations

import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs

import trustme
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.support.raw_server import Exchange, RawServer, raw_server

TENANT, CLIENT = "contoso.onmicrosoft.com", "6f2c1f0e-7b1c-4c1e-9f57-000000000001"
CLIENT_SECRET = "kanari-8Q~of-the-application"
AUTHORITY = trustme.CA()


@dataclass
class TokenServer:
    """What it gives: `token-1`, `token-2` …; `refusal` is answered instead."""

    server: RawServer
    issued: int = 0
    lifetime_seconds: int = 3_600
    refusal: dict[str, str] | None = None
    forms: list[dict[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its address."""
        return self.server.url

    async def handle(self, exchange: Exchange) -> None:
        if b"/.well-known/openid-configuration" in exchange.head:
            await exchange.answer(json.dumps(_discovery(f"{self.url}/{TENANT}")).encode())
            return
        self.forms.append({name: values[0] for name, values in parse_qs(exchange.body.decode()).items()})
        if self.refusal is not None:
            await exchange.answer(json.dumps(self.refusal).encode(), "401 Unauthorized")
            return
        self.issued += 1
        token = {"access_token": f"token-{self.issued}", "expires_in": self.lifetime_seconds, "token_type": "Bearer"}
        await exchange.answer(json.dumps(token).encode())


@asynccontextmanager
async def token_server(*, with_tls: bool) -> AsyncIterator[TokenServer]:
    """Serve on a free port; `AUTHORITY` is whom to trust over TLS."""
    tokens = TokenServer(RawServer(""))
    context = None
    if with_tls:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        AUTHORITY.issue_cert("127.0.0.1").configure_cert(context)
    async with raw_server(tokens.handle, context) as server:
        tokens.server = server
        yield tokens


def service_account(token_uri: str, **changes: Any) -> str:
    """Return the text of a key as Google makes it."""
    key = {
        "type": "service_account",
        "project_id": "team-project",
        "private_key_id": "0123456789abcdef",
        "private_key": private_key(),
        "client_email": "caller@team-project.iam.gserviceaccount.com",
        "client_id": "100000000000000000001",
        "token_uri": f"{token_uri}/token",
    }
    return json.dumps({**key, **changes}, indent=2) + "\n"


@cache
def private_key() -> str:
    """Return a private key in PEM."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


def _discovery(root: str) -> dict[str, Any]:
    return {
        "token_endpoint": f"{root}/oauth2/v2.0/token",
        "authorization_endpoint": f"{root}/oauth2/v2.0/authorize",
        "device_authorization_endpoint": f"{root}/oauth2/v2.0/devicecode",
        "issuer": f"{root}/v2.0",
    }
