"""One async SDK for every large-language-model provider. What you type most is here; a provider is in its own room."""

from typing import TYPE_CHECKING, Any

from core.llms.context import LLMContext
from core.llms.create import create_llm
from core.llms.errors import (
    AllTargetsFailedError,
    APIError,
    AuthenticationError,
    BadRequestError,
    BudgetExceededError,
    CacheMissError,
    CircuitOpenError,
    ConfigurationError,
    ConflictError,
    ConnectError,
    ConnectionLostError,
    ContentFilterError,
    ContextLengthExceededError,
    CostAboveLimitError,
    DeadlineExceededError,
    InvalidRequestError,
    LimitReachedError,
    LLMError,
    LLMTimeoutError,
    MediaError,
    MissingCredentialError,
    NotFoundError,
    OutputValidationError,
    OverloadedError,
    PermissionDeniedError,
    PromptTooLongError,
    ProtocolError,
    QuotaExceededError,
    RateLimitError,
    RequestTooLargeError,
    ResponseTooLargeError,
    ServerError,
    StorageError,
    StreamInterruptedError,
    ToolRoundsExceededError,
    TransportError,
    UnknownModelError,
    UnsupportedCapabilityError,
    UnsupportedParameterError,
)
from core.llms.ledger import Ledger, MoneyBudget, TokenBudget
from core.llms.notices import CatalogWarning, DetectionWarning, RetiredModelWarning, UnknownModelWarning
from core.llms.providers.base.metadata import BaseMetadata, Capability, Source
from core.llms.providers.base.transport import Timeouts, TransportOptions
from core.llms.runtime.middleware import CallNext, EmbedNext, EventStream, Middleware, StreamNext
from core.llms.runtime.retry import NO_RETRY, RetryPolicy
from core.llms.runtime.target import Target
from core.llms.types.caching import CacheControl, CacheHit
from core.llms.types.content import (
    AudioPart,
    CachePoint,
    FilePart,
    ImagePart,
    OpaquePart,
    Part,
    ReasoningPart,
    RefusalPart,
    TextPart,
    ToolCall,
)
from core.llms.types.events import (
    ReasoningDelta,
    StreamEvent,
    StreamFinished,
    StreamStarted,
    TextDelta,
    ToolCallDelta,
    ToolCallFinished,
    ToolCallStarted,
    UsageUpdated,
)
from core.llms.types.message_dicts import MessageInput, MessagesInput, parse_message, parse_messages
from core.llms.types.messages import (
    AssistantMessage,
    DeveloperMessage,
    Message,
    SystemMessage,
    ToolMessage,
    UserMessage,
)
from core.llms.types.prices import Prices, PriceTier
from core.llms.types.request import EmbeddingRequest, LLMRequest
from core.llms.types.response import (
    Attempt,
    Choice,
    EmbeddingResponse,
    FinishReason,
    LLMResponse,
    ModelInfo,
    TokenCount,
)
from core.llms.types.secrets import Secret
from core.llms.types.tools import ResponseFormat, ServerTool, Tool, ToolChoice
from core.llms.types.usage import Usage

