"""The face of the cache: what answers an equal, or a similar, request without the vendor, and where it keeps answers.

What stands behind it lives in `core.llms.runtime.caching`.
"""

from __future__ import annotations

from core.llms.runtime.caching.memory import MemoryCacheStore
from core.llms.runtime.caching.middleware import CacheMiddleware
from core.llms.runtime.caching.policy import CachePolicy
from core.llms.runtime.caching.redis_store import RedisCacheStore
from core.llms.runtime.caching.semantic import Embedder, EmbedFunction, SemanticCache
from core.llms.runtime.caching.sharing import CacheSharing
from core.llms.runtime.caching.shelf import Cipher
from core.llms.runtime.caching.sqlite import SQLiteCacheStore
from core.llms.runtime.caching.statistics import CacheStatistics
from core.llms.runtime.caching.store import CacheStore, ClaimingStore
from core.llms.types.caching import CacheControl, CacheHit

__all__ = [
    "CacheControl",
    "CacheHit",
    "CacheMiddleware",
    "CachePolicy",
    "CacheSharing",
    "CacheStatistics",
    "CacheStore",
    "Cipher",
    "ClaimingStore",
    "EmbedFunction",
    "Embedder",
    "MemoryCacheStore",
    "RedisCacheStore",
    "SQLiteCacheStore",
    "SemanticCache",
]
