"""The REST API over `ProviderConfigService`: `create_app` makes an ASGI application, `process` runs it.

Nothing is decided here that the service can decide: who may do what is checked there, for the actor of a request's
token. FastAPI, Starlette and uvicorn, which the extra `server` brings, are known in this room alone, and loaded when
it is first used.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from core.llms.errors import ConfigurationError

if TYPE_CHECKING:
    from fastapi import FastAPI

    from core.llms.provider_config.health.policy import HealthPolicy
    from core.llms.provider_config.service import ProviderConfigService

__all__ = ["BODY_LIMIT_BYTES", "IMPORT_LIMIT_BYTES", "create_app", "require_extra"]

BODY_LIMIT_BYTES: Final = 1_048_576
IMPORT_LIMIT_BYTES: Final = 4 * 1_048_576
_EXTRA: Final = ("fastapi", "uvicorn")


def create_app(
    service: ProviderConfigService,
    *,
    openapi: bool = True,
    owns_database: bool = False,
    body_limit_bytes: int = BODY_LIMIT_BYTES,
    import_limit_bytes: int = IMPORT_LIMIT_BYTES,
    health_policy: HealthPolicy | None = None,
) -> FastAPI:
    """Make the application, for any ASGI server, or to be mounted in another application.

    `openapi=False` leaves `/openapi.json` out. With `owns_database` the service's database is closed at the end.
    Requests with more than `body_limit_bytes` are refused, documents to be imported with more than
    `import_limit_bytes`; no document is read that has more than 4 MiB. Health is told and checked by `health_policy`,
    by default one that switches nothing. Raises `ConfigurationError` where the extra `server` is not installed.
    """
    require_extra()
    from core.llms.provider_config.server.app import build_app

    return build_app(
        service,
        openapi=openapi,
        owns_database=owns_database,
        body_limit_bytes=body_limit_bytes,
        import_limit_bytes=import_limit_bytes,
        health_policy=health_policy,
    )


def require_extra() -> None:
    """Raise `ConfigurationError` where the extra `server` is not installed."""
    missing = [name for name in _EXTRA if find_spec(name) is None]
    if missing:
        raise ConfigurationError(
            f"the REST API needs {' and '.join(missing)}, which the extra `server` brings: "
            "pip install 'core-llms[server]'"
        )
