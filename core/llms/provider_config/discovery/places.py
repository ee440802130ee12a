"""`Place`: a provider that answered, where, and what it lists, before it is compared with what is configured."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from core.llms.provider_config.discovery.addresses import place_of
from core.llms.provider_config.schemas import ProviderModelConfigResponse
from core.llms.registry.detection.base.detector import CapabilityDetector
from core.llms.registry.models import LLMProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One address of one provider, with what it lists.

    `base_url` and `api_key_env` are what a configuration has to name to get there; `variables` led there, or it is a
    `server` that was found on its own. `usual_address` is where calls go that name no address.
    """

    provider: str
    address: str
    listed: dict[str, LLMProfile]
    detector: CapabilityDetector = field(repr=False)
    base_url: str | None = None
    api_key_env: str | None = None
    variables: tuple[str, ...] = ()
    server: str | None = None
    usual_address: str | None = None

    def names_of(self, model: str) -> frozenset[str]:
        """Return every name of a model that is listed here: the provider's, and the registry's."""
        profile = self.listed[model]
        return frozenset({profile.model_id, profile.name, *profile.aliases}) | self.detector.names_of(model)

    def serves(self, config: ProviderModelConfigResponse) -> bool:
        """Tell whether calls of a configuration go here, with the same account as far as that can be told."""
        address = config.base_url or self.usual_address
        is_here = address is not None and place_of(address) == place_of(self.address)
        is_ours = config.credential_id is None and config.api_key_env in (None, self.api_key_env, *self.variables)
        return config.provider_name == self.provider and is_here and is_ours

    def find_config(
        self, model: str, configs: Iterable[ProviderModelConfigResponse]
    ) -> ProviderModelConfigResponse | None:
        """Return the configuration of a model, wherever its calls go: there can be one of a name."""
        names = self.names_of(model)
        own = (config for config in configs if config.provider_name == self.provider)
        return next((config for config in own if names & self._called(config)), None)

    def find_vanished(self, configs: Iterable[ProviderModelConfigResponse]) -> tuple[ProviderModelConfigResponse, ...]:
        """Return the configurations that call models here which are not listed any more."""
        if not self.detector.LISTS_WHAT_IS_CALLED:
            return ()
        names = frozenset(name for model in self.listed for name in self.names_of(model))
        return tuple(each for each in configs if self.serves(each) and not names & self._called(each))

    def _called(self, config: ProviderModelConfigResponse) -> frozenset[str]:
        known = self.detector.find_class(config.model_id)
        return frozenset({config.model_id} if known is None else {config.model_id, known.MODEL_ID})
