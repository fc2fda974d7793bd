"""The hot path's statements, made from the tables once per shape and kept: rows in, one statement (or a few) out."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Column, Connection
from sqlalchemy.dialects import postgresql

from models.base import metadata
from models.instant import encode


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one shape for one table. An insert has no `keys`; an update sets the other columns where the keys match.

    `condition` must hold too; `sets` are further assignments in SQL; `exact` means every row must find exactly one.
    """

    table: str
    columns: tuple[str, ...]
    rows: Sequence[Mapping[str, Any]]
    keys: tuple[str, ...] = ()
    condition: str = ""
    sets: str = ""
    exact: bool = False


class LostRace(Exception):
    """A row that had to be there in a certain state was not: somebody else was faster."""


def write_batches(connection: Connection, batches: Sequence[Batch]) -> None:
    """Write all batches in the caller's transaction; `LostRace` if an exact one missed a row."""
    writer = _postgresql if connection.dialect.name == "postgresql" else _sqlite
    writer(connection, batches)


def _sqlite(connection: Connection, batches: Sequence[Batch]) -> None:
    for batch in batches:
        statement = _sqlite_statement(batch.table, batch.columns, batch.keys, batch.condition, batch.sets)
        order = (*(c for c in batch.columns if c not in batch.keys), *batch.keys)
        values = [tuple(_sqlite_value(row[name]) for name in order) for row in batch.rows]
        found = connection.exec_driver_sql(statement, values if len(values) > 1 else values[0]).rowcount
        if batch.exact and found != len(values):
            raise LostRace(batch.table)


def _sqlite_value(value: Any) -> Any:
    return encode(value) if isinstance(value, datetime) else value


@cache
def _sqlite_statement(table: str, columns: tuple[str, ...], keys: tuple[str, ...], condition: str, sets: str) -> str:
    if not keys:
        return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' for _ in columns)})"
    assigned = ", ".join([*(f"{c} = ?" for c in columns if c not in keys), *([sets] if sets else [])])
    matched = " AND ".join([*(f"{table}.{k} = ?" for k in keys), *([condition] if condition else [])])
    return f"UPDATE {table} SET {assigned} WHERE {matched}"


def _postgresql(connection: Connection, batches: Sequence[Batch]) -> None:
    """All batches in one data-modifying statement: the round trip, not the disk, sets the speed."""
    shape = tuple((b.table, b.columns, b.keys, b.condition, b.sets) for b in batches)
    parameters = {
        f"p{n}": json.dumps([{c: row[c] for c in b.columns} for row in b.rows], ensure_ascii=False, default=_json_value)
        for n, b in enumerate(batches)
    }
    counts = connection.exec_driver_sql(_postgresql_statement(shape), parameters).one()
    for batch, found in zip(batches, counts, strict=True):
        if batch.exact and found != len(batch.rows):
            raise LostRace(batch.table)


def _json_value(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    raise TypeError(f"no column value: {type(value).__name__}")


@cache
def _postgresql_statement(shape: tuple[tuple[str, tuple[str, ...], tuple[str, ...], str, str], ...]) -> str:
    parts = (f"w{n} AS ({_postgresql_part(n, *batch)} RETURNING 1)" for n, batch in enumerate(shape))
    counts = ", ".join(f"(SELECT count(*) FROM w{n})" for n in range(len(shape)))
    return f"WITH {', '.join(parts)} SELECT {counts}"


def _postgresql_part(
    n: int, table: str, columns: tuple[str, ...], keys: tuple[str, ...], condition: str, sets: str
) -> str:
    typed = ", ".join(f"{c} {_type(metadata.tables[table].c[c])}" for c in columns)
    rows = f"json_to_recordset(%(p{n})s::json) AS n({typed})"
    if not keys:
        names = ", ".join(columns)
        return f"INSERT INTO {table} ({names}) SELECT {', '.join(f'n.{c}' for c in columns)} FROM {rows}"
    assigned = ", ".join([*(f"{c} = n.{c}" for c in columns if c not in keys), *([sets] if sets else [])])
    matched = " AND ".join([*(f"{table}.{k} = n.{k}" for k in keys), *([condition] if condition else [])])
    return f"UPDATE {table} SET {assigned} FROM {rows} WHERE {matched}"


def _type(column: Column[Any]) -> str:
    dialect: Any = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy has no types here
    return column.type.compile(dialect=dialect)


def table_order(name: str) -> int:
    """Where a table stands among those it refers to: rows are inserted in this order."""
    return _order()[name]


@cache
def _order() -> dict[str, int]:
    return {table.name: n for n, table in enumerate(metadata.sorted_tables)}
