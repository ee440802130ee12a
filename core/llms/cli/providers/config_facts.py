"""What is shown of a configuration, to people and to programs. Settings that could be secret are masked. No I/O."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from core.llms.cli.providers.wording import reword
from core.llms.cli.terminal import hide_credentials
from core.llms.runtime.secret_patterns import SECRET_MARKS, mask_secrets
from core.llms.types.secrets import MASK

if TYPE_CHECKING:
    from core.llms.provider_config.schemas import LLMParametersResponse, ProviderModelConfigResponse

COLUMNS: Final = ("model", "alias", "active", "verified", "parameters", "template", "version")
FIGURES: Final = (6,)
_KEPT: Final = ("id", "version", "created_at", "updated_at", "ancestors")


def config_facts(config: ProviderModelConfigResponse) -> dict[str, Any]:
    """Return all that is stored of a configuration, as JSON has it."""
    return mask(config.model_dump(mode="json"))


def mask(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is stored of a thing with what may be a secret masked."""
    masked: dict[str, Any] = _mask(facts)
    settings = masked.get("settings")
    if isinstance(settings, Mapping):
        masked["settings"] = {name: _mask_setting(name, value) for name, value in settings.items()}
    return masked


def shown_facts(config: ProviderModelConfigResponse) -> dict[str, Any]:
    """Return what a person reads of one configuration: what is set, with ids left out."""
    facts = config_facts(config)
    parameters, template, credential = facts["parameters"], facts["prompt_template"], facts["credential"]
    return {
        "model": f"{config.provider_name}/{config.model_id}",
        **{name: facts[name] for name in ("alias", "description")},
        "active": _yes(config.is_active),
        "verified": verification(config),
        "last_verified": facts["last_verified"],
        "verification_error": facts["verification_error"],
        **{name: facts[name] for name in ("base_url", "api_key_env")},
        "credential": credential and credential["name"],
        "settings": _set(facts["settings"]) or None,
        "parameters": _set(parameters),
        "never sent": {name: reword(reason) for name, reason in config.unsupported_reasons.items()} or None,
        "template": template and _set(template),
        **{name: str(facts[name]) for name in ("version", "created_at", "updated_at")},
    }


def config_row(config: ProviderModelConfigResponse) -> Sequence[str]:
    """Return a configuration's line of the table."""
    template = config.prompt_template
    return (
        f"{config.provider_name}/{config.model_id}",
        config.alias or "",
        _yes(config.is_active),
        verification(config),
        mask_secrets(_brief(config.parameters)),
        "" if template is None else template.name,
        str(config.version),
    )


def verification(config: ProviderModelConfigResponse) -> str:
    """Say whether the provider has answered for a configuration."""
    return {"verified": "yes", "failed": "failed", "pending": "no"}[config.verification_status]


def _brief(parameters: LLMParametersResponse) -> str:
    return ", ".join(f"{name} {value}" for name, value in parameters.neutral().items())


def _set(facts: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in facts.items() if name not in _KEPT and value not in (None, {}, [])}
    return {name: _yes(value) if isinstance(value, bool) else value for name, value in told.items()}


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"


def _mask(value: Any) -> Any:
    match value:
        case str():
            return hide_credentials(mask_secrets(value))
        case Mapping():
            return {name: _mask(entry) for name, entry in value.items()}
        case Iterable():
            return [_mask(entry) for entry in value]
    return value


def _mask_setting(name: str, value: Any) -> Any:
    return MASK if isinstance(value, str) and any(mark in name.lower() for mark in SECRET_MARKS) else value
