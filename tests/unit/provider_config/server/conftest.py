"""The API in this process, over each kind of database, for callers with a role each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeAlias

import httpx
import pytest

from core.llms.provider_config.access.operations import EVERYTHING, Scope
from core.llms.provider_config.access.roles import Role
from core.llms.provider_config.credentials.encryption_keys import generate_key
from core.llms.provider_config.server import create_app
from core.llms.provider_config.service import ProviderConfigService

NewClient: TypeAlias = Callable[..., Awaitable[httpx.AsyncClient]]
REGISTRATION = {
    "provider_name": "openai",
    "model_id": "gpt-4.1-mini",
    "alias": "support",
    "parameters": {"name": "calm", "max_new_tokens": 100, "temperature": 0.2},
    "prompt_template": {"name": "plain", "system_prompt": "Be brief."},
}
ONE = "/v1/configurations/openai/gpt-4.1-mini"


@pytest.fixture(autouse=True)
def encryption_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials can be stored."""
    monkeypatch.setenv("CORE_LLMS_ENCRYPTION_KEYS", f"test:{generate_key()}")


@pytest.fixture
async def new_client(service: ProviderConfigService) -> AsyncIterator[NewClient]:
    """Makes clients of one application, each with a token of an actor with a role."""
    transport = httpx.ASGITransport(create_app(service))
    opened: list[httpx.AsyncClient] = []

    async def make(subject: str | None, role: Role | None = None, scope: Scope = EVERYTHING) -> httpx.AsyncClient:
        headers = {}
        if subject is not None:
            if role is not None:
                await service.access.grant(subject, role, scope)
            made = await service.tokens.create(subject)
            headers["Authorization"] = f"Bearer {made.text.get_secret_value()}"
        opened.append(httpx.AsyncClient(transport=transport, base_url="http://api.test", headers=headers))
        return opened[-1]

    yield make
    for client in opened:
        await client.aclose()


@pytest.fixture
async def owner(new_client: NewClient) -> httpx.AsyncClient:
    """A client that may do everything."""
    return await new_client("ann", Role.OWNER)


@pytest.fixture
async def registered(owner: httpx.AsyncClient) -> httpx.AsyncClient:
    """The same, with a model registered."""
    answer = await owner.post("/v1/configurations", json=REGISTRATION)
    assert answer.status_code == 201, answer.text
    return owner


def problem_of(answer: httpx.Response) -> tuple[int, str]:
    """Return status and kind of a problem, which has the form of one."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["title"]
    assert problem["detail"]
    assert problem["request_id"] == answer.headers["x-request-id"]
    return answer.status_code, problem["type"].removeprefix("urn:core-llms:problem:")
