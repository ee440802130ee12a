"""Asking providers and servers for their models, each within a time, and putting failures in words."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, TypeAlias

from pydantic import ValidationError

from core.llms.errors import (
    AuthenticationError,
    ConfigurationError,
    LLMError,
    LLMTimeoutError,
    PermissionDeniedError,
    TransportError,
)
from core.llms.provider_config.discovery.findings import ProblemKind
from core.llms.registry.detection.base.detector import CapabilityDetector
from core.llms.registry.detection.base.profiles import build_detected
from core.llms.registry.models import LLMProfile
from core.llms.registry.overrides import merge_profiles
from core.llms.runtime.secret_patterns import mask_secrets

Listed: TypeAlias = dict[str, LLMProfile]


class AskingError(Exception):
    """Nothing was learned; `kind` and `reason` are those of the problem. It does not leave this package."""

    def __init__(self, kind: ProblemKind, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason


async def ask(
    detector: CapabilityDetector, until: float, more: Mapping[str, Mapping[str, Any]] | None = None
) -> Listed:
    """Return the models that a provider lists, by their names there, each with all that is known of it.

    `more` are facts that the list does not tell, by the model's name; `until` is a moment of the event loop's clock.
    Raises `AskingError`.
    """
    try:
        async with asyncio.timeout_at(until):
            report = await detector.detect()
        return {model.model: _know(detector, model.model, model.listed or {}, more or {}) for model in report.models}
    except TimeoutError as error:
        raise AskingError("no_answer", "it did not answer in time") from error
    except (LLMError, ValidationError) as error:
        raise describe_failure(error) from error


def _know(
    detector: CapabilityDetector, model: str, listed: Mapping[str, Any], more: Mapping[str, Mapping[str, Any]]
) -> LLMProfile:
    known = detector.registry.find(model, detector.provider)
    found = build_detected(detector.provider, model, known, {**listed, **more.get(model, {})}).profile
    assert found is not None
    return found if known is None else merge_profiles(found, known)


def describe_failure(error: Exception) -> AskingError:
    """Say in words what went wrong. What vendors repeat of a key is masked."""
    return AskingError(_kind_of(error), mask_secrets(error.message if isinstance(error, LLMError) else str(error)))


def _kind_of(error: Exception) -> ProblemKind:
    match error:
        case AuthenticationError():
            return "wrong_key"
        case PermissionDeniedError():
            return "denied"
        case ConfigurationError():
            return "incomplete"
        case TransportError() | LLMTimeoutError():
            return "no_answer"
    return "failed"
