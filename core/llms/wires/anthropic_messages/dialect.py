"""What differs between hosts, versions and models of the Messages API, as frozen data. Nothing is rendered here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

ORIGIN: Final = "anthropic_messages"

API_VERSION: Final = "2026-10-21"
API_VERSION_2023: Final = "2023-06-01"

EFFORTS: Final = ("low", "medium", "high", "xhigh", "max")


def version_takes_sampling(api_version: str) -> bool:
    """Tell whether `temperature`, `top_p` and `top_k` exist in a version.

    They were removed in 2026-10-21, where any value is a 400 (the vendor's versioning page, read at second hand
    2026-11-21). A version that a cloud names in its own way (`bedrock-2023-05-31`) is an older one by its year.
    """
    return "2023-" in api_version


@dataclass(frozen=True, slots=True)
class ThinkingStyle:
    """How a model is asked to think (anthropic 2.11, ThinkingConfigParam and OutputConfigParam).

    `form` is `adaptive` (the model decides, `effort` guides it), `budget` (a number of tokens) or `none`. `off` is the
    type that turns thinking off, None where nothing does. `efforts` are those that `output_config.effort` takes.
    """

    form: Literal["adaptive", "budget", "none"] = "adaptive"
    off: Literal["disabled", "between_tools"] | None = "disabled"
    efforts: tuple[str, ...] = EFFORTS


@dataclass(frozen=True, slots=True)
class MessagesDialect:
    """One host's, one version's and one model's way of the Messages API; the defaults are the vendor's own host.

    Host:
        api_version: goes out as the header `anthropic-version`, or in the body where `version_in_body`.
        version_in_body: the clouds' form: version and betas are body fields (`anthropic_version`, `anthropic_beta`).
        betas: names of betas for every request, comma-joined into the header `anthropic-beta`.
        route: gives the path of a model (and whether it streams) where the host has the model in its address; the
            body then has no `model`. None: `/v1/messages`.
        count_path: the path that counts tokens.
        takes_addresses: whether images and documents may be given by their address.

    Model:
        max_output_tokens: its largest answer, None where that is not known. See `render.py` on `max_tokens`.
        thinking: how it is asked to think.
        forced_tool_use: whether `tool_choice` may force a tool.
        system_in_messages: whether a system message may stand between the others.
    """

    api_version: str = API_VERSION
    version_in_body: bool = False
    betas: tuple[str, ...] = ()
    route: Callable[[str, bool], str] | None = None
    count_path: str = "/v1/messages/count_tokens"
    takes_addresses: bool = True
    max_output_tokens: int | None = None
    thinking: ThinkingStyle = field(default_factory=ThinkingStyle)
    forced_tool_use: bool = True
    system_in_messages: bool = False
