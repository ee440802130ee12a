"""What the factories of vendors with one key and one address have in common: each is a room's classes and this."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from core.llms.providers.base.auth import TokenProvider
from core.llms.providers.base.factory import LLMT, LLMOptions, build_llm, check_options, share_connector
from core.llms.providers.base.key_connector import KeyConnector
from core.llms.providers.base.rooms import Room
from core.llms.providers.base.transport import Timeouts, TransportOptions
from core.llms.types.secrets import Secret

_OF_CONNECTOR: Final = ("api_key", "base_url", "timeouts", "transport")


class KeyLLMOptions(LLMOptions, total=False):
    """Arguments of such a factory; what is left out comes from the environment.

    `api_key` may be a function that gives a token. `base_url` is the address up to the operation's own path. `wire`
    chooses where the provider speaks two. `connector` is used as it is, instead of one made of the others.
    """

    api_key: str | Secret | TokenProvider | None
    base_url: str | None
    wire: str | None
    connector: KeyConnector | None
    timeouts: Timeouts | None
    transport: TransportOptions | None


def build_key_llm(
    base: type[LLMT],
    connector_type: type[KeyConnector],
    rooms: Mapping[str, Room],
    name: str,
    options: KeyLLMOptions,
    settings: Mapping[str, Any] | None = None,
) -> LLMT:
    """Make the LLM of a model over a shared connector; `settings` are fields of the room's own connector settings.

    Raises `MissingCredentialError`.
    """
    given: dict[str, Any] = dict(options)
    check_options(given, lambda: (*KeyLLMOptions.__annotations__, *(settings or ())))
    config = {field: given.pop(field, None) for field in _OF_CONNECTOR} | dict(settings or {})
    connector, wire = given.pop("connector", None), given.pop("wire", None)
    shared, lease = share_connector(connector, lambda: connector_type(config))
    return build_llm(base, name, rooms, cast(LLMOptions, given), connector=shared, lease=lease, wire=wire)
