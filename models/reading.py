"""The hot path's reads: rows of one table by their keys, as statements made once from the tables and kept."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Boolean, Connection

from models.arrays import array
from models.base import metadata
from models.driver import Straight
from models.instant import Instant, decode, utc

Statement = tuple[str, Sequence[Any]]
# Places in a row, and what turns the driver's value there into ours.
Conversions = tuple[tuple[int, Callable[[Any], Any]], ...]


# One is looked up by which it is: there are a dozen, each made once.
@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """Columns of `table` where `key` is one of the asked values and `where` holds; `also` are further expressions.

    Each ? in `where` stands for a value given with the keys. `lock` takes the rows for this transaction alone (SQLite
    has locked the whole file by then).
    """

    table: str
    columns: tuple[str, ...]
    key: str
    also: tuple[str, ...] = ()
    where: str = ""
    order: str = ""
    lock: bool = False


# A query and the keys it is asked with.
Ask = tuple[Read, Sequence[str]]
Rows = Sequence[Sequence[Any]]


def read(connection: Connection, query: Read, keys: Sequence[str], *given: Any) -> list[Sequence[Any]]:
    """The rows, their columns in the order of the query, instants as aware UTC; `given` fills the ? of `where`."""
    with Straight(connection) as opened:
        statement, values, turns = _asked(connection.dialect.name, query, keys, given)
        return [_turned(row, turns) for row in opened.execute(statement, values).fetchall()]


def read_together(connection: Connection, asks: Sequence[Ask]) -> list[list[Sequence[Any]]]:
    """The rows of several queries, asked one after the other in one round trip."""
    asked = [_asked(connection.dialect.name, query, keys, ()) for query, keys in asks]
    with Straight(connection) as opened:
        found = PIPES[connection.dialect.name](opened, [(statement, values) for statement, values, _ in asked])
    return [[_turned(row, turns) for row in rows] for rows, (_, _, turns) in zip(found, asked, strict=True)]


def _piped(opened: Any, asked: Sequence[Statement]) -> list[Any]:
    with opened.pipeline():
        sent = [opened.execute(statement, values) for statement, values in asked]
    return [answered.fetchall() for answered in sent]


def _asked(
    dialect: str, query: Read, keys: Sequence[str], given: Sequence[Any]
) -> tuple[str, Sequence[Any], Conversions]:
    statement, turns = _prepared(dialect, query, one := len(keys) == 1)
    parameter = keys[0] if one else LISTS[dialect][1](keys)
    return statement, (parameter, *given), turns


def _turned(row: Sequence[Any], turns: Conversions) -> Sequence[Any]:
    values = list(row)
    for place, turn in turns:
        if values[place] is not None:
            values[place] = turn(values[place])
    return values


@cache
def _prepared(dialect: str, query: Read, one: bool) -> tuple[str, Conversions]:
    # PostgreSQL's planner keeps a plan for one value; for a list of unknown length it plans anew every time.
    found = f"= {MARKS[dialect]}" if one else LISTS[dialect][0]
    where = " AND ".join([f"{query.key} {found}", *([query.where.replace("?", MARKS[dialect])] if query.where else [])])
    order = f" ORDER BY {query.order}" if query.order else ""
    lock = f" FOR UPDATE OF {query.table}" if query.lock and dialect == "postgresql" else ""
    names = ", ".join((*query.columns, *query.also))
    types = (type(metadata.tables[query.table].c[name].type) for name in query.columns)
    turns = tuple((n, TURNS[dialect][t]) for n, t in enumerate(types) if t in TURNS[dialect])
    return f"SELECT {names} FROM {query.table} WHERE {where}{order}{lock}", turns


PIPES: Mapping[str, Callable[[Any, Sequence[Statement]], list[Any]]] = {
    "postgresql": _piped,
    "sqlite": lambda opened, asked: [opened.execute(*one).fetchall() for one in asked],
}
MARKS: Mapping[str, str] = {"postgresql": "%s", "sqlite": "?"}
# How each takes a list of keys of any length in one parameter.
LISTS: Mapping[str, tuple[str, Callable[[Sequence[str]], Any]]] = {
    "postgresql": ("= ANY(%s::text[])", array),
    "sqlite": ("IN (SELECT value FROM json_each(?))", json.dumps),
}
# Types that a driver gives otherwise than Python has them.
TURNS: Mapping[str, Mapping[type, Callable[[Any], Any]]] = {
    "postgresql": {Instant: utc},
    "sqlite": {Instant: decode, Boolean: bool},
}
