"""Rate limits: requests, tokens and concurrency, held in one process or shared between many.

`RateLimitMiddleware(RateLimiter(requests_per_minute=60))` holds the calls of an LLM to limits. The parts are in
`limits`; the stores that processes share are `core.llms.storage.limit_store.DatabaseLimitStore` and `RedisLimitStore`.
"""

from core.llms.runtime.limits.limiter import RateLimiter as RateLimiter
from core.llms.runtime.limits.limiter import by_account as by_account
from core.llms.runtime.limits.limiter import by_user as by_user
from core.llms.runtime.limits.memory_store import MemoryLimitStore as MemoryLimitStore
from core.llms.runtime.limits.middleware import RateLimitMiddleware as RateLimitMiddleware
from core.llms.runtime.limits.tally import LimiterStatistics as LimiterStatistics
from core.llms.types.limits import LimitStore as LimitStore
