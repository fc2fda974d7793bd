"""Straight to the driver: a cursor for the hot path's statements; its errors come out as SQLAlchemy's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError


@contextmanager
def cursor(connection: Connection) -> Iterator[Any]:
    """Yield a cursor of the database's driver in the connection's transaction; DBAPIError for what goes wrong."""
    opened = connection.connection.cursor()
    fault = connection.dialect.loaded_dbapi.Error
    try:
        yield opened
    except fault as error:
        raise DBAPIError.instance(None, None, error, fault, dialect=connection.dialect) from error
    finally:
        opened.close()
