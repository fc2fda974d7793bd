"""What somebody with the database's own tools can do: any statement, foreign keys switched off."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg
from sqlalchemy import Engine

from models.sqlite import driver as sqlite

Run = Callable[..., list[Any]]


@contextmanager
def tools(engine: Engine) -> Iterator[Run]:
    """Yield `run(statement, **values)` with values named as `:name`; each statement is committed at once."""
    opened = _sqlite(engine) if engine.dialect.name == "sqlite" else _postgresql(engine)
    with closing(opened) as connection:

        def run(statement: str, **values: Any) -> list[Any]:
            named = statement if engine.dialect.name == "sqlite" else re.sub(r":([a-z]\w*)", r"%(\1)s", statement)
            cursor = connection.execute(named, values)
            return list(cursor.fetchall()) if cursor.description else []

        yield run


def _sqlite(engine: Engine) -> Any:
    return sqlite.connect(engine.url.database, isolation_level=None)


def _postgresql(engine: Engine) -> Any:
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg.connect(url, autocommit=True)
    connection.execute("SET session_replication_role = replica")
    return connection
