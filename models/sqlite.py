"""SQLite as it is used here: its build, its journal, and two kinds of connection: one writes, one only reads."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from models.instant import encode

try:
    from pysqlite3 import dbapi2 as driver  # brings a newer SQLite than most systems have
except ImportError:
    import sqlite3 as driver

BUSY_SECONDS = 5

# Pages of 4 KiB in the write-ahead log before a commit itself copies them into the database. SQLite's own thousand
# makes every batch of a burst of escalations pay for that; a worker copies them before so many have come together.
LOG_PAGES = 10_000

# The first releases of each line without the write-ahead log's reset race (SQLite 3.51.3 release notes).
FIXED_WAL = ((3, 51, 3), (3, 50, 7), (3, 44, 6))


# The hot path hands instants to the driver as they are.
driver.register_adapter(datetime, encode)


class Writing(SQLiteDialect_pysqlite):
    """Every transaction takes the write lock when it begins: upgrading a read later fails at once, unwaited."""

    supports_statement_cache = True

    def do_begin(self, dbapi_connection: Any) -> None:
        """Begin, and wait for the lock."""
        dbapi_connection.execute("BEGIN IMMEDIATE")


class Reading(SQLiteDialect_pysqlite):
    """Transactions that wait for nobody; the connection refuses every write."""

    supports_statement_cache = True

    def do_begin(self, dbapi_connection: Any) -> None:
        """Begin; the snapshot is of the first read."""
        dbapi_connection.execute("BEGIN")


# Listening to SQLAlchemy's own "begin" costs each transaction as much as three of its statements.
for _kind in (Writing, Reading):
    registry.register(f"sqlite.{_kind.__name__.lower()}", __name__, _kind.__name__)


def writer(url: URL, *, pool_size: int, statements: int) -> Engine:
    """An engine on whose connections every transaction may write."""
    return _pool(url.set(drivername="sqlite+writing"), pool_size, statements)


def reader(url: URL, *, pool_size: int, statements: int) -> Engine:
    """An engine that only reads; its connections are not the writer's, whose prepared statements would suffer."""
    made = _pool(url.set(drivername="sqlite+reading"), pool_size, statements)
    event.listen(made, "connect", lambda connection, _: connection.execute("PRAGMA query_only=ON"))
    return made


@contextmanager
def unwaiting(connection: Connection) -> Iterator[None]:
    """In this block nothing waits for a lock."""
    opened: Any = connection.connection.driver_connection
    (waited,) = opened.execute("PRAGMA busy_timeout").fetchone()
    opened.execute("PRAGMA busy_timeout=0")
    try:
        yield
    finally:
        opened.execute(f"PRAGMA busy_timeout={waited}")


def journal_mode(version: tuple[int, ...]) -> str:
    """Return WAL for a SQLite release free of the reset race, else TRUNCATE."""
    newest = FIXED_WAL[0]
    fixed = version >= newest or any(version[:2] == line[:2] and version >= line for line in FIXED_WAL)
    return "WAL" if fixed else "TRUNCATE"


def checkpoint(engine: Engine) -> None:
    """Copy what the write-ahead log holds into the database, as far as nobody reads it; waits for nobody."""
    with closing(engine.raw_connection()) as opened:
        opened.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)")


def _pool(url: URL, pool_size: int, statements: int) -> Engine:
    made = create_engine(
        url,
        module=driver,
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=0,
        pool_use_lifo=True,
        # Transactions are begun by the dialects above, not guessed by the driver.
        connect_args={
            "isolation_level": None,
            "check_same_thread": False,
            "timeout": BUSY_SECONDS,
            "cached_statements": statements,
        },
    )
    event.listen(made, "connect", _prepare)
    return made


def _prepare(connection: Any, _record: object) -> None:
    connection.execute(f"PRAGMA journal_mode={journal_mode(driver.sqlite_version_info)}")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute(f"PRAGMA wal_autocheckpoint={LOG_PAGES}")
