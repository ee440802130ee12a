"""Every store of profiles gives back what it was given, whoever else writes and whenever a writer dies."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import text

from core.llms import ConfigurationError, LLMProfile, LLMRegistry
from core.llms.storage.database import Database
from core.llms.storage.profile_store import DatabaseProfileStore
from tests.support.profiles import assert_same, profile_lists
from tests.support.writers import opened, run_processes, save_some

KINDS = ("json", "yaml", "sqlite", "postgresql")


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A file's name, or a database's URL."""
    if request.param in ("json", "yaml"):
        return str(tmp_path / f"models.{request.param}")
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kept=profile_lists)
def test_every_fact_comes_back_from_a_store(place: str, kept: list[LLMProfile]) -> None:
    async def check() -> None:
        async with opened(place) as store:
            await store.delete([profile.key for profile in await store.load()])
            await store.save(kept)
            assert_same(await store.load(), kept)

    asyncio.run(check())


async def test_registry_is_saved_and_loaded(place: str) -> None:
    registry, other = LLMRegistry(), LLMRegistry()
    registry.register_model("openai", "gpt-4.1-mini", prices={"input": "0.1", "output": "2"})
    async with opened(place) as store:
        await registry.save_to(store)
        await other.load_from(store)
    assert other.own_profiles == registry.own_profiles
    assert other.get("openai/gpt-4.1-mini").cost_per_1k_input == Decimal("0.0001")


async def test_saving_replaces_a_model_and_leaves_the_others(place: str) -> None:
    async with opened(place) as store:
        await store.save([LLMProfile(provider="x", model_id="a", description="old"), model("b")])
        await store.save([LLMProfile(provider="x", model_id="a", display_name="A"), model("c")])
        back = await store.load()
    assert [profile.model_id for profile in back] == ["a", "b", "c"]
    assert (back[0].description, back[0].display_name) == (None, "A")


async def test_deleting_removes_what_is_there_and_nothing_else(place: str) -> None:
    async with opened(place) as store:
        await store.save([model("a"), model("b")])
        await store.delete([("x", "a"), ("x", "none"), ("y", "b")])
        assert await store.load() == [model("b")]


async def test_empty_store_holds_no_profile(place: str) -> None:
    async with opened(place) as store:
        assert await store.load() == []
        await store.save([])
        assert await store.load() == []


def model(model_id: str) -> LLMProfile:
    return LLMProfile(provider="x", model_id=model_id)


async def test_processes_that_save_at_once_lose_nothing(place: str) -> None:
    """They begin with no file and no tables, so that they make those at once, too."""
    codes = await asyncio.to_thread(run_processes, save_some, [(place, name) for name in ("p", "q", "r")])
    assert codes == [0, 0, 0]
    async with opened(place) as store:
        assert len(await store.load()) == 32


async def test_tasks_that_save_in_opposite_orders_all_end(database_url: str) -> None:
    models = [model(f"m{number}") for number in range(50)]
    async with Database(database_url, upgrade=True) as database:
        store = DatabaseProfileStore(database)
        await asyncio.gather(*(store.save(models[::step]) for step in (1, -1) * 10))
        assert len(await store.load()) == 50


@pytest.mark.parametrize("fraction", [0.2, 0.5, 0.8])
async def test_writer_that_is_killed_leaves_one_whole_state(place: str, fraction: float) -> None:
    code = f"import sys; from tests.support.writers import save_until_killed as s; s(sys.argv[1], 1_000, {fraction})"
    command = [sys.executable, "-c", code, place]
    writer = await asyncio.to_thread(subprocess.run, command, cwd=Path(__file__).parents[3], check=False)
    assert writer.returncode == -signal.SIGALRM
    async with opened(place) as store:
        back = await store.load()
        assert len(back) == 1_000
        assert len({profile.description for profile in back}) == 1
        await store.save([model("after")])


