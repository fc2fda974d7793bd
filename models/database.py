"""The door to the database: engines for SQLite and PostgreSQL, and the two kinds of session."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, make_url
from sqlalchemy.orm import Session

from models.driver import cursor
from models.turns import Turns

try:
    from pysqlite3 import dbapi2 as sqlite  # brings a newer SQLite than most systems have
except ImportError:
    import sqlite3 as sqlite

BUSY_SECONDS = 5
# How many statements a connection keeps prepared. There are some hundreds, and the drivers' own hundred loses those of
# the hot path to those of pages and imports.
STATEMENTS = 500
READING = "reading"
UNWAITING = "unwaiting"
TURNS = "turns"
READER = "reader"
CONNECTION = "connection"

# The first releases of each line without the write-ahead log's reset race (SQLite 3.51.3 release notes).
FIXED_WAL = ((3, 51, 3), (3, 50, 7), (3, 44, 6))

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
        case "sqlite":
            return _sqlite(parsed, pool_size)
        case "postgresql" | "postgresql+psycopg":
            return _postgresql(parsed, pool_size)
    raise ValueError(f"neither SQLite nor PostgreSQL through psycopg: {parsed.drivername}")


@contextmanager
def write_session(engine: Engine) -> Iterator[Session]:
    """Open a transaction that may write: commits at the end, rolls back on error (BEGIN IMMEDIATE on SQLite)."""
    # SQLite waits for the write lock at the BEGIN, before anything is read.
    with _turn(engine, BUSY_SECONDS), _transaction(engine) as session:
        yield session


@contextmanager
def write_session_if_free(engine: Engine) -> Iterator[Session]:
    """`write_session` for what can be left undone: OperationalError at once while somebody else writes on SQLite."""
    with _turn(engine, 0), _transaction(engine, **{UNWAITING: True}) as session:
        yield session


def _turn(engine: Engine, seconds: float) -> AbstractContextManager[object]:
    # Who gets no turn asks the database all the same, which says why not.
    turns: Turns | None = engine.get_execution_options().get(TURNS)
    return turns.turn(seconds=seconds) if turns else nullcontext()


@contextmanager
def read_session(engine: Engine) -> Iterator[Session]:
    """Open a transaction in which the database refuses every write.

    It is committed all the same: after a rollback psycopg forgets all its prepared statements.
    """
    reader: Engine = engine.get_execution_options().get(READER, engine)
    with _transaction(reader, **{READING: True, "postgresql_readonly": True}) as session:
        yield session


@contextmanager
def _transaction(engine: Engine, **options: bool) -> Iterator[Session]:
    """A session in a transaction of the connection's own: one begun by the session itself takes twice as long."""
    with engine.connect() as opened:
        if options:
            opened.execution_options(**options)
        with opened.begin(), Session(opened, expire_on_commit=False, info={CONNECTION: opened}) as session:
            yield session
            session.flush()


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


def journal_mode(version: tuple[int, ...]) -> str:
    """Return WAL for a SQLite release free of the reset race, else TRUNCATE."""
    newest = FIXED_WAL[0]
    fixed = version >= newest or any(version[:2] == line[:2] and version >= line for line in FIXED_WAL)
    return "WAL" if fixed else "TRUNCATE"


def _sqlite(url: URL, pool_size: int) -> Engine:
    if url.database in (None, "", ":memory:"):
        raise ValueError("SQLite in memory gives every connection a database of its own; name a file")
    # Who reads has connections of its own, for going to and fro costs the others their prepared statements.
    writer, reader = (_sqlite_pool(url, pool_size) for _ in range(2))
    event.listen(writer, "engine_disposed", lambda _: reader.dispose())
    return writer.execution_options(**{TURNS: Turns(), READER: reader})


def _sqlite_pool(url: URL, pool_size: int) -> Engine:
    made = create_engine(
        url,
        module=sqlite,
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=0,
        pool_use_lifo=True,
        # Transactions are begun below, not guessed by the driver.
        connect_args={
            "isolation_level": None,
            "check_same_thread": False,
            "timeout": BUSY_SECONDS,
            "cached_statements": STATEMENTS,
        },
    )
    event.listen(made, "connect", _prepare_sqlite)
    event.listen(made, "begin", _begin_sqlite)
    return made


def _prepare_sqlite(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA journal_mode={journal_mode(sqlite.sqlite_version_info)}")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # Whoever does not say that it only reads takes the write lock: upgrading a read later fails at once, unwaited.
    options = connection.get_execution_options()
    reading = options.get(READING, False)
    driver: Any = connection.connection.driver_connection
    if connection.info.get(READING, False) != reading:
        # Not every time: after any pragma SQLite prepares all statements of the connection anew.
        driver.execute(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
        connection.info[READING] = reading
    # Straight to the driver: SQLAlchemy's way to this one word takes longer than the word.
    with _unwaiting(driver) if options.get(UNWAITING, False) else nullcontext(), cursor(connection) as opened:
        opened.execute("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextmanager
def _unwaiting(driver: Any) -> Iterator[None]:
    (waited,) = driver.execute("PRAGMA busy_timeout").fetchone()
    driver.execute("PRAGMA busy_timeout=0")
    try:
        yield
    finally:
        driver.execute(f"PRAGMA busy_timeout={waited}")


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
            "options": " ".join((settings, *own)),
        },
    )
    event.listen(made, "connect", _prepare_postgresql)
    return made


def _prepare_postgresql(connection: Any, _record: object) -> None:
    connection.prepared_max = STATEMENTS
