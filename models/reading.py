"""The hot path's reads: rows of one table by their keys, as statements made once from the tables and kept."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Boolean, Connection

from models.base import metadata
from models.driver import cursor
from models.instant import Instant, decode, utc


@dataclass(frozen=True, slots=True)
class Read:
    """Columns of `table` where `key` is one of the asked values; `also` are further expressions, `where` must hold.

    `lock` takes the rows for this transaction alone (SQLite has locked the whole file by then).
    """

    table: str
    columns: tuple[str, ...]
    key: str
    also: tuple[str, ...] = ()
    where: str = ""
    order: str = ""
    lock: bool = False


def read(connection: Connection, query: Read, keys: Sequence[str]) -> list[Sequence[Any]]:
    """The rows, their columns in the order of the query, instants as aware UTC."""
    statement, parameter, turns = _prepared(connection.dialect.name, query)
    with cursor(connection) as opened:
        rows: list[Sequence[Any]] = opened.execute(statement, (parameter(keys),)).fetchall()
    return [_turned(row, turns) for row in rows]


Turn = tuple[int, Callable[[Any], Any]]


def _turned(row: Sequence[Any], turns: Sequence[Turn]) -> Sequence[Any]:
    values = list(row)
    for place, turn in turns:
        if values[place] is not None:
            values[place] = turn(values[place])
    return values


@cache
def _prepared(dialect: str, query: Read) -> tuple[str, Callable[[Sequence[str]], Any], tuple[Turn, ...]]:
    found, parameter, from_driver = DIALECTS[dialect]
    where = " AND ".join([f"{query.key} {found}", *([query.where] if query.where else [])])
    order = f" ORDER BY {query.order}" if query.order else ""
    lock = f" FOR UPDATE OF {query.table}" if query.lock and dialect == "postgresql" else ""
    names = ", ".join((*query.columns, *query.also))
    types = (metadata.tables[query.table].c[name].type for name in query.columns)
    turns = tuple((n, from_driver[type(t)]) for n, t in enumerate(types) if type(t) in from_driver)
    return f"SELECT {names} FROM {query.table} WHERE {where}{order}{lock}", parameter, turns


# How a driver takes a list of keys, and which types it gives otherwise than Python has them.
DIALECTS: Mapping[str, tuple[str, Callable[[Sequence[str]], Any], Mapping[type, Callable[[Any], Any]]]] = {
    "postgresql": ("= ANY(%s)", list, {Instant: utc}),
    "sqlite": ("IN (SELECT value FROM json_each(?))", json.dumps, {Instant: decode, Boolean: bool}),
}
