"""Parameters: values of generation under a name, which configurations share."""

from __future__ import annotations

from typing import Annotated, Final, TypeAlias

from fastapi import APIRouter, Body, Depends, Request, Response

from core.llms.provider_config.access.operations import Operation
from core.llms.provider_config.schemas import LLMParametersCreate, LLMParametersResponse, LLMParametersUpdate
from core.llms.provider_config.server.authentication import Acting, Service
from core.llms.provider_config.server.declarations import declare
from core.llms.provider_config.server.etags import IfMatch, IfNew, IfNoneMatch
from core.llms.provider_config.server.examples import CREATE_PARAMETERS
from core.llms.provider_config.server.json_bodies import JsonRoute
from core.llms.provider_config.server.named_resource import NamedResource, add_row_history_routes
from core.llms.provider_config.server.names import RowName
from core.llms.provider_config.server.pagination import Page, Paging

router: Final = APIRouter(prefix="/parameters", tags=["parameters"], route_class=JsonRoute)


class ParametersPage(Page[LLMParametersResponse]):
    """Parameters, by name."""


def _resource(request: Request, service: Service, actor: Acting) -> NamedResource:
    return NamedResource(
        request,
        service.parameters,
        service.revisions.parameters_history,
        service.revisions.rollback_parameters,
        actor,
        "parameters",
        "/v1/parameters",
    )


_Resource: TypeAlias = Annotated[NamedResource, Depends(_resource)]


@router.get("", response_model=ParametersPage, **declare(Operation.READ, problems=(304,)))
async def list_parameters(resource: _Resource, paging: Paging, if_none_match: IfNoneMatch = None) -> Response:
    """List the parameters that the actor may see, by name."""
    return await resource.page(paging, ParametersPage)


@router.post(
    "",
    response_model=LLMParametersResponse,
    status_code=201,
    **declare(Operation.REGISTER, same=LLMParametersResponse, problems=(409, 412), has_body=True),
)
async def create_parameter_set(
    wanted: Annotated[LLMParametersCreate, Body(openapi_examples=CREATE_PARAMETERS)],
    resource: _Resource,
    if_none_match: IfNew = None,
) -> Response:
    """Store parameters: 201 where they are new, 200 where the same are stored, 409 where others have the name."""
    return await resource.create(wanted, if_none_match)


@router.get("/{name}", response_model=LLMParametersResponse, **declare(Operation.READ, problems=(304, 404)))
async def get_parameter_set(name: RowName, resource: _Resource, if_none_match: IfNoneMatch = None) -> Response:
    """Get parameters."""
    return await resource.get(name)


@router.patch(
    "/{name}",
    response_model=LLMParametersResponse,
    **declare(Operation.UPDATE, problems=(404, 409, 412, 428), has_body=True),
)
async def update_parameter_set(
    name: RowName,
    patch: Annotated[LLMParametersUpdate, Body(media_type="application/merge-patch+json")],
    resource: _Resource,
    if_match: IfMatch = None,
) -> Response:
    """Change what is given, for every configuration that uses them: what is not given stays, null takes away."""
    return await resource.update(name, patch, if_match)


@router.delete("/{name}", status_code=204, **declare(Operation.DELETE, problems=(404, 409, 412, 428)))
async def delete_parameter_set(name: RowName, resource: _Resource, if_match: IfMatch = None) -> Response:
    """Delete parameters, unless a configuration uses them."""
    return await resource.delete(name, if_match)


add_row_history_routes(router, _resource, "parameter_set", LLMParametersResponse)
