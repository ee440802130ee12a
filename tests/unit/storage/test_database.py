"""`Database`: opening, transactions, revisions, event loops, failures, and secrets that stay secret."""

from __future__ import annotations

import asyncio
import logging
import pickle
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from core.llms import ConfigurationError, LLMProfile, StorageError
from core.llms.storage.database import Database
from core.llms.storage.engine import EngineOptions
from core.llms.storage.migrations import HEAD
from core.llms.storage.profile_store import DatabaseProfileStore

CANARY = "canary-8f3a2b"
NEWER = text("UPDATE core_llms_revision SET version_num = '9999'")


def store_one(database: Database) -> Any:
    return DatabaseProfileStore(database).save([LLMProfile(provider="x", model_id="m")])


async def count(database: Database) -> int:
    return len(await DatabaseProfileStore(database).load())


async def test_database_without_tables_says_how_to_make_them(empty_database_url: str) -> None:
    async with Database(empty_database_url) as database:
        with pytest.raises(ConfigurationError, match=r"has no tables yet: run `core-llms db upgrade`"):
            await count(database)
        assert await database.current_revision() is None
        assert await database.upgrade() == HEAD
        assert await count(database) == 0


async def test_database_of_a_newer_version_is_refused_and_left_alone(database_url: str) -> None:
    async with Database(database_url, upgrade=True) as database:
        await store_one(database)
        async with database.transaction() as session:
            await session.execute(NEWER)
    async with Database(database_url, upgrade=True) as database:
        for action in (count(database), database.upgrade(), database.downgrade("base")):
            with pytest.raises(ConfigurationError, match=r"revision 9999, .* or a newer one.*`core-llms db upgrade`"):
                await action
        assert await database.current_revision() == "9999"


async def test_unknown_revision_is_refused_with_those_there_are(empty_database_url: str) -> None:
    async with Database(empty_database_url) as database:
        with pytest.raises(ConfigurationError, match=rf"no way to revision '77' .* known: .*{HEAD}"):
            await database.upgrade("77")
        assert await database.current_revision() is None


async def test_transaction_is_undone_by_an_exception(database_url: str) -> None:
    async with Database(database_url, upgrade=True) as database:
        await store_one(database)
        with pytest.raises(RuntimeError, match="in between"):
            async with database.transaction() as session:
                await session.execute(text("DELETE FROM model_profiles"))
                raise RuntimeError("in between")
        assert await count(database) == 1


async def test_reading_keeps_nothing_that_was_written(database_url: str) -> None:
    async with Database(database_url, upgrade=True) as database:
        async with database.transaction() as session:
            await session.execute(text("SELECT 1"))
        async with database.reading() as session:
            assert (await session.execute(text("SELECT 41 + 1"))).scalar() == 42


async def test_many_tasks_take_their_turns(database_url: str) -> None:
    options = EngineOptions(pool_size=2, max_overflow=1)
    async with Database(database_url, upgrade=True, options=options) as database:
        await asyncio.gather(*(store_one(database) for _ in range(30)))
        assert await count(database) == 1


async def test_memory_holds_what_many_tasks_write() -> None:
    async with Database("sqlite://", upgrade=True) as database:
        await asyncio.gather(*(store_one(database) for _ in range(30)))
        assert await count(database) == 1


def test_one_database_serves_one_event_loop_after_another(database_url: str) -> None:
    database = Database(database_url, upgrade=True)

    async def work() -> int:
        async with database:
            await store_one(database)
            return await count(database)

    assert [asyncio.run(work()) for _ in range(3)] == [1, 1, 1]


def test_process_ends_though_a_database_was_left_open(database_url: str) -> None:
    code = (
        "import asyncio, sys; from core.llms.storage.database import Database\n"
        "async def main():\n"
        "    global database; database = Database(sys.argv[1], upgrade=True)\n"
        "    async with database.reading(): print('read')\n"
        "asyncio.run(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, database_url], capture_output=True, timeout=60, check=False, text=True
    )
    assert (done.returncode, done.stdout) == (0, "read\n")


async def test_readers_and_a_writer_do_not_wait_for_each_other(database_url: str) -> None:
    async with Database(database_url, upgrade=True, options=EngineOptions(lock_timeout_seconds=1)) as database:
        async with database.reading() as reading:
            before = (await reading.execute(text("SELECT count(*) FROM model_profiles"))).scalar()
            await store_one(database)
        assert (before, await count(database)) == (0, 1)


