"""Google Cloud's credentials: renewed once for all who wait, and failures of the right class."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import google.auth
import pytest
from google.auth import exceptions

from core.llms import AuthenticationError, ConfigurationError, ConnectError, MissingCredentialError
from core.llms.errors import LLMError
from core.llms.providers.google import GoogleAuth


class FakeCredentials:
    """Credentials as google-auth has them, whose renewal waits until it may go on."""

    def __init__(self, token: str | None = None, failure: Exception | None = None) -> None:
        self.token = token
        self.failure = failure
        self.renewals = 0
        self.looks = 0
        self.quota_project_id: str | None = None
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    @property
    def valid(self) -> bool:
        self.looks += 1
        return self.token is not None

    def refresh(self, request: Any) -> None:
        self.may_go_on.wait(10)
        self.renewals += 1
        if self.failure is not None:
            raise self.failure
        self.token = f"token-{self.renewals}"


def auth_of(credentials: FakeCredentials) -> GoogleAuth:
    return GoogleAuth(credentials)  # type: ignore[arg-type]  # has what is used of them


async def bearer(auth: GoogleAuth) -> str:
    return (await auth.headers("POST", "https://x", None))["Authorization"]


async def test_valid_token_is_used_as_it_is() -> None:
    credentials = FakeCredentials("t")
    auth = auth_of(credentials)
    assert await bearer(auth) == "Bearer t"
    assert credentials.renewals == 0
    assert [secret.get_secret_value() for secret in auth.secrets()] == ["t"]


async def test_calls_at_the_same_time_wait_for_one_renewal() -> None:
    credentials = FakeCredentials()
    credentials.may_go_on.clear()
    auth = auth_of(credentials)
    calls = [asyncio.create_task(bearer(auth)) for _ in range(20)]
    await asyncio.sleep(0)
    credentials.may_go_on.set()
    assert set(await asyncio.gather(*calls)) == {"Bearer token-1"}
    assert credentials.looks == 21  # each call once, and one thread for them all
    credentials.token = None
    assert await bearer(auth) == "Bearer token-2"


async def test_caller_that_gives_up_does_not_take_the_others_token() -> None:
    credentials = FakeCredentials()
    credentials.may_go_on.clear()
    auth = auth_of(credentials)
    first, second = (asyncio.create_task(bearer(auth)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    credentials.may_go_on.set()
    assert await second == "Bearer token-1"
    assert first.cancelled()


def test_two_event_loops_renew_once() -> None:
    credentials = FakeCredentials()
    auth = auth_of(credentials)
    assert asyncio.run(bearer(auth)) == asyncio.run(bearer(auth)) == "Bearer token-1"


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (exceptions.RefreshError("revoked"), AuthenticationError),  # type: ignore[no-untyped-call]  # untyped there
        (exceptions.TransportError("no route"), ConnectError),  # type: ignore[no-untyped-call]  # untyped there
    ],
)
async def test_failed_renewal_has_its_class_and_is_tried_again(failure: Exception, kind: type[LLMError]) -> None:
    credentials = FakeCredentials(failure=failure)
    auth = auth_of(credentials)
    with pytest.raises(kind):
        await bearer(auth)
    credentials.failure = None
    assert await bearer(auth) == "Bearer token-2"


async def test_credentials_of_the_machine_are_loaded_when_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    credentials = FakeCredentials()
    scopes: list[Any] = []

    def default(**options: Any) -> tuple[FakeCredentials, str]:
        scopes.append(options["scopes"])
        return credentials, "machine-project"

    monkeypatch.setattr(google.auth, "default", default)
    auth = GoogleAuth()
    assert scopes == []
    assert await bearer(auth) == "Bearer token-1"
    assert scopes == [["https://www.googleapis.com/auth/cloud-platform"]]
    assert GoogleAuth().find_project() == "machine-project"


def test_machine_without_credentials_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def default(**options: Any) -> None:
        raise exceptions.DefaultCredentialsError("none")  # type: ignore[no-untyped-call]  # untyped there

    monkeypatch.setattr(google.auth, "default", default)
    with pytest.raises(MissingCredentialError, match="gcloud auth application-default login"):
        GoogleAuth().find_project()


def test_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "google.auth", None)
    with pytest.raises(ConfigurationError, match=r"core-llms\[google\]"):
        GoogleAuth().find_project()


def test_credentials_are_one_identity() -> None:
    credentials = FakeCredentials("t")
    assert auth_of(credentials).identity == auth_of(credentials).identity != GoogleAuth().identity
    assert GoogleAuth().identity == GoogleAuth().identity
    assert repr(auth_of(credentials)) == "GoogleAuth(FakeCredentials)"
