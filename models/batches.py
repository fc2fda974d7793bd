"""Batches: rows of one shape, and the statement that writes one of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from models.base import metadata


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """What rows are of: an insert has no `keys`; an update sets the columns where the keys match.

    `condition` must hold too; `sets` are further assignments in SQL. Statements are kept by which shape it is: ask
    `shape` for one.
    """

    table: str
    columns: tuple[str, ...]
    keys: tuple[str, ...] = ()
    condition: str = ""
    sets: str = ""


@cache
def shape(
    table: str, columns: tuple[str, ...], keys: tuple[str, ...] = (), condition: str = "", sets: str = ""
) -> Shape:
    """The one shape of these."""
    return Shape(table, columns, keys, condition, sets)


class Batch(NamedTuple):
    """Rows of one shape: values of the columns, then of the keys. `exact`: each of them must find exactly one row."""

    shape: Shape
    rows: Sequence[Sequence[Any]]
    exact: bool = False


def statement(of: Shape, marks: Iterator[str], rows: int = 1) -> str:
    """One change, or so many new rows; each value is the next of the marks."""
    if not of.keys:
        given = ", ".join(f"({', '.join(next(marks) for _ in of.columns)})" for _ in range(rows))
        return f"INSERT INTO {of.table} ({', '.join(of.columns)}) VALUES {given}"
    assigned = ", ".join([*(f"{c} = {next(marks)}" for c in of.columns), *further(of.sets)])
    matched = [*(f"{of.table}.{k} = {next(marks)}" for k in of.keys), *further(of.condition)]
    return f"UPDATE {of.table} SET {assigned} WHERE {' AND '.join(matched)}"


def further(sql: str) -> tuple[str, ...]:
    """A piece of SQL to be joined to others, if there is one."""
    return (sql,) if sql else ()


def table_order(name: str) -> int:
    """Where a table stands among those it refers to: rows are inserted in this order."""
    return _order()[name]


@cache
def _order() -> dict[str, int]:
    return {table.name: n for n, table in enumerate(metadata.sorted_tables)}