if TYPE_CHECKING:
    from core.llms.callers import BaseCaller, BlockingAnswerStream
    from core.llms.catalog_refresh.checks import Plausibility
    from core.llms.catalog_refresh.refresh import refresh_catalog
    from core.llms.catalog_refresh.reports import CatalogRefresh
    from core.llms.configs import (
        CONFIG_REGISTRY,
        AliasDefinition,
        BaseModelConfig,
        ConfigRegistry,
        ConfigSource,
        create_model,
        define_config,
        load_configs,
        register_config,
    )
    from core.llms.handlers.base_handler import AsyncModelHandler, ModelHandler
    from core.llms.providers.base.answer_stream import AnswerStream
    from core.llms.providers.base.implementation import BaseLLM
    from core.llms.providers.base.routed import balance
    from core.llms.registry.capability_detector import ModelCapabilityDetectorFactory
    from core.llms.registry.current import default_provider_registry, default_registry
    from core.llms.registry.llm_registry import LLMRegistry, register_model
    from core.llms.registry.models import LLMCapabilities, LLMProfile, MediaType, Modality, ModelFamily
    from core.llms.registry.provider_registry import ProviderRegistry
    from core.llms.registry.providers import ModelSettings, Provider, RateLimits
    from core.llms.runtime.breaker import BreakerChange, BreakerMiddleware, BreakerPolicy
    from core.llms.runtime.budgets.memory_store import MemoryBudgetStore
    from core.llms.runtime.budgets.middleware import BudgetsMiddleware
    from core.llms.runtime.budgets.redis_store import RedisBudgetStore
    from core.llms.runtime.budgets.rules import Budget
    from core.llms.runtime.budgets.status import BudgetStatus, RemainingBudget
    from core.llms.runtime.budgets.stores import BudgetStore
    from core.llms.runtime.cache import (
        CacheMiddleware,
        CachePolicy,
        CacheSharing,
        CacheStatistics,
        CacheStore,
        MemoryCacheStore,
        RedisCacheStore,
        SemanticCache,
        SQLiteCacheStore,
    )
    from core.llms.runtime.hedging import HedgePolicy
    from core.llms.runtime.media_checks import MediaLimits
    from core.llms.runtime.monitoring.call_log import CallLog, MaskSecrets
    from core.llms.runtime.monitoring.call_record import CallObserver, CallRecord
    from core.llms.runtime.monitoring.histogram import Percentiles
    from core.llms.runtime.monitoring.observing import MonitoringMiddleware
    from core.llms.runtime.monitoring.statistics import AliasStatistics, CallStatistics
    from core.llms.runtime.monitoring.tracing import OpenTelemetryMiddleware as OpenTelemetryMiddleware
    from core.llms.runtime.monitoring.usage_recorder import UsageRecorder
    from core.llms.runtime.rate_limiter import LimiterStatistics, LimitStore, RateLimiter, RateLimitMiddleware
    from core.llms.runtime.routing.policy import FallbackPolicy, RoomGauge
    from core.llms.runtime.tokens.cost_estimates import CostEstimate, estimate_cost
    from core.llms.runtime.tokens.fitting import FittedMessages, fit_messages, fit_messages_async
    from core.llms.runtime.tool_loop import ToolRun

__version__ = "0.1.0"