async def test_transactions_that_read_before_they_write_wait_for_their_turn(sqlite_url: str) -> None:
    async with Database(sqlite_url, upgrade=True) as database:
        async with database.transaction() as session:
            await session.execute(text("CREATE TABLE counted (n INTEGER)"))
            await session.execute(text("INSERT INTO counted VALUES (0)"))

        async def count_one() -> None:
            async with database.transaction() as session:
                n = (await session.execute(text("SELECT n FROM counted"))).scalar_one()
                await session.execute(text("UPDATE counted SET n = :n"), {"n": n + 1})

        await asyncio.gather(*(count_one() for _ in range(10)))
        async with database.reading() as session:
            assert (await session.execute(text("SELECT n FROM counted"))).scalar() == 10


async def test_sqlite_enforces_references_and_lets_readers_read_while_one_writes(sqlite_url: str) -> None:
    async with Database(sqlite_url, upgrade=True) as database:
        async with database.transaction() as writing:
            await writing.execute(text("CREATE TABLE a (id INTEGER PRIMARY KEY, b INTEGER REFERENCES a (id))"))
            assert await asyncio.wait_for(count(database), 10) == 0
        with pytest.raises(StorageError, match="FOREIGN KEY constraint failed"):
            async with database.transaction() as session:
                await session.execute(text("INSERT INTO a VALUES (1, 2)"))


async def test_lock_that_is_held_too_long_is_an_error(sqlite_url: str) -> None:
    async with Database(sqlite_url, upgrade=True, options=EngineOptions(lock_timeout_seconds=0.1)) as database:
        async with database.transaction():
            with pytest.raises(StorageError, match=r"core-llms\.db cannot be opened: database is locked"):
                await store_one(database)
        await store_one(database)


async def test_file_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("These are notes, and no database at all. " * 20)
    before = path.read_bytes()
    async with Database(f"sqlite:///{path}", upgrade=True) as database:
        with pytest.raises(StorageError, match=r"notes\.txt cannot be opened: file is not a database"):
            await count(database)
    assert path.read_bytes() == before


async def test_folder_of_the_users_data_is_made_for_the_user_alone(tmp_path: Path) -> None:
    async with Database(f"sqlite:///{tmp_path / 'core-llms' / 'core-llms.db'}", upgrade=True) as database:
        await store_one(database)
    assert (tmp_path / "core-llms").stat().st_mode & 0o777 == 0o700


async def test_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match=r"models\.db cannot be opened: "):
        await count(Database(f"sqlite:///{tmp_path / 'file' / 'models.db'}", upgrade=True))


async def test_looking_for_tables_makes_no_file(empty_sqlite_url: str, tmp_path: Path) -> None:
    database = Database(empty_sqlite_url)
    assert await database.current_revision() is None
    with pytest.raises(ConfigurationError, match="has no tables yet"):
        await count(database)
    assert list(tmp_path.iterdir()) == []


async def test_task_that_is_cancelled_leaves_nothing_and_no_lock(database_url: str) -> None:
    async with Database(database_url, upgrade=True, options=EngineOptions(pool_size=1, max_overflow=0)) as database:
        await store_one(database)
        deleted = asyncio.Event()

        async def delete_and_wait() -> None:
            async with database.transaction() as session:
                await session.execute(text("DELETE FROM model_profiles"))
                deleted.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(delete_and_wait())
        await deleted.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await count(database) == 1
        await store_one(database)


FORK = """
import asyncio, os, sys
from core.llms import LLMProfile
from core.llms.storage.database import Database
from core.llms.storage.profile_store import DatabaseProfileStore

database = Database(sys.argv[1], upgrade=True)

async def save(name):
    store = DatabaseProfileStore(database)
    await store.save([LLMProfile(provider="x", model_id=name)])
    return len(await store.load())

loop = asyncio.new_event_loop()
loop.run_until_complete(save("parent"))
child = os.fork()
if not child:
    os._exit(loop.run_until_complete(save("child")))
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), loop.run_until_complete(save("parent")))
loop.run_until_complete(database.aclose())
loop.close()
"""


