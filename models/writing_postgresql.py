"""Batches on PostgreSQL: few rows as plain values in as few statements as may be, many as one array a column."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from itertools import count
from typing import Any

from psycopg import RawCursor
from sqlalchemy import Column, String
from sqlalchemy.dialects import postgresql

from models.arrays import array, repeated
from models.base import metadata
from models.batches import Batch, Shape, further, statement
from models.instant import iso

# Up to so many rows plain values cost PostgreSQL less than taking them out of arrays.
FEW = 10


def write(opened: Any, batches: Sequence[Batch]) -> list[int]:
    """Write them in one round trip; how many rows each exact one found, and none for the others, which nobody counts.

    Every statement costs the driver more than its rows.
    """
    groups = list(_grouped(batches))
    with opened.pipeline():
        sent = [RawCursor(opened).execute(*_one_statement(group)) for group in groups]
    counts: list[int] = []
    for group, written in zip(groups, sent, strict=True):
        if _form(group[0]) == "changes":
            found = iter(written.fetchone() or ())
            counts.extend(next(found) if batch.exact else 0 for batch in group)
        else:
            counts.extend(written.rowcount for _ in group)
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
    """A statement sees none of its own work: no row is changed twice in one."""
    form = _form(batch)
    if form == "many" or form != _form(group[0]):
        return False
    return form == "new" or all(_apart(batch, one) for one in group if one.shape.table == batch.shape.table)


def _apart(batch: Batch, other: Batch) -> bool:
    """Whether two batches of changes to one table can be seen by their keys to touch no row both."""
    keys = len(batch.shape.keys)
    if batch.shape.keys != other.shape.keys:
        return False
    return not {tuple(row[-keys:]) for row in batch.rows} & {tuple(row[-keys:]) for row in other.rows}


def _form(batch: Batch) -> str:
    if len(batch.rows) > FEW:
        return "many"
    return "changes" if batch.shape.keys else "new"


def _one_statement(group: Sequence[Batch]) -> tuple[bytes, Any]:
    if _form(group[0]) == "many":
        (batch,) = group
        return _set_based(batch.shape), [_array(column) for column in zip(*batch.rows, strict=True)]
    values = (value for batch in group for row in batch.rows for value in row)
    # As text whatever it is: of other types the driver tells the server, which then keeps a plan for every mixture.
    return _together(tuple((shape, len(rows), exact) for shape, rows, exact in group)), _texts(values)


def _array(column: Sequence[Any]) -> str:
    # In most columns of a sweep every row says the same.
    if column.count(column[0]) == len(column):
        (text,) = _texts(column[:1])
        return repeated(text, len(column))
    return array(_texts(column))


def _texts(values: Iterable[Any]) -> list[str | None]:
    return [v if v is None or type(v) is str else _text(v) for v in values]


def _text(value: Any) -> str:
    """A value as PostgreSQL reads it; TypeError for what no column holds."""
    if isinstance(value, str):
        return str(value)
    if turn := TEXTS.get(type(value)):
        return turn(value)
    raise TypeError(f"no column value: {type(value).__name__}")


@cache
def _together(batches: tuple[tuple[Shape, int, bool], ...]) -> bytes:
    """The statement for so many rows of each shape, all new or all changes, of which the exact ones are counted."""
    marks = (f"${n}" for n in count(1))
    if not batches[0][0].keys:
        *before, last = (statement(shape, marks, rows) for shape, rows, _ in batches)
        named = ", ".join(f"n{n} AS ({sql})" for n, sql in enumerate(before))
        return f"{'WITH ' * bool(named)}{named} {last}".encode()
    parts, counts = [], []
    for n, (shape, rows, exact) in enumerate(batches):
        names = [f"c{n}_{m}" for m in range(rows)]
        parts += [f"{name} AS ({statement(shape, marks)}{' RETURNING 1' * exact})" for name in names]
        counts += [" + ".join(f"(SELECT count(*) FROM {name})" for name in names)] * exact
    return f"WITH {', '.join(parts)} SELECT {', '.join(counts) or '0'}".encode()


@cache
def _set_based(shape: Shape) -> bytes:
    """The statement for any number of rows, which come as one array a column."""
    table, keys, names = shape.table, shape.keys, (*shape.columns, *shape.keys)
    arrays = ", ".join(f"${n}::{_type(metadata.tables[table].c[name])}[]" for n, name in enumerate(names, 1))
    rows = f"unnest({arrays}) AS n({', '.join(names)})"
    if not keys:
        chosen = ", ".join(f"n.{c}" for c in shape.columns)
        return f"INSERT INTO {table} ({', '.join(shape.columns)}) SELECT {chosen} FROM {rows}".encode()
    assigned = ", ".join([*(f"{c} = n.{c}" for c in shape.columns), *further(shape.sets)])
    # The planner knows how many keys an array has, and is led to the index by them.
    found = (f"{table}.{keys[0]} = ANY(${len(shape.columns) + 1})", *(f"{table}.{k} = n.{k}" for k in keys))
    matched = " AND ".join([*found, *further(shape.condition)])
    return f"UPDATE {table} SET {assigned} FROM {rows} WHERE {matched}".encode()


def _type(column: Column[Any]) -> str:
    """Its type in the database; of text without a length, for a cast would cut off what a column refuses."""
    if isinstance(column.type, String):
        return "text"
    dialect: Any = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy has no types here
    return column.type.compile(dialect=dialect)


TEXTS: Mapping[type, Callable[[Any], str]] = {
    datetime: iso, date: date.isoformat, int: str, bool: str, float: repr, Decimal: str
}  # fmt: skip
