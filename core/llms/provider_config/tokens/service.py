"""`TokenService`: making, listing and revoking API tokens, and finding out whose one is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import or_, select, update

from core.llms.provider_config.access.actors import Actor
from core.llms.provider_config.access.grant_rows import read_grants
from core.llms.provider_config.access.operations import EVERYTHING, Operation
from core.llms.provider_config.errors import ConfigNotFoundError, ConfigValidationError, TokenRefusedError
from core.llms.provider_config.models import ApiToken
from core.llms.provider_config.recording import Change
from core.llms.provider_config.tokens.schemas import ApiTokenResponse, CreatedToken
from core.llms.provider_config.tokens.token_text import NO_DIGEST, TokenText
from core.llms.provider_config.unit_of_work import UnitOfWork
from core.llms.storage.database import Database
from core.llms.types.secrets import Secret

_USE_IS_WRITTEN_EVERY: Final = timedelta(minutes=1)
_LONGEST_DESCRIPTION: Final = 1_000


class TokenService:
    """API tokens. Making one, and seeing or revoking another's, needs `manage_access` of everything.

    Nobody makes a token for a subject that may do more than the maker. Every method raises `AccessDeniedError`, and
    `StorageError` where the database fails.
    """

    def __init__(self, work: UnitOfWork, database: Database) -> None:
        self._work = work
        self._database = database

    async def create(
        self,
        subject: str,
        *,
        description: str | None = None,
        expires_at: datetime | None = None,
        actor: Actor | str | None = None,
    ) -> CreatedToken:
        """Make a token for an actor, by default without end. Raises `ConfigValidationError`."""
        named = Actor(subject).name
        _check(description, expires_at)
        made = TokenText.generate()
        async with self._work.changing(actor, "create") as change:
            await _require_makeable(change, named)
            row = ApiToken(
                id=made.id,
                subject=named,
                description=description,
                digest=made.digest(),
                created_by=change.permissions.actor.name,
                expires_at=expires_at,
            )
            await change.add(row)
            return CreatedToken(ApiTokenResponse.model_validate(row), made.text)

    async def list_tokens(
        self, subject: str | None = None, *, actor: Actor | str | None = None
    ) -> list[ApiTokenResponse]:
        """Return the tokens that the actor may see, all or its own, by when they were made."""
        query = select(ApiToken).order_by(ApiToken.created_at, ApiToken.id)
        if subject is not None:
            query = query.where(ApiToken.subject == subject)
        async with self._work.reading(actor) as reading:
            sees_all = reading.permissions.may(Operation.MANAGE_ACCESS, EVERYTHING)
            own = reading.permissions.actor.name
            rows = await reading.session.scalars(query)
            return [ApiTokenResponse.model_validate(row) for row in rows if sees_all or row.subject == own]

    async def revoke(self, token_id: str, *, actor: Actor | str | None = None) -> ApiTokenResponse:
        """Make a token useless, at once and for ever; again changes nothing. Raises `ConfigNotFoundError`."""
        async with self._work.changing(actor, "revoke") as change:
            row = await change.session.get(ApiToken, token_id)
            if row is None:
                raise ConfigNotFoundError(f"there is no token {token_id!r}")
            if row.subject != change.permissions.actor.name:
                change.permissions.require(Operation.MANAGE_ACCESS, EVERYTHING)
            if row.revoked_at is None:
                await change.set(row, {"revoked_at": datetime.now(UTC)})
            return ApiTokenResponse.model_validate(row)

    async def authenticate(self, text: Secret | str) -> ApiTokenResponse:
        """Return the token whose text this is; its subject is who acts, and is trusted with nothing but its grants.

        Raises `TokenRefusedError`, with the same words for whatever is wrong.
        """
        given = TokenText.parse(Secret.of(text))
        async with self._database.reading() as session:
            row = await session.get(ApiToken, "" if given is None else given.id)
        is_right = given is not None and given.matches(NO_DIGEST if row is None else row.digest)
        token = None if row is None else ApiTokenResponse.model_validate(row)
        if not is_right or token is None or not token.is_usable:
            raise TokenRefusedError("the API token is unknown, expired or revoked")
        await self._write_use(token)
        return token

    async def _write_use(self, token: ApiTokenResponse) -> None:
        now = datetime.now(UTC)
        due = now - _USE_IS_WRITTEN_EVERY
        if token.last_used is not None and token.last_used > due:
            return
        is_due = or_(ApiToken.last_used.is_(None), ApiToken.last_used <= due)
        async with self._database.statement() as connection:
            await connection.execute(update(ApiToken).where(ApiToken.id == token.id, is_due).values(last_used=now))


def _check(description: str | None, expires_at: datetime | None) -> None:
    problems = {}
    if description is not None and ("\0" in description or len(description) > _LONGEST_DESCRIPTION):
        problems["description"] = f"`description`: it has at most {_LONGEST_DESCRIPTION} characters, and no NUL"
    if expires_at is not None and expires_at.tzinfo is None:
        problems["expires_at"] = "`expires_at`: give a time zone, as in 2026-12-31T23:59:59Z"
    elif expires_at is not None and expires_at <= datetime.now(UTC):
        problems["expires_at"] = "`expires_at`: it is over already"
    if problems:
        raise ConfigValidationError(problems)


async def _require_makeable(change: Change, subject: str) -> None:
    """Raise `AccessDeniedError` where the actor may not do all that the subject may, whose token it would hold."""
    change.permissions.require(Operation.MANAGE_ACCESS, EVERYTHING)
    if subject == change.permissions.actor.name:
        return
    for grant in await read_grants(change.session, subject):
        if not grant.is_denial:
            for operation in sorted(grant.operations):
                change.permissions.require(operation, grant.scope)
