"""Access tokens in exchange for a credential: one exchange for all who wait, the next one ahead of the token's end."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from math import inf
from time import monotonic, time
from typing import Final, Literal

from core.llms.errors import Certainty, LLMError
from core.llms.providers.base.auth import Auth, NoAuth
from core.llms.providers.base.connector import BaseConnector
from core.llms.providers.base.single_flight import SingleFlight
from core.llms.providers.base.transport import Timeouts, TransportOptions
from core.llms.types.secrets import MASK, MaskedText, Secret
from core.llms.wires.watsonx.tokens import (
    TokenRequest,
    parse_token,
    parse_token_error,
    render_account_exchange,
    render_cluster_login,
    render_iam_exchange,
)

# A call waits for an exchange no longer than this, whatever the connector allows an answer.
_EXCHANGE_SECONDS: Final = 30.0
# ibm-watsonx-ai 1.8.1 renews a token of an hour a quarter of an hour before its end, a shorter one at two thirds.
_AHEAD_SECONDS: Final = 15 * 60.0
_AHEAD_PART: Final = 1 / 3
# Of a token's last moments none is used: its clock is the vendor's.
_LAST_SECONDS: Final = 10.0
_PAUSE_SECONDS: Final = 10.0
_FORCED_EVERY_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Login:
    """What is exchanged for a token, where, and in which form.

    `iam` is IBM Cloud, `account` watsonx.ai on AWS, `key` and `password` are a user's of Cloud Pak for Data.
    """

    form: Literal["iam", "account", "key", "password"]
    url: str
    secret: Secret
    username: str = ""

    def render(self) -> TokenRequest:
        """Write the exchange."""
        match self.form:
            case "iam":
                return render_iam_exchange(self.secret)
            case "account":
                return render_account_exchange(self.secret)
            case "key" | "password":
                return render_cluster_login(self.username, self.secret, password=self.form == "password")


@dataclass(frozen=True, slots=True)
class _Held:
    """A token with the moments (`monotonic`) of its renewal and of its end."""

    secret: Secret
    header: MaskedText
    renew_at: float
    ends_at: float


class ExchangedTokenAuth(Auth):
    """A bearer token that a login gives, over a connection with the connector's own settings.

    It is renewed while calls go on with the old one, and waited for where there is none that holds. Calls that need
    one at the same time wait for one exchange; one of them that gives up breaks nothing off.
    """

    def __init__(self, login: Login, transport: TransportOptions | None, timeouts: Timeouts | None) -> None:
        self._login = login
        limits = timeouts or Timeouts()
        seconds = min(limits.first_event, limits.total, _EXCHANGE_SECONDS)
        # Headers that the caller wants with every request are for the vendor's models, not for who gives tokens.
        self.connector: BaseConnector = BaseConnector(
            base_url=login.url,
            auth=NoAuth(),
            transport=replace(transport or TransportOptions(), headers={}),
            timeouts=replace(limits, first_event=seconds, total=seconds),
        )
        self._held: _Held | None = None
        self._forced_at = -inf
        self._exchange = SingleFlight(self._renew)

    async def headers(self, method: str, url: str, body: bytes | None) -> Mapping[str, str]:
        held, now = self._held, monotonic()
        if held is not None and now >= held.ends_at:
            held = None
        while held is None:
            await self._exchange.wait()
            held = self._held
        if now >= held.renew_at:
            self._exchange.start()
        return {"Authorization": held.header}

    def drop_refused(self, header: str) -> bool:
        """Drop the token that the vendor has just refused, and say whether another try is worth it.

        It is where the token has changed meanwhile, and else once a minute: a fresh token that is refused, too, was
        not refused for its age.
        """
        held = self._held
        if held is None or held.header != header:
            return True
        if monotonic() - self._forced_at < _FORCED_EVERY_SECONDS:
            return False
        self._forced_at, self._held = monotonic(), None
        return True

    async def _renew(self) -> None:
        begin = monotonic()
        try:
            self._held = await self._fetch(begin)
        except LLMError as error:
            error.certainty = Certainty.NOT_SENT  # of the request itself nothing was
            if self._held is not None:
                self._held = replace(self._held, renew_at=monotonic() + _PAUSE_SECONDS)
            raise

    async def _fetch(self, begin: float) -> _Held:
        request = self._login.render()
        answer = await self.connector.request("POST", "", request.body, headers=request.headers, fresh_connection=True)
        if not answer.ok:
            masked = answer.body.replace(self._login.secret.get_secret_value().encode(), MASK.encode())
            raise parse_token_error(answer.status, answer.headers, masked)
        token = parse_token(answer.json(), time())
        lifetime = token.lifetime_seconds
        ahead = 0.0 if lifetime == inf else min(_AHEAD_SECONDS, lifetime * _AHEAD_PART)
        return _Held(
            token.value,
            MaskedText(f"Bearer {token.value.get_secret_value()}"),
            begin + lifetime - ahead,
            begin + lifetime - min(_LAST_SECONDS, lifetime * _AHEAD_PART),
        )

    @property
    def identity(self) -> Hashable:
        return ExchangedTokenAuth, self._login

    def secrets(self) -> tuple[Secret, ...]:
        held = self._held
        return (self._login.secret,) if held is None else (self._login.secret, held.secret)

    def __repr__(self) -> str:
        return f"ExchangedTokenAuth({self._login.url})"
