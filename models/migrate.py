"""Moves a database between revisions of the tables and says whether it agrees with them (数据库迁移)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.autogenerate.api import AutogenContext
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from models import metadata
from models.database import connection, read_session

HERE = Path(__file__).resolve().parent
# An installed wheel carries the scripts inside the package, a checkout beside it.
SCRIPTS = next(folder for folder in (HERE / "migrations", HERE.parent / "alembic") if folder.is_dir())
# Any constant will do: processes that start together migrate one after another.
LOCK = 4_118_202_611


class OrphanedRows(Exception):
    """A migration left rows of these `tables` pointing to rows that are gone, or found them so; nothing was changed."""

    def __init__(self, tables: Sequence[str]) -> None:
        super().__init__(*tables)
        self.tables = tables


def _render(kind: str, item: Any, context: AutogenContext) -> bool:
    """Let a generated script import our own column types; alembic renders everything itself."""
    module = type(item).__module__
    if kind == "type" and module.startswith("models."):
        context.imports.add(f"import {module}")
    return False


OPTIONS: dict[str, Any] = {
    "compare_type": True,
    "compare_server_default": True,
    "render_as_batch": True,
    "render_item": _render,
}


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Migrate forward to `revision` in one transaction; a failure leaves the database as it was."""
    with connect(engine) as connection:
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Migrate back to `revision` in one transaction; `base` drops every table."""
    with connect(engine) as connection:
        command.downgrade(_config(connection), revision)


def current(engine: Engine) -> str | None:
    """Return the revision the database is at, None before the first."""
    with read_session(engine) as session:
        return MigrationContext.configure(connection(session)).get_current_revision()


def head() -> str | None:
    """Return the newest revision the scripts know."""
    return ScriptDirectory(str(SCRIPTS)).get_current_head()


def check(engine: Engine) -> tuple[str, ...]:
    """Return every difference between the database and the tables in `models.metadata`; empty when they agree."""
    with read_session(engine) as session:
        context = MigrationContext.configure(connection(session), opts=OPTIONS)
        return tuple(repr(difference) for difference in compare_metadata(context, metadata))


@contextmanager
def connect(engine: Engine) -> Iterator[Connection]:
    """Open the transaction that migrations run in: alone, unhurried, and free to rebuild tables others point to."""
    with engine.connect() as connection, ALONE[engine.dialect.name](connection):
        yield connection


@contextmanager
def _sqlite(connection: Connection) -> Iterator[None]:
    # Rebuilding a table drops it, which would empty the tables that point to it; the pragma is deaf inside BEGIN.
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        with connection.begin():
            yield
            orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if orphans:
                raise OrphanedRows(sorted({row[0] for row in orphans}))
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


@contextmanager
def _postgresql(connection: Connection) -> Iterator[None]:
    with connection.begin():
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        yield


ALONE = {"sqlite": _sqlite, "postgresql": _postgresql}


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