CORRUPT = [
    ('{"prices": {"input": "x"}}', r"model_profiles\[x/bad\]: prices: "),
    ('{"prizes": 5}', r"model_profiles\[x/bad\]: prizes: Extra inputs"),
    ('{"provider": "y"}', r"model_profiles\[x/bad\]: facts: "),
    ("[]", r"model_profiles\[x/bad\]: facts: "),
]


async def spoil(database: Database, facts: str, model_id: str = "bad") -> None:
    async with database.transaction() as session:
        statement = text("UPDATE model_profiles SET facts = CAST(:facts AS JSON) WHERE model_id = :id")
        if database.url.is_sqlite:
            statement = text("UPDATE model_profiles SET facts = :facts WHERE model_id = :id")
        await session.execute(statement, {"facts": facts, "id": model_id})


@pytest.mark.parametrize(("facts", "problem"), CORRUPT)
async def test_corrupt_row_is_refused_by_its_key_and_nothing_is_loaded(
    database_url: str, facts: str, problem: str
) -> None:
    registry = LLMRegistry(catalog=False)
    async with Database(database_url, upgrade=True) as database:
        store = DatabaseProfileStore(database)
        await store.save([model("bad"), model("good")])
        await spoil(database, facts)
        with pytest.raises(ConfigurationError, match=problem):
            await registry.load_from(store)
        assert registry.own_profiles == []
        await store.save([model("bad")])
        assert len(await store.load()) == 2


async def test_every_corrupt_row_is_named(sqlite_url: str) -> None:
    async with Database(sqlite_url, upgrade=True) as database:
        store = DatabaseProfileStore(database)
        await store.save([model("a"), model("b"), model("c")])
        await spoil(database, '{"context', "a")
        await spoil(database, '{"released": "soon"}', "c")
        with pytest.raises(ConfigurationError) as caught:
            await store.load()
    assert "model_profiles[x/a] is corrupt at line 1: " in str(caught.value)
    assert "; model_profiles[x/c]: released: " in str(caught.value)
    assert "x/b" not in str(caught.value)


@pytest.mark.parametrize(
    ("facts", "problem"),
    [
        ({"model_id": "m" * 501}, "'mmmmmmmmmmmmmmmmmmmm'… has 501 characters, more than 500"),
        ({"provider": "a\0"}, r"'a\\x00' has a character that a database cannot hold"),
        ({"model_id": "\ud800"}, r"'\\ud800' has a character that a database cannot hold"),
    ],
)
async def test_name_that_one_database_would_refuse_is_refused_by_both(
    database_url: str, facts: dict[str, Any], problem: str
) -> None:
    profile = LLMProfile.model_construct(**{"provider": "x", "model_id": "m"} | facts)
    async with Database(database_url, upgrade=True) as database:
        store = DatabaseProfileStore(database)
        with pytest.raises(ConfigurationError, match=problem):
            await store.save([model("good"), profile])
        assert await store.load() == []


async def test_longest_names_fit(database_url: str) -> None:
    longest = LLMProfile(provider="😀" * 100, model_id="".join(chr(0x1F300 + n) for n in range(500)))
    async with Database(database_url, upgrade=True) as database:
        store = DatabaseProfileStore(database)
        await store.save([longest])
        assert await store.load() == [longest]


async def test_profiles_come_by_code_point_on_both_databases(database_url: str) -> None:
    names = ["B", "a", "é", "Z", "_", "-", "b", "😀", "\ufb01"]
    async with Database(database_url, upgrade=True) as database:
        store = DatabaseProfileStore(database)
        await store.save([model(name) for name in names])
        assert [profile.model_id for profile in await store.load()] == sorted(names)


async def test_names_sort_by_code_point_whatever_the_locale_of_the_server(postgresql_url: str) -> None:
    query = """SELECT collation_name FROM information_schema.columns
        WHERE table_name = 'model_profiles' AND column_name IN ('provider', 'model_id')"""
    async with Database(postgresql_url, upgrade=True) as database, database.reading() as session:
        assert (await session.execute(text(query))).scalars().all() == ["C", "C"]
