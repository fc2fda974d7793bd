"""The writer's seat: kept from one transaction to the next, given up when something failed, and at the end."""

import pytest
from sqlalchemy import Engine, event, select, text
from sqlalchemy.exc import OperationalError

from models import Visit, new_id
from models.database import connection, engine, write_session
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
