"""The hot path's statements, made from the tables once per shape and kept: rows in, one statement (or a few) out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Column, Connection
from sqlalchemy.dialects import postgresql

from models.base import metadata
from models.driver import cursor
from models.instant import Instant, encode, iso

# Up to so many rows plain values cost PostgreSQL less than taking them out of a text.
FEW = 10


@dataclass(frozen=True, slots=True)
class Shape:
    """What rows are of: an insert has no `keys`; an update sets the other columns where the keys match.

    `condition` must hold too; `sets` are further assignments in SQL.
    """

    table: str
    columns: tuple[str, ...]
    keys: tuple[str, ...] = ()
    condition: str = ""
    sets: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one shape; `exact` means that every one of them must find exactly one row."""

    shape: Shape
    rows: Sequence[Mapping[str, Any]]
    exact: bool = False


class LostRace(Exception):
    """A row that had to be there in a certain state was not: somebody else was faster."""


def write_batches(connection: Connection, batches: Sequence[Batch]) -> None:
    """Write the batches in their order, in the caller's transaction; `LostRace` if an exact one missed a row."""
    with cursor(connection) as opened:
        found = WRITERS[connection.dialect.name](opened, batches)
    for batch, count in zip(batches, found, strict=True):
        if batch.exact and count != len(batch.rows):
            raise LostRace(batch.shape.table)


def _sqlite(opened: Any, batches: Sequence[Batch]) -> list[int]:
    counts = []
    for batch in batches:
        statement, values = _plain(batch.shape, "?", 1)
        instants = _instants(batch.shape)
        rows = [_encoded(values(row), instants) for row in batch.rows]
        counts.append(opened.executemany(statement, rows).rowcount)
    return counts


def _encoded(values: Sequence[Any], instants: Sequence[int]) -> list[Any]:
    row = list(values)
    for n in instants:
        if row[n] is not None:
            row[n] = encode(row[n])
    return row


def _postgresql(opened: Any, batches: Sequence[Batch]) -> list[int]:
    """All batches in one round trip: a pipeline."""
    with opened.connection.pipeline():
        sent = [_send(opened.connection, batch) for batch in batches]
    return [sum(statement.rowcount for statement in statements) for statements in sent]


def _send(connection: Any, batch: Batch) -> list[Any]:
    shape, rows = batch.shape, batch.rows
    if len(rows) > FEW:
        told = [{c: row[c] for c in shape.columns} for row in rows]
        text = orjson.dumps(told, _json_value, orjson.OPT_PASSTHROUGH_DATETIME).decode()
        keys = [row[key] for key in shape.keys[:1] for row in rows]
        return [connection.execute(_set_based(shape), {"rows": text, "keys": keys})]
    if shape.keys:
        statement, values = _plain(shape, "%s", 1)
        return [connection.execute(statement, values(row)) for row in rows]
    statement, values = _plain(shape, "%s", len(rows))
    return [connection.execute(statement, [v for row in rows for v in values(row)])]


def _json_value(value: object) -> str:
    if isinstance(value, datetime):
        return iso(value)
    raise TypeError(f"no column value: {type(value).__name__}")


def _ordered(shape: Shape) -> list[str]:
    return [*(c for c in shape.columns if c not in shape.keys), *shape.keys]


@cache
def _instants(shape: Shape) -> tuple[int, ...]:
    types = (metadata.tables[shape.table].c[name].type for name in _ordered(shape))
    return tuple(n for n, kind in enumerate(types) if isinstance(kind, Instant))


@cache
def _plain(shape: Shape, mark: str, count: int) -> tuple[str, Callable[[Mapping[str, Any]], Sequence[Any]]]:
    """The statement for `count` new rows or one change, `mark` for a value, and what takes the values out of a row."""
    names = _ordered(shape)
    values = itemgetter(*names) if len(names) > 1 else lambda row: (row[names[0]],)
    if not shape.keys:
        marks = ", ".join([f"({', '.join(mark for _ in names)})"] * count)
        return f"INSERT INTO {shape.table} ({', '.join(names)}) VALUES {marks}", values
    assigned = ", ".join([*(f"{c} = {mark}" for c in names if c not in shape.keys), *_given(shape.sets)])
    matched = " AND ".join([*(f"{shape.table}.{k} = {mark}" for k in shape.keys), *_given(shape.condition)])
    return f"UPDATE {shape.table} SET {assigned} WHERE {matched}", values


@cache
def _set_based(shape: Shape) -> str:
    """The statement for any number of rows, which come as one JSON text."""
    table, keys = shape.table, shape.keys
    typed = ", ".join(f"{c} {_type(metadata.tables[table].c[c])}" for c in shape.columns)
    rows = f"json_to_recordset(%(rows)s::json) AS n({typed})"
    if not keys:
        chosen = ", ".join(f"n.{c}" for c in shape.columns)
        return f"INSERT INTO {table} ({', '.join(shape.columns)}) SELECT {chosen} FROM {rows}"
    assigned = ", ".join([*(f"{c} = n.{c}" for c in shape.columns if c not in keys), *_given(shape.sets)])
    # The planner takes any JSON for a hundred rows and reads a whole table for them; an array leads it to the index.
    found = (f"{table}.{keys[0]} = ANY(%(keys)s)", *(f"{table}.{k} = n.{k}" for k in keys))
    return f"UPDATE {table} SET {assigned} FROM {rows} WHERE {' AND '.join([*found, *_given(shape.condition)])}"


def _given(sql: str) -> tuple[str, ...]:
    return (sql,) if sql else ()


def _type(column: Column[Any]) -> str:
    dialect: Any = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy has no types here
    return column.type.compile(dialect=dialect)


WRITERS: Mapping[str, Callable[[Any, Sequence[Batch]], list[int]]] = {"postgresql": _postgresql, "sqlite": _sqlite}


def table_order(name: str) -> int:
    """Where a table stands among those it refers to: rows are inserted in this order."""
    return _order()[name]


@cache
def _order() -> dict[str, int]:
    return {table.name: n for n, table in enumerate(metadata.sorted_tables)}
