"""What the service says of parameters that are inherited."""

from __future__ import annotations

from core.llms.provider_config.access.actors import Actor
from core.llms.provider_config.access.operations import Operation
from core.llms.provider_config.fitting import called_model_of
from core.llms.provider_config.inheritance.explanation import ParametersExplanation, explain
from core.llms.provider_config.registration import require_config
from core.llms.provider_config.revisions.snapshots import scope_of
from core.llms.provider_config.schemas import LLMParametersResponse
from core.llms.provider_config.unit_of_work import UnitOfWork


class ParameterMethods:
    """The part of `ProviderConfigService` that explains parameters."""

    _work: UnitOfWork

    async def explain_parameters(
        self, provider: str, model_id: str, *, actor: Actor | str | None = None
    ) -> ParametersExplanation:
        """Say of each parameter of a configuration which value it has, who says so, and whether it is sent.

        Raises `ConfigNotFoundError`, `AccessDeniedError`, `StorageError`.
        """
        async with self._work.reading(actor) as reading:
            row = await require_config(reading, provider, model_id)
            reading.permissions.require(Operation.READ, scope_of(row))
            parameters = LLMParametersResponse.model_validate(row.parameters)
            called = called_model_of(row, model_id)
        return explain(provider, model_id, called, parameters)
