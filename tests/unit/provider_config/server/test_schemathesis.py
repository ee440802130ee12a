"""Requests made of the OpenAPI document alone, right and wrong ones: each answer is one that the document describes."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from core.llms.provider_config.access.roles import Role
from core.llms.provider_config.credentials.encryption_keys import EncryptionKey
from core.llms.provider_config.credentials.key_sources import StaticKeys
from core.llms.provider_config.schemas import LLMParametersCreate, ProviderModelConfigResponse
from core.llms.provider_config.server import create_app
from core.llms.provider_config.service import ProviderConfigService
from core.llms.storage.database import Database

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
EXAMPLES = 6
OPERATION_IDS = [
    operation["operationId"]
    for path in create_app(ProviderConfigService(Database("sqlite://"))).openapi()["paths"].values()
    for operation in path.values()
]


@dataclass(frozen=True)
class Served:
    """The application as its own document describes it, and a token of an owner."""

    schema: Any
    token: str


class Answering:
    """A provider that answers for everything: what is generated has no model behind it."""

    async def verify(self, config: ProviderModelConfigResponse) -> None:
        return None


@pytest.fixture(scope="module")
def served(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Served:
    """The application over a database with a model, and a token of an owner."""
    path = shutil.copy(sqlite_template, tmp_path_factory.mktemp("api") / "api.db")
    database = Database(f"sqlite:///{path}")
    keys = StaticKeys({"test": EncryptionKey.generate()})
    service = ProviderConfigService(database, verifier=Answering(), keys=keys)

    async def fill() -> str:
        async with database:
            await service.register_provider_model("openai", "gpt-4.1-mini", LLMParametersCreate(name="calm"))
            await service.credentials.create("team", "openai", {"api_key": "sk-x"})
            await service.access.grant("ann", Role.OWNER)
            return (await service.tokens.create("ann")).text.get_secret_value()

    token = asyncio.run(fill())
    return Served(schemathesis.openapi.from_asgi("/openapi.json", create_app(service, owns_database=True)), token)


@pytest.mark.filterwarnings("ignore::core.llms.notices.UnknownModelWarning")
@pytest.mark.parametrize("mode", list(GenerationMode), ids=str)
@pytest.mark.parametrize("operation_id", OPERATION_IDS)
def test_what_is_answered_is_what_is_described(served: Served, operation_id: str, mode: GenerationMode) -> None:
    operation = served.schema.find_operation_by_id(operation_id)

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(mode))
    def ask(case: Any) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {served.token}"}, checks=CHECKS)

    try:
        ask()
    except Unsatisfiable:
        # There is nothing that such a request could get wrong.
        assert mode is GenerationMode.NEGATIVE
