"""`core-llms serve-config` and `core-llms providers token`, over real sockets."""

from __future__ import annotations

import asyncio
import json
import ssl
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGTERM
from typing import Any
from urllib.error import HTTPError

import pytest
import trustme

from core.llms.provider_config.credentials.encryption_keys import generate_key
from core.llms.provider_config.service import ProviderConfigService
from core.llms.storage.database import Database
from tests.unit.cli.command import Command, Installed


@pytest.fixture
def team(sqlite_url: str) -> Command:
    return Command({"CORE_LLMS_DATABASE_URL": sqlite_url})


@pytest.fixture
def token(team: Command) -> str:
    done = team.run("providers", "token", "create", "ann", "--days", "1", "--upgrade")
    assert (done.returncode, "'ann' has no role yet" in done.stderr) == (0, True), done.stderr
    return done.stdout.strip()


@contextmanager
def served(team: Command, *options: str) -> Iterator[tuple[str, Any]]:
    with team.running("serve-config", "--port", "0", "--json", *options) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["url"], process


def get(url: str, token: str | None = None, context: ssl.SSLContext | None = None) -> tuple[int, Any]:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})
    try:
        with urllib.request.urlopen(request, timeout=60, context=context) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        with error:
            return error.code, json.load(error)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_it_answers_until_it_is_told_to_end(sqlite_url: str, token: str, workers: str) -> None:
    with served(Installed({"CORE_LLMS_DATABASE_URL": sqlite_url}), "--workers", workers) as (url, process):
        assert get(f"{url}/healthz") == (200, {"status": "alive"})
        status, me = get(f"{url}/v1/me?secret=in-the-query", token)
        assert (status, me["subject"], me["grants"]) == (200, "ann", [])
        assert get(f"{url}/v1/me", token[:-1] + ("0" if token[-1] != "0" else "1"))[0] == 401
        assert get(f"{url}/openapi.json")[1]["info"]["title"] == "core-llms configurations"
        process.send_signal(SIGTERM)
        _, log = process.communicate(timeout=60)
    assert process.returncode == 0
    assert b'ann "GET /v1/me" 200' in log
    assert b"in-the-query" not in log
    assert token.encode() not in log
    assert b"Traceback" not in log


def test_it_serves_tls(team: Command, token: str, tmp_path: Path) -> None:
    authority = trustme.CA()
    issued = authority.issue_cert("localhost")
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    issued.cert_chain_pems[0].write_to_path(certificate)
    issued.private_key_pem.write_to_path(key)
    context = ssl.create_default_context()
    authority.configure_trust(context)
    options = ("--host", "localhost", "--tls-cert", str(certificate), "--tls-key", str(key), "--no-openapi")
    with served(team, *options) as (url, _):
        assert url.startswith("https://localhost:")
        assert get(f"{url}/v1/me", token, context)[0] == 200
        assert get(f"{url}/openapi.json", context=context)[0] == 404


@pytest.mark.parametrize(
    ("options", "code", "complaint"),
    [
        (("--host", "0.0.0.0"), 3, "API tokens would go in the clear"),
        (("--host", "192.0.2.1"), 3, "give --tls-cert and --tls-key, or --behind-proxy"),
        (("--host", "192.0.2.1", "--behind-proxy"), 3, "cannot listen on 192.0.2.1:8484"),
        (("--tls-cert", "c.pem"), 3, "a certificate and its private key, both"),
        (("--tls-cert", "c.pem", "--tls-key", "k.pem"), 3, "cannot be used for TLS"),
        (("--proxy-address", "10.0.0.1"), 2, "give --behind-proxy, too"),
    ],
)
def test_it_refuses_what_would_not_be_safe(
    team: Command, token: str, options: tuple[str, ...], code: int, complaint: str
) -> None:
    done = team.run("serve-config", *options)
    assert (done.returncode, complaint in done.stderr) == (code, True), done.stderr


def test_it_does_not_start_without_the_key_of_stored_credentials(sqlite_url: str) -> None:
    async def store() -> None:
        async with Database(sqlite_url, upgrade=True) as database:
            await ProviderConfigService(database).credentials.create("team", "openai", {"api_key": "sk-x"})

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CORE_LLMS_ENCRYPTION_KEYS", f"test:{generate_key()}")
        asyncio.run(store())
    done = Command({"CORE_LLMS_DATABASE_URL": sqlite_url}).run("serve-config")
    assert (done.returncode, "no encryption key is set" in done.stderr) == (3, True), done.stderr


def test_tokens_are_listed_and_revoked(team: Command, token: str) -> None:
    token_id, secret = token.removeprefix("cllm_").split("_")
    listed = team.run("providers", "token", "list")
    assert token_id in listed.stdout
    assert secret not in listed.stdout
    (facts,) = json.loads(team.run("providers", "token", "list", "--json").stdout)
    assert (facts["id"], facts["subject"], facts["revoked_at"]) == (token_id, "ann", None)
    assert team.run("providers", "token", "revoke", token_id).stdout == f"{token_id} of ann: revoked\n"
    assert "revoked" in team.run("providers", "token", "list", "--subject", "ann").stdout
    assert team.run("providers", "token", "revoke", "0000").returncode == 4
