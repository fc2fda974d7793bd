"""Opening databases: what a reading session may not do, who waits for whom, which journal SQLite gets."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from models import HolidayNotice
from models.database import connection, engine, read_session, write_session
from models.sqlite import checkpoint, journal_mode


def rows(database: Engine) -> int:
    with read_session(database) as session:
        return int(session.execute(text("SELECT count(*) FROM thing")).scalar_one())


@pytest.fixture
def things(empty_database: Engine) -> Engine:
    with write_session(empty_database) as session:
        session.execute(text("CREATE TABLE thing (id integer PRIMARY KEY, n integer)"))
    return empty_database


def test_a_write_is_kept_when_the_block_ends_and_gone_when_it_fails(things: Engine) -> None:
    with write_session(things) as session:
        session.execute(text("INSERT INTO thing VALUES (1, 0)"))
    with pytest.raises(RuntimeError), write_session(things) as session:
        session.execute(text("INSERT INTO thing VALUES (2, 0)"))
        raise RuntimeError

    assert rows(things) == 1


def test_rows_that_were_only_added_are_kept_too_and_gone_when_the_block_fails(database: Engine) -> None:
    def add(year: int, *, fails: bool) -> None:
        with write_session(database) as session:
            at = datetime(year - 1, 11, 1, tzinfo=UTC)
            session.add(HolidayNotice(year=year, document="通知", off="{}", working="{}", entered_at=at))
            if fails:
                raise RuntimeError

    add(2030, fails=False)
    with pytest.raises(RuntimeError):
        add(2031, fails=True)

    with read_session(database) as session:
        assert session.scalars(select(HolidayNotice.year)).all() == [2030]


@pytest.mark.parametrize("open_session", [read_session, write_session])
def test_a_connection_keeps_the_hot_path_prepared_through_hundreds_of_other_statements(
    empty_postgresql_url: str, open_session: Callable[[Engine], AbstractContextManager[Session]]
) -> None:
    opened = engine(empty_postgresql_url)
    with open_session(opened) as session:
        run = connection(session).exec_driver_sql
        for n in [0, *range(1, 200), 0]:
            for _ in range(7):
                run(f"SELECT {n}")
        kept = set(run("SELECT statement FROM pg_prepared_statements").scalars())
    opened.dispose()
    assert {f"SELECT {n}" for n in range(200)} <= kept


def test_a_reading_session_cannot_write_and_spoils_no_later_writer(things: Engine) -> None:
    with pytest.raises(DBAPIError), read_session(things) as session:
        session.execute(text("INSERT INTO thing VALUES (1, 0)"))
    with write_session(things) as session:
        session.execute(text("INSERT INTO thing VALUES (2, 0)"))

    assert rows(things) == 1


def test_sqlite_readers_do_not_wait_for_a_writer(empty_sqlite_url: str) -> None:
    database = engine(empty_sqlite_url)
    with write_session(database) as session:
        session.execute(text("CREATE TABLE thing (n integer)"))
    with write_session(database) as session:
        session.execute(text("INSERT INTO thing VALUES (1)"))
        assert rows(database) == 0
    database.dispose()


def test_two_sqlite_writers_that_read_first_lose_no_update(empty_sqlite_url: str) -> None:
    database = engine(empty_sqlite_url)
    with write_session(database) as session:
        session.execute(text("CREATE TABLE thing (n integer)"))
        session.execute(text("INSERT INTO thing VALUES (0)"))

    def add() -> None:
        for _ in range(20):
            with write_session(database) as session:
                n = session.execute(text("SELECT n FROM thing")).scalar_one()
                session.execute(text("UPDATE thing SET n = :n"), {"n": n + 1})

    writers = [threading.Thread(target=add) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=30)

    with read_session(database) as session:
        assert session.execute(text("SELECT n FROM thing")).scalar_one() == 80
    database.dispose()


def test_processes_may_open_a_new_sqlite_file_at_the_same_instant(empty_sqlite_url: str) -> None:
    start, failures = threading.Barrier(8), []

    def open_it() -> None:
        database = engine(empty_sqlite_url)
        start.wait(timeout=30)
        try:
            with write_session(database) as session:
                session.execute(text("CREATE TABLE IF NOT EXISTS thing (n integer)"))
        except OperationalError as failure:
            failures.append(failure)
        database.dispose()

    threads = [threading.Thread(target=open_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert failures == []


def test_a_dangling_reference_is_refused_on_both_databases(things: Engine) -> None:
    with write_session(things) as session:
        session.execute(text("CREATE TABLE part (thing_id integer REFERENCES thing (id))"))

    with pytest.raises(DBAPIError), write_session(things) as session:
        session.execute(text("INSERT INTO part VALUES (99)"))


def test_postgresql_waits_for_no_lock_for_ever_and_speaks_utc(empty_postgresql_url: str) -> None:
    database = engine(empty_postgresql_url.replace("postgresql:", "postgresql+psycopg:"))
    with read_session(database) as session:
        shown = {name: session.execute(text(f"SHOW {name}")).scalar_one() for name in ("lock_timeout", "timezone")}
    database.dispose()

    assert shown == {"lock_timeout": "10s", "timezone": "UTC"}


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 40, 1), "TRUNCATE"),
        ((3, 44, 5), "TRUNCATE"),
        ((3, 44, 6), "WAL"),
        ((3, 50, 6), "TRUNCATE"),
        ((3, 50, 7), "WAL"),
        ((3, 51, 2), "TRUNCATE"),
        ((3, 51, 3), "WAL"),
        ((3, 54, 0), "WAL"),
    ],
)
def test_the_write_ahead_log_is_used_only_where_its_reset_is_sound(version: tuple[int, ...], mode: str) -> None:
    assert journal_mode(version) == mode


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/x", "postgresql+asyncpg://h/x"])
def test_a_database_we_cannot_keep_promises_on_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"SQLite"):
        engine(url)


def test_every_sqlite_commit_reaches_the_disk(tmp_path: Path) -> None:
    database = engine(f"sqlite:///{tmp_path}/a.db")
    with read_session(database) as session:
        full = session.execute(text("PRAGMA synchronous")).scalar_one()
    database.dispose()

    assert full == 2


def test_commits_leave_the_log_to_the_worker_which_copies_it_and_waits_for_nobody(sqlite_database: Engine) -> None:
    file = Path(str(sqlite_database.url.database))

    def add(years: range) -> None:
        # Two thousand pages: more than SQLite would leave in its log by itself.
        with write_session(sqlite_database) as session:
            at = datetime(2026, 11, 1, tzinfo=UTC)
            session.add_all(
                HolidayNotice(year=year, document="通知" * 10_000, off="{}", working="{}", entered_at=at)
                for year in years
            )

    checkpoint(sqlite_database)
    before = file.read_bytes()
    add(range(2030, 2180))
    assert file.read_bytes() == before

    with write_session(sqlite_database):
        checkpoint(sqlite_database)
    assert len(file.read_bytes()) > len(before) + 2_000 * 4096