# Names whose modules are loaded when they are asked for: they bring aiohttp, the tools or the registries with them.
_ON_DEMAND = {
    "AliasDefinition": "core.llms.configs",
    "AsyncModelHandler": "core.llms.handlers.base_handler",
    "BaseCaller": "core.llms.callers",
    "BaseModelConfig": "core.llms.configs",
    "BlockingAnswerStream": "core.llms.callers",
    "CONFIG_REGISTRY": "core.llms.configs",
    "ConfigRegistry": "core.llms.configs",
    "ConfigSource": "core.llms.configs",
    "ModelHandler": "core.llms.handlers.base_handler",
    "create_model": "core.llms.configs",
    "define_config": "core.llms.configs",
    "load_configs": "core.llms.configs",
    "register_config": "core.llms.configs",
    "CacheMiddleware": "core.llms.runtime.caching.middleware",
    "CachePolicy": "core.llms.runtime.caching.policy",
    "CacheSharing": "core.llms.runtime.caching.sharing",
    "CacheStatistics": "core.llms.runtime.caching.statistics",
    "CacheStore": "core.llms.runtime.caching.store",
    "MemoryCacheStore": "core.llms.runtime.caching.memory",
    "RedisCacheStore": "core.llms.runtime.caching.redis_store",
    "SemanticCache": "core.llms.runtime.caching.semantic",
    "SQLiteCacheStore": "core.llms.runtime.caching.sqlite",
    "AliasStatistics": "core.llms.runtime.monitoring.statistics",
    "AnswerStream": "core.llms.providers.base.answer_stream",
    "BaseLLM": "core.llms.providers.base.implementation",
    "BreakerChange": "core.llms.runtime.breaker",
    "BreakerMiddleware": "core.llms.runtime.breaker",
    "BreakerPolicy": "core.llms.runtime.breaker",
    "Budget": "core.llms.runtime.budgets.rules",
    "BudgetStatus": "core.llms.runtime.budgets.status",
    "BudgetStore": "core.llms.runtime.budgets.stores",
    "BudgetsMiddleware": "core.llms.runtime.budgets.middleware",
    "CostEstimate": "core.llms.runtime.tokens.cost_estimates",
    "FallbackPolicy": "core.llms.runtime.routing.policy",
    "FittedMessages": "core.llms.runtime.tokens.fitting",
    "HedgePolicy": "core.llms.runtime.hedging",
    "MemoryBudgetStore": "core.llms.runtime.budgets.memory_store",
    "RedisBudgetStore": "core.llms.runtime.budgets.redis_store",
    "RemainingBudget": "core.llms.runtime.budgets.status",
    "MediaLimits": "core.llms.runtime.media_checks",
    "ToolRun": "core.llms.runtime.tool_loop",
    "LLMCapabilities": "core.llms.registry.models",
    "LLMProfile": "core.llms.registry.models",
    "LLMRegistry": "core.llms.registry.llm_registry",
    "ModelCapabilityDetectorFactory": "core.llms.registry.capability_detector",
    "MediaType": "core.llms.registry.models",
    "Modality": "core.llms.registry.models",
    "ModelFamily": "core.llms.registry.models",
    "ModelSettings": "core.llms.registry.providers",
    "Provider": "core.llms.registry.providers",
    "ProviderRegistry": "core.llms.registry.provider_registry",
    "RateLimits": "core.llms.registry.providers",
    "CallLog": "core.llms.runtime.monitoring.call_log",
    "CallObserver": "core.llms.runtime.monitoring.call_record",
    "CallRecord": "core.llms.runtime.monitoring.call_record",
    "CallStatistics": "core.llms.runtime.monitoring.statistics",
    "MaskSecrets": "core.llms.runtime.monitoring.call_log",
    "MonitoringMiddleware": "core.llms.runtime.monitoring.observing",
    "OpenTelemetryMiddleware": "core.llms.runtime.monitoring.tracing",
    "Percentiles": "core.llms.runtime.monitoring.histogram",
    "UsageRecorder": "core.llms.runtime.monitoring.usage_recorder",
    "default_provider_registry": "core.llms.registry.current",
    "LimitStore": "core.llms.runtime.rate_limiter",
    "LimiterStatistics": "core.llms.runtime.rate_limiter",
    "RateLimitMiddleware": "core.llms.runtime.rate_limiter",
    "RateLimiter": "core.llms.runtime.rate_limiter",
    "RoomGauge": "core.llms.runtime.routing.policy",
    "balance": "core.llms.providers.base.routed",
    "default_registry": "core.llms.registry.current",
    "CatalogRefresh": "core.llms.catalog_refresh.reports",
    "Plausibility": "core.llms.catalog_refresh.checks",
    "estimate_cost": "core.llms.runtime.tokens.cost_estimates",
    "fit_messages": "core.llms.runtime.tokens.fitting",
    "fit_messages_async": "core.llms.runtime.tokens.fitting",
    "refresh_catalog": "core.llms.catalog_refresh.refresh",
    "register_model": "core.llms.registry.llm_registry",
}


def __getattr__(name: str) -> Any:
    if name not in _ON_DEMAND:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_ON_DEMAND[name]), name)