def test_fork_has_connections_of_its_own(database_url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FORK, database_url], capture_output=True, timeout=60, check=False, text=True
    )
    assert (done.stdout, done.stderr) == ("2 2\n", "")


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg"])
@pytest.mark.parametrize("where", ["127.0.0.1:1/db", "127.0.0.1:1/db?sslmode=disable&connect_timeout=5"])
async def test_server_that_does_not_answer_is_named_without_the_password(
    scheme: str, where: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    database = Database(f"{scheme}://ann:{CANARY}@{where}", upgrade=True)
    with pytest.raises(StorageError, match=r"postgresql://ann:\*+@127\.0\.0\.1:1/db.* cannot be opened: ") as caught:
        await count(database)
    told = "".join(traceback.format_exception(caught.value))
    shown = [told, caplog.text, repr(database), repr(vars(database)), repr(database.engine), str(database.engine.url)]
    assert not any(CANARY in text for text in shown)
    await database.aclose()


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg"])
async def test_server_that_refuses_a_login_is_quoted_without_the_password(postgresql_url: str, scheme: str) -> None:
    url = postgresql_url.replace("postgresql://postgres:", f"{scheme}://nobody:{CANARY}")
    with pytest.raises(StorageError, match='role "nobody" does not exist') as caught:
        await count(Database(url))
    assert CANARY not in "".join(traceback.format_exception(caught.value))


async def test_password_in_the_words_of_a_server_is_masked(postgresql_url: str) -> None:
    url = postgresql_url.replace("postgresql://postgres:", f"postgresql://{CANARY}:{CANARY}")
    with pytest.raises(StorageError, match=r'role "\*+" does not exist') as caught:
        await count(Database(url))
    assert CANARY not in str(caught.value)


async def test_statement_that_fails_tells_neither_itself_nor_its_values(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with Database(database_url, upgrade=True) as database:
        with pytest.raises(StorageError, match="nothing_such") as caught:
            async with database.transaction() as session:
                await session.execute(text("SELECT :value FROM nothing_such"), {"value": CANARY})
    told = "".join(traceback.format_exception(caught.value))
    assert CANARY not in told + caplog.text
    assert "SELECT" not in str(caught.value)


async def test_psycopg_is_the_same_database(postgresql_url: str) -> None:
    async with Database(postgresql_url, upgrade=True) as database:
        await store_one(database)
    async with Database(postgresql_url.replace("postgresql:", "postgresql+psycopg:")) as database:
        assert await count(database) == 1
        await store_one(database)


async def test_connection_that_the_server_ended_is_made_anew(postgresql_url: str) -> None:
    end_others = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                      " AND datname = current_database()")  # fmt: skip
    async with Database(postgresql_url, upgrade=True) as database, Database(postgresql_url) as other:
        await store_one(database)
        async with other.transaction() as session:
            await session.execute(end_others)
        assert await count(database) == 1


def test_database_refuses_to_be_pickled() -> None:
    with pytest.raises(TypeError, match="each process makes its own"):
        pickle.dumps(Database("sqlite://"))


@pytest.mark.parametrize(
    ("missing", "use", "problem"),
    [
        ("sqlalchemy", "import core.llms.storage.database", "a database needs sqlalchemy, .*'core-llms[config]'"),
        ("alembic", "import core.llms.storage", "a database needs alembic, .*'core-llms[config]'"),
        ("asyncpg", "make('postgresql://h/db')", "postgresql://h/db needs asyncpg, .*'core-llms[config]'"),
        ("aiosqlite", "make('sqlite://')", "sqlite:///:memory: needs aiosqlite, .*'core-llms[config]'"),
        ("psycopg", "make('postgresql+psycopg://h/db')", "postgresql://h/db needs psycopg, .*'core-llms[pgbouncer]'"),
    ],
)
def test_extra_that_is_not_installed_is_named(missing: str, use: str, problem: str) -> None:
    code = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "def make(url):\n"
        "    import asyncio\n"
        "    from core.llms.storage.database import Database\n"
        "    asyncio.run(Database(url).current_revision())\n"
        f"{use}"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=False, text=True)
    last = done.stderr.splitlines()[-1]
    start, _, end = problem.partition(".*")
    assert last.startswith(f"core.llms.errors.ConfigurationError: {start}")
    assert last.endswith(end)


def test_importing_the_package_loads_no_database_library() -> None:
    code = (
        "import sys, core.llms; from core.llms import LLMRegistry; LLMRegistry().get('gpt-4.1-mini')\n"
        "print({'sqlalchemy', 'alembic', 'asyncpg', 'psycopg', 'aiosqlite', 'sqlite3'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=True, text=True)
    assert done.stdout == "set()\n"
