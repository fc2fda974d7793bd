"""The door to the database: engines for SQLite and PostgreSQL, and the two kinds of session."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.orm import Session

from models import sqlite
from models.kept import KEPT, KeepingEngine, Kept
from models.sessions import CONNECTION, session_on
from models.sqlite import BUSY_SECONDS
from models.turns import Turns

# How many statements a connection keeps prepared. There are some hundreds, and the drivers' own hundred loses those of
# the hot path to those of pages and imports.
STATEMENTS = 500
READING = "reading"
TURNS = "turns"
READER = "reader"

# Seconds after which a silent connection is tried, and between tries: what stands between may forget it, or be gone.
ALIVE = {"keepalives_idle": 60, "keepalives_interval": 10, "keepalives_count": 3}

POSTGRESQL_SETTINGS = {
    "timezone": "UTC",
    "lock_timeout": "10s",
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "60s",
}


def engine(url: str, *, pool_size: int = 16) -> Engine:
    """Return an engine for a `sqlite:///FILE` or `postgresql://` URL with at most `pool_size` connections.

    ValueError for another database, another PostgreSQL driver or SQLite in memory.
    """
    parsed = make_url(url)
    match parsed.drivername:
        case "sqlite" | "sqlite+writing":
            return _sqlite(parsed, pool_size)
        case "postgresql" | "postgresql+psycopg":
            return _postgresql(parsed, pool_size)
    raise ValueError(f"neither SQLite nor PostgreSQL through psycopg: {parsed.drivername}")


def write_session(engine: Engine) -> AbstractContextManager[Session]:
    """Open a transaction that may write: commits at the end, rolls back on error.

    On SQLite it waits for the write lock at its BEGIN, before anything is read.
    """
    options = engine.get_execution_options()
    turns: Turns | None = options.get(TURNS)
    kept: Kept = options[KEPT]
    return _in_turn(engine, turns, kept) if turns else kept.transaction(engine)


@contextmanager
def _in_turn(engine: Engine, turns: Turns, kept: Kept) -> Iterator[Session]:
    # Who waits in vain asks the database all the same, which says why not.
    with turns.turn(seconds=BUSY_SECONDS), kept.transaction(engine) as session:
        yield session


@contextmanager
def write_session_if_free(engine: Engine) -> Iterator[Session]:
    """`write_session` for what can be left undone: OperationalError at once while somebody else writes on SQLite."""
    turns: Turns | None = engine.get_execution_options().get(TURNS)
    with turns.turn(seconds=0) if turns else nullcontext(), engine.connect() as opened:
        with sqlite.unwaiting(opened) if turns else nullcontext():
            begun = opened.begin()
        with begun, session_on(opened) as session:
            yield session


@contextmanager
def read_session(engine: Engine) -> Iterator[Session]:
    """Open a transaction in which the database refuses every write.

    It is committed all the same: after a rollback psycopg forgets all its prepared statements.
    """
    reader: Engine = engine.get_execution_options().get(READER, engine)
    with reader.connect() as opened:
        opened.execution_options(**{READING: True, "postgresql_readonly": True})
        with opened.begin(), session_on(opened) as session:
            yield session


def connection(session: Session) -> Connection:
    """The connection of a session made here: asking the session itself costs as much as a statement."""
    opened: Connection = session.info[CONNECTION]
    return opened


def only_reads(session: Session) -> bool:
    """Whether the session's transaction refuses every write, and on PostgreSQL every lock of a row too."""
    return bool(connection(session).get_execution_options().get(READING, False))


def pools(engine: Engine) -> tuple[Engine, ...]:
    """The engine and, on SQLite, the one whose connections only read: whoever listens to statements listens to both."""
    options = engine.get_execution_options()
    return (engine, options[READER]) if READER in options else (engine,)


def _sqlite(url: URL, pool_size: int) -> Engine:
    if url.database in (None, "", ":memory:"):
        raise ValueError("SQLite in memory gives every connection a database of its own; name a file")
    # Who reads has connections of its own, for going to and fro costs the others their prepared statements.
    writer, reader = (make(url, pool_size=pool_size, statements=STATEMENTS) for make in (sqlite.writer, sqlite.reader))
    return KeepingEngine(writer, most=1, reader=reader, options={TURNS: Turns(), READER: reader})


def _postgresql(url: URL, pool_size: int) -> Engine:
    settings = " ".join(f"-c {name}={value}" for name, value in POSTGRESQL_SETTINGS.items())
    own = url.normalized_query.get("options", ())
    made = create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=pool_size,
        max_overflow=0,
        pool_use_lifo=True,
        pool_recycle=1800,
        connect_args={
            "application_name": "hazardloop",
            "connect_timeout": 10,
            **ALIVE,
            "options": " ".join((settings, *own)),
        },
    )
    event.listen(made, "connect", _prepare_postgresql)
    # Whoever reads finds the other half in the pool.
    return KeepingEngine(made, most=pool_size // 2, options={})


def _prepare_postgresql(connection: Any, _record: object) -> None:
    connection.prepared_max = STATEMENTS