# `OpenTelemetryMiddleware` is not among them: it needs an extra, and `import *` has to do without.
__all__ = [
    "CONFIG_REGISTRY",
    "NO_RETRY",
    "APIError",
    "AliasDefinition",
    "AliasStatistics",
    "AllTargetsFailedError",
    "AnswerStream",
    "AssistantMessage",
    "AsyncModelHandler",
    "Attempt",
    "AudioPart",
    "AuthenticationError",
    "BadRequestError",
    "BaseCaller",
    "BaseLLM",
    "BaseMetadata",
    "BaseModelConfig",
    "BlockingAnswerStream",
    "BreakerChange",
    "BreakerMiddleware",
    "BreakerPolicy",
    "Budget",
    "BudgetExceededError",
    "BudgetStatus",
    "BudgetStore",
    "BudgetsMiddleware",
    "CacheControl",
    "CacheHit",
    "CacheMiddleware",
    "CacheMissError",
    "CachePoint",
    "CachePolicy",
    "CacheSharing",
    "CacheStatistics",
    "CacheStore",
    "CallLog",
    "CallNext",
    "CallObserver",
    "CallRecord",
    "CallStatistics",
    "Capability",
    "CatalogRefresh",
    "CatalogWarning",
    "Choice",
    "CircuitOpenError",
    "ConfigRegistry",
    "ConfigSource",
    "ConfigurationError",
    "ConflictError",
    "ConnectError",
    "ConnectionLostError",
    "ContentFilterError",
    "ContextLengthExceededError",
    "CostAboveLimitError",
    "CostEstimate",
    "DeadlineExceededError",
    "DetectionWarning",
    "DeveloperMessage",
    "EmbedNext",
    "EmbeddingRequest",
    "EmbeddingResponse",
    "EventStream",
    "FallbackPolicy",
    "FilePart",
    "FinishReason",
    "FittedMessages",
    "HedgePolicy",
    "ImagePart",
    "InvalidRequestError",
    "LLMCapabilities",
    "LLMContext",
    "LLMError",
    "LLMProfile",
    "LLMRegistry",
    "LLMRequest",
    "LLMResponse",
    "LLMTimeoutError",
    "Ledger",
    "LimitReachedError",
    "LimitStore",
    "LimiterStatistics",
    "MaskSecrets",
    "MediaError",
    "MediaLimits",
    "MediaType",
    "MemoryBudgetStore",
    "MemoryCacheStore",
    "Message",
    "MessageInput",
    "MessagesInput",
    "Middleware",
    "MissingCredentialError",
    "Modality",
    "ModelCapabilityDetectorFactory",
    "ModelFamily",
    "ModelHandler",
    "ModelInfo",
    "ModelSettings",
    "MoneyBudget",
    "MonitoringMiddleware",
    "NotFoundError",
    "OpaquePart",
    "OutputValidationError",
    "OverloadedError",
    "Part",
    "Percentiles",
    "PermissionDeniedError",
    "Plausibility",
    "PriceTier",
    "Prices",
    "PromptTooLongError",
    "ProtocolError",
    "Provider",
    "ProviderRegistry",
    "QuotaExceededError",
    "RateLimitError",
    "RateLimitMiddleware",
    "RateLimiter",
    "RateLimits",
    "ReasoningDelta",
    "ReasoningPart",
    "RedisBudgetStore",
    "RedisCacheStore",
    "RefusalPart",
    "RemainingBudget",
    "RequestTooLargeError",
    "ResponseFormat",
    "ResponseTooLargeError",
    "RetiredModelWarning",
    "RetryPolicy",
    "RoomGauge",
    "SQLiteCacheStore",
    "Secret",
    "SemanticCache",
    "ServerError",
    "ServerTool",
    "Source",
    "StorageError",
    "StreamEvent",
    "StreamFinished",
    "StreamInterruptedError",
    "StreamNext",
    "StreamStarted",
    "SystemMessage",
    "Target",
    "TextDelta",
    "TextPart",
    "Timeouts",
    "TokenBudget",
    "TokenCount",
    "Tool",
    "ToolCall",
    "ToolCallDelta",
    "ToolCallFinished",
    "ToolCallStarted",
    "ToolChoice",
    "ToolMessage",
    "ToolRoundsExceededError",
    "ToolRun",
    "TransportError",
    "TransportOptions",
    "UnknownModelError",
    "UnknownModelWarning",
    "UnsupportedCapabilityError",
    "UnsupportedParameterError",
    "Usage",
    "UsageRecorder",
    "UsageUpdated",
    "UserMessage",
    "__version__",
    "balance",
    "create_llm",
    "create_model",
    "default_provider_registry",
    "default_registry",
    "define_config",
    "estimate_cost",
    "fit_messages",
    "fit_messages_async",
    "load_configs",
    "parse_message",
    "parse_messages",
    "refresh_catalog",
    "register_config",
    "register_model",
]
