"""Whether the process lives, and whether it can serve: for load balancers, which have no token."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Final, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from core.llms.errors import LLMError
from core.llms.provider_config.access.operations import Operation
from core.llms.provider_config.server.declarations import declare_public
from core.llms.provider_config.server.json_bodies import JsonRoute
from core.llms.provider_config.service import ProviderConfigService

router: Final = APIRouter(tags=["probes"], route_class=JsonRoute)
_FRESH_SECONDS: Final = 1.0


class Alive(BaseModel):
    """The process lives."""

    status: Literal["alive"] = "alive"


class Ready(BaseModel):
    """The process can serve."""

    status: Literal["ready"] = "ready"


class Readiness:
    """Whether the database answers, has its tables, and whether keys are set: found out once a second at most."""

    def __init__(self, service: ProviderConfigService, clock: Callable[[], float] = monotonic) -> None:
        self._service = service
        self._clock = clock
        self._lock = asyncio.Lock()
        self._found_at = float("-inf")
        self._failure: LLMError | None = None

    async def require(self) -> None:
        """Raise the error that keeps requests from being served."""
        async with self._lock:
            if self._clock() - self._found_at >= _FRESH_SECONDS:
                self._failure = await self._find_failure()
                self._found_at = self._clock()
            failure = self._failure
        if failure is not None:
            raise failure

    async def _find_failure(self) -> LLMError | None:
        try:
            await self._service.access.may(Operation.READ)
        except LLMError as error:
            return error
        return None


@router.get("/healthz", response_model=Alive, **declare_public())
async def get_liveness() -> Response:
    """Tell that the process lives."""
    return Response(Alive().model_dump_json(), media_type="application/json")


@router.get("/readyz", response_model=Ready, **declare_public(503))
async def get_readiness(request: Request) -> Response:
    """Tell whether the process can serve: the database answers, and the keys that it needs are set."""
    readiness: Readiness = request.app.state.readiness
    await readiness.require()
    return Response(Ready().model_dump_json(), media_type="application/json")
