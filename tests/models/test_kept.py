"""Kept connections: used by one transaction after another, given up when something failed, and at the end."""

from contextlib import ExitStack

import pytest
from sqlalchemy import Engine, event, select, text
from sqlalchemy.exc import OperationalError

from models import Visit, new_id
from models.database import connection, engine, read_session, write_session
from models.driver import Straight
from tests.conftest import Clock


def taken_from(database: Engine) -> list[object]:
    """Grows by one whenever a connection is taken out of the pool."""
    taken: list[object] = []
    event.listen(database, "checkout", lambda *which: taken.append(which))
    return taken


def test_one_transaction_after_the_other_uses_the_same_connection(sqlite_database: Engine) -> None:
    taken = taken_from(sqlite_database)
    for _ in range(5):
        with write_session(sqlite_database) as session:
            session.execute(text("SELECT 1"))
    assert len(taken) == 1


def test_nothing_of_one_transaction_is_left_in_the_session_of_the_next(sqlite_database: Engine, clock: Clock) -> None:
    def visit() -> Visit:
        return Visit(id=new_id(clock.now), visited_at=clock.now, created_at=clock.now)

    with write_session(sqlite_database) as session:
        session.add(kept := visit())
    with pytest.raises(ZeroDivisionError), write_session(sqlite_database) as session:
        session.add(visit())
        raise ZeroDivisionError
    with write_session(sqlite_database) as session:
        assert not session.new
        assert list(session.identity_map) == []
        assert session.scalars(select(Visit.id)).all() == [kept.id]


def test_a_commit_that_fails_leaves_nothing_begun(sqlite_database: Engine) -> None:
    with write_session(sqlite_database) as session:
        session.execute(text("CREATE TABLE parent (id INTEGER PRIMARY KEY)"))
        session.execute(text("CREATE TABLE child (parent_id REFERENCES parent DEFERRABLE INITIALLY DEFERRED)"))
    with pytest.raises(Exception, match="FOREIGN KEY"), write_session(sqlite_database) as session:
        session.execute(text("INSERT INTO child VALUES (1)"))
    with write_session(sqlite_database) as session:
        assert session.execute(text("SELECT count(*) FROM child")).scalar_one() == 0


def test_a_file_that_another_process_writes_is_asked_for_again(sqlite_database: Engine) -> None:
    other = engine(sqlite_database.url.render_as_string(hide_password=False))
    with write_session(sqlite_database) as session:
        connection(session).exec_driver_sql("PRAGMA busy_timeout=0")
    with write_session(other), pytest.raises(OperationalError), write_session(sqlite_database):
        pass
    with write_session(sqlite_database) as session:
        assert session.execute(text("SELECT 1")).scalar_one() == 1
    other.dispose()


def test_a_disposed_engine_keeps_no_file_open_and_may_be_used_again(sqlite_database: Engine) -> None:
    with write_session(sqlite_database) as session:
        opened = connection(session).connection.driver_connection
    sqlite_database.dispose()
    with pytest.raises(Exception, match="closed"):
        opened.execute("SELECT 1")
    with write_session(sqlite_database) as session:
        assert session.execute(text("SELECT 1")).scalar_one() == 1


def backend(database: Engine) -> int:
    with write_session(database) as session:
        return int(session.execute(text("SELECT pg_backend_pid()")).scalar_one())


def test_on_a_server_half_of_the_pool_is_kept_at_most_and_readers_find_the_other_half(
    empty_postgresql_url: str,
) -> None:
    small = engine(empty_postgresql_url, pool_size=4)
    with ExitStack() as writers:
        for _ in range(4):
            writers.enter_context(write_session(small)).execute(text("SELECT 1"))
    with ExitStack() as readers:
        for _ in range(2):
            readers.enter_context(read_session(small)).execute(text("SELECT 1"))
    small.dispose()


def test_when_the_server_hangs_up_one_request_meets_it_and_not_everyone_after_it(empty_postgresql_url: str) -> None:
    hung_up, other = engine(empty_postgresql_url), engine(empty_postgresql_url)
    with ExitStack() as writers:
        sessions = [writers.enter_context(write_session(hung_up)) for _ in range(4)]
        pids = [session.execute(text("SELECT pg_backend_pid()")).scalar_one() for session in sessions]
    assert backend(hung_up) in pids
    with write_session(other) as session:
        for pid in pids:
            session.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    with pytest.raises(OperationalError), write_session(hung_up) as session:
        session.execute(text("SELECT 1"))
    assert backend(hung_up) not in pids
    assert backend(hung_up) not in pids
    hung_up.dispose()
    other.dispose()


def test_the_hot_path_s_own_reads_notice_that_the_server_hung_up(empty_postgresql_url: str) -> None:
    hung_up, other = engine(empty_postgresql_url), engine(empty_postgresql_url)
    pid = backend(hung_up)
    with write_session(other) as session:
        session.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    with pytest.raises(OperationalError), write_session(hung_up) as session, Straight(connection(session)) as driver:
        driver.execute("SELECT 1")
    assert backend(hung_up) != pid
    hung_up.dispose()
    other.dispose()
