"""Prompt templates: how prompts are put, under a name, which configurations share."""

from __future__ import annotations

from typing import Annotated, Final, TypeAlias

from fastapi import APIRouter, Body, Depends, Request, Response

from core.llms.provider_config.access.operations import Operation
from core.llms.provider_config.schemas import PromptTemplateCreate, PromptTemplateResponse, PromptTemplateUpdate
from core.llms.provider_config.server.authentication import Acting, Service
from core.llms.provider_config.server.declarations import declare
from core.llms.provider_config.server.etags import IfMatch, IfNew, IfNoneMatch
from core.llms.provider_config.server.examples import CREATE_TEMPLATE
from core.llms.provider_config.server.json_bodies import JsonRoute
from core.llms.provider_config.server.named_resource import NamedResource, add_row_history_routes
from core.llms.provider_config.server.names import RowName
from core.llms.provider_config.server.pagination import Page, Paging

router: Final = APIRouter(prefix="/prompt-templates", tags=["prompt templates"], route_class=JsonRoute)


class PromptTemplatePage(Page[PromptTemplateResponse]):
    """Prompt templates, by name."""


def _resource(request: Request, service: Service, actor: Acting) -> NamedResource:
    return NamedResource(
        request,
        service.prompt_templates,
        service.revisions.prompt_template_history,
        service.revisions.rollback_prompt_template,
        actor,
        "prompt template",
        "/v1/prompt-templates",
    )


_Resource: TypeAlias = Annotated[NamedResource, Depends(_resource)]


@router.get("", response_model=PromptTemplatePage, **declare(Operation.READ, problems=(304,)))
async def list_prompt_templates(resource: _Resource, paging: Paging, if_none_match: IfNoneMatch = None) -> Response:
    """List the templates that the actor may see, by name."""
    return await resource.page(paging, PromptTemplatePage)


@router.post(
    "",
    response_model=PromptTemplateResponse,
    status_code=201,
    **declare(Operation.REGISTER, same=PromptTemplateResponse, problems=(409, 412), has_body=True),
)
async def create_prompt_template(
    wanted: Annotated[PromptTemplateCreate, Body(openapi_examples=CREATE_TEMPLATE)],
    resource: _Resource,
    if_none_match: IfNew = None,
) -> Response:
    """Store a template: 201 where it is new, 200 where the same is stored, 409 where another has the name."""
    return await resource.create(wanted, if_none_match)


@router.get("/{name}", response_model=PromptTemplateResponse, **declare(Operation.READ, problems=(304, 404)))
async def get_prompt_template(name: RowName, resource: _Resource, if_none_match: IfNoneMatch = None) -> Response:
    """Get a template."""
    return await resource.get(name)


@router.patch(
    "/{name}",
    response_model=PromptTemplateResponse,
    **declare(Operation.UPDATE, problems=(404, 409, 412, 428), has_body=True),
)
async def update_prompt_template(
    name: RowName,
    patch: Annotated[PromptTemplateUpdate, Body(media_type="application/merge-patch+json")],
    resource: _Resource,
    if_match: IfMatch = None,
) -> Response:
    """Change what is given, for every configuration that uses it: what is not given stays, null takes away."""
    return await resource.update(name, patch, if_match)


@router.delete("/{name}", status_code=204, **declare(Operation.DELETE, problems=(404, 409, 412, 428)))
async def delete_prompt_template(name: RowName, resource: _Resource, if_match: IfMatch = None) -> Response:
    """Delete a template, unless a configuration uses it."""
    return await resource.delete(name, if_match)


add_row_history_routes(router, _resource, "prompt_template", PromptTemplateResponse)
