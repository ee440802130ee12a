"""Secrets in text that comes from elsewhere."""

from __future__ import annotations

import time

import pytest

from core.llms.runtime.secret_patterns import mask_secrets


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("postgresql://user:hunter2@db.local/x", "postgresql://**********@db.local/x"),
        ("GET https://a.b/c?api_key=CANARY&page=2", "GET https://a.b/c?api_key=**********&page=2"),
        ("https://b.blob/c?sv=1&sig=CANARY%3D", "https://b.blob/c?sv=1&sig=**********"),
        ("Authorization: Bearer CANARYCANARY", "Authorization: Bearer **********"),
        ("{'Authorization': 'CANARY value', 'a': 'b'}", "{'Authorization': '**********', 'a': 'b'}"),
        ('{"client_secret": "CANARY"}', '{"client_secret": "**********"}'),
        ("dbname=x password=CANARY host=y", "dbname=x password=********** host=y"),
        ("Incorrect key sk-proj-CANARYCANARYCANARY1.", "Incorrect key **********."),
        ("AKIACANARYCANARYCANA is wrong", "********** is wrong"),
        ("eyJhbGciOiJI.eyJzdWIiOiIx.c2ln", "**********"),
        ("unexpected token: } at line 3", "unexpected token: } at line 3"),
        ("no such city: Rome (http://a.b:80/c)", "no such city: Rome (http://a.b:80/c)"),
    ],
)
def test_mask_secrets_hides_keys_and_keeps_the_rest(text: str, masked: str) -> None:
    assert mask_secrets(text) == masked


@pytest.mark.parametrize("text", ["a" * 20_000, "token" * 4_000, "://" * 6_000, "'token':'" * 2_000, "sk-" * 6_000])
def test_mask_secrets_takes_little_time_on_hostile_text(text: str) -> None:
    started = time.process_time()
    mask_secrets(text)
    assert time.process_time() - started < 1.0
