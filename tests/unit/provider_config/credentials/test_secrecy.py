"""A canary that is stored and used is in no log, repr, error, traceback, answer or pickle."""

from __future__ import annotations

import logging
import pickle
import traceback
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from core.llms import LLMError
from core.llms.handlers.base_handler import AsyncModelHandler
from core.llms.provider_config.aliases import ConfigAliases
from core.llms.provider_config.creation import create_configured_llm
from core.llms.provider_config.generation import Generator
from core.llms.provider_config.schemas import LLMParametersCreate
from core.llms.provider_config.service import ProviderConfigService
from core.llms.types.secrets import Secret
from tests.support.raw_server import Exchange, raw_server
from tests.unit.provider_config.credentials.conftest import MATERIAL, Stored
from tests.unit.provider_config.test_aliases import registry_over

CANARY = "invalid-canary-7f3a91c2"
CALM = LLMParametersCreate(name="calm", max_new_tokens=100)
MODEL = ("openai", "gpt-4.1-mini")
LOGGERS = ("sqlalchemy", "sqlalchemy.engine", "sqlalchemy.pool", "aiosqlite", "asyncio", "core.llms", "alembic")


def shown(error: BaseException) -> str:
    """Everything that a tool can show of an error, each frame's variables included, but for this file's own frames."""
    texts = []
    seen: BaseException | None = error
    while seen is not None:
        texts += [str(seen), repr(seen), repr(vars(seen)), repr(seen.args)]
        found = traceback.TracebackException.from_exception(seen, capture_locals=True)
        texts += [repr(frame.locals) for frame in found.stack if frame.filename != __file__]
        seen = seen.__cause__ or seen.__context__
    return "\n".join(texts)


async def failures(service: ProviderConfigService, stored: Stored, set_keys: Callable[..., None]) -> list[str]:
    """Make every step fail that has the canary, and return what is shown of each failure."""
    credentials = service.credentials
    config = await service.get_provider_model(*MODEL)
    assert config is not None
    texts = []

    async def fail(work: Any) -> None:
        with pytest.raises((LLMError, TypeError)) as caught:
            await work
        texts.append(shown(caught.value))

    secret = {"api_key": Secret(CANARY)}
    await fail(credentials.create("team", "groq", secret))
    await fail(credentials.create("x" * 300, "openai", secret))
    await fail(credentials.create("other", "openai", {**secret, "colour": Secret(CANARY)}))
    await fail(credentials.create("other", "openai", {"api_key": Secret(f"{CANARY} ")}))
    await fail(credentials.create("other", "openai", {"api_key": f"{CANARY}\n"}))
    await fail(credentials.replace("nobody", secret))
    await fail(credentials.replace("team", {"api_key": Secret(f"{CANARY}2")}, expected_version=9))
    await fail(service.verify_provider_model(*MODEL))
    own = await stored.read("team")
    for column in ("ciphertext", "wrapped_key"):
        await stored.write("team", **{column: own[column][:-1] + b"!"})
        await fail(credentials.resolve(config))
        await stored.write("team", **{column: own[column]})
    for keys in ("new", ""):
        set_keys(*keys.split())
        await fail(credentials.resolve(config))
        await fail(credentials.create("third", "openai", secret)) if not keys else None
    set_keys("old")
    return texts


async def test_a_canary_is_shown_nowhere(
    service: ProviderConfigService,
    stored: Stored,
    set_keys: Callable[..., None],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    async def serve(exchange: Exchange) -> None:
        # A vendor that repeats the key it was sent.
        sent = exchange.head.partition(b"Bearer ")[2].partition(b"\r")[0]
        assert sent == CANARY.encode()
        await exchange.answer(b'{"error": {"message": "wrong key: %s"}}' % sent, "401 X")

    for name in LOGGERS:
        caplog.set_level(logging.DEBUG, logger=name)
    texts: list[str] = []
    async with raw_server(serve) as server:
        created = await service.credentials.create("team", "openai", {"api_key": CANARY})
        config = await service.register_provider_model(
            *MODEL, CALM, credential_id=created.id, base_url=server.url, verify=False, alias="support"
        )
        secrets = await service.credentials.resolve(config)
        aliases = ConfigAliases(service)
        async with (
            create_configured_llm(config, secrets) as llm,
            Generator(service) as generator,
            AsyncModelHandler(registry_over(aliases)) as handler,
        ):
            for asking in (
                llm.get_answer("Say: hi"),
                generator.generate(*MODEL, "Say: hi"),
                handler.get_response("support", "Say: hi"),
            ):
                with pytest.raises(LLMError) as caught:
                    await asking
                texts.append(shown(caught.value))
            found = await aliases.find_config("support")
            assert found is not None
            values = [llm, generator, handler, aliases, found, found(), vars(found), secrets, service.credentials]
            texts += [repr(value) for value in values]
        texts += await failures(service, stored, set_keys)
    listed = await service.credentials.list_all()
    texts += [repr(listed), listed[0].model_dump_json(), config.model_dump_json(), repr(pickle.dumps(listed))]
    texts += [(await service.list_providers()).model_dump_json(), repr(await stored.dump())]
    texts += [caplog.text, *(repr(vars(record)) for record in caplog.records), *capfd.readouterr()]
    assert "INSERT INTO credentials" in caplog.text
    secret = (CANARY, *MATERIAL.values())
    assert [text[max(0, text.find(part) - 200) :][:400] for text in texts for part in secret if part in text] == []


async def test_secrets_cannot_be_pickled(service: ProviderConfigService) -> None:
    created = await service.credentials.create("team", "openai", {"api_key": CANARY})
    config = await service.register_provider_model(*MODEL, CALM, credential_id=created.id, verify=False)
    assert CANARY.encode() not in pickle.dumps(config)
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(await service.credentials.resolve(config))


async def test_a_database_that_fails_while_a_secret_is_written_does_not_show_it(
    service: ProviderConfigService, monkeypatch: pytest.MonkeyPatch
) -> None:
    flush = AsyncSession.flush

    async def break_off(session: AsyncSession) -> None:
        await flush(session)
        await session.execute(select_nothing())

    monkeypatch.setattr(AsyncSession, "flush", break_off)
    with pytest.raises(LLMError) as caught:
        await service.credentials.create("team", "openai", {"api_key": Secret(CANARY)})
    assert CANARY not in shown(caught.value)


def select_nothing() -> Any:
    from sqlalchemy import text

    return text("SELECT nothing FROM nowhere")
