"""The hot path's statements, made from the tables once per shape and kept: rows in, one statement (or a few) out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import count
from operator import itemgetter
from typing import Any, NamedTuple

import orjson
from psycopg import RawCursor
from sqlalchemy import Column, Connection
from sqlalchemy.dialects import postgresql

from models.base import metadata
from models.driver import cursor
from models.instant import Instant, encode, iso
from models.reading import array

# Up to so many rows plain values cost PostgreSQL less than taking them out of a text.
FEW = 10


class Shape(NamedTuple):
    """What rows are of: an insert has no `keys`; an update sets the other columns where the keys match.

    `condition` must hold too; `sets` are further assignments in SQL.
    """

    table: str
    columns: tuple[str, ...]
    keys: tuple[str, ...] = ()
    condition: str = ""
    sets: str = ""


class Batch(NamedTuple):
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
    for batch, rows in zip(batches, found, strict=True):
        if batch.exact and rows != len(batch.rows):
            raise LostRace(batch.shape.table)


def _sqlite(opened: Any, batches: Sequence[Batch]) -> list[int]:
    counts = []
    for batch in batches:
        statement, values, instants = _plain(batch.shape)
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
    """As few statements as may be, in one round trip: each of them costs the driver more than its rows."""
    groups = list(_grouped(batches))
    with opened.connection.pipeline():
        sent = [RawCursor(opened.connection).execute(*_one_statement(group)) for group in groups]
    counts: list[int] = []
    for group, statement in zip(groups, sent, strict=True):
        counts.extend(statement.fetchone() or () if _form(group[0]) == "changes" else [statement.rowcount] * len(group))
    return counts


def _grouped(batches: Sequence[Batch]) -> Iterator[list[Batch]]:
    """Batches in their order, as many together as may share a statement."""
    group: list[Batch] = []
    for batch in batches:
        if group and not _joins(batch, group):
            yield group
            group = []
        group.append(batch)
    if group:
        yield group


def _joins(batch: Batch, group: Sequence[Batch]) -> bool:
    """A statement sees none of its own work: no table is changed twice in one."""
    form = _form(batch)
    changed = {one.shape.table for one in group} if form == "changes" else set()
    return form == _form(group[0]) != "many" and batch.shape.table not in changed


def _form(batch: Batch) -> str:
    if len(batch.rows) > FEW:
        return "many"
    return "changes" if batch.shape.keys else "new"


def _one_statement(group: Sequence[Batch]) -> tuple[bytes, Any]:
    if _form(group[0]) == "many":
        (batch,) = group
        keys = [array([row[key] for row in batch.rows]) for key in batch.shape.keys[:1]]
        return _set_based(batch.shape), (_told(batch), *keys)
    statement, values = _together(tuple((batch.shape, len(batch.rows)) for batch in group))
    rows = (take(row) for batch, take in zip(group, values, strict=True) for row in batch.rows)
    # As text whatever it is: of other types the driver tells the server, which then keeps a plan for every mixture.
    return statement, [v if v is None or type(v) is str else TEXTS.get(type(v), _other)(v) for row in rows for v in row]


def _other(value: Any) -> Any:
    """A word of an enumeration as text; what is none of ours is the driver's to turn."""
    return str(value) if isinstance(value, str) else value


def _told(batch: Batch) -> str:
    return orjson.dumps(batch.rows, _json_value, orjson.OPT_PASSTHROUGH_DATETIME).decode()


def _json_value(value: object) -> str:
    if isinstance(value, datetime):
        return iso(value)
    raise TypeError(f"no column value: {type(value).__name__}")


def _ordered(shape: Shape) -> list[str]:
    return [*(c for c in shape.columns if c not in shape.keys), *shape.keys]


Values = Callable[[Mapping[str, Any]], Sequence[Any]]


@cache
def _plain(shape: Shape) -> tuple[str, Values, tuple[int, ...]]:
    """SQLite's statement for one row, what takes the values out of it, and which of them are instants."""
    types = (metadata.tables[shape.table].c[name].type for name in _ordered(shape))
    instants = tuple(n for n, kind in enumerate(types) if isinstance(kind, Instant))
    return _statement(shape, iter(lambda: "?", None)), _values(shape), instants


