import copy
import pickle

import pytest
from pydantic import SecretStr

from core.llms import Secret
from core.llms.providers.base.auth import KeyAuth
from core.llms.types.secrets import MaskedText, mask_secrets_in, redact

CANARY = "sk-canary-8f3a"


def test_secret_never_shows_its_text() -> None:
    secret = Secret(CANARY)
    shown = [repr(secret), str(secret), f"{secret}", f"{secret!r:>40}", f"{[secret]}", str([secret])]
    assert not any(CANARY in text for text in shown)


def test_secret_refuses_to_be_pickled() -> None:
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(Secret(CANARY))


def test_secret_is_itself_when_copied() -> None:
    secret = Secret(CANARY)
    assert copy.deepcopy({"key": secret})["key"] is secret
    assert copy.copy(secret) is secret


def test_secret_wraps_a_pydantic_secret() -> None:
    assert Secret.of(SecretStr(CANARY)).get_secret_value() == CANARY


def test_secret_refuses_what_is_no_secret() -> None:
    with pytest.raises(TypeError, match="not int"):
        Secret.of(5)


async def test_key_headers_are_masked_in_reprs() -> None:
    headers = await KeyAuth(Secret(CANARY)).headers("POST", "https://x.example", b"")
    assert CANARY not in repr(headers)
    assert headers["Authorization"] == f"Bearer {CANARY}"
    assert isinstance(headers["Authorization"], MaskedText)


def test_short_secret_is_masked_as_a_word_alone_and_a_long_one_anywhere() -> None:
    body = b'{"type":"too_many_tokens","message":"any is no key, and not' + CANARY.encode() + b'"}'
    masked = mask_secrets_in(body, [Secret("any"), Secret(CANARY), Secret("")])
    assert masked == b'{"type":"too_many_tokens","message":"********** is no key, and not**********"}'


def test_redact_replaces_every_occurrence() -> None:
    assert redact(f"key {CANARY}, again {CANARY}", Secret(CANARY), None) == "key **********, again **********"
