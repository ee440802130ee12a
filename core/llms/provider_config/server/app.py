"""Putting the application together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from core.llms import __version__
from core.llms.provider_config.health.policy import HealthPolicy
from core.llms.provider_config.health.service import HealthService
from core.llms.provider_config.server.body_limit import BodyLimit
from core.llms.provider_config.server.edge import Edge
from core.llms.provider_config.server.handlers import add_handlers
from core.llms.provider_config.server.names import RawPaths
from core.llms.provider_config.server.problems import Problem
from core.llms.provider_config.server.routes import (
    audit,
    configurations,
    credentials,
    explanations,
    grants,
    health,
    migrations,
    parameters,
    probes,
    prompt_templates,
    revisions,
    tokens,
    transfer,
    usage,
)
from core.llms.provider_config.server.throttle import LoginThrottle
from core.llms.provider_config.service import ProviderConfigService

_TITLE: Final = "core-llms configurations"
_DESCRIPTION: Final = (
    "Which models a team uses, with which parameters, prompts and credentials, for any number of processes. "
    "Every operation is that of the actor whose API token is sent, and is checked and written into the audit."
)
_ROOMS: Final = (
    configurations,
    revisions,
    explanations,
    migrations,
    parameters,
    prompt_templates,
    transfer,
    credentials,
    usage,
    health,
    grants,
    tokens,
    audit,
)


class _App(FastAPI):
    """FastAPI, with problems in its OpenAPI document."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            document = super().openapi()
            schemas = document.setdefault("components", {}).setdefault("schemas", {})
            own = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas.update(own.pop("$defs"))
            schemas["Problem"] = own
        assert self.openapi_schema is not None
        return self.openapi_schema


def build_app(
    service: ProviderConfigService,
    *,
    openapi: bool,
    owns_database: bool,
    body_limit_bytes: int,
    import_limit_bytes: int,
    health_policy: HealthPolicy | None,
) -> FastAPI:
    """Make the application over a service."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        if owns_database:
            await service.database.aclose()

    app = _App(
        title=_TITLE,
        description=_DESCRIPTION,
        version=__version__,
        openapi_url="/openapi.json" if openapi else None,
        # They load scripts from elsewhere, which no answer of this application may.
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        generate_unique_id_function=_operation_id,
    )
    app.state.service = service
    app.state.health = HealthService(service, health_policy)
    app.state.documents = transfer.Documents()
    app.state.throttle = LoginThrottle()
    app.state.readiness = probes.Readiness(service)
    add_handlers(app)
    # The last one added is the outermost.
    app.add_middleware(RawPaths)
    app.add_middleware(BodyLimit, limit=body_limit_bytes, limits={transfer.IMPORT_PATH: import_limit_bytes})
    app.add_middleware(Edge)
    versioned = APIRouter(prefix="/v1")
    for room in _ROOMS:
        versioned.include_router(room.router)
    app.include_router(versioned)
    app.include_router(probes.router)
    return app


def _operation_id(route: APIRoute) -> str:
    return route.name