@cache
def _together(shapes: tuple[tuple[Shape, int], ...]) -> tuple[bytes, list[Values]]:
    """PostgreSQL's statement for so many rows of each shape, all new or all changes, which are counted by shape."""
    marks = (f"${n}" for n in count(1))
    if not shapes[0][0].keys:
        made = [_statement(shape, marks, rows) for shape, rows in shapes]
        *before, last = made
        named = ", ".join(f"n{n} AS ({statement})" for n, statement in enumerate(before))
        return f"{'WITH ' * bool(named)}{named} {last}".encode(), [_values(shape) for shape, _ in shapes]
    changes = [[_statement(shape, marks) for _ in range(rows)] for shape, rows in shapes]
    named = ", ".join(
        f"c{n}_{m} AS ({sql} RETURNING 1)" for n, made in enumerate(changes) for m, sql in enumerate(made)
    )
    counts = (" + ".join(f"(SELECT count(*) FROM c{n}_{m})" for m in range(len(c))) for n, c in enumerate(changes))
    return f"WITH {named} SELECT {', '.join(counts)}".encode(), [_values(shape) for shape, _ in shapes]


def _values(shape: Shape) -> Values:
    names = _ordered(shape)
    return itemgetter(*names) if len(names) > 1 else lambda row: (row[names[0]],)


def _statement(shape: Shape, marks: Iterator[str], rows: int = 1) -> str:
    """One change, or so many new rows; each value is the next of the marks."""
    names = _ordered(shape)
    if not shape.keys:
        given = ", ".join(f"({', '.join(next(marks) for _ in names)})" for _ in range(rows))
        return f"INSERT INTO {shape.table} ({', '.join(names)}) VALUES {given}"
    assigned = ", ".join([*(f"{c} = {next(marks)}" for c in names if c not in shape.keys), *_given(shape.sets)])
    matched = " AND ".join([*(f"{shape.table}.{k} = {next(marks)}" for k in shape.keys), *_given(shape.condition)])
    return f"UPDATE {shape.table} SET {assigned} WHERE {matched}"


@cache
def _set_based(shape: Shape) -> bytes:
    """PostgreSQL's statement for any number of rows, which come as one JSON text."""
    table, keys = shape.table, shape.keys
    typed = ", ".join(f"{c} {_type(metadata.tables[table].c[c])}" for c in shape.columns)
    rows = f"json_to_recordset($1::json) AS n({typed})"
    if not keys:
        chosen = ", ".join(f"n.{c}" for c in shape.columns)
        return f"INSERT INTO {table} ({', '.join(shape.columns)}) SELECT {chosen} FROM {rows}".encode()
    assigned = ", ".join([*(f"{c} = n.{c}" for c in shape.columns if c not in keys), *_given(shape.sets)])
    # The planner takes any JSON for a hundred rows and reads a whole table for them; an array leads it to the index.
    found = (f"{table}.{keys[0]} = ANY($2::text[])", *(f"{table}.{k} = n.{k}" for k in keys))
    return (
        f"UPDATE {table} SET {assigned} FROM {rows} WHERE {' AND '.join([*found, *_given(shape.condition)])}".encode()
    )


def _given(sql: str) -> tuple[str, ...]:
    return (sql,) if sql else ()


def _type(column: Column[Any]) -> str:
    dialect: Any = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy has no types here
    return column.type.compile(dialect=dialect)


TEXTS: Mapping[type, Callable[[Any], Any]] = {datetime: iso, int: str, bool: str, float: repr}
WRITERS: Mapping[str, Callable[[Any, Sequence[Batch]], list[int]]] = {"postgresql": _postgresql, "sqlite": _sqlite}


def table_order(name: str) -> int:
    """Where a table stands among those it refers to: rows are inserted in this order."""
    return _order()[name]


@cache
def _order() -> dict[str, int]:
    return {table.name: n for n, table in enumerate(metadata.sorted_tables)}
