"""What configurations were, and going back."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from core.llms.provider_config.access.operations import Operation
from core.llms.provider_config.revisions.snapshots import config_name
from core.llms.provider_config.schemas import ProviderModelConfigResponse
from core.llms.provider_config.server.authentication import Acting, Service
from core.llms.provider_config.server.declarations import declare
from core.llms.provider_config.server.etags import OptionalIfMatch, answer, read_optional_if_match
from core.llms.provider_config.server.history import History, add_history_routes
from core.llms.provider_config.server.json_bodies import JsonRoute
from core.llms.provider_config.server.names import ModelId, ProviderName, RevisionNumber
from core.llms.provider_config.server.shown import shown
from core.llms.provider_config.server.staleness import telling_changes

router: Final = APIRouter(prefix="/configurations/{provider}/{model_id}", tags=["revisions"], route_class=JsonRoute)


def _history(request: Request, provider: ProviderName, model_id: ModelId, service: Service, actor: Acting) -> History:
    read = partial(service.revisions.history, provider, model_id, actor=actor)
    return History(request, config_name(provider, model_id), read)


add_history_routes(router, "", _history, "configuration")


@router.post(
    "/revisions/{number}/rollback",
    response_model=ProviderModelConfigResponse,
    **declare(Operation.UPDATE, Operation.CONNECT, Operation.REGISTER, problems=(404, 409, 412)),
)
async def roll_configuration_back(
    request: Request,
    provider: ProviderName,
    model_id: ModelId,
    number: RevisionNumber,
    service: Service,
    actor: Acting,
    history: Annotated[History, Depends(_history)],
    if_match: OptionalIfMatch = None,
) -> Response:
    """Make a configuration, with its parameters and template, what it was, as a new version.

    Whether it is switched on stays as it is; one that was deleted comes back switched off. It needs what changing the
    fields that differ needs, and `register` where something has to be made anew.
    """

    async def read_version() -> int | None:
        config = await service.get_provider_model(provider, model_id, actor=actor)
        return None if config is None else config.version

    version = await read_optional_if_match(if_match).resolve(read_version)
    async with telling_changes(request, version, history.changes):
        config = await service.revisions.rollback(provider, model_id, number, expected_version=version, actor=actor)
    return answer(request, shown(config), version=config.version)
