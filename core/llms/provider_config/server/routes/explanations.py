"""Why each parameter of a configuration has the value that it has, and the presets that it may come from."""

from __future__ import annotations

from typing import Any, Final, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict

from core.llms.provider_config.access.operations import Operation
from core.llms.provider_config.inheritance.presets import PRESETS, Preset
from core.llms.provider_config.server.authentication import Acting, Calling, Service
from core.llms.provider_config.server.declarations import declare
from core.llms.provider_config.server.etags import IfNoneMatch, answer
from core.llms.provider_config.server.json_bodies import JsonRoute
from core.llms.provider_config.server.names import ModelId, ProviderName
from core.llms.provider_config.server.pagination import Page, answer_page

router: Final = APIRouter(tags=["parameters"], route_class=JsonRoute)


class OriginResponse(BaseModel):
    """One word on a parameter: of parameters (`depth` 0: the configuration's own), of a preset or of the model.

    Where it `is_unset`, it says that there is to be no value. `reason` is the preset's.
    """

    model_config = ConfigDict(from_attributes=True)

    source: Literal["parameters", "ancestor", "preset", "model"]
    name: str
    depth: int
    value: Any
    is_unset: bool
    reason: str | None


class ParameterExplanationResponse(BaseModel):
    """One parameter: its effective value, who says it, and whom that overrode, the nearest first.

    `reason` says why it is not sent with every call.
    """

    model_config = ConfigDict(from_attributes=True)

    name: str
    field: str
    value: Any
    origin: OriginResponse
    overrode: list[OriginResponse]
    is_sent: bool
    reason: str | None


class ParametersExplanationResponse(BaseModel):
    """All parameters of a configuration. `chain` names its own and those that they inherit from, the nearest first."""

    model_config = ConfigDict(from_attributes=True)

    provider: str
    model_id: str
    chain: list[str]
    preset: str | None
    preset_from: str | None
    parameters: list[ParameterExplanationResponse]


class PresetValueResponse(BaseModel):
    """A value, and why the preset has it."""

    model_config = ConfigDict(from_attributes=True)

    value: Any
    reason: str


class PresetResponse(BaseModel):
    """Parameters for a use, which others choose by this name as their `preset`."""

    name: str
    purpose: str
    values: dict[str, PresetValueResponse]


class PresetPage(Page[PresetResponse]):
    """All presets."""


@router.get(
    "/configurations/{provider}/{model_id}/explain",
    response_model=ParametersExplanationResponse,
    **declare(Operation.READ, problems=(304, 404)),
)
async def explain_configuration(
    request: Request,
    provider: ProviderName,
    model_id: ModelId,
    service: Service,
    actor: Acting,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Tell of each parameter which value it has, who says so, what that overrode, and whether it is sent."""
    found = await service.explain_parameters(provider, model_id, actor=actor)
    return answer(request, ParametersExplanationResponse.model_validate(found))


@router.get("/presets", response_model=PresetPage, **declare(problems=(304,)))
async def list_presets(request: Request, caller: Calling, if_none_match: IfNoneMatch = None) -> Response:
    """List the presets that parameters can choose, with the reason for each value."""
    return answer_page(request, PresetPage(items=[_render(preset) for preset in PRESETS.values()]))


def _render(preset: Preset) -> PresetResponse:
    values = {name: PresetValueResponse.model_validate(value) for name, value in preset.values.items()}
    return PresetResponse(name=preset.name, purpose=preset.purpose, values=values)
