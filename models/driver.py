"""Straight to the driver for the hot path's statements; its errors come out as SQLAlchemy's own."""

from types import TracebackType
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError


class Straight:
    """`with Straight(connection) as driver`: the driver's own connection, in the transaction of SQLAlchemy's.

    DBAPIError for what goes wrong. A class, for a move passes here three times and a generator takes thrice as long.
    """

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __enter__(self) -> Any:
        return self._connection.connection.driver_connection

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        dialect = self._connection.dialect
        fault = dialect.loaded_dbapi.Error
        if not isinstance(error, fault):
            return
        if dialect.is_disconnect(error, self._connection.connection.driver_connection, None):
            self._connection.invalidate(error)
        raise DBAPIError.instance(None, None, error, fault, dialect=dialect) from error
