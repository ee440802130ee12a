"""The control plane: foundation models, one of them, and the inference profiles, page by page.

Facts: botocore 1.44, bedrock 2023-04-20, read 2026-11-21. Days on which models began are not told: they are not known
for all.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from core.llms.simulator.bedrock.errors import ApiError
from core.llms.simulator.bedrock.models import MODELS, PROFILES, Model

if TYPE_CHECKING:
    from collections.abc import Mapping

_ACCOUNT = "123456789012"
_CREATED = "2026-01-01T00:00:00Z"
_MOST = 1000
_FILTERS: Mapping[str, tuple[str, ...]] = {
    "byCustomizationType": ("FINE_TUNING", "CONTINUED_PRE_TRAINING", "DISTILLATION"),
    "byOutputModality": ("TEXT", "IMAGE", "EMBEDDING"),
    "byInferenceType": ("ON_DEMAND", "PROVISIONED"),
}
_TYPES = ("SYSTEM_DEFINED", "APPLICATION")


def list_models(query: Mapping[str, str], region: str) -> dict[str, Any]:
    """The models that pass the filters of the query. Raises: ApiError."""
    for name, choices in _FILTERS.items():
        _check_choice(name, query.get(name), choices)
    return {"modelSummaries": [card for model in MODELS.values() if _passes(card := _card(model, region), query)]}


def model_details(identifier: str, region: str) -> dict[str, Any]:
    """One model, by its id or ARN. Raises: ApiError."""
    model = MODELS.get(identifier.rpartition("foundation-model/")[2])
    if model is None:
        raise ApiError("The provided model identifier is invalid.")
    return {"modelDetails": _card(model, region)}


def list_profiles(query: Mapping[str, str], region: str) -> dict[str, Any]:
    """A page of the inference profiles. Raises: ApiError."""
    _check_choice("typeEquals", query.get("typeEquals"), _TYPES)
    profiles = [] if query.get("typeEquals") == "APPLICATION" else list(PROFILES)
    start, size = _start(query.get("nextToken")), _size(query.get("maxResults"))
    page: dict[str, Any] = {
        "inferenceProfileSummaries": [_profile(name, region) for name in profiles[start : start + size]]
    }
    if start + size < len(profiles):
        page["nextToken"] = base64.b64encode(f"from {start + size}".encode()).decode()
    return page


def profile_details(identifier: str, region: str) -> dict[str, Any]:
    """One inference profile, by its id or ARN. Raises: ApiError."""
    name = identifier.rpartition("inference-profile/")[2]
    if name not in PROFILES:
        raise ApiError("The requested inference profile does not exist.", name="ResourceNotFoundException")
    return _profile(name, region)


def _card(model: Model, region: str) -> dict[str, Any]:
    return {
        "customizationsSupported": [],
        "inferenceTypesSupported": ["ON_DEMAND"] if model.on_demand else ["INFERENCE_PROFILE"],
        "inputModalities": ["TEXT", "IMAGE"] if model.images and not model.makes_vectors else ["TEXT"],
        "modelArn": _model_arn(model, region),
        "modelId": model.id,
        "modelLifecycle": {"status": "ACTIVE"},
        "modelName": model.name,
        "outputModalities": ["EMBEDDING"] if model.makes_vectors else ["TEXT"],
        "providerName": model.vendor,
        "responseStreamingSupported": not model.makes_vectors,
    }


def _passes(card: dict[str, Any], query: Mapping[str, str]) -> bool:
    return (
        query.get("byProvider", card["providerName"]).lower() == card["providerName"].lower()
        and query.get("byOutputModality", card["outputModalities"][0]) in card["outputModalities"]
        and query.get("byInferenceType", card["inferenceTypesSupported"][0]) in card["inferenceTypesSupported"]
        and "byCustomizationType" not in query
    )


def _profile(name: str, region: str) -> dict[str, Any]:
    model, place = PROFILES[name], name.partition(".")[0]
    title = f"{place.upper()} {model.vendor} {model.name}".replace(".", "-").replace("(", "").replace(")", "")
    return {
        "createdAt": _CREATED,
        "description": f"Routes requests to {model.name.replace('(', '').replace(')', '')} in {place}",
        "inferenceProfileArn": f"arn:aws:bedrock:{region}:{_ACCOUNT}:inference-profile/{name}",
        "inferenceProfileId": name,
        "inferenceProfileName": title,
        "models": [{"modelArn": _model_arn(model, region)}],
        "status": "ACTIVE",
        "type": "SYSTEM_DEFINED",
        "updatedAt": _CREATED,
    }


def _model_arn(model: Model, region: str) -> str:
    return f"arn:aws:bedrock:{region}::foundation-model/{model.id}"


def _check_choice(name: str, value: str | None, choices: tuple[str, ...]) -> None:
    if value is not None and value not in choices:
        constraint = f"Member must satisfy enum value set: [{', '.join(choices)}]"
        raise _violated(name, value, constraint)


def _size(text: str | None) -> int:
    if text is None:
        return _MOST
    if not text.isdecimal():
        raise ApiError("STRING_VALUE cannot be converted to Integer", name="SerializationException")
    if not 1 <= int(text) <= _MOST:
        bound = "greater than or equal to 1" if int(text) < 1 else f"less than or equal to {_MOST}"
        raise _violated("maxResults", text, f"Member must have value {bound}")
    return int(text)


def _start(token: str | None) -> int:
    if token is None:
        return 0
    try:
        return int(base64.b64decode(token, validate=True).decode().removeprefix("from "))
    except (binascii.Error, ValueError) as error:
        raise ApiError("The provided nextToken is invalid.") from error


def _violated(name: str, value: str, constraint: str) -> ApiError:
    return ApiError(
        f"1 validation error detected: Value '{value}' at '{name}' failed to satisfy constraint: {constraint}"
    )
