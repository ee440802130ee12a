"""Whether what is stored of a configuration fits its model, as the version that it names has it."""

from __future__ import annotations

from core.llms.provider_config.called_models import CalledModel, find_called_model
from core.llms.provider_config.compatibility import require_compatible
from core.llms.provider_config.errors import ConfigValidationError
from core.llms.provider_config.models import LLMParameters, ProviderModelConfig
from core.llms.provider_config.provider_versions import Versioned, factory_settings
from core.llms.provider_config.schemas import LLMParametersResponse


def called_model_of(config: Versioned, model_id: str) -> CalledModel:
    """Return a model as a configuration's version and settings have it.

    What is stored may have a version that this package does not know: it is refused when it is used, not when it is
    read.
    """
    try:
        settings = factory_settings(config)
    except ConfigValidationError:
        settings = dict(config.settings)
    return find_called_model(config.provider_name, model_id, settings)


def require_fitting_parameters(row: ProviderModelConfig, parameters: LLMParameters) -> None:
    """Raise `ConfigValidationError` where a configuration's model would refuse parameters, or what they inherit."""
    fitting = LLMParametersResponse.model_validate(parameters)
    require_compatible(row.provider_name, row.model_id, fitting, called_model_of(row, row.model_id))


def require_fitting_version(row: ProviderModelConfig, parameters: LLMParameters | None) -> None:
    """Raise `ConfigValidationError` for a version that the provider does not have, or that takes other parameters."""
    factory_settings(row)
    if parameters is not None:
        require_fitting_parameters(row, parameters)
