"""What is known of a provider, as values: where it is, how it is paid, what it allows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Limit = Annotated[int, Field(gt=0)]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RateLimits(_Record):
    """What a provider allows; None is not limited, or not known. Tokens are those of prompts and answers together."""

    requests_per_minute: Limit | None = None
    tokens_per_minute: Limit | None = None
    input_tokens_per_minute: Limit | None = None
    output_tokens_per_minute: Limit | None = None
    requests_per_day: Limit | None = None
    tokens_per_day: Limit | None = None
    concurrent_requests: Limit | None = None

    def over(self, others: RateLimits) -> RateLimits:
        """Return these limits, and of the others what these leave open."""
        return others.model_copy(update={name: getattr(self, name) for name in self.model_fields_set})


class ModelSettings(_Record):
    """What holds for one model of a provider: limits, and parameters for every call that the caller does not set."""

    rate_limits: RateLimits = RateLimits()
    default_parameters: Mapping[str, Any] = {}


class Provider(_Record):
    """A provider of models.

    `api_base` is the address that `base_url=` of its factory would be; the factory's argument and the environment go
    before it. `key_variables` and `address_variables` are the environment variables of its credential and address.
    `rate_limits` hold for the account, `tiers` for accounts of other sizes by the vendor's name for them, of which
    `tier` is this one's; `models` has what holds for one model. A provider that is not of this package and speaks
    OpenAI's chat completions is called through `compatible_with="openai_compatible"`.
    """

    api_base: str | None = None
    display_name: str | None = None
    key_variables: tuple[str, ...] = ()
    address_variables: tuple[str, ...] = ()
    rate_limits: RateLimits = RateLimits()
    tiers: Mapping[str, RateLimits] = {}
    tier: str | None = None
    models: Mapping[str, ModelSettings] = {}
    compatible_with: str | None = None
    documentation: str | None = None

    @field_validator("api_base")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("an address begins with https:// or http://")
        if value is not None and "@" in value.split("/")[2]:
            raise ValueError("an address holds no credential: set it in the environment")
        return value

    @model_validator(mode="after")
    def _has_its_tier(self) -> Self:
        if self.tier is not None and self.tier not in self.tiers:
            raise ValueError(f"tier {self.tier!r} is not among `tiers`: {', '.join(self.tiers) or 'there are none'}")
        return self

    def limits_for(self, model: str | None = None, tier: str | None = None) -> RateLimits:
        """Return the limits of a model, each from what is most exact: the model, else the tier, else the account.

        Raises KeyError for a tier that is not known.
        """
        named = tier or self.tier
        limits = self.rate_limits if named is None else self.tiers[named].over(self.rate_limits)
        settings = self.models.get(model or "")
        return limits if settings is None else settings.rate_limits.over(limits)

    def over(self, other: Provider) -> Provider:
        """Return this provider, and of the other what this one leaves open."""
        return other.model_copy(update={name: getattr(self, name) for name in self.model_fields_set})
